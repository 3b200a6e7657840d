-- Grain: one period of the range, or (by span) of the one it is compared with, and one row with a null period_start for
-- the whole of each.
-- Answers: of the films and episodes begun in the period, how many were completed by the period's end?
with periods as (
    select *
    from compared_periods($start_day, $end_day, $compare_start_day, $compare_end_day, $granularity)
),

starts as (
    select
        span_of(day, $start_day) as span,
        period_of(day, $granularity) as period_start,
        completed_day,
        sum(started_titles) as started_titles,
    from filtered_starts($calendar, $compared_range, $split_by, $filters_but_plays)
    group by span, period_start, completed_day
),

-- The whole of each, with a null period_start, is the sum of its periods; but what was begun in a period and completed
-- after it counts as completed in the range alone.
counted as (
    select
        periods.span,
        periods.period_start,
        periods.period_start is null or bool_and(periods.is_complete) as is_complete,
        sum(starts.started_titles) as started_titles,
        sum(starts.started_titles) filter (where starts.completed_day < periods.end_day) as completed_in_period,
        sum(starts.started_titles) filter (
            where starts.completed_day < case when periods.span = 'current' then $end_day else $compare_end_day end
        ) as completed_in_range,
    from periods
    left join starts
        on periods.span = starts.span
        and periods.period_start = starts.period_start
    group by grouping sets ((periods.span, periods.period_start), (periods.span))
),

completion_summary as (
    select
        span,
        period_start,
        is_complete,
        cast(coalesce(started_titles, 0) as bigint) as started_titles,
        cast(
            coalesce(case when period_start is null then completed_in_range else completed_in_period end, 0) as bigint
        ) as completed_titles,
    from counted
)

select
    completion_summary.span,
    completion_summary.period_start,
    completion_summary.is_complete,
    completion_summary.started_titles,
    completion_summary.completed_titles,
    completion_summary.completed_titles
    / cast(nullif(completion_summary.started_titles, 0) as double) as completion_rate,
    accounts_in_period.accounts,
from completion_summary
left join
    counted_starters_by_period(
        $calendar,
        $start_day,
        $end_day,
        $compare_start_day,
        $compare_end_day,
        $granularity,
        $filters_but_plays
    ) as accounts_in_period
    on completion_summary.span = accounts_in_period.span
    and completion_summary.period_start is not distinct from accounts_in_period.period_start
order by completion_summary.span desc, completion_summary.period_start asc nulls first
