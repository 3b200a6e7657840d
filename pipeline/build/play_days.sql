-- Grain: one play in one calendar: the day it began there, and the account's plan on that day. Not published.
with play_days as (
    select
        calendars.calendar,
        plays.*,
        case calendars.calendar
            when 'local' then plays.local_day
            when 'service' then plays.service_day
            else plays.utc_day
        end as day,
    from published.plays as plays
    cross join reference.calendars as calendars
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
)

select * from planned
