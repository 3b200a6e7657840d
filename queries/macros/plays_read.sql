-- Takes the place of macros that read sums by day, where hours, weekdays, models,
-- versions or places are chosen: reads the plays themselves.

create schema plays_read;

-- Grain: one play.
create macro plays_read.filtered_shows(of_calendar, of_range, of_split, of_filters) as table
    select
        plays.day,
        plays.show_id,
        plays.kind,
        plays.device_type,
        plays.profile_type,
        plays.account_country,
        plays.account_plan,
        1 as plays,
        -- A play of two minutes is a view (metrics.md).
        case when plays.watch_ms >= 120000 then 1 else 0 end as views,
        plays.watch_ms,
        case when plays.origin is not null then plays.watch_ms else 0 end as known_origin_watch_ms,
        case when plays.origin = 'recommendation' then plays.watch_ms else 0 end as recommended_watch_ms,
        coalesce(plays.rebuffer_ms, 0) as rebuffer_ms,
        case when plays.rebuffer_ms is not null then plays.watch_ms else 0 end as rebuffer_known_watch_ms
    from
        filtered_plays(
            of_calendar,
            least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')),
            struct_extract(of_range, 'end_day'),
            of_filters
        ) as plays
    where is_in(plays.day, of_range);

create macro plays_read.filtered_viewing(of_calendar, of_range, of_split, of_filters) as table
    select *
    from filtered_shows(of_calendar, of_range, of_split, of_filters);

-- Grain: one play that is activity (metrics.md), as the one bit of its day. Of any plan: which counts is for those to
-- say who ask.
create macro plays_read.filtered_active_months(of_calendar, from_day, to_day, of_filters) as table
    select
        account_number,
        account_country,
        account_plan,
        device_type,
        kind,
        profile_type,
        period_of(day, 'month') as month_start,
        cast(1 as bigint) << (31 - day(day)) as active_days
    from
        filtered_plays(
            of_calendar,
            period_of(from_day, 'month'),
            to_day,
            struct_update(of_filters, plans := null)
        )
    where watch_ms >= 60000;
