-- Grain: one hour of a day, or of a month's Mondays, Tuesdays …, kind and profile type, split by none, one or all of
-- device type, country and plan, in one calendar.
with named as (
    select
        sums.calendar,
        date '1970-01-01' + sums.hour_number // 24 as day,
        cast(sums.hour_number % 24 as bigint) as hour,
        cells.kind,
        cells.profile_type,
        cells.device_type,
        account_groups.account_country,
        account_groups.account_plan,
        sums.plays,
        sums.watch_ms,
        sums.run_ms,
        sums.one_way_on_one_device,
        sums.one_way,
    from derived.hour_sums as sums
    inner join reference.audience_cells as cells
        on sums.mask_low = cells.mask_low
        and sums.mask_high = cells.mask_high
        and cells.counted_by = 'all'
    inner join derived.account_groups as account_groups
        on sums.group_number = account_groups.group_number
),

days as (
    select
        calendar,
        grouping_id(device_type, account_country, account_plan) as added_up_over,
        day,
        hour,
        kind,
        profile_type,
        device_type,
        account_country,
        account_plan,
        sum(plays) as plays,
        sum(watch_ms) as watch_ms,
        sum(run_ms) as run_ms,
        sum(one_way_on_one_device) as one_way_on_one_device,
        sum(one_way) as one_way,
    from named
    group by
        grouping sets (
            (calendar, day, hour, kind, profile_type),
            (calendar, day, hour, kind, profile_type, device_type),
            (calendar, day, hour, kind, profile_type, account_country),
            (calendar, day, hour, kind, profile_type, account_plan),
            (calendar, day, hour, kind, profile_type, device_type, account_country, account_plan)
        )
),

-- The hours of single days add up to those of the month.
months as (
    select
        calendar,
        added_up_over,
        cast(date_trunc('month', day) as date) as period_start,
        isodow(day) as weekday,
        hour,
        kind,
        profile_type,
        device_type,
        account_country,
        account_plan,
        sum(plays) as plays,
        sum(watch_ms) as watch_ms,
        sum(run_ms) as run_ms,
        sum(one_way_on_one_device) as one_way_on_one_device,
        sum(one_way) as one_way,
    from days
    group by
        calendar,
        added_up_over,
        period_start,
        weekday,
        hour,
        kind,
        profile_type,
        device_type,
        account_country,
        account_plan
),

days_and_months as (
    select
        * exclude (day),
        cast('day' as reference.period) as period,
        day as period_start,
        isodow(day) as weekday,
    from days
    union all by name
    select
        *,
        cast('month' as reference.period) as period,
    from months
),

hour_cube as (
    select
        sums.calendar,
        sums.period,
        splits.split_by,
        sums.period_start,
        sums.weekday,
        sums.hour,
        sums.kind,
        sums.profile_type,
        sums.device_type,
        sums.account_country,
        sums.account_plan,
        cast(sums.plays as bigint) as plays,
        cast(sums.watch_ms as bigint) as watch_ms,
        cast(sums.run_ms as bigint) as run_ms,
        cast(
            case when splits.split_by in ('device', 'all') then sums.one_way_on_one_device else sums.one_way end
            as bigint
        ) as one_way_account_hours,
    from days_and_months as sums
    inner join reference.splits as splits
        on sums.added_up_over = splits.added_up_over
)

select * from hour_cube
