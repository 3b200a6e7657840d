-- Grain: one play in one calendar: the day it began there, and the account's plan on that day. Not published. Days from
-- $from_day up to, not with, $to_day.
with play_days as (
    select
        calendars.calendar,
        plays.account_id,
        plays.title_id,
        plays.device_type,
        plays.kind,
        plays.profile_type,
        plays.account_country,
        plays.watch_ms,
        plays.origin,
        plays.rebuffer_ms,
        case calendars.calendar
            when 'local' then plays.local_day
            when 'service' then plays.service_day
            else plays.utc_day
        end as day,
    from published.plays as plays
    cross join reference.calendars as calendars
    where
        -- No clock is a whole day off UTC's, so only these days' files need be read.
        plays.utc_day >= $from_day - 1
        and plays.utc_day < $to_day + 1
),

planned as (
    select
        play_days.*,
        plan_periods.account_plan,
    from play_days
    left join published.plan_periods as plan_periods
        on play_days.account_id = plan_periods.account_id
        and play_days.day >= plan_periods.from_day
        and play_days.day < plan_periods.to_day
    where
        play_days.day >= $from_day
        and play_days.day < $to_day
)

select * from planned
