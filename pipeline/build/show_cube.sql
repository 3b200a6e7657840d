-- Grain: one film or series and day, split by device type, country, plan or profile type, by none or all, in one
-- calendar.
with unsplit as (
    select
        calendar,
        day,
        show_id,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        cast(sum(plays) as bigint) as plays,
        cast(sum(views) as bigint) as views,
        cast(sum(watch_ms) as bigint) as watch_ms,
        cast(sum(known_origin_watch_ms) as bigint) as known_origin_watch_ms,
        cast(sum(recommended_watch_ms) as bigint) as recommended_watch_ms,
        cast(sum(rebuffer_ms) as bigint) as rebuffer_ms,
        cast(sum(rebuffer_known_watch_ms) as bigint) as rebuffer_known_watch_ms,
    from derived.title_cube
    group by calendar, day, show_id, kind, device_type, profile_type, account_country, account_plan
),

split as (
    select
        calendar,
        grouping_id(device_type, account_country, account_plan) as added_up_over,
        day,
        show_id,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        cast(sum(plays) as bigint) as plays,
        cast(sum(views) as bigint) as views,
        cast(sum(watch_ms) as bigint) as watch_ms,
        cast(sum(known_origin_watch_ms) as bigint) as known_origin_watch_ms,
        cast(sum(recommended_watch_ms) as bigint) as recommended_watch_ms,
        cast(sum(rebuffer_ms) as bigint) as rebuffer_ms,
        cast(sum(rebuffer_known_watch_ms) as bigint) as rebuffer_known_watch_ms,
    from unsplit
    group by
        grouping sets (
            (calendar, day, show_id, kind, profile_type),
            (calendar, day, show_id, kind, profile_type, device_type),
            (calendar, day, show_id, kind, profile_type, account_country),
            (calendar, day, show_id, kind, profile_type, account_plan)
        )
    union all by name
    -- What tells all apart is added up already.
    select
        *,
        0 as added_up_over,
    from unsplit
),

show_cube as (
    select
        split.* exclude (added_up_over),
        strftime(day, '%Y-%m') as month,
        splits.split_by,
    from split
    inner join reference.splits as splits
        on split.added_up_over = splits.added_up_over
)

select * from show_cube
