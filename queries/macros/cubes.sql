-- What a build has added up in advance: the fewest rows that know all that is chosen (queries/cubes.py). A range of
-- days is put together from its whole weeks or months, a row each, and the days of the rest; it can have a second
-- stretch, that it is compared with.

create macro is_in(day, of_range) as (
    (day >= struct_extract(of_range, 'start_day') and day < struct_extract(of_range, 'end_day'))
    or (day >= struct_extract(of_range, 'compare_start_day') and day < struct_extract(of_range, 'compare_end_day'))
);

create macro is_in_whole(day, of_range) as (
    (day >= struct_extract(of_range, 'whole_start_day') and day < struct_extract(of_range, 'whole_end_day'))
    or (
        day >= struct_extract(of_range, 'compare_whole_start_day')
        and day < struct_extract(of_range, 'compare_whole_end_day')
    )
);

-- The same of a day or period by the day after it: to take a day off each row's would take longer than all else.
create macro ends_in(end_day, of_range) as (
    (end_day > struct_extract(of_range, 'start_day') and end_day <= struct_extract(of_range, 'end_day'))
    or (
        end_day > struct_extract(of_range, 'compare_start_day')
        and end_day <= struct_extract(of_range, 'compare_end_day')
    )
);

create macro ends_in_whole(end_day, of_range) as (
    (end_day > struct_extract(of_range, 'whole_start_day') and end_day <= struct_extract(of_range, 'whole_end_day'))
    or (
        end_day > struct_extract(of_range, 'compare_whole_start_day')
        and end_day <= struct_extract(of_range, 'compare_whole_end_day')
    )
);

-- Grain: one whole week or month or day of the rest, by its first day, kind and what of_split tells apart.
create macro filtered_viewing(
    of_calendar, of_range, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select viewing_cube.*
    from cubes.viewing_cube as viewing_cube
    where
        of_titles is null
        and viewing_cube.calendar = of_calendar
        and viewing_cube.split_by = of_split
        and viewing_cube.period in ('day', struct_extract(of_range, 'granularity'))
        and is_in(viewing_cube.day, of_range)
        and (viewing_cube.period <> 'day') = is_in_whole(viewing_cube.day, of_range)
        and all_chosen(viewing_cube, of_devices, of_countries, of_plans, of_kinds, of_profile_types);

-- Grain: one title and whole week or month or day of the rest, by its first day, and what of_split tells apart.
create macro filtered_titles(
    of_calendar, of_range, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        title_periods.period_start as day,
        title_periods.title_id,
        title_periods.kind,
        title_periods.device_type,
        title_periods.profile_type,
        title_periods.account_country,
        title_periods.account_plan,
        title_periods.plays,
        title_periods.watch_ms,
        title_periods.known_origin_watch_ms,
        title_periods.recommended_watch_ms,
        title_periods.rebuffer_ms,
        title_periods.rebuffer_known_watch_ms
    from cubes.title_periods as title_periods
    where
        title_periods.calendar = of_calendar
        and title_periods.split_by = of_split
        and title_periods.period = struct_extract(of_range, 'granularity')
        and is_in_whole(title_periods.period_start, of_range)
        and all_chosen(title_periods, of_devices, of_countries, of_plans, of_kinds, of_profile_types)
        and is_title_chosen(title_periods.title_id, of_titles)
    union all
    select
        title_cube.day,
        title_cube.title_id,
        title_cube.kind,
        title_cube.device_type,
        title_cube.profile_type,
        title_cube.account_country,
        title_cube.account_plan,
        title_cube.plays,
        title_cube.watch_ms,
        title_cube.known_origin_watch_ms,
        title_cube.recommended_watch_ms,
        title_cube.rebuffer_ms,
        title_cube.rebuffer_known_watch_ms
    from cubes.title_cube as title_cube
    where
        title_cube.calendar = of_calendar
        -- Days are split by one column or all.
        and title_cube.split_by = case when contains(of_split, '+') then 'all' else of_split end
        and is_in(title_cube.day, of_range)
        and not is_in_whole(title_cube.day, of_range)
        -- No other files are opened.
        and list_contains(struct_extract(of_range, 'months_of_rest'), title_cube.month)
        and all_chosen(title_cube, of_devices, of_countries, of_plans, of_kinds, of_profile_types)
        and is_title_chosen(title_cube.title_id, of_titles);

-- Grain: one day, kind, day of completion and what of_split tells apart.
create macro filtered_starts(
    of_calendar, of_range, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        start_cube.day,
        start_cube.completed_day,
        start_cube.started_titles
    from cubes.start_cube as start_cube
    where
        of_titles is null
        and start_cube.calendar = of_calendar
        and start_cube.split_by = of_split
        and start_cube.day
        >= least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day'))
        and start_cube.day < struct_extract(of_range, 'end_day')
        and is_in(start_cube.day, of_range)
        and all_chosen(start_cube, of_devices, of_countries, of_plans, of_kinds, of_profile_types);

-- Grain: one whole week or month or day of the rest, by its last day, and set of things done: the days on which
-- accounts did just these. An account counts once a day, whatever of the chosen things it did: its set has a bit in
-- common with theirs.
create macro filtered_active_days(
    of_calendar, of_range, of_set, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        active_accounts.end_day - 1 as last_day,
        active_accounts.account_days
    from (
        -- In two parts, since either lies together in the table: all days of the range would be many times as many.
        select *
        from cubes.active_accounts
        where
            period = struct_extract(of_range, 'granularity')
            and ends_in_whole(end_day, of_range)
        union all
        select *
        from cubes.active_accounts
        where
            period = 'day'
            and ends_in(end_day, of_range)
            and not ends_in_whole(end_day, of_range)
    ) as active_accounts
    where
        active_accounts.calendar = of_calendar
        and active_accounts.counted_by = struct_extract(of_set, 'counted_by')
        and is_chosen_account(active_accounts, of_set, of_countries, of_plans);

-- Grain: 28 days that end with a day of the range, by the day after it: the accounts active in them, with the plan of
-- the last day. The cube has no sets of the sort "all" of 28 days: where they are needed, run lets the macro of the
-- same name in the schema account_days_counted take this one's place.
create macro filtered_trailing_accounts(
    of_calendar, of_range, of_set, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        active_accounts.end_day,
        cast(sum(active_accounts.accounts) as bigint) as active_accounts
    from cubes.active_accounts as active_accounts
    where
        active_accounts.calendar = of_calendar
        and active_accounts.counted_by = struct_extract(of_set, 'counted_by')
        and active_accounts.period = 'trailing_28'
        and active_accounts.end_day
        > least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day'))
        and active_accounts.end_day <= struct_extract(of_range, 'end_day')
        and ends_in(active_accounts.end_day, of_range)
        and is_chosen_account(active_accounts, of_set, of_countries, of_plans)
    group by active_accounts.end_day;
