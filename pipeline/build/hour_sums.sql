-- Grain: one slot, kind, device type and profile type (as the masks of audience_cells of the sort "all"), country and
-- plan (group_number), in one calendar. A slot is one hour, by its number since 1970, or the same hour of all Mondays,
-- Tuesdays … of the month, by its number in the week: 24 (Monday, 00:00) to 191. Not published.
with each_hour as (
    select
        calendar,
        hour_number as slot,
        group_number,
        mask_low,
        mask_high,
        count(*) filter (where is_begun) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
        cast(sum(run_ms) as bigint) as run_ms,
    from derived.play_hours
    group by calendar, hour_number, group_number, mask_low, mask_high
),

-- The accounts whose set is this one thing.
with_accounts as (
    select
        each_hour.*,
        coalesce(account_hours.account_hours, 0) as one_way_account_hours,
    from each_hour
    left join derived.account_hours as account_hours
        on each_hour.calendar = account_hours.calendar
        and each_hour.slot = account_hours.hour_number
        and each_hour.group_number = account_hours.group_number
        and each_hour.mask_low = account_hours.mask_low
        and each_hour.mask_high = account_hours.mask_high
),

hour_sums as (
    select * from with_accounts
    union all
    select
        calendar,
        -- 1970 began on a Thursday.
        (slot // 24 + 3) % 7 * 24 + 24 + slot % 24 as week_slot,
        group_number,
        mask_low,
        mask_high,
        cast(sum(plays) as bigint) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
        cast(sum(run_ms) as bigint) as run_ms,
        cast(sum(one_way_account_hours) as bigint) as one_way_account_hours,
    from with_accounts
    group by calendar, week_slot, group_number, mask_low, mask_high
)

select * from hour_sums
