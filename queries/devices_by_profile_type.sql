-- Grain: one sort of profile that watched in the range, and device type.
-- Answers: on which devices do children's profiles watch, and the others? Each share is of the watch time of its sort.
with watched as (
    select
        known(profile_type) as profile_type,
        known(device_type) as device_type,
        sum(watch_ms) as watch_ms,
    from filtered_viewing($calendar, $chart_range, $device_split, $filters)
    group by all
),

profiles as (
    select
        profile_type,
        sum(watch_ms) as watch_ms,
    from watched
    group by profile_type
    having sum(watch_ms) > 0
),

devices as (
    select
        device_type,
        sum(watch_ms) as watch_ms,
    from watched
    group by device_type
),

devices_by_profile_type as (
    select
        profiles.profile_type,
        devices.device_type,
        coalesce(watched.watch_ms, 0) / 3600000.0 as watch_hours,
        coalesce(watched.watch_ms, 0) / cast(profiles.watch_ms as double) as watch_time_share,
        coalesce(watched.watch_ms, 0) / cast(nullif(devices.watch_ms, 0) as double) as profile_share,
    from profiles
    cross join devices
    left join watched
        on profiles.profile_type = watched.profile_type
        and devices.device_type = watched.device_type
)

select
    devices_by_profile_type.*,
    accounts_in_cell.accounts,
from devices_by_profile_type
left join counted_accounts_by_device_and_profile($calendar, $start_day, $end_day, $filters) as accounts_in_cell
    on devices_by_profile_type.profile_type = accounts_in_cell.profile_type
    and devices_by_profile_type.device_type = accounts_in_cell.device_type
order by devices_by_profile_type.profile_type asc, devices_by_profile_type.device_type asc
