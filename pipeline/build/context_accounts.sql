-- Grain: one day or month, context (what plays tell of where they ran) and value of it, and set of things that accounts
-- did there on a day (audience_cells of the sort all), with neither country nor plan told apart, or with both, in one
-- calendar. Places, regions and postal areas are told with both alone.
with bits as (
    select
        kind,
        device_type,
        profile_type,
        mask_low,
        mask_high,
    from reference.audience_cells
    where counted_by = 'all'
),

account_sets as (
    select
        plays.calendar,
        plays.day,
        plays.account_id,
        plays.account_country,
        plays.account_plan,
        plays.device_type,
        plays.device_model,
        plays.app_version,
        plays.country,
        plays.region,
        plays.postal_area,
        grouping_id(
            plays.device_type, plays.device_model, plays.app_version, plays.country, plays.region, plays.postal_area
        ) as added_up_over,
        bit_or(bits.mask_low) as mask_low,
        bit_or(bits.mask_high) as mask_high,
    from derived.play_days as plays
    inner join bits
        on plays.kind = bits.kind
        and plays.device_type is not distinct from bits.device_type
        and plays.profile_type is not distinct from bits.profile_type
    where plays.watch_ms >= $active_play_min_watch_ms
    -- An account has one country, and one plan a day.
    group by
        plays.calendar,
        plays.day,
        plays.account_id,
        plays.account_country,
        plays.account_plan,
        grouping sets (
            (plays.device_type),
            (plays.device_model),
            (plays.app_version),
            (plays.country),
            (plays.region),
            (plays.postal_area)
        )
),

named as (
    select
        calendar,
        day,
        -- Of the six bits, the one that is not set is that of the column told apart.
        case added_up_over
            when 31 then 'device'
            when 47 then 'model'
            when 55 then 'app_version'
            when 59 then 'place'
            when 61 then 'region'
            else 'postal_area'
        end as context,
        case added_up_over
            when 31 then cast(device_type as varchar)
            when 47 then device_model
            when 55 then app_version
            when 59 then country
            when 61 then region
            else postal_area
        end as value,
        account_country,
        account_plan,
        mask_low,
        mask_high,
        count(*) as account_days,
    from account_sets
    group by all
),

days as (
    select
        *,
        cast('all' as reference.split_by) as split_by,
    from named
    union all by name
    select
        * exclude (account_country, account_plan, account_days),
        cast('none' as reference.split_by) as split_by,
        cast(sum(account_days) as bigint) as account_days,
    from named
    where list_contains($contexts_added_up, context)
    group by all
),

context_accounts as (
    select
        *,
        cast('day' as reference.period) as period,
        strftime(day, '%Y-%m') as month,
    from days
    union all by name
    select
        * exclude (day, account_days),
        cast('month' as reference.period) as period,
        cast(date_trunc('month', day) as date) as day,
        cast(sum(account_days) as bigint) as account_days,
        strftime(day, '%Y-%m') as month,
    from days
    group by all
)

select * from context_accounts
