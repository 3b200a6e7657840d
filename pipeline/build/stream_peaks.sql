-- Grain: one UTC hour, of the days from $from_day up to, not with, $to_day, with a play of the default kinds in
-- progress at one of its minutes: begun at or before that minute's beginning, and ended after it. Minutes and hours are
-- numbered from 1970.
with runs as (
    select
        greatest(
            (epoch_us(started_at) + 59999999) // 60000000, date_diff('day', date '1970-01-01', $from_day) * 1440
        ) as first_minute,
        least(
            (epoch_us(started_at) + run_ms * 1000 + 59999999) // 60000000,
            date_diff('day', date '1970-01-01', $to_day) * 1440
        ) as end_minute,
    from derived.month_plays
    where list_contains($default_kinds, kind)
),

-- Some begin and end between two minutes.
hourly_runs as (
    select
        *,
        unnest(range(first_minute // 60, (end_minute - 1) // 60 + 1)) as hour_number,
    from runs
    where first_minute < end_minute
),

changes as (
    select
        hour_number,
        greatest(first_minute, hour_number * 60) - hour_number * 60 as minute,
        count(*) as change,
    from hourly_runs
    group by hour_number, minute
    union all
    select
        hour_number,
        least(end_minute, hour_number * 60 + 60) - hour_number * 60 as minute,
        -count(*) as change,
    from hourly_runs
    group by hour_number, minute
),

streams as (
    select
        hour_number,
        minute,
        sum(change) * (60 - minute) as stream_minutes,
        sum(sum(change)) over (partition by hour_number order by minute) as streams,
    from changes
    group by hour_number, minute
),

-- Of minutes with as many, the first.
busiest as (
    select
        hour_number,
        max({'streams': streams, 'minutes_left': 60 - minute}) as peak,
        sum(stream_minutes) as stream_minutes,
    from streams
    group by hour_number
),

stream_peaks as (
    select
        date '1970-01-01' + cast(hour_number // 24 as integer) as day,
        hour_number % 24 as hour,
        make_timestamp((hour_number * 60 + 60 - peak.minutes_left) * 60000000) as peak_at,
        cast(peak.streams as bigint) as peak_streams,
        cast(stream_minutes as bigint) as stream_minutes,
    from busiest
)

select * from stream_peaks
