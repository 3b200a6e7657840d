-- Grain: one film or series and day, device type, country, plan and profile type, in one calendar, from six days before
-- $from_day (a week may begin there) up to, not with, $to_day. Not published. As enums, as in play_days.
with show_days as (
    select
        cast(calendar as reference.calendar) as calendar,
        cast(show_id as reference.show_id) as show_id,
        cast(kind as reference.kind) as kind,
        cast(device_type as reference.device_type) as device_type,
        cast(profile_type as reference.profile_type) as profile_type,
        cast(account_country as reference.account_country) as account_country,
        cast(account_plan as reference.account_plan) as account_plan,
        plays,
        views,
        watch_ms,
        known_origin_watch_ms,
        recommended_watch_ms,
        rebuffer_ms,
        rebuffer_known_watch_ms,
        day,
    from published.show_cube
    where
        split_by = 'all'
        and day >= $from_day - 6
        and day < $to_day
)

select * from show_days
