-- Grain: one hour, kind, device type and profile type (as the masks of audience_cells of the sort "all"), country and
-- plan (group_number), in one calendar. Not published.
-- The last two columns are the accounts that did one thing alone, where device types are told apart and where not. One
-- that did it on several devices stands at the first of them, which are added up.
with one_way_sets as (
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

plays_and_accounts as (
    select
        calendar,
        hour_number,
        group_number,
        mask_low,
        mask_high,
        cast(is_begun as bigint) as plays,
        watch_ms,
        run_ms,
        0 as one_way_on_one_device,
        0 as one_way,
    from derived.play_hours
    union all
    select
        account_hours.calendar,
        account_hours.hour_number,
        account_hours.group_number,
        one_way_sets.first_low as mask_low,
        one_way_sets.first_high as mask_high,
        0 as plays,
        0 as watch_ms,
        0 as run_ms,
        account_hours.account_hours * one_way_sets.is_one_on_one_device as one_way_on_one_device,
        account_hours.account_hours as one_way,
    from derived.account_hours as account_hours
    inner join one_way_sets
        on account_hours.mask_low = one_way_sets.mask_low
        and account_hours.mask_high = one_way_sets.mask_high
    where one_way_sets.is_one = 1
),

hour_sums as (
    select
        calendar,
        hour_number,
        group_number,
        mask_low,
        mask_high,
        cast(sum(plays) as bigint) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
        cast(sum(run_ms) as bigint) as run_ms,
        cast(sum(one_way_on_one_device) as bigint) as one_way_on_one_device,
        cast(sum(one_way) as bigint) as one_way,
    from plays_and_accounts
    group by calendar, hour_number, group_number, mask_low, mask_high
)

select * from hour_sums
