-- Grain: one day, week or month of the range, or (by span) of the one it is compared with, and one value of what it is
-- split by ($trend_by); "all" where by nothing.
-- Answers: how do watch time, plays and daily active accounts develop? A period cut off by the range is not complete.
-- An account that watched on two devices in a day counts for both.
with periods as (
    select *
    from compared_periods($start_day, $end_day, $compare_start_day, $compare_end_day, $granularity)
),

viewing as (
    select
        span_of(cells.day, $start_day) as span,
        period_of(cells.day, $granularity) as period_start,
        group_of(cells, $trend_by) as group_id,
        sum(cells.watch_ms) as watch_ms,
        sum(cells.plays) as plays,
    from filtered_viewing($calendar, $compared_range, $trend_split, $filters) as cells
    group by all
),

active as (
    select
        span_of(last_day, $start_day) as span,
        period_of(last_day, $granularity) as period_start,
        group_id,
        sum(account_days) as account_days,
    from grouped_active_days($calendar, $compared_range, $trend_by, $trend_sets, $filters)
    group by all
),

-- Over all the data and whatever is chosen: what its colour goes by.
ranked as (
    select
        group_of(cells, $trend_by) as group_id,
        row_number() over (order by sum(cells.watch_ms) desc, group_of(cells, $trend_by) asc) as group_rank,
    from cubes.viewing_cube as cells
    where
        cells.calendar = $calendar
        and cells.period = 'month'
        and cells.split_by = case when $trend_by in ('device', 'country', 'plan') then $trend_by else 'none' end
    group by group_id
),

groups as (
    select
        watched.group_id,
        ranked.group_rank,
    from (select distinct group_id from viewing) as watched
    left join ranked
        on watched.group_id = ranked.group_id
),

viewing_by_period as (
    select
        periods.span,
        periods.period_start,
        periods.first_day,
        periods.end_day,
        periods.is_complete,
        $trend_by as group_kind,
        groups.group_id,
        groups.group_id as group_name,
        groups.group_rank,
        coalesce(viewing.watch_ms, 0) / 3600000.0 as watch_hours,
        cast(coalesce(viewing.plays, 0) as bigint) as plays,
        coalesce(active.account_days, 0)
        / cast(periods.end_day - periods.first_day as double) as mean_daily_active_accounts,
        accounts_in_group.accounts,
    from periods
    cross join groups
    left join viewing
        on periods.span = viewing.span
        and periods.period_start = viewing.period_start
        and groups.group_id = viewing.group_id
    left join active
        on periods.span = active.span
        and periods.period_start = active.period_start
        and groups.group_id = active.group_id
    left join
        counted_accounts_by_period_and_group(
            $calendar,
            $start_day,
            $end_day,
            $compare_start_day,
            $compare_end_day,
            $granularity,
            $trend_by,
            $filters
        ) as accounts_in_group
        on periods.span = accounts_in_group.span
        and periods.period_start = accounts_in_group.period_start
        and groups.group_id = accounts_in_group.group_id
)

select * from viewing_by_period
order by span desc, period_start asc, group_id asc
