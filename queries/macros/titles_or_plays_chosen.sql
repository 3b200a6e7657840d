-- Takes the place of macros that know neither titles nor what plays_read does, where any of these are chosen.

create schema titles_or_plays_chosen;

-- Grain: one account, day, device type, kind, profile type and plan, counted from the plays themselves.
create macro titles_or_plays_chosen.filtered_account_days(of_calendar, from_day, to_day, of_filters) as table
    select
        day,
        account_id,
        account_country,
        account_plan,
        device_type,
        kind,
        profile_type,
        -- A play of a minute is activity (metrics.md).
        count(*) filter (where watch_ms >= 60000) as active_plays
    from filtered_plays(of_calendar, from_day, to_day, of_filters)
    group by day, account_id, account_country, account_plan, device_type, kind, profile_type;

create macro titles_or_plays_chosen.filtered_starts(of_calendar, of_range, of_split, of_filters) as table
    select
        *,
        1 as started_titles
    from filtered_title_starts(of_calendar, of_range, of_filters);

create macro titles_or_plays_chosen.filtered_active_days(of_calendar, of_range, of_set, of_filters) as table
    select
        last_day,
        account_days
    from grouped_active_days(of_calendar, of_range, 'none', [of_set], of_filters);

create macro titles_or_plays_chosen.grouped_active_days(
    of_calendar, of_range, told_apart_by, of_sets, of_filters
) as table
    select
        active_months.group_id,
        active_months.month_start + month_days.days_before as last_day,
        count(*) as account_days
    from (
        select
            month_start,
            group_of(months, told_apart_by) as group_id,
            bit_or(active_days) as active_days
        from compared_active_months(of_calendar, of_range, 0, of_filters) as months
        where chosen(account_plan, struct_extract(of_filters, 'plans'))
        group by account_number, month_start, group_id
    ) as active_months
    inner join month_days() as month_days
        on active_months.active_days & month_days.day_bit <> 0
    where is_in(active_months.month_start + month_days.days_before, of_range)
    group by active_months.group_id, active_months.month_start, month_days.days_before;

-- Grain: one play.
create macro titles_or_plays_chosen.filtered_interactions(of_calendar, of_range, of_split, of_filters) as table
    select
        day,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        1 as plays,
        watch_ms,
        coalesce(pauses, 0) as pauses,
        case when pauses is not null then watch_ms else 0 end as pauses_known_watch_ms,
        coalesce(resumes, 0) as resumes,
        case when resumes is not null then watch_ms else 0 end as resumes_known_watch_ms,
        coalesce(seeks_back, 0) as seeks_back,
        case when seeks_back is not null then watch_ms else 0 end as seeks_back_known_watch_ms,
        coalesce(seeks_forward, 0) as seeks_forward,
        case when seeks_forward is not null then watch_ms else 0 end as seeks_forward_known_watch_ms,
        coalesce(distinct_ms, 0) as distinct_ms,
        case when distinct_ms is not null then watch_ms else 0 end as distinct_known_watch_ms,
        cast(autoplay is not null as bigint) as autoplay_known_plays,
        cast(coalesce(autoplay, false) as bigint) as autoplay_plays,
        case when autoplay is not null then watch_ms else 0 end as autoplay_known_watch_ms,
        case when autoplay then watch_ms else 0 end as autoplay_watch_ms
    from
        filtered_plays(
            of_calendar,
            least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')),
            struct_extract(of_range, 'end_day'),
            of_filters
        )
    where is_in(day, of_range);

-- Grain: one play of a film or episode whose coverage is known.
create macro titles_or_plays_chosen.filtered_rewatches(of_calendar, of_range, of_filters) as table
    select
        plays.day,
        1 as plays,
        plays.watch_ms,
        case when plays.started_at > profile_titles.completed_at then 1 else 0 end as rewatch_plays,
        case when plays.started_at > profile_titles.completed_at then plays.watch_ms else 0 end as rewatch_watch_ms
    from
        filtered_plays(
            of_calendar,
            least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')),
            struct_extract(of_range, 'end_day'),
            of_filters
        ) as plays
    inner join main.profile_titles as profile_titles
        on profile_titles.calendar = of_calendar
        and plays.account_id = profile_titles.account_id
        and plays.title_id = profile_titles.title_id
        and plays.profile_id is not distinct from profile_titles.profile_id
    where is_in(plays.day, of_range);

create macro titles_or_plays_chosen.filtered_settled_titles(of_calendar, of_range, of_filters) as table
    select * from settled_titles_read(of_calendar, of_range, of_filters);
