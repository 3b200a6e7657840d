-- The optional filters, written once. A selection is a list of values, and whether they are the ones excluded; null
-- means all values, an empty list none; unknown values match nothing. A null in the data is chosen as 'unknown'.
-- start_day is inclusive, end_day exclusive, everywhere.
-- Tables are named with their schema, so that a query's own CTE of the same name cannot take their place.

create macro chosen(value, selection) as (
    cast(selection as struct(chosen_values varchar[], excluded boolean)) is null
    or list_contains(
        struct_extract(cast(selection as struct(chosen_values varchar[], excluded boolean)), 'chosen_values'),
        coalesce(value, 'unknown')
    ) <> struct_extract(cast(selection as struct(chosen_values varchar[], excluded boolean)), 'excluded')
);

create macro all_chosen(
    row_values, of_devices, of_countries, of_plans, of_kinds, of_profile_types
) as (
    chosen(row_values.device_type, of_devices)
    and chosen(row_values.account_country, of_countries)
    and chosen(row_values.account_plan, of_plans)
    and chosen(row_values.kind, of_kinds)
    and chosen(row_values.profile_type, of_profile_types)
);

-- Grain: one title, with the film or series that it counts for. Series are told apart by id, where missing by name.
create macro shows() as table
    select
        title_id,
        case
            when coalesce(series_id, series_name) is null then 'title ' || title_id
            else 'series ' || coalesce(series_id, series_name)
        end as show_id,
        coalesce(series_name, name) as show_name,
        case when coalesce(series_id, series_name) is null then kind else 'series' end as show_kind
    from main.titles;

-- Grain: one title of the films and series chosen.
create macro chosen_titles(of_titles) as table
    select shows.title_id
    from shows() as shows
    where chosen(shows.show_id, of_titles);

-- The first day of the day, week (from Monday) or month that a day lies in.
create macro period_of(some_day, period_granularity) as (
    cast(date_trunc(period_granularity, some_day) as date)
);

-- Grain: one day, week or month that has days between from_day and to_day; first_day and end_day are cut to them.
-- is_complete: nothing was cut.
create macro periods_between(from_day, to_day, period_granularity) as table
    select
        period_of(days.day, period_granularity) as period_start,
        min(days.day) as first_day,
        max(days.day) + 1 as end_day,
        period_of(min(days.day), period_granularity) = min(days.day)
        and period_of(max(days.day) + 1, period_granularity) = max(days.day) + 1 as is_complete
    from (
        select cast(unnest(generate_series(from_day, to_day - 1, interval 1 day)) as date) as day
    ) as days
    group by period_of(days.day, period_granularity);

-- Grain: one such period, and one row with a null period_start for all of them together.
create macro periods_and_whole(from_day, to_day, period_granularity) as table
    select
        period_start,
        first_day,
        end_day,
        is_complete
    from periods_between(from_day, to_day, period_granularity)
    union all
    select
        null as period_start,
        from_day as first_day,
        to_day as end_day,
        true as is_complete;

