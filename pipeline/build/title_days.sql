-- Grain: one title, day, device type, country, plan and profile type, in one calendar.
with title_days as (
    select
        calendar,
        day,
        title_id,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        count(*) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
    from derived.play_days
    group by
        calendar,
        day,
        title_id,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan
)

select * from title_days
