-- What a build has added up in advance: the fewest rows that know all that is chosen (queries/cubes.py).

-- Grain: one day, kind and what of_split tells apart: the fewest rows that know all that is chosen (queries/cubes.py).
create macro filtered_viewing(
    of_calendar, from_day, to_day, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select viewing_cube.*
    from main.viewing_cube as viewing_cube
    where
        of_titles is null
        and viewing_cube.calendar = of_calendar
        and viewing_cube.split_by = of_split
        and viewing_cube.day >= from_day
        and viewing_cube.day < to_day
        and all_chosen(viewing_cube, of_devices, of_countries, of_plans, of_kinds, of_profile_types);

-- Grain: one day, kind and split that tells groups apart, for figures by group.
create macro grouped_viewing(
    of_calendar, from_day, to_day, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select viewing_cube.* exclude (calendar, day)
    from main.viewing_cube as viewing_cube
    where
        of_titles is null
        and viewing_cube.calendar = of_calendar
        -- With nothing chosen, each single split tells its own groups; else only rows that tell everything will do.
        and (viewing_cube.split_by = 'all') = (of_split <> 'none')
        and viewing_cube.day >= from_day
        and viewing_cube.day < to_day
        and all_chosen(viewing_cube, of_devices, of_countries, of_plans, of_kinds, of_profile_types);

-- Grain: one title, day and what of_split tells apart.
create macro filtered_titles(
    of_calendar, from_day, to_day, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select title_cube.*
    from main.title_cube as title_cube
    where
        title_cube.calendar = of_calendar
        and title_cube.split_by = of_split
        and title_cube.day >= from_day
        and title_cube.day < to_day
        and all_chosen(title_cube, of_devices, of_countries, of_plans, of_kinds, of_profile_types)
        and (
            of_titles is null
            or title_cube.title_id in (select chosen_titles.title_id from chosen_titles(of_titles) as chosen_titles)
        );

-- Grain: one day, kind, day of completion and what of_split tells apart.
create macro filtered_starts(
    of_calendar, from_day, to_day, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        start_cube.day,
        start_cube.completed_day,
        start_cube.started_titles
    from main.start_cube as start_cube
    where
        of_titles is null
        and start_cube.calendar = of_calendar
        and start_cube.split_by = of_split
        and start_cube.day >= from_day
        and start_cube.day < to_day
        and all_chosen(start_cube, of_devices, of_countries, of_plans, of_kinds, of_profile_types);

-- Grain: one row: what is chosen, as a set of the sort of_sets (queries/cubes.py says which sort can tell it).
create macro chosen_set(of_sets, of_devices, of_kinds, of_profile_types) as table
    select
        bit_or(mask_low) as mask_low,
        bit_or(mask_high) as mask_high
    from main.audience_cells
    where
        counted_by = of_sets
        and chosen(device_type, of_devices)
        and chosen(kind, of_kinds)
        and chosen(profile_type, of_profile_types);

-- Grain: one day, or 28 days that end with a day where a period of the range does, by the day after it: the accounts
-- active in them, with the plan of the last day. An account counts once, whatever of the chosen things it did: its set
-- has a bit in common with theirs. The cube has no sets of the sort "all" of 28 days: where they are needed, run lets
-- the macro of the same name in the schema account_days_counted take this one's place.
create macro filtered_active_accounts(
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
        active_accounts.period,
        active_accounts.end_day,
        cast(sum(active_accounts.accounts) as bigint) as active_accounts
    from main.active_accounts as active_accounts
    cross join chosen_set(of_sets, of_devices, of_kinds, of_profile_types) as chosen_set
    where
        active_accounts.calendar = of_calendar
        and active_accounts.period in ('day', 'trailing_28')
        and active_accounts.counted_by = of_sets
        and active_accounts.end_day > from_day
        and active_accounts.end_day <= to_day
        and chosen(active_accounts.account_country, of_countries)
        and chosen(active_accounts.account_plan, of_plans)
        and (
            active_accounts.mask_low & chosen_set.mask_low <> 0
            or active_accounts.mask_high & chosen_set.mask_high <> 0
        )
    group by active_accounts.period, active_accounts.end_day;
