-- Grain: one play in one calendar: the day it began there, and the account's plan on that day. Not published. Days from
-- $from_day up to, not with, $to_day.
with plays as (
    select
        plays.account_id,
        -- As enums, which are several times faster to group and sort by than texts.
        cast(plays.title_id as reference.title_id) as title_id,
        cast(titles.show_id as reference.show_id) as show_id,
        titles.show_number,
        cast(plays.device_type as reference.device_type) as device_type,
        cast(plays.kind as reference.kind) as kind,
        cast(plays.profile_type as reference.profile_type) as profile_type,
        cast(plays.account_country as reference.account_country) as account_country,
        plays.device_model,
        plays.app_version,
        plays.country,
        plays.region,
        plays.country || ' ' || plays.postal_code as postal_area,
        plays.watch_ms,
        cast(plays.origin as reference.origin) as origin,
        plays.origin is not null as is_known_origin,
        coalesce(plays.origin = 'recommendation', false) as is_recommended,
        plays.rebuffer_ms,
        plays.distinct_ms,
        plays.paused_ms,
        plays.pauses,
        plays.resumes,
        plays.seeks_back,
        plays.seeks_forward,
        plays.autoplay,
        plays.local_day,
        plays.utc_day,
        plays.service_day,
    from published.plays as plays
    inner join published.titles as titles
        on plays.title_id = titles.title_id
    where
        -- No clock is a whole day off UTC's, so only these days' files need be read.
        plays.utc_day >= $from_day - 1
        and plays.utc_day < $to_day + 1
),

play_days as (
    select
        calendars.calendar,
        plays.* exclude (local_day, utc_day, service_day),
        case calendars.calendar
            when 'local' then plays.local_day
            when 'service' then plays.service_day
            else plays.utc_day
        end as day,
    from plays
    cross join reference.calendars as calendars
),

planned as (
    select
        play_days.*,
        cast(plan_periods.account_plan as reference.account_plan) as account_plan,
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
