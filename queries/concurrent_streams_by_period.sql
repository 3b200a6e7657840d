-- Grain: one day, week or month of the range, by UTC whatever clock the filters go by.
-- Answers: how many streams run at once at the busiest minute, which was that (the first of several), and how many in
-- the mean of all minutes?
with peaks as (
    select
        period_of(day, $granularity) as period_start,
        max({'streams': peak_streams, 'earliness': -epoch_us(peak_at)}) as peak,
        sum(stream_minutes) as stream_minutes,
    from filtered_stream_peaks($calendar, $start_day, $end_day, $filters)
    group by period_start
),

concurrent_streams_by_period as (
    select
        periods.period_start,
        periods.first_day,
        periods.end_day,
        periods.is_complete,
        coalesce(peaks.peak.streams, 0) as peak_concurrent_streams,
        case
            when coalesce(streaming.accounts >= $min_accounts, true) then make_timestamp(-peaks.peak.earliness)
        end as peak_at,
        coalesce(peaks.stream_minutes, 0)
        / (1440.0 * date_diff('day', periods.first_day, periods.end_day)) as concurrent_streams,
        streaming.accounts,
    from periods_between($start_day, $end_day, $granularity) as periods
    left join peaks
        on periods.period_start = peaks.period_start
    left join
        counted_streaming_accounts($calendar, $start_day, $end_day, $granularity, $filters) as streaming
        on periods.period_start = streaming.period_start
)

select * from concurrent_streams_by_period
order by period_start asc
