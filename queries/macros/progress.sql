-- How far accounts and profiles got with films, episodes and seasons.

-- How many accounts rows tell of, where figures of few are hidden; elsewhere nothing is counted. Where needed, run lets
-- the macro of the same name in the schema small_groups_hidden take this one's place.
create macro counted_accounts(id) as (cast(null as bigint));

-- Grain: one account's way through one film or season that it began in the range or in that it is compared with.
create macro filtered_title_progress(of_calendar, of_range, of_filters) as table
    select title_progress.*
    from cubes.title_progress as title_progress
    where
        title_progress.calendar = of_calendar
        and title_progress.day >= least(
            struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')
        )
        and title_progress.day < struct_extract(of_range, 'end_day')
        and is_in(title_progress.day, of_range)
        and all_chosen(title_progress, of_filters)
        and is_hour_chosen(title_progress.hour, title_progress.day, of_filters)
        and is_show_chosen(title_progress, of_filters);

-- Grain: one account's way through one season that it completed in the range or in that it is compared with.
create macro filtered_finishes(of_calendar, of_range, of_filters) as table
    select title_progress.*
    from cubes.title_progress as title_progress
    where
        title_progress.calendar = of_calendar
        and title_progress.kind = 'episode'
        -- None is completed before it is begun.
        and title_progress.day < struct_extract(of_range, 'end_day')
        and is_in(title_progress.completed_day, of_range)
        and all_chosen(title_progress, of_filters)
        and is_hour_chosen(title_progress.hour, title_progress.day, of_filters)
        and is_show_chosen(title_progress, of_filters);

-- Grain: one profile and film or episode that it had watched, or is known to have abandoned, in either range.
create macro settled_titles_read(of_calendar, of_range, of_filters) as table
    select
        profile_titles.settled_day as day,
        1 as settled_titles,
        case when profile_titles.is_watched then 0 else 1 end as abandoned_titles,
        case when profile_titles.returns > 0 then 1 else 0 end as returned_titles,
        case when profile_titles.coverage_estimated then 1 else 0 end as estimated_titles,
        profile_titles.account_id
    from cubes.profile_titles as profile_titles
    where
        profile_titles.calendar = of_calendar
        and profile_titles.settled_day >= least(
            struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')
        )
        and profile_titles.settled_day < struct_extract(of_range, 'end_day')
        and is_in(profile_titles.settled_day, of_range)
        and all_chosen(profile_titles, of_filters)
        and is_hour_chosen(profile_titles.hour, profile_titles.day, of_filters)
        and is_show_chosen(profile_titles, of_filters);

-- Grain: one day and whatever filters choose by: how much was settled so. The table knows neither titles nor hours nor
-- accounts: where they are asked for, run lets the macro of the same name in titles_or_plays_chosen or
-- small_groups_hidden take this one's place.
create macro filtered_settled_titles(of_calendar, of_range, of_filters) as table
    select
        settled_days.day,
        settled_days.settled_titles,
        settled_days.abandoned_titles,
        settled_days.returned_titles,
        settled_days.estimated_titles,
        cast(null as varchar) as account_id
    from cubes.settled_days as settled_days
    where
        struct_extract(of_filters, 'titles') is null
        and settled_days.calendar = of_calendar
        and settled_days.day >= least(
            struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')
        )
        and settled_days.day < struct_extract(of_range, 'end_day')
        and is_in(settled_days.day, of_range)
        and all_chosen(settled_days, of_filters);

-- Grain: one day and whatever filters choose by. The table knows neither titles nor hours: where they are chosen, run
-- lets the macro of the same name in the schema titles_or_plays_chosen take this one's place.
create macro filtered_rewatches(of_calendar, of_range, of_filters) as table
    select
        rewatch_days.day,
        rewatch_days.plays,
        rewatch_days.watch_ms,
        rewatch_days.rewatch_plays,
        rewatch_days.rewatch_watch_ms
    from cubes.rewatch_days as rewatch_days
    where
        struct_extract(of_filters, 'titles') is null
        and rewatch_days.calendar = of_calendar
        and rewatch_days.day >= least(
            struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')
        )
        and rewatch_days.day < struct_extract(of_range, 'end_day')
        and is_in(rewatch_days.day, of_range)
        and all_chosen(rewatch_days, of_filters);
