-- Grain: one day or month and length of visits, kind and profile type, split by none, one or all of device type,
-- country and plan, in one calendar.
with measured as (
    select
        *,
        least(length_ms // 60000 // $visit_length_step_min * $visit_length_step_min, $visit_length_open_min)
            as length_min,
    from derived.visits
),

days as (
    select
        calendar,
        grouping_id(device_type, account_country, account_plan) as added_up_over,
        day,
        length_min,
        kind,
        profile_type,
        device_type,
        account_country,
        account_plan,
        count(*) as visits,
        sum(plays) as plays,
        sum(watch_ms) as watch_ms,
        sum(length_ms) as length_ms,
    from measured
    group by
        grouping sets (
            (calendar, day, length_min, kind, profile_type),
            (calendar, day, length_min, kind, profile_type, device_type),
            (calendar, day, length_min, kind, profile_type, account_country),
            (calendar, day, length_min, kind, profile_type, account_plan),
            (calendar, day, length_min, kind, profile_type, device_type, account_country, account_plan)
        )
),

months as (
    select
        calendar,
        added_up_over,
        cast(date_trunc('month', day) as date) as month_start,
        length_min,
        kind,
        profile_type,
        device_type,
        account_country,
        account_plan,
        sum(visits) as visits,
        sum(plays) as plays,
        sum(watch_ms) as watch_ms,
        sum(length_ms) as length_ms,
    from days
    group by
        calendar, added_up_over, month_start, length_min, kind, profile_type, device_type, account_country, account_plan
),

days_and_months as (
    select
        *,
        cast('day' as reference.period) as period,
    from days
    union all by name
    select
        * exclude (month_start),
        cast('month' as reference.period) as period,
        month_start as day,
    from months
),

visit_cube as (
    select
        sums.calendar,
        splits.split_by,
        sums.period,
        sums.day as period_start,
        strftime(sums.day, '%Y-%m') as month,
        sums.length_min,
        sums.kind,
        sums.device_type,
        sums.profile_type,
        sums.account_country,
        sums.account_plan,
        cast(sums.visits as bigint) as visits,
        cast(sums.plays as bigint) as plays,
        cast(sums.watch_ms as bigint) as watch_ms,
        cast(sums.length_ms as bigint) as length_ms,
    from days_and_months as sums
    inner join reference.splits as splits
        on sums.added_up_over = splits.added_up_over
)

select * from visit_cube
