-- Grain: one hour of a day, or of a month's Mondays, Tuesdays …, kind and profile type, split by none or one of device
-- type, country and plan, of months by two or all of them too, in one calendar.
with named as (
    select
        sums.* exclude (group_number, mask_low, mask_high),
        cells.kind,
        cells.profile_type,
        cells.device_type,
        account_groups.account_country,
        account_groups.account_plan,
    from derived.hour_sums as sums
    inner join published.audience_cells as cells
        on sums.mask_low = cells.mask_low
        and sums.mask_high = cells.mask_high
        and cells.counted_by = 'all'
    inner join derived.account_groups as account_groups
        on sums.group_number = account_groups.group_number
),

split as (
    select
        calendar,
        slot,
        grouping_id(device_type, account_country, account_plan) as added_up_over,
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
            (calendar, slot, kind, profile_type),
            (calendar, slot, kind, profile_type, device_type),
            (calendar, slot, kind, profile_type, account_country),
            (calendar, slot, kind, profile_type, account_plan)
        )
    union all
    select
        calendar,
        slot,
        grouping_id(device_type, account_country, account_plan) as added_up_over,
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
    where slot < 192
    group by
        grouping sets (
            (calendar, slot, kind, profile_type, device_type, account_country),
            (calendar, slot, kind, profile_type, device_type, account_plan),
            (calendar, slot, kind, profile_type, account_country, account_plan),
            (calendar, slot, kind, profile_type, device_type, account_country, account_plan)
        )
),

hour_cube as (
    select
        calendar,
        case when slot < 192 then 'month' else 'day' end as period,
        -- The bits of grouping_id say which columns a row adds up over.
        case added_up_over
            when 0 then 'all'
            when 1 then 'device+country'
            when 2 then 'device+plan'
            when 3 then 'device'
            when 4 then 'country+plan'
            when 5 then 'country'
            when 6 then 'plan'
            else 'none'
        end as split_by,
        case when slot < 192 then $from_day else date '1970-01-01' + cast(slot // 24 as integer) end as period_start,
        cast(case when slot < 192 then slot // 24 else (slot // 24 + 3) % 7 + 1 end as bigint) as weekday,
        cast(slot % 24 as bigint) as hour,
        kind,
        profile_type,
        device_type,
        account_country,
        account_plan,
        cast(plays as bigint) as plays,
        cast(watch_ms as bigint) as watch_ms,
        cast(run_ms as bigint) as run_ms,
        cast(case when added_up_over < 4 then one_way_on_one_device else one_way end as bigint)
            as one_way_account_hours,
    from split
)

select * from hour_cube
