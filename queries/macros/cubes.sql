-- What a build has added up in advance: the fewest rows that know all that is chosen (queries/cubes.py). A range of
-- days is put together from its whole weeks or months, a row each, and the days of the rest; it can have a second
-- stretch, that it is compared with.

-- What is compared with comes before the range and never overlaps it. A condition on the range's ends alone is known
-- when the query is planned: then days are looked for between two, without a second look at each.
create macro is_in(day, of_range) as (
    day >= least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day'))
    and day < struct_extract(of_range, 'end_day')
    and (
        struct_extract(of_range, 'compare_end_day') >= struct_extract(of_range, 'start_day')
        or day >= struct_extract(of_range, 'start_day')
        or day < struct_extract(of_range, 'compare_end_day')
    )
);

create macro is_in_whole(day, of_range) as (
    (day >= struct_extract(of_range, 'whole_start_day') and day < struct_extract(of_range, 'whole_end_day'))
    or (
        struct_extract(of_range, 'compare_whole_start_day') < struct_extract(of_range, 'compare_whole_end_day')
        and day >= struct_extract(of_range, 'compare_whole_start_day')
        and day < struct_extract(of_range, 'compare_whole_end_day')
    )
);

-- The same of a day or period by the day after it: to take a day off each row's would take longer than all else.
create macro ends_in(end_day, of_range) as (
    end_day > least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day'))
    and end_day <= struct_extract(of_range, 'end_day')
    and (
        struct_extract(of_range, 'compare_end_day') >= struct_extract(of_range, 'start_day')
        or end_day > struct_extract(of_range, 'start_day')
        or end_day <= struct_extract(of_range, 'compare_end_day')
    )
);

create macro ends_in_whole(end_day, of_range) as (
    (end_day > struct_extract(of_range, 'whole_start_day') and end_day <= struct_extract(of_range, 'whole_end_day'))
    or (
        struct_extract(of_range, 'compare_whole_start_day') < struct_extract(of_range, 'compare_whole_end_day')
        and end_day > struct_extract(of_range, 'compare_whole_start_day')
        and end_day <= struct_extract(of_range, 'compare_whole_end_day')
    )
);

-- Grain: one whole week or month or day of the rest, by its first day, kind and what of_split tells apart.
create macro filtered_viewing(of_calendar, of_range, of_split, of_filters) as table
    select viewing_cube.*
    from cubes.viewing_cube as viewing_cube
    where
        struct_extract(of_filters, 'titles') is null
        and viewing_cube.calendar = of_calendar
        and viewing_cube.split_by = of_split
        and viewing_cube.period in ('day', struct_extract(of_range, 'granularity'))
        and is_in(viewing_cube.day, of_range)
        and (viewing_cube.period <> 'day') = is_in_whole(viewing_cube.day, of_range)
        and all_chosen(viewing_cube, of_filters);

-- Grain: one film or series and whole week or month or day of the rest, by its first day, and what of_split tells
-- apart.
create macro filtered_shows(of_calendar, of_range, of_split, of_filters) as table
    select shows.* exclude (calendar)
    from (
        select
            calendar,
            period_start as day,
            show_id,
            kind,
            device_type,
            profile_type,
            account_country,
            account_plan,
            plays,
            views,
            watch_ms,
            known_origin_watch_ms,
            recommended_watch_ms,
            rebuffer_ms,
            rebuffer_known_watch_ms
        from cubes.show_periods
        where
            split_by = of_split
            and period = struct_extract(of_range, 'granularity')
            and is_in_whole(period_start, of_range)
        union all
        select
            calendar,
            day,
            show_id,
            kind,
            device_type,
            profile_type,
            account_country,
            account_plan,
            plays,
            views,
            watch_ms,
            known_origin_watch_ms,
            recommended_watch_ms,
            rebuffer_ms,
            rebuffer_known_watch_ms
        from cubes.show_cube
        where
            -- Days are split by one column or all.
            split_by = case when contains(of_split, '+') then 'all' else of_split end
            and is_in(day, of_range)
            and not is_in_whole(day, of_range)
            -- No other files are opened.
            and list_contains(struct_extract(of_range, 'months_of_rest'), month)
    ) as shows
    where
        shows.calendar = of_calendar
        and all_chosen(shows, of_filters)
        and chosen(shows.show_id, struct_extract(of_filters, 'titles'));

