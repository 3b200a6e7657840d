-- Grain: one title and day, device type, country, plan and profile type, in one calendar.
with title_cube as (
    select
        calendar,
        strftime(day, '%Y-%m') as month,
        day,
        title_id,
        show_id,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        count(*) as plays,
        count(*) filter (where watch_ms >= $view_min_watch_ms) as views,
        cast(sum(watch_ms) as bigint) as watch_ms,
        cast(coalesce(sum(watch_ms) filter (where is_known_origin), 0) as bigint) as known_origin_watch_ms,
        cast(coalesce(sum(watch_ms) filter (where is_recommended), 0) as bigint) as recommended_watch_ms,
        cast(coalesce(sum(rebuffer_ms), 0) as bigint) as rebuffer_ms,
        cast(coalesce(sum(watch_ms) filter (where rebuffer_ms is not null), 0) as bigint) as rebuffer_known_watch_ms,
    from derived.play_days
    group by calendar, day, title_id, show_id, kind, device_type, profile_type, account_country, account_plan
)

select * from title_cube
