-- Grain: one day and kind, split by device type, country, plan or profile type, by none or all, in one calendar.
with unsplit as (
    select
        calendar,
        day,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        cast(sum(plays) as bigint) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
        cast(sum(known_origin_watch_ms) as bigint) as known_origin_watch_ms,
        cast(sum(recommended_watch_ms) as bigint) as recommended_watch_ms,
        cast(sum(rebuffer_ms) as bigint) as rebuffer_ms,
        cast(sum(rebuffer_known_watch_ms) as bigint) as rebuffer_known_watch_ms,
    from derived.account_days
    group by calendar, day, kind, device_type, profile_type, account_country, account_plan
),

viewing_cube as (
    select
        calendar,
        -- The bits of grouping_id say which columns a row adds up over.
        case grouping_id(device_type, account_country, account_plan, profile_type)
            when 0 then 'all'
            when 7 then 'device'
            when 11 then 'country'
            when 13 then 'plan'
            when 14 then 'profile_type'
            else 'none'
        end as split_by,
        day,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        cast(sum(plays) as bigint) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
        cast(sum(known_origin_watch_ms) as bigint) as known_origin_watch_ms,
        cast(sum(recommended_watch_ms) as bigint) as recommended_watch_ms,
        cast(sum(rebuffer_ms) as bigint) as rebuffer_ms,
        cast(sum(rebuffer_known_watch_ms) as bigint) as rebuffer_known_watch_ms,
    from unsplit
    group by
        grouping sets (
            (calendar, day, kind),
            (calendar, day, kind, device_type),
            (calendar, day, kind, account_country),
            (calendar, day, kind, account_plan),
            (calendar, day, kind, profile_type),
            (calendar, day, kind, device_type, profile_type, account_country, account_plan)
        )
)

select * from viewing_cube
