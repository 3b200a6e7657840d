-- Grain: one day on which accounts reached two minutes of titles, day on which they completed them, and kind,
-- split by none, one, two or all of device type, country, plan and profile type, in one calendar. Only where it can be
-- known.
with unsplit as (
    select
        calendar,
        day,
        completed_day,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        count(*) as started_titles,
    from published.title_starts
    where completion_known
    group by calendar, day, completed_day, kind, device_type, profile_type, account_country, account_plan
),

split as (
    select
        calendar,
        grouping_id(device_type, account_country, account_plan) as added_up_over,
        day,
        completed_day,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        cast(sum(started_titles) as bigint) as started_titles,
    from unsplit
    group by
        grouping sets (
            (calendar, day, completed_day, kind, profile_type),
            (calendar, day, completed_day, kind, profile_type, device_type),
            (calendar, day, completed_day, kind, profile_type, account_country),
            (calendar, day, completed_day, kind, profile_type, account_plan),
            (calendar, day, completed_day, kind, profile_type, device_type, account_country),
            (calendar, day, completed_day, kind, profile_type, device_type, account_plan),
            (calendar, day, completed_day, kind, profile_type, account_country, account_plan)
        )
    union all by name
    -- What tells all apart is added up already.
    select
        *,
        0 as added_up_over,
    from unsplit
),

start_cube as (
    select
        split.* exclude (added_up_over),
        splits.split_by,
    from split
    inner join reference.splits as splits
        on split.added_up_over = splits.added_up_over
)

select * from start_cube
