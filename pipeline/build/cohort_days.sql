-- Grain: one account, kind, device type and profile type and a day in one calendar, with what the account began with.
-- Plays of such a day are told apart where intervals of whole times 24 hours, from the account's first play or sign-up
-- or from midnight in UTC, may end between them.
with plays as (
    select
        beginnings.calendar,
        plays.account_number,
        case beginnings.calendar
            when 'local' then plays.local_day
            when 'service' then plays.service_day
            else plays.utc_day
        end as day,
        plays.utc_day,
        plays.started_at,
        plays.started_at >= beginnings.first_active_at as is_after_first_play,
        plays.started_at >= beginnings.signed_up_at as is_after_sign_up,
        date_diff('microsecond', beginnings.first_active_at, plays.started_at) // 86400000000 as days_from_first_play,
        date_diff('microsecond', beginnings.signed_up_at, plays.started_at) // 86400000000 as days_from_sign_up,
        plays.kind,
        plays.device_type,
        plays.profile_type,
        plays.watch_ms,
    from published.counted_plays as plays
    inner join published.account_beginnings as beginnings
        on plays.account_number = beginnings.account_number
),

days as (
    select
        calendar,
        account_number,
        day,
        kind,
        device_type,
        profile_type,
        min(started_at) as started_at,
        cast(sum(watch_ms) as bigint) as watch_ms,
        max(watch_ms) as longest_watch_ms,
    from plays
    group by
        calendar,
        account_number,
        day,
        utc_day,
        is_after_first_play,
        is_after_sign_up,
        days_from_first_play,
        days_from_sign_up,
        kind,
        device_type,
        profile_type
),

cohort_days as (
    select
        days.*,
        beginnings.* exclude (calendar, account_id, account_number),
    from days
    inner join published.account_beginnings as beginnings
        on days.calendar = beginnings.calendar
        and days.account_number = beginnings.account_number
)

select * from cohort_days
