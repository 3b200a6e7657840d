-- Grain: one day or month, context (what plays tell of where they ran) and value of it, kind, device type and profile
-- type, with neither country nor plan told apart, or with both, in one calendar. Places, regions
-- and postal areas are told with both alone: most lie in one account's country.
with unsplit as (
    select
        calendar,
        day,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        device_model,
        app_version,
        country,
        region,
        postal_area,
        grouping_id(device_model, app_version, country, region, postal_area) as added_up_over,
        count(*) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
    from derived.play_days
    group by
        grouping sets (
            (calendar, day, kind, device_type, profile_type, account_country, account_plan),
            (calendar, day, kind, device_type, profile_type, account_country, account_plan, device_model),
            (calendar, day, kind, device_type, profile_type, account_country, account_plan, app_version),
            (calendar, day, kind, device_type, profile_type, account_country, account_plan, country),
            (calendar, day, kind, device_type, profile_type, account_country, account_plan, region),
            (calendar, day, kind, device_type, profile_type, account_country, account_plan, postal_area)
        )
),

named as (
    select
        calendar,
        -- Four of the five bits are those of columns added up over; of a device type all five.
        case added_up_over
            when 31 then 'device'
            when 15 then 'model'
            when 23 then 'app_version'
            when 27 then 'place'
            when 29 then 'region'
            else 'postal_area'
        end as context,
        day,
        case added_up_over
            when 31 then cast(device_type as varchar)
            when 15 then device_model
            when 23 then app_version
            when 27 then country
            when 29 then region
            else postal_area
        end as value,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        plays,
        watch_ms,
    from unsplit
),

days as (
    select
        *,
        cast('all' as reference.split_by) as split_by,
    from named
    union all by name
    select
        * exclude (account_country, account_plan, plays, watch_ms),
        cast('none' as reference.split_by) as split_by,
        cast(sum(plays) as bigint) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
    from named
    where list_contains($contexts_added_up, context)
    group by all
),

context_cube as (
    select
        *,
        cast('day' as reference.period) as period,
        strftime(day, '%Y-%m') as month,
    from days
    union all by name
    select
        * exclude (day, plays, watch_ms),
        cast('month' as reference.period) as period,
        cast(date_trunc('month', day) as date) as day,
        cast(sum(plays) as bigint) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
        strftime(day, '%Y-%m') as month,
    from days
    group by all
)

select * from context_cube