-- Grain: one play, with its day in the calendar and the account's plan on that day.
create macro filtered_plays(
    of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select dated_plays.*
    from (
        select
            plays.*,
            plan_periods.account_plan
        from (
            select
                *,
                case of_calendar when 'local' then local_day when 'service' then service_day else utc_day end as day
            from main.plays
            where
                -- No clock is a whole day off UTC's, so only these days' files need be read.
                utc_day >= from_day - 1
                and utc_day < to_day + 1
        ) as plays
        left join main.plan_periods as plan_periods
            on plays.account_id = plan_periods.account_id
            and plays.day >= plan_periods.from_day
            and plays.day < plan_periods.to_day
    ) as dated_plays
    where
        dated_plays.day >= from_day
        and dated_plays.day < to_day
        and all_chosen(dated_plays, of_devices, of_countries, of_plans, of_kinds, of_profile_types)
        and (
            of_titles is null
            or dated_plays.title_id in (select chosen_titles.title_id from chosen_titles(of_titles) as chosen_titles)
        );

-- Grain: one account, day, device type, kind, profile type and plan. The table of account days does not know what was
-- watched: for chosen titles, run lets the macro of the same name in the schema titles_chosen take this one's place.
create macro filtered_account_days(
    of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        account_days.day,
        account_days.account_id,
        account_days.active_plays
    from main.account_days as account_days
    where
        of_titles is null
        and account_days.calendar = of_calendar
        and account_days.day >= from_day
        and account_days.day < to_day
        and all_chosen(account_days, of_devices, of_countries, of_plans, of_kinds, of_profile_types);

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

-- Grain: one window of days, by how long it is and the day after it. An account counts once, whatever of the chosen
-- things it did: its set has a bit in common with theirs. of_sets is the sort of set that tells (queries/cubes.py).
create macro counted_accounts(
    of_calendar,
    of_period,
    from_end_day,
    to_end_day,
    of_sets,
    of_devices,
    of_countries,
    of_plans,
    of_kinds,
    of_profile_types
) as table
    with chosen_set as (
        select
            bit_or(audience_cells.mask_low) as mask_low,
            bit_or(audience_cells.mask_high) as mask_high
        from main.audience_cells as audience_cells
        where
            audience_cells.counted_by = of_sets
            and chosen(audience_cells.device_type, of_devices)
            and chosen(audience_cells.kind, of_kinds)
            and chosen(audience_cells.profile_type, of_profile_types)
    )

    select
        active_accounts.end_day,
        cast(sum(active_accounts.accounts) as bigint) as active_accounts
    from main.active_accounts as active_accounts
    cross join chosen_set
    where
        active_accounts.calendar = of_calendar
        and active_accounts.period = of_period
        and active_accounts.counted_by = of_sets
        and active_accounts.end_day >= from_end_day
        and active_accounts.end_day <= to_end_day
        and chosen(active_accounts.account_country, of_countries)
        and chosen(active_accounts.account_plan, of_plans)
        and (
            active_accounts.mask_low & chosen_set.mask_low <> 0
            or active_accounts.mask_high & chosen_set.mask_high <> 0
        )
    group by active_accounts.end_day;

-- Grain: one day: the accounts with an active play of what is chosen.
create macro daily_accounts(
    of_calendar, from_day, to_day, of_sets, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        end_day - 1 as day,
        active_accounts
    from
        counted_accounts(
            of_calendar,
            'day',
            from_day + 1,
            to_day,
            of_sets,
            of_devices,
            of_countries,
            of_plans,
            of_kinds,
            of_profile_types
        )
    where of_titles is null;

-- Grain: one period of the range, and one row with a null period_start for the whole: the accounts active in the 28
-- days up to its end, with the plan of its last day. The cube has no sets of the sort "all" for these windows: where
-- that is needed, run lets the macro of the same name in the schema account_days_counted take this one's place.
create macro trailing_accounts(
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
        periods.period_start,
        counted_accounts.active_accounts
    from periods_and_whole(from_day, to_day, period_granularity) as periods
    inner join
        counted_accounts(
            of_calendar,
            'trailing_28',
            from_day + 1,
            to_day,
            of_sets,
            of_devices,
            of_countries,
            of_plans,
            of_kinds,
            of_profile_types
        ) as counted_accounts
        on periods.end_day = counted_accounts.end_day
    where of_titles is null;

create schema account_days_counted;

create macro account_days_counted.trailing_accounts(
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
        periods.period_start,
        count(distinct trailing_days.account_id) as active_accounts
    from periods_and_whole(from_day, to_day, period_granularity) as periods
    inner join
        filtered_account_days(
            of_calendar, from_day - 27, to_day, of_devices, of_countries, null, of_kinds, of_profile_types, of_titles
        ) as trailing_days
        on
        trailing_days.day >= periods.end_day - 28
        and trailing_days.day < periods.end_day
        and trailing_days.active_plays > 0
    inner join main.plan_periods as plan_periods
        on
        trailing_days.account_id = plan_periods.account_id
        and periods.end_day - 1 >= plan_periods.from_day
        and periods.end_day - 1 < plan_periods.to_day
    where chosen(plan_periods.account_plan, of_plans)
    group by periods.period_start;

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

create macro titles_chosen.filtered_viewing(
    of_calendar, from_day, to_day, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select *
    from
        filtered_titles(
            of_calendar,
            from_day,
            to_day,
            of_split,
            of_devices,
            of_countries,
            of_plans,
            of_kinds,
            of_profile_types,
            of_titles
        );

create macro titles_chosen.grouped_viewing(
    of_calendar, from_day, to_day, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select title_cube.* exclude (calendar, day)
    from main.title_cube as title_cube
    where
        title_cube.title_id in (select chosen_titles.title_id from chosen_titles(of_titles) as chosen_titles)
        and title_cube.calendar = of_calendar
        -- With nothing chosen, each single split tells its own groups; else only rows that tell everything will do.
        and (title_cube.split_by = 'all') = (of_split <> 'none')
        and title_cube.day >= from_day
        and title_cube.day < to_day
        and all_chosen(title_cube, of_devices, of_countries, of_plans, of_kinds, of_profile_types);

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

create macro titles_chosen.daily_accounts(
    of_calendar, from_day, to_day, of_sets, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        day,
        count(distinct account_id) as active_accounts
    from
        filtered_account_days(
            of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
        )
    where active_plays > 0
    group by day;

-- Grain: one account and day, read only to count the accounts that a figure tells of. Where no small group is hidden,
-- there is nothing to count; else run lets the macro in the schema small_groups_hidden take this one's place.
create macro counted_account_days(
    of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        cast(null as date) as day,
        cast(null as varchar) as account_id,
        cast(null as bigint) as active_plays
    where false;

-- Grain: one account, day and title, read only to count accounts, like counted_account_days.
create macro counted_plays(
    of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        cast(null as date) as day,
        cast(null as varchar) as account_id,
        cast(null as varchar) as title_id,
        cast(null as varchar) as device_type,
        cast(null as varchar) as account_country,
        cast(null as varchar) as account_plan,
        cast(null as varchar) as kind,
        cast(null as varchar) as profile_type
    where false;

create schema small_groups_hidden;

create macro small_groups_hidden.counted_account_days(
    of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        day,
        account_id,
        active_plays
    from
        filtered_account_days(
            of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
        );

create macro small_groups_hidden.counted_plays(
    of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        day,
        account_id,
        title_id,
        device_type,
        account_country,
        account_plan,
        kind,
        profile_type
    from
        filtered_plays(
            of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
        );

-- Grain: one account's first reaching two minutes of one title, read only to count accounts.
create macro counted_starts(
    of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        cast(null as date) as day,
        cast(null as varchar) as account_id
    where false;

create macro small_groups_hidden.counted_starts(
    of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        title_starts.day,
        title_starts.account_id
    from main.title_starts as title_starts
    where
        title_starts.calendar = of_calendar
        and title_starts.completion_known
        and title_starts.day >= from_day
        and title_starts.day < to_day
        and all_chosen(title_starts, of_devices, of_countries, of_plans, of_kinds, of_profile_types)
        and (
            of_titles is null
            or title_starts.title_id in (select chosen_titles.title_id from chosen_titles(of_titles) as chosen_titles)
        );
