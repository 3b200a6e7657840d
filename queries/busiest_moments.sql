-- Grain: one UTC day of the range, of the five with the most streams at once; of days with as many, the first.
-- Answers: when was the load highest, to the minute in UTC? Days with too few accounts come last, without their minute.
with peaks as (
    select
        day,
        max({'streams': peak_streams, 'earliness': -epoch_us(peak_at)}) as peak,
    from filtered_stream_peaks($calendar, $start_day, $end_day, $filters)
    group by day
),

ranked as (
    select
        peaks.day,
        peaks.peak,
        streaming.accounts,
        coalesce(streaming.accounts < $min_accounts, false) as is_hidden,
        row_number() over (
            order by
                coalesce(streaming.accounts < $min_accounts, false) asc,
                case when coalesce(streaming.accounts >= $min_accounts, true) then peaks.peak.streams end desc,
                peaks.day asc
        ) as rank,
    from peaks
    left join counted_streaming_accounts($calendar, $start_day, $end_day, 'day', $filters) as streaming
        on peaks.day = streaming.period_start
),

busiest_moments as (
    select
        case when not is_hidden then rank end as rank,
        day as first_day,
        day + 1 as end_day,
        case when not is_hidden then make_timestamp(-peak.earliness) end as peak_at,
        peak.streams as peak_concurrent_streams,
        accounts,
    from ranked
    where rank <= 5
)

select * from busiest_moments
order by rank asc nulls last, first_day asc
