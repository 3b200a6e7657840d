-- Grain: one day, week or month of the range and one device type, model or app version, as $devices_by says.
-- Answers: which share of watch time, of plays and of daily active accounts has each, and how does that develop? The
-- first two add up to 1; an account that played on two of them in a day counts for both. Null where there is nothing.
with periods as (
    select *
    from periods_between($start_day, $end_day, $granularity)
),

-- By day first: to tell the period of every row that is read would take longer than to add them up.
watched_by_day as (
    select
        cells.day,
        cells.group_id,
        sum(cells.watch_ms) as watch_ms,
        sum(cells.plays) as plays,
        sum(cells.account_days) as account_days,
    from filtered_context($calendar, $devices_range, $devices_by, $context_split, $context_set, $filters) as cells
    group by all
),

watched as (
    select
        period_of(day, $granularity) as period_start,
        group_id,
        sum(watch_ms) as watch_ms,
        sum(plays) as plays,
        sum(account_days) as account_days,
    from watched_by_day
    group by all
),

active_by_day as (
    select
        last_day,
        sum(account_days) as account_days,
    from filtered_active_days($calendar, $chart_range, $chosen_set, $filters)
    group by last_day
),

all_active as (
    select
        period_of(last_day, $granularity) as period_start,
        sum(account_days) as account_days,
    from active_by_day
    group by all
),

measured as (
    select
        known(cells.value) as group_id,
        max(cells.day) as last_day,
        max(max(cells.day)) over () - 90 as lately,
        sum(cells.watch_ms) as watch_ms,
    from cubes.context_cube as cells
    where
        cells.calendar = $calendar
        and cells.context = $devices_by
        and cells.split_by = 'none'
        and cells.period = 'day'
    group by known(cells.value)
),

-- Over all the data and whatever is chosen: what its colour goes by. Those of the last quarter come first, so that what
-- is new is seen among what was used for years.
ranked as (
    select
        group_id,
        row_number() over (order by last_day >= lately desc, watch_ms desc, group_id asc) as group_rank,
    from measured
),

groups as (
    select
        watched_on.group_id,
        ranked.group_rank,
    from (select distinct group_id from watched) as watched_on
    left join ranked
        on watched_on.group_id = ranked.group_id
),

device_shares_by_period as (
    select
        periods.period_start,
        periods.first_day,
        periods.end_day,
        periods.is_complete,
        $devices_by as group_kind,
        groups.group_id,
        groups.group_id as group_name,
        groups.group_rank,
        coalesce(watched.watch_ms, 0) / 3600000.0 as watch_hours,
        cast(coalesce(watched.plays, 0) as bigint) as plays,
        coalesce(watched.account_days, 0)
        / cast(periods.end_day - periods.first_day as double) as mean_daily_active_accounts,
        coalesce(watched.watch_ms, 0)
        / cast(nullif(sum(watched.watch_ms) over (partition by periods.period_start), 0) as double) as watch_time_share,
        coalesce(watched.plays, 0)
        / cast(nullif(sum(watched.plays) over (partition by periods.period_start), 0) as double) as play_share,
        coalesce(watched.account_days, 0)
        / cast(nullif(all_active.account_days, 0) as double) as account_share,
        accounts_in_group.accounts,
    from periods
    cross join groups
    left join watched
        on periods.period_start = watched.period_start
        and groups.group_id = watched.group_id
    left join all_active
        on periods.period_start = all_active.period_start
    left join
        counted_accounts_by_period_and_context(
            $calendar, $start_day, $end_day, $granularity, $devices_by, $filters
        ) as accounts_in_group
        on periods.period_start = accounts_in_group.period_start
        and groups.group_id = accounts_in_group.group_id
)

select * from device_shares_by_period
order by period_start asc, group_rank asc
