-- Grain: one day, context (what plays tell of where they ran) and value of it, and set of things that accounts did
-- there (audience_cells of the sort all), in one calendar.
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
        plays.device_type,
        plays.device_model,
        plays.app_version,
        plays.country,
        plays.region,
        grouping_id(
            plays.device_type, plays.device_model, plays.app_version, plays.country, plays.region
        ) as added_up_over,
        bit_or(bits.mask_low) as mask_low,
        bit_or(bits.mask_high) as mask_high,
    from derived.play_days as plays
    inner join bits
        on plays.kind = bits.kind
        and plays.device_type is not distinct from bits.device_type
        and plays.profile_type is not distinct from bits.profile_type
    where plays.watch_ms >= $active_play_min_watch_ms
    group by
        grouping sets (
            (plays.calendar, plays.day, plays.account_id, plays.device_type),
            (plays.calendar, plays.day, plays.account_id, plays.device_model),
            (plays.calendar, plays.day, plays.account_id, plays.app_version),
            (plays.calendar, plays.day, plays.account_id, plays.country),
            (plays.calendar, plays.day, plays.account_id, plays.region)
        )
),

named as (
    select
        calendar,
        day,
        -- Of the five bits, the one that is not set is that of the column told apart.
        case added_up_over
            when 15 then 'device' when 23 then 'model' when 27 then 'app_version' when 29 then 'place' else 'region'
        end as context,
        case added_up_over
            when 15 then cast(device_type as varchar)
            when 23 then device_model
            when 27 then app_version
            when 29 then country
            else region
        end as value,
        mask_low,
        mask_high,
    from account_sets
),

context_accounts as (
    select
        calendar,
        context,
        day,
        value,
        mask_low,
        mask_high,
        count(*) as account_days,
        strftime(day, '%Y-%m') as month,
    from named
    group by calendar, context, day, value, mask_low, mask_high
)

select * from context_accounts
