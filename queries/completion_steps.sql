-- Grain: one step of the way through films and seasons, of the range, or (by span) of the one it is compared with.
-- Answers: of the films and seasons that accounts began in the range, how many had they watched, and completed, by its
-- end? Each step holds the next. Within 7 or 28 days of release ($within), only what has a known release counts, begun
-- in those days and watched or completed in them; nothing is known where no title has one.
with spans as (
    select
        'current' as span,
        $end_day as end_day,
    union all
    select
        'comparison' as span,
        $compare_end_day as end_day,
    where $compare_end_day is not null
),

ways as (
    select
        span_of(ways.day, $start_day) as span,
        ways.account_id,
        ways.day,
        ways.watched_day,
        ways.completed_day,
        ways.completion_known,
        ways.coverage_estimated,
        -- The first day that is too late to count.
        ways.released_on + try_cast($within as integer) as late_day,
    from filtered_title_progress($calendar, $compared_range, $filters_but_plays) as ways
    where
        $within = 'all'
        or ways.day < ways.released_on + try_cast($within as integer)
),

reached as (
    select
        spans.span,
        ways.account_id,
        ways.completion_known,
        ways.completion_known and ways.coverage_estimated as is_estimated,
        ways.completion_known and ways.late_day > spans.end_day as is_open,
        ways.completion_known
        and ways.watched_day < least(spans.end_day, ways.late_day) as is_watcher,
        ways.completion_known
        and ways.completed_day < least(spans.end_day, ways.late_day) as is_completer,
    from spans
    left join ways
        on spans.span = ways.span
),

counted as (
    select
        span,
        count(*) filter (where completion_known) as starters,
        count(*) filter (where is_watcher) as watchers,
        count(*) filter (where is_completer) as completers,
        count(*) filter (where not completion_known) as unknown_starters,
        count(*) filter (where is_open) as open_starters,
        count(*) filter (where is_estimated) as estimated_starters,
        counted_accounts(case when completion_known then account_id end) as starter_accounts,
        counted_accounts(case when is_watcher then account_id end) as watcher_accounts,
        counted_accounts(case when is_completer then account_id end) as completer_accounts,
    from reached
    group by span
),

releases as (
    select count(released_on) > 0 as are_known
    from cubes.titles
),

completion_steps as (
    select
        span,
        unnest([
            {
                'step_number': 1,
                'step': 'Starters',
                'title_accounts': starters,
                'accounts': starter_accounts
            },
            {
                'step_number': 2,
                'step': 'Watchers',
                'title_accounts': watchers,
                'accounts': watcher_accounts
            },
            {
                'step_number': 3,
                'step': 'Completers',
                'title_accounts': completers,
                'accounts': completer_accounts
            }
        ], recursive := true),
        starters,
        unknown_starters,
        open_starters,
        estimated_starters,
    from counted
)

select
    span,
    step,
    case when $within = 'all' or releases.are_known then title_accounts end as title_accounts,
    title_accounts / cast(nullif(starters, 0) as double) as share_of_starters,
    unknown_starters,
    open_starters,
    estimated_starters,
    accounts,
from completion_steps
cross join releases
order by span desc, step_number asc
