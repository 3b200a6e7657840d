-- What a build has added up in advance: the fewest rows that know all that is chosen (queries/cubes.py). Whole days, weeks
-- or months are read as one row, and of those that the range cuts off their days.

-- The first day, week or month that begins on from_day or after it.
create macro first_whole_period(from_day, period_granularity) as (
    cast(date_trunc(period_granularity, cast(from_day as date) - 1) + cast('1 ' || period_granularity as interval) as date)
);

-- Whether a week or month lies within the range. Where days are asked for, there are none.
create macro is_whole_in(period_start, from_day, to_day, period_granularity) as (
    period_granularity <> 'day'
    and period_start >= first_whole_period(from_day, period_granularity)
    and period_start < period_of(to_day, period_granularity)
);

-- Whether a day of the range lies in a week or month that the range cuts off. Where days are asked for, all do.
create macro is_cut_off_in(day, from_day, to_day, period_granularity) as (
    day >= from_day
    and day < to_day
    and (
        period_granularity = 'day'
        or day < first_whole_period(from_day, period_granularity)
        or day >= period_of(to_day, period_granularity)
    )
);

-- Whether a month's file has days that the range cuts off, so that no others are opened.
create macro has_cut_off_in(month, from_day, to_day, period_granularity) as (
    month >= strftime(cast(from_day as date), '%Y-%m')
    and month <= strftime(cast(to_day as date) - 1, '%Y-%m')
    and (
        period_granularity = 'day'
        or month <= strftime(first_whole_period(from_day, period_granularity) - 1, '%Y-%m')
        or month >= strftime(period_of(to_day, period_granularity), '%Y-%m')
    )
);

