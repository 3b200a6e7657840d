-- Grain: one day, context (what plays tell of where they ran) and value of it, kind, device type and profile type, in
-- one calendar.
with split as (
    select
        calendar,
        day,
        kind,
        device_type,
        profile_type,
        device_model,
        app_version,
        country,
        region,
        grouping_id(device_model, app_version, country, region) as added_up_over,
        count(*) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
    from derived.play_days
    group by
        grouping sets (
            (calendar, day, kind, device_type, profile_type),
            (calendar, day, kind, device_type, profile_type, device_model),
            (calendar, day, kind, device_type, profile_type, app_version),
            (calendar, day, kind, device_type, profile_type, country),
            (calendar, day, kind, device_type, profile_type, region)
        )
),

context_cube as (
    select
        calendar,
        -- Three of the four bits are those of columns added up over; of a device type all four.
        case added_up_over
            when 15 then 'device' when 7 then 'model' when 11 then 'app_version' when 13 then 'place' else 'region'
        end as context,
        day,
        case added_up_over
            when 15 then cast(device_type as varchar)
            when 7 then device_model
            when 11 then app_version
            when 13 then country
            else region
        end as value,
        kind,
        device_type,
        profile_type,
        plays,
        watch_ms,
        strftime(day, '%Y-%m') as month,
    from split
)

select * from context_cube
