-- Grain: one visit, in one calendar. Days from $from_day up to, not with, $to_day.
with plays as (
    select
        runs.run_number,
        runs.run_part,
        runs.place,
        plays.*,
    from derived.play_runs as runs
    inner join derived.run_plays as plays
        on runs.play_number = plays.play_number
    where runs.run_of = 'visit'
),

-- What of a visit was of one profile, on one sort of device and of one kind and film or series: seldom more than one.
parts as (
    select
        run_number,
        run_part,
        profile_id,
        profile_type,
        device_type,
        kind,
        show_id,
        show_number,
        any_value(account_id) as account_id,
        min(place) as first_place,
        min(started_at) as started_at,
        arg_min(local_at, place) as local_at,
        arg_min(service_at, place) as service_at,
        max(ended_at) as ended_at,
        count(*) as plays,
        sum(watch_ms) as watch_ms,
    from plays
    group by run_number, run_part, profile_id, profile_type, device_type, kind, show_id, show_number
),

whole as (
    select
        run_number,
        run_part,
        any_value(account_id) as account_id,
        min(started_at) as started_at,
        arg_min(local_at, first_place) as local_at,
        arg_min(service_at, first_place) as service_at,
        epoch_us(max(ended_at) - min(started_at)) // 1000 as length_ms,
        sum(plays) as plays,
        sum(watch_ms) as watch_ms,
        count(*) as parts,
        any_value(profile_id) as profile_id,
        any_value(profile_type) as profile_type,
        any_value(device_type) as device_type,
        any_value(kind) as kind,
        any_value(show_id) as show_id,
        any_value(show_number) as show_number,
    from parts
    group by run_number, run_part
),

-- Of a visit of several parts, what of it was of each profile, sort of device, kind, and film or series.
shares as (
    select
        parts.run_number,
        parts.run_part,
        grouping(parts.profile_id) = 0 as is_of_profile,
        grouping(parts.device_type) = 0 as is_on_device,
        grouping(parts.kind) = 0 as is_of_kind,
        grouping(parts.show_id) = 0 as is_of_show,
        {'profile_id': parts.profile_id, 'profile_type': parts.profile_type} as of_profile,
        {'device_type': parts.device_type} as on_device,
        parts.kind,
        {'show_id': parts.show_id, 'show_number': parts.show_number} as of_show,
        -- Of two of which as much was watched, the first counts as more.
        {'watch_ms': sum(parts.watch_ms), 'earliness': -min(parts.first_place)} as amount,
    from parts
    inner join whole
        on parts.run_number = whole.run_number
        and parts.run_part = whole.run_part
        and whole.parts > 1
    group by
        grouping sets (
            (parts.run_number, parts.run_part, parts.profile_id, parts.profile_type),
            (parts.run_number, parts.run_part, parts.device_type),
            (parts.run_number, parts.run_part, parts.kind),
            (parts.run_number, parts.run_part, parts.show_id, parts.show_number)
        )
),

mostly as (
    select
        run_number,
        run_part,
        arg_max(of_profile, amount) filter (where is_of_profile) as of_profile,
        arg_max(on_device, amount) filter (where is_on_device) as on_device,
        arg_max(kind, amount) filter (where is_of_kind) as kind,
        arg_max(of_show, amount) filter (where is_of_show) as of_show,
    from shares
    group by run_number, run_part
),

described as (
    select
        whole.account_id,
        whole.started_at,
        whole.local_at,
        whole.service_at,
        whole.length_ms,
        whole.plays,
        whole.watch_ms,
        case when whole.parts = 1 then whole.profile_id else mostly.of_profile.profile_id end as profile_id,
        case when whole.parts = 1 then whole.profile_type else mostly.of_profile.profile_type end as profile_type,
        case when whole.parts = 1 then whole.device_type else mostly.on_device.device_type end as device_type,
        case when whole.parts = 1 then whole.kind else mostly.kind end as kind,
        case when whole.parts = 1 then whole.show_id else mostly.of_show.show_id end as show_id,
        case when whole.parts = 1 then whole.show_number else mostly.of_show.show_number end as show_number,
    from whole
    left join mostly
        on whole.run_number = mostly.run_number
        and whole.run_part = mostly.run_part
),

dated as (
    select
        calendars.calendar,
        described.* exclude (started_at, local_at, service_at),
        case calendars.calendar
            when 'local' then described.local_at
            when 'service' then described.service_at
            else described.started_at
        end as began_at,
    from described
    cross join reference.calendars as calendars
),

visits as (
    select
        dated.calendar,
        cast(dated.began_at as date) as day,
        strftime(dated.began_at, '%Y-%m') as month,
        hour(dated.began_at) as hour,
        dated.account_id,
        dated.profile_id,
        dated.show_id,
        dated.show_number,
        dated.kind,
        dated.device_type,
        dated.profile_type,
        stretches.account_country,
        stretches.account_plan,
        cast(dated.plays as bigint) as plays,
        cast(dated.watch_ms as bigint) as watch_ms,
        dated.length_ms,
    from dated
    inner join derived.numbered_stretches as stretches
        on dated.account_id = stretches.account_id
        and cast(dated.began_at as date) >= stretches.from_day
        and cast(dated.began_at as date) < stretches.to_day
    where
        dated.began_at >= $from_day
        and dated.began_at < $to_day
)

select * from visits
