-- Grain: one device type that was watched on in the range, and hour of the day, in the calendar chosen.
-- Answers: at what hours is each device watched on? Each hour's share is of that device's own watch time.
with watched as (
    select
        known(device_type) as device_type,
        hour,
        sum(watch_ms) as watch_ms,
    from filtered_device_hours($calendar, $hours_range, $device_hours_split, $filters)
    group by all
),

devices as (
    select
        device_type,
        sum(watch_ms) as watch_ms,
    from watched
    group by device_type
    having sum(watch_ms) > 0
),

clock as (select unnest(range(24)) as hour),

viewing_by_device_hour as (
    select
        devices.device_type,
        clock.hour,
        coalesce(watched.watch_ms, 0) / 3600000.0 as watch_hours,
        coalesce(watched.watch_ms, 0) / cast(devices.watch_ms as double) as hour_share,
    from devices
    cross join clock
    left join watched
        on devices.device_type = watched.device_type
        and clock.hour = watched.hour
)

select
    viewing_by_device_hour.*,
    accounts_in_hour.accounts,
from viewing_by_device_hour
left join counted_accounts_by_device_hour($calendar, $start_day, $end_day, $filters) as accounts_in_hour
    on viewing_by_device_hour.device_type = accounts_in_hour.device_type
    and viewing_by_device_hour.hour = accounts_in_hour.hour
order by viewing_by_device_hour.device_type asc, viewing_by_device_hour.hour asc