-- Grain: one day, kind, day of completion and what of_split tells apart.
create macro filtered_starts(of_calendar, of_range, of_split, of_filters) as table
    select start_cube.*
    from cubes.start_cube as start_cube
    where
        struct_extract(of_filters, 'titles') is null
        and start_cube.calendar = of_calendar
        and start_cube.split_by = of_split
        and start_cube.day
        >= least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day'))
        and start_cube.day < struct_extract(of_range, 'end_day')
        and is_in(start_cube.day, of_range)
        and all_chosen(start_cube, of_filters);

-- Grain: one account and film or episode that it first reached two minutes of in either range.
create macro filtered_title_starts(of_calendar, of_range, of_filters) as table
    select title_starts.*
    from cubes.title_starts as title_starts
    where
        title_starts.calendar = of_calendar
        and title_starts.completion_known
        and is_in(title_starts.day, of_range)
        and all_chosen(title_starts, of_filters)
        and is_hour_chosen(title_starts.hour, title_starts.day, of_filters)
        and is_show_chosen(title_starts, of_filters);

-- Grain: one whole week or month or day of the rest, and set of things done in it by accounts of a country and plan.
create macro active_accounts_in(of_calendar, of_range) as table
    select *
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
    where active_accounts.calendar = of_calendar;

-- Grain: one whole week or month or day of the rest, by its last day, and set of things done: the days on which
-- accounts did just these. An account counts once a day, whatever of the chosen things it did: its set has a bit in
-- common with theirs.
create macro filtered_active_days(of_calendar, of_range, of_set, of_filters) as table
    select
        active_accounts.end_day - 1 as last_day,
        active_accounts.account_days
    from active_accounts_in(of_calendar, of_range) as active_accounts
    where
        active_accounts.counted_by = struct_extract(of_set, 'counted_by')
        and is_chosen_account(active_accounts, of_set, of_filters);

-- Grain: the same, and one value by which it is told apart: an account that did things of two values that day counts in
-- both. Devices, kinds and profile types have a set of their own for each value (queries/cubes.py), all else one set.
create macro grouped_active_days(of_calendar, of_range, told_apart_by, of_sets, of_filters) as table
    with sets as (select unnest(of_sets) as set_of)

    select
        case told_apart_by
            when 'country' then known(active_accounts.account_country)
            when 'plan' then known(active_accounts.account_plan)
            else struct_extract(sets.set_of, 'group_id')
        end as group_id,
        active_accounts.end_day - 1 as last_day,
        active_accounts.account_days
    from active_accounts_in(of_calendar, of_range) as active_accounts
    inner join sets
        on is_chosen_account(active_accounts, sets.set_of, of_filters)
    -- All sets are of one sort, which is known before the join.
    where active_accounts.counted_by = struct_extract(of_sets[1], 'counted_by');

-- Grain: 7 or 28 days (of_days) that end with a day of the range, by the day after it: the accounts active in them,
-- with the plan of the last day. The cube has no sets of the sort "all" of so many days: where they are needed, run
-- lets the macro of the same name in the schema account_days_counted take this one's place.
create macro filtered_trailing_accounts(of_calendar, of_range, of_days, of_set, of_filters) as table
    select
        active_accounts.end_day,
        cast(sum(active_accounts.accounts) as bigint) as active_accounts
    from cubes.active_accounts as active_accounts
    where
        active_accounts.calendar = of_calendar
        and active_accounts.counted_by = struct_extract(of_set, 'counted_by')
        and active_accounts.period = case of_days when 7 then 'trailing_7' else 'trailing_28' end
        and active_accounts.end_day
        > least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day'))
        and active_accounts.end_day <= struct_extract(of_range, 'end_day')
        and ends_in(active_accounts.end_day, of_range)
        and is_chosen_account(active_accounts, of_set, of_filters)
    group by active_accounts.end_day;
