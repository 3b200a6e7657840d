-- Grain: one UTC day with plays. Not published: what a build asks of all plays, of which a day is a file.
with plays_by_day as (
    select
        utc_day,
        count(*) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
        min(local_day) as first_local_day,
        min(service_day) as first_service_day,
        min(utc_offset_min) as least_utc_offset_min,
    from published.plays
    group by utc_day
)

select * from plays_by_day
