-- Grain: one hour of a day, or of a month's Mondays, Tuesdays …, and kind, split by none or one of device type,
-- country, plan and profile type, of months by two or all of them too, in one calendar.
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

split as (
    select
        calendar,
        slot,
        grouping_id(device_type, account_country, account_plan, profile_type) as added_up_over,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        sum(plays) as plays,
        sum(watch_ms) as watch_ms,
        sum(run_ms) as run_ms,
        sum(one_kind) as one_kind,
        sum(one_device) as one_device,
        sum(one_profile_type) as one_profile_type,
        sum(one_of_all) as one_of_all,
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
        calendar,
        slot,
        grouping_id(device_type, account_country, account_plan, profile_type) as added_up_over,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        sum(plays) as plays,
        sum(watch_ms) as watch_ms,
        sum(run_ms) as run_ms,
        sum(one_kind) as one_kind,
        sum(one_device) as one_device,
        sum(one_profile_type) as one_profile_type,
        sum(one_of_all) as one_of_all,
    from named
    where slot < 192
    group by
        grouping sets (
            (calendar, slot, kind, device_type, account_country),
            (calendar, slot, kind, device_type, account_plan),
            (calendar, slot, kind, device_type, profile_type),
            (calendar, slot, kind, account_country, account_plan),
            (calendar, slot, kind, account_country, profile_type),
            (calendar, slot, kind, account_plan, profile_type)
        )
    union all by name
    select
        *,
        0 as added_up_over,
    from named
    where slot < 192
),

hour_cube as (
    select
        split.calendar,
        case when split.slot < 192 then 'month' else 'day' end as period,
        splits.split_by,
        case
            when split.slot < 192 then $from_day
            else date '1970-01-01' + cast(split.slot // 24 as integer)
        end as period_start,
        cast(case when split.slot < 192 then split.slot // 24 else (split.slot // 24 + 3) % 7 + 1 end as bigint)
            as weekday,
        cast(split.slot % 24 as bigint) as hour,
        split.kind,
        split.device_type,
        split.profile_type,
        split.account_country,
        split.account_plan,
        cast(split.plays as bigint) as plays,
        cast(split.watch_ms as bigint) as watch_ms,
        cast(split.run_ms as bigint) as run_ms,
        -- Whether devices (8) and profile types (1) are added up over.
        cast(
            case split.added_up_over & 9
                when 0 then split.one_of_all
                when 1 then split.one_device
                when 8 then split.one_profile_type
                else split.one_kind
            end as bigint
        ) as one_way_account_hours,
    from split
    inner join reference.splits as splits
        on split.added_up_over = splits.added_up_over
)

select * from hour_cube
