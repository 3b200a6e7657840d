-- Takes the place of macros that read sums without titles, where titles are chosen.

create schema titles_chosen;

create macro titles_chosen.is_title_chosen(id, of_titles) as (
    id in (
        select shows.title_id
        from shows() as shows
        where chosen(shows.show_id, of_titles)
    )
);

-- Grain: one account and day, counted from the plays themselves.
create macro titles_chosen.filtered_account_days(
    of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        day,
        account_id,
        -- A play of a minute is activity (metrics.md).
        count(*) filter (where watch_ms >= 60000) as active_plays
    from
        filtered_plays(
            of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
        )
    group by day, account_id;

create macro titles_chosen.filtered_viewing(
    of_calendar, of_range, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select *
    from
        filtered_titles(
            of_calendar, of_range, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
        );

create macro titles_chosen.filtered_starts(
    of_calendar, from_day, to_day, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        title_starts.day,
        title_starts.completed_day,
        1 as started_titles
    from main.title_starts as title_starts
    where
        title_starts.calendar = of_calendar
        and title_starts.completion_known
        and title_starts.day >= from_day
        and title_starts.day < to_day
        and all_chosen(title_starts, of_devices, of_countries, of_plans, of_kinds, of_profile_types)
        and is_title_chosen(title_starts.title_id, of_titles);

create macro titles_chosen.filtered_active_days(
    of_calendar, of_range, of_set, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        day as last_day,
        count(distinct account_id) as account_days
    from
        filtered_account_days(
            of_calendar,
            struct_extract(of_range, 'start_day'),
            struct_extract(of_range, 'end_day'),
            of_devices,
            of_countries,
            of_plans,
            of_kinds,
            of_profile_types,
            of_titles
        )
    where active_plays > 0
    group by day;
