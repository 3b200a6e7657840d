-- Grain: one hour of one day of the week, in the calendar chosen.
-- Answers: when do people watch? Watch time and plays are those of the whole range; streams and accounts are the mean
-- of such an hour, of which there are as many as such days.
with days as (
    select
        isodow(period_start) as weekday_number,
        weekday_of(period_start) as weekday,
        count(*) as days,
    from periods_between($start_day, $end_day, 'day')
    group by weekday_number, weekday
),

clock as (select unnest(range(24)) as hour),

hours as (
    select
        days.weekday_number,
        days.weekday,
        days.days,
        clock.hour,
    from days
    cross join clock
),

watched as (
    select
        weekday as weekday_number,
        hour,
        sum(plays) as plays,
        sum(watch_ms) as watch_ms,
        sum(run_ms) as run_ms,
        sum(account_hours) as account_hours,
    from filtered_hours($calendar, $hours_range, $hours_split, $hours_set, $filters)
    group by weekday, hour
),

viewing_by_hour as (
    select
        hours.weekday_number,
        hours.weekday,
        hours.hour,
        hours.days,
        coalesce(watched.watch_ms, 0) / 3600000.0 as watch_hours,
        cast(coalesce(watched.plays, 0) as bigint) as plays,
        coalesce(watched.run_ms, 0) / 3600000.0 / hours.days as concurrent_streams,
        coalesce(watched.account_hours, 0) / cast(hours.days as double) as hourly_active_accounts,
    from hours
    left join watched
        on hours.weekday_number = watched.weekday_number
        and hours.hour = watched.hour
)

select
    viewing_by_hour.* exclude (weekday_number),
    accounts_in_hour.accounts,
from viewing_by_hour
left join counted_accounts_by_hour($calendar, $start_day, $end_day, $filters) as accounts_in_hour
    on viewing_by_hour.weekday = accounts_in_hour.weekday
    and viewing_by_hour.hour = accounts_in_hour.hour
order by viewing_by_hour.weekday_number asc, viewing_by_hour.hour asc
