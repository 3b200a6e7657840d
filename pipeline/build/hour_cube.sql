-- Grain: one hour of a day, or of a month's Mondays, Tuesdays …, and kind, split by device type, country, plan or
-- profile type, or by none, in one calendar; of months by all of them too.
with named as (
    select
        sums.* exclude (group_number, mask_low, mask_high),
        cells.kind,
        cells.device_type,
        cells.profile_type,
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

splits as (
    select
        calendar,
        slot,
        -- The bits of grouping_id say which columns a row adds up over.
        case grouping_id(device_type, account_country, account_plan, profile_type)
            when 7 then 'device'
            when 11 then 'country'
            when 13 then 'plan'
            when 14 then 'profile_type'
            else 'none'
        end as split_by,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        sum(plays) as plays,
        sum(watch_ms) as watch_ms,
        sum(run_ms) as run_ms,
        sum(one_way_account_hours) as one_way_account_hours,
    from named
    group by
        grouping sets (
            (calendar, slot, kind),
            (calendar, slot, kind, device_type),
            (calendar, slot, kind, account_country),
            (calendar, slot, kind, account_plan),
            (calendar, slot, kind, profile_type)
        )
    union all by name
    select
        *,
        'all' as split_by,
    from named
    where slot < 192
),

hour_cube as (
    select
        calendar,
        case when slot < 192 then 'month' else 'day' end as period,
        split_by,
        case when slot < 192 then $from_day else date '1970-01-01' + cast(slot // 24 as integer) end as period_start,
        cast(case when slot < 192 then slot // 24 else (slot // 24 + 3) % 7 + 1 end as bigint) as weekday,
        cast(slot % 24 as bigint) as hour,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        cast(plays as bigint) as plays,
        cast(watch_ms as bigint) as watch_ms,
        cast(run_ms as bigint) as run_ms,
        cast(one_way_account_hours as bigint) as one_way_account_hours,
    from splits
)

select * from hour_cube