-- Grain: one whole period or day cut off, by its first day, kind and what of_split tells apart; of the range and of the
-- one it is compared with, where that is not null.
create macro viewing_rows(
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
    select
        viewing_cube.day,
        viewing_cube.kind,
        viewing_cube.device_type,
        viewing_cube.profile_type,
        viewing_cube.account_country,
        viewing_cube.account_plan,
        viewing_cube.plays,
        viewing_cube.watch_ms,
        viewing_cube.known_origin_watch_ms,
        viewing_cube.recommended_watch_ms,
        viewing_cube.rebuffer_ms,
        viewing_cube.rebuffer_known_watch_ms
    from main.viewing_cube as viewing_cube
    where
        of_titles is null
        and viewing_cube.calendar = of_calendar
        and viewing_cube.split_by = of_split
        and viewing_cube.period = period_granularity
        and (
            is_whole_in(viewing_cube.day, from_day, to_day, period_granularity)
            or is_whole_in(viewing_cube.day, compare_from_day, compare_to_day, period_granularity)
        )
        and all_chosen(viewing_cube, of_devices, of_countries, of_plans, of_kinds, of_profile_types)
    union all
    select
        viewing_cube.day,
        viewing_cube.kind,
        viewing_cube.device_type,
        viewing_cube.profile_type,
        viewing_cube.account_country,
        viewing_cube.account_plan,
        viewing_cube.plays,
        viewing_cube.watch_ms,
        viewing_cube.known_origin_watch_ms,
        viewing_cube.recommended_watch_ms,
        viewing_cube.rebuffer_ms,
        viewing_cube.rebuffer_known_watch_ms
    from main.viewing_cube as viewing_cube
    where
        of_titles is null
        and viewing_cube.calendar = of_calendar
        and viewing_cube.split_by = of_split
        and viewing_cube.period = 'day'
        and (
            is_cut_off_in(viewing_cube.day, from_day, to_day, period_granularity)
            or is_cut_off_in(viewing_cube.day, compare_from_day, compare_to_day, period_granularity)
        )
        and all_chosen(viewing_cube, of_devices, of_countries, of_plans, of_kinds, of_profile_types);

-- Grain: as viewing_rows, over one range.
create macro filtered_viewing(
    of_calendar,
    from_day,
    to_day,
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
        viewing_rows(
            of_calendar,
            from_day,
            to_day,
            null,
            null,
            period_granularity,
            of_split,
            of_devices,
            of_countries,
            of_plans,
            of_kinds,
            of_profile_types,
            of_titles
        );

-- Grain: one device, country, plan, kind and profile type, of any sort that is known, over two ranges of days.
create macro compared_viewing(
    of_calendar,
    from_day,
    to_day,
    compare_from_day,
    compare_to_day,
    period_granularity,
    of_devices,
    of_countries,
    of_plans,
    of_kinds,
    of_profile_types,
    of_titles
) as table
    select
        device_type,
        account_country,
        account_plan,
        kind,
        profile_type,
        sum(watch_ms) filter (where day >= from_day) as watch_ms,
        sum(watch_ms) filter (where day < compare_to_day) as compare_watch_ms
    from
        viewing_rows(
            of_calendar,
            from_day,
            to_day,
            compare_from_day,
            compare_to_day,
            period_granularity,
            'all',
            of_devices,
            of_countries,
            of_plans,
            of_kinds,
            of_profile_types,
            of_titles
        )
    group by device_type, account_country, account_plan, kind, profile_type;

-- Grain: one title and whole period or day cut off, by its first day, and what of_split tells apart; of the range and of
-- the one it is compared with, where that is not null. Days are split by one column or all.
create macro title_rows(
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
    from main.title_periods as title_periods
    where
        title_periods.calendar = of_calendar
        and title_periods.split_by = of_split
        and title_periods.period = period_granularity
        and (
            is_whole_in(title_periods.period_start, from_day, to_day, period_granularity)
            or is_whole_in(title_periods.period_start, compare_from_day, compare_to_day, period_granularity)
        )
        and all_chosen(title_periods, of_devices, of_countries, of_plans, of_kinds, of_profile_types)
        and (
            of_titles is null
            or title_periods.title_id in (select chosen_titles.title_id from chosen_titles(of_titles) as chosen_titles)
        )
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
    from main.title_cube as title_cube
    where
        title_cube.calendar = of_calendar
        and title_cube.split_by = case when contains(of_split, '+') then 'all' else of_split end
        and (
            has_cut_off_in(title_cube.month, from_day, to_day, period_granularity)
            or has_cut_off_in(title_cube.month, compare_from_day, compare_to_day, period_granularity)
        )
        and (
            is_cut_off_in(title_cube.day, from_day, to_day, period_granularity)
            or is_cut_off_in(title_cube.day, compare_from_day, compare_to_day, period_granularity)
        )
        and all_chosen(title_cube, of_devices, of_countries, of_plans, of_kinds, of_profile_types)
        and (
            of_titles is null
            or title_cube.title_id in (select chosen_titles.title_id from chosen_titles(of_titles) as chosen_titles)
        );

-- Grain: one title watched in either of two ranges of days; null in that in which it was not.
create macro compared_titles(
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
    select
        title_id,
        sum(watch_ms) filter (where day >= from_day) as watch_ms,
        sum(plays) filter (where day >= from_day) as plays,
        sum(watch_ms) filter (where day < compare_to_day) as compare_watch_ms
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
        )
    group by title_id;

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

-- Grain: one set of things done, of one whole period or day cut off, by its last day: the days on which accounts did just
-- these, each account and day once: their set has a bit in common with what is chosen.
create macro filtered_active_days(
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
        active_accounts.end_day - 1 as last_day,
        active_accounts.account_days
    from main.active_accounts as active_accounts
    cross join chosen_set(of_sets, of_devices, of_kinds, of_profile_types) as chosen_set
    where
        active_accounts.calendar = of_calendar
        and active_accounts.counted_by = of_sets
        and active_accounts.period = period_granularity
        and period_granularity <> 'day'
        and active_accounts.end_day > first_whole_period(from_day, period_granularity)
        and active_accounts.end_day <= period_of(to_day, period_granularity)
        and chosen(active_accounts.account_country, of_countries)
        and chosen(active_accounts.account_plan, of_plans)
        and (
            active_accounts.mask_low & chosen_set.mask_low <> 0
            or active_accounts.mask_high & chosen_set.mask_high <> 0
        )
    union all
    select
        active_accounts.end_day - 1 as last_day,
        active_accounts.account_days
    from main.active_accounts as active_accounts
    cross join chosen_set(of_sets, of_devices, of_kinds, of_profile_types) as chosen_set
    where
        active_accounts.calendar = of_calendar
        and active_accounts.counted_by = of_sets
        and active_accounts.period = 'day'
        and is_cut_off_in(active_accounts.end_day - 1, from_day, to_day, period_granularity)
        and chosen(active_accounts.account_country, of_countries)
        and chosen(active_accounts.account_plan, of_plans)
        and (
            active_accounts.mask_low & chosen_set.mask_low <> 0
            or active_accounts.mask_high & chosen_set.mask_high <> 0
        );

-- Grain: 28 days that end with a day where a period of the range does, by the day after it: the accounts active in them,
-- with the plan of the last day. There are no sets of the sort "all" of 28 days: where they are needed, run lets the
-- macro of the same name in the schema account_days_counted take this one's place.
create macro filtered_trailing_accounts(
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
        active_accounts.end_day,
        cast(sum(active_accounts.accounts) as bigint) as active_accounts
    from main.active_accounts as active_accounts
    cross join chosen_set(of_sets, of_devices, of_kinds, of_profile_types) as chosen_set
    where
        active_accounts.calendar = of_calendar
        and active_accounts.counted_by = of_sets
        and active_accounts.period = 'trailing_28'
        and active_accounts.end_day > from_day
        and active_accounts.end_day <= to_day
        and active_accounts.end_day in (select periods.end_day from periods_between(from_day, to_day, period_granularity) as periods)
        and chosen(active_accounts.account_country, of_countries)
        and chosen(active_accounts.account_plan, of_plans)
        and (
            active_accounts.mask_low & chosen_set.mask_low <> 0
            or active_accounts.mask_high & chosen_set.mask_high <> 0
        )
    group by active_accounts.end_day;
