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

-- The number of a day's first minute, from 1970 on.
create macro first_minute_of(day) as (date_diff('day', date '1970-01-01', day) * 1440);

-- Grain: one play in progress at a minute of these UTC days, from its first_minute up to, not with, its end_minute,
-- which may lie outside of them.
create macro filtered_stream_runs(of_calendar, from_day, to_day, of_filters) as table
    select
        account_id,
        first_minute,
        end_minute
    -- No clock is a whole day off UTC's, and a play runs for a day at most.
    from filtered_plays(of_calendar, from_day - 2, to_day + 1, of_filters)
    where
        first_minute < end_minute
        and first_minute between first_minute_of(from_day - 1) and first_minute_of(to_day) - 1
        and end_minute between first_minute_of(from_day) + 1 and first_minute_of(to_day + 1);

-- Takes the place of what reads the peaks added up in advance, where anything is chosen but the default kinds: peaks
-- of parts do not add up to those of the whole.

create schema streams_counted;

-- Grain: one UTC day with a chosen play in progress at one of its minutes.
create macro streams_counted.filtered_stream_peaks(of_calendar, from_day, to_day, of_filters) as table
    -- The runs are read twice: of rows that were put aside DuckDB does not know between which minutes they lie, and
    -- would count in a hash table (cursor_for in queries/run.py).
    with changes as (
        select
            first_minute as minute,
            1 as change
        from filtered_stream_runs(of_calendar, from_day, to_day, of_filters)
        union all
        select
            end_minute as minute,
            -1 as change
        from filtered_stream_runs(of_calendar, from_day, to_day, of_filters)
    ),

    -- Every day has its first minute, whether or not anything changes then.
    turns as (
        select
            minute,
            cast(sum(change) as bigint) as change
        from changes
        where minute < first_minute_of(to_day)
        group by minute
        union all
        select
            unnest(range(first_minute_of(from_day), first_minute_of(to_day), 1440)) as minute,
            0 as change
    ),

    -- Of two turns at one minute both have its streams, and the first none of its time.
    streams as (
        select
            minute,
            sum(change) over (order by minute) as streams,
            lead(minute, 1, first_minute_of(to_day)) over (order by minute) - minute as minutes
        from turns
        qualify minute >= first_minute_of(from_day)
    ),

    -- Of minutes with as many, the first.
    busiest as (
        select
            max({'streams': streams, 'earliness': -minute}) as peak,
            sum(streams * minutes) as stream_minutes
        from streams
        group by minute // 1440
    )

    select
        cast(make_timestamp(-struct_extract(peak, 'earliness') * 60000000) as date) as day,
        make_timestamp(-struct_extract(peak, 'earliness') * 60000000) as peak_at,
        cast(struct_extract(peak, 'streams') as bigint) as peak_streams,
        cast(stream_minutes as bigint) as stream_minutes
    from busiest
    where struct_extract(peak, 'streams') > 0;
