-- How many plays are in progress at once, at each minute in UTC: begun at or before its beginning, and ended after it.

-- Grain: one UTC hour with a film, episode or live event in progress at one of its minutes.
create macro filtered_stream_peaks(of_calendar, from_day, to_day, of_filters) as table
    select
        stream_peaks.day,
        stream_peaks.peak_at,
        stream_peaks.peak_streams,
        stream_peaks.stream_minutes
    from cubes.stream_peaks as stream_peaks
    where
        stream_peaks.day >= from_day
        and stream_peaks.day < to_day;

-- Grain: one play in progress at a minute of these UTC days, and such a day. Minutes are numbered within the day; the
-- play is in progress up to, not with, its end_minute.
create macro filtered_stream_runs(of_calendar, from_day, to_day, of_filters) as table
    select
        account_id,
        date '1970-01-01' + cast(day_number as integer) as day,
        greatest(first_minute - day_number * 1440, 0) as first_minute,
        least(end_minute - day_number * 1440, 1440) as end_minute
    from (
        select
            *,
            unnest(
                range(
                    greatest(first_minute // 1440, date_diff('day', date '1970-01-01', from_day)),
                    least((end_minute - 1) // 1440 + 1, date_diff('day', date '1970-01-01', to_day))
                )
            ) as day_number
        from (
            select
                account_id,
                (epoch_us(started_at) + 59999999) // 60000000 as first_minute,
                (epoch_us(started_at) + run_ms * 1000 + 59999999) // 60000000 as end_minute
            -- No clock is a whole day off UTC's, and a play runs for a day at most.
            from filtered_plays(of_calendar, from_day - 2, to_day + 1, of_filters)
        ) as runs
        where first_minute < end_minute
    ) as daily_runs;

-- Takes the place of what reads the peaks added up in advance, where anything is chosen but the default kinds: peaks
-- of parts do not add up to those of the whole.

create schema streams_counted;

-- Grain: one UTC day with a chosen play in progress at one of its minutes.
create macro streams_counted.filtered_stream_peaks(of_calendar, from_day, to_day, of_filters) as table
    with runs as (
        select *
        from filtered_stream_runs(of_calendar, from_day, to_day, of_filters)
    ),

    changes as (
        select
            day,
            first_minute as minute,
            count(*) as change
        from runs
        group by day, first_minute
        union all
        select
            day,
            end_minute as minute,
            -count(*) as change
        from runs
        group by day, end_minute
    ),

    streams as (
        select
            day,
            minute,
            sum(change) * (1440 - minute) as stream_minutes,
            sum(sum(change)) over (partition by day order by minute) as streams
        from changes
        group by day, minute
    ),

    -- Of minutes with as many, the first.
    busiest as (
        select
            day,
            max({'streams': streams, 'minutes_left': 1440 - minute}) as peak,
            sum(stream_minutes) as stream_minutes
        from streams
        group by day
    )

    select
        day,
        cast(day as timestamp) + to_minutes(1440 - struct_extract(peak, 'minutes_left')) as peak_at,
        cast(struct_extract(peak, 'streams') as bigint) as peak_streams,
        cast(stream_minutes as bigint) as stream_minutes
    from busiest;
