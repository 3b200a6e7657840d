-- Takes the place of macros that read sums without titles, where titles are chosen.

create schema titles_chosen;

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

create macro titles_chosen.viewing_rows(
    of_calendar,
    from_day,
    to_day,
    compare_from_day,
    compare_to_day,
    period_granularity,
    of_split,
    of_devices,
    of_countries,
    of_plans,
    of_kinds,
    of_profile_types,
    of_titles
) as table
    select *
    from
        title_rows(
            of_calendar,
            from_day,
            to_day,
            compare_from_day,
            compare_to_day,
            period_granularity,
            of_split,
            of_devices,
            of_countries,
            of_plans,
            of_kinds,
            of_profile_types,
            of_titles
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
        and title_starts.title_id in (select chosen_titles.title_id from chosen_titles(of_titles) as chosen_titles);

create macro titles_chosen.filtered_active_days(
    of_calendar,
    from_day,
    to_day,
    period_granularity,
    of_sets,
    of_devices,
    of_countries,
    of_plans,
    of_kinds,
    of_profile_types,
    of_titles
) as table
    select
        day as last_day,
        count(distinct account_id) as account_days
    from
        filtered_account_days(
            of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
        )
    where active_plays > 0
    group by day;
