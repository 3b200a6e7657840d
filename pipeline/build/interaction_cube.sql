-- Grain: one day, kind and profile type, split by device type, country or plan, by none or all, in one calendar. What
-- was not told of a play is in none of its sums.
with unsplit as (
    select
        calendar,
        day,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        count(*) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
        cast(coalesce(sum(pauses), 0) as bigint) as pauses,
        cast(coalesce(sum(watch_ms) filter (where pauses is not null), 0) as bigint) as pauses_known_watch_ms,
        cast(coalesce(sum(resumes), 0) as bigint) as resumes,
        cast(coalesce(sum(watch_ms) filter (where resumes is not null), 0) as bigint) as resumes_known_watch_ms,
        cast(coalesce(sum(seeks_back), 0) as bigint) as seeks_back,
        cast(coalesce(sum(watch_ms) filter (where seeks_back is not null), 0) as bigint) as seeks_back_known_watch_ms,
        cast(coalesce(sum(seeks_forward), 0) as bigint) as seeks_forward,
        cast(
            coalesce(sum(watch_ms) filter (where seeks_forward is not null), 0) as bigint
        ) as seeks_forward_known_watch_ms,
        cast(coalesce(sum(paused_ms), 0) as bigint) as paused_ms,
        cast(coalesce(sum(watch_ms) filter (where paused_ms is not null), 0) as bigint) as paused_known_watch_ms,
        cast(coalesce(sum(distinct_ms), 0) as bigint) as distinct_ms,
        cast(coalesce(sum(watch_ms) filter (where distinct_ms is not null), 0) as bigint) as distinct_known_watch_ms,
        count(autoplay) as autoplay_known_plays,
        count(*) filter (where autoplay) as autoplay_plays,
        cast(coalesce(sum(watch_ms) filter (where autoplay is not null), 0) as bigint) as autoplay_known_watch_ms,
        cast(coalesce(sum(watch_ms) filter (where autoplay), 0) as bigint) as autoplay_watch_ms,
    from derived.play_days
    group by calendar, day, kind, device_type, profile_type, account_country, account_plan
),

split as (
    select
        grouping_id(device_type, account_country, account_plan) as added_up_over,
        calendar,
        day,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        cast(sum(plays) as bigint) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
        cast(sum(pauses) as bigint) as pauses,
        cast(sum(pauses_known_watch_ms) as bigint) as pauses_known_watch_ms,
        cast(sum(resumes) as bigint) as resumes,
        cast(sum(resumes_known_watch_ms) as bigint) as resumes_known_watch_ms,
        cast(sum(seeks_back) as bigint) as seeks_back,
        cast(sum(seeks_back_known_watch_ms) as bigint) as seeks_back_known_watch_ms,
        cast(sum(seeks_forward) as bigint) as seeks_forward,
        cast(sum(seeks_forward_known_watch_ms) as bigint) as seeks_forward_known_watch_ms,
        cast(sum(paused_ms) as bigint) as paused_ms,
        cast(sum(paused_known_watch_ms) as bigint) as paused_known_watch_ms,
        cast(sum(distinct_ms) as bigint) as distinct_ms,
        cast(sum(distinct_known_watch_ms) as bigint) as distinct_known_watch_ms,
        cast(sum(autoplay_known_plays) as bigint) as autoplay_known_plays,
        cast(sum(autoplay_plays) as bigint) as autoplay_plays,
        cast(sum(autoplay_known_watch_ms) as bigint) as autoplay_known_watch_ms,
        cast(sum(autoplay_watch_ms) as bigint) as autoplay_watch_ms,
    from unsplit
    group by
        grouping sets (
            (calendar, day, kind, profile_type),
            (calendar, day, kind, profile_type, device_type),
            (calendar, day, kind, profile_type, account_country),
            (calendar, day, kind, profile_type, account_plan)
        )
    union all by name
    -- What tells all apart is added up already.
    select
        *,
        0 as added_up_over,
    from unsplit
),

interaction_cube as (
    select
        split.* exclude (added_up_over),
        strftime(day, '%Y-%m') as month,
        splits.split_by,
    from split
    inner join reference.splits as splits
        on split.added_up_over = splits.added_up_over
)

select * from interaction_cube
