-- Grain: one slot, kind, device type and profile type (as the masks of audience_cells of the sort "all"), country and
-- plan (group_number), in one calendar. A slot is one hour, by its number since 1970, or the same hour of all Mondays,
-- Tuesdays … of the month, by its number in the week: 24 (Monday, 00:00) to 191. Not published.
-- The last two columns are the accounts that did one thing alone, where device types are told apart and where not. One
-- that did it on several devices stands at the first of them, which are added up.
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

one_way_sets as (
    select
        mask_low,
        mask_high,
        mask_low & -mask_low as first_low,
        case when mask_low = 0 then mask_high & -mask_high else 0 end as first_high,
        count(*) filter (where counted_by = 'all' and ways = 1) as is_one_on_one_device,
        count(*) filter (where counted_by = 'profile_type' and ways = 1) as is_one,
    from derived.hour_sets
    group by mask_low, mask_high
),

accounts as (
    select
        account_hours.calendar,
        account_hours.hour_number as slot,
        account_hours.group_number,
        one_way_sets.first_low as mask_low,
        one_way_sets.first_high as mask_high,
        cast(sum(account_hours.account_hours * one_way_sets.is_one_on_one_device) as bigint) as one_way_on_one_device,
        cast(sum(account_hours.account_hours) as bigint) as one_way,
    from derived.account_hours as account_hours
    inner join one_way_sets
        on account_hours.mask_low = one_way_sets.mask_low
        and account_hours.mask_high = one_way_sets.mask_high
    where one_way_sets.is_one = 1
    group by
        account_hours.calendar,
        account_hours.hour_number,
        account_hours.group_number,
        one_way_sets.first_low,
        one_way_sets.first_high
),

with_accounts as (
    select
        each_hour.*,
        coalesce(accounts.one_way_on_one_device, 0) as one_way_on_one_device,
        coalesce(accounts.one_way, 0) as one_way,
    from each_hour
    left join accounts
        on each_hour.calendar = accounts.calendar
        and each_hour.slot = accounts.slot
        and each_hour.group_number = accounts.group_number
        and each_hour.mask_low = accounts.mask_low
        and each_hour.mask_high = accounts.mask_high
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
        cast(sum(one_way_on_one_device) as bigint) as one_way_on_one_device,
        cast(sum(one_way) as bigint) as one_way,
    from with_accounts
    group by calendar, week_slot, group_number, mask_low, mask_high
)

select * from hour_sums
