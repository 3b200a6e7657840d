-- Films and series beside each other (docs/decisions/0019).

-- Whether a row of shows has the genre, '' for any, and is an original, as the options of the league say.
create macro is_show_listed(row_values, of_genre, of_original) as (
    (of_genre = '' or coalesce(list_contains(string_split(row_values.genres, '; '), of_genre), false))
    and case of_original
        when 'yes' then coalesce(row_values.original, false)
        when 'no' then not coalesce(row_values.original, true)
        when 'unknown' then row_values.original is null
        else true
    end
);

-- Grain: one film or series, account and month, and more that is told apart, with the days on which it was active so
-- on a chosen plan.
create macro active_months_of_shows(of_calendar, from_day, to_day, of_filters) as table
    select
        show_active_months.show_id,
        show_active_months.account_number,
        show_active_months.month_start,
        show_active_months.active_days
    from cubes.show_active_months as show_active_months
    where
        show_active_months.calendar = of_calendar
        and show_active_months.month_start >= period_of(from_day, 'month')
        and show_active_months.month_start < to_day
        and chosen(show_active_months.device_type, struct_extract(of_filters, 'devices'))
        and chosen(show_active_months.account_country, struct_extract(of_filters, 'countries'))
        and chosen(show_active_months.account_plan, struct_extract(of_filters, 'plans'))
        and chosen(show_active_months.kind, struct_extract(of_filters, 'kinds'))
        and chosen(show_active_months.profile_type, struct_extract(of_filters, 'profile_types'))
        and is_show_chosen(show_active_months, of_filters);

-- Takes its place where what is chosen is known of the plays alone.
create macro plays_read.active_months_of_shows(of_calendar, from_day, to_day, of_filters) as table
    select
        plays.show_id,
        plays.account_number,
        period_of(plays.day, 'month') as month_start,
        cast(1 as bigint) << (31 - day(plays.day)) as active_days
    from filtered_plays(of_calendar, period_of(from_day, 'month'), to_day, of_filters) as plays
    -- A play of a minute is activity (metrics.md).
    where plays.watch_ms >= 60000;

-- Grain: one film or series and account active with it in the range. The set of kinds chosen is one by kind alone
-- (queries/cubes.py). Where more is chosen than countries, kinds and titles, run lets the macro of the same name in the
-- schema show_accounts_counted take this one's place.
create macro accounts_of_shows(of_calendar, from_day, to_day, of_set, of_filters) as table
    select
        months.show_id,
        months.account_number
    from cubes.show_account_months as months
    where
        months.calendar = of_calendar
        and months.month_start >= period_of(from_day, 'month')
        and months.month_start < to_day
        and chosen(months.account_country, struct_extract(of_filters, 'countries'))
        and is_show_chosen(months, of_filters)
        and struct_extract(of_set, 'mask_low') & months.known_kinds_mask = months.kinds_mask
        -- Its first day in the range is in this month.
        and coalesce(months.previous_active_day < from_day, true)
        and has_days_between(months.active_days, months.month_start, from_day, to_day);

create schema show_accounts_counted;

create macro show_accounts_counted.accounts_of_shows(of_calendar, from_day, to_day, of_set, of_filters) as table
    select distinct
        show_id,
        account_number
    from active_months_of_shows(of_calendar, from_day, to_day, of_filters)
    where has_days_between(active_days, month_start, from_day, to_day);

-- Grain: one film or series: the accounts active with it in the range, and in that it is compared with.
create macro active_accounts_of_shows(
    of_calendar, from_day, to_day, compare_from_day, compare_to_day, of_set, of_filters
) as table
    select
        show_id,
        count(*) filter (where is_current) as active_accounts,
        count(*) filter (where not is_current) as compare_active_accounts
    from (
        select
            show_id,
            true as is_current
        from accounts_of_shows(of_calendar, from_day, to_day, of_set, of_filters)
        union all
        select
            show_id,
            false as is_current
        from
            accounts_of_shows(
                of_calendar, cast(compare_from_day as date), cast(compare_to_day as date), of_set, of_filters
            )
    ) as accounts
    group by show_id;

-- Grain: one profile and film or episode of which its coverage reached 70 % in either range, on that day.
create macro filtered_watches(of_calendar, of_range, of_filters) as table
    select
        profile_titles.show_id,
        profile_titles.day
    from cubes.profile_titles as profile_titles
    where
        profile_titles.calendar = of_calendar
        and profile_titles.is_watched
        -- The table is in the order of this column, the same day for what is watched.
        and profile_titles.settled_day >= least(
            struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')
        )
        and profile_titles.settled_day < struct_extract(of_range, 'end_day')
        and is_in(profile_titles.settled_day, of_range)
        and all_chosen(profile_titles, of_filters)
        and is_hour_chosen(profile_titles.hour, profile_titles.day, of_filters)
        and is_show_chosen(profile_titles, of_filters);

-- What the league asks of accounts, and of how far they got, takes longer to plan than all else: there are macros that
-- find nothing, and where it is asked for, those of the same name in these schemas take their place (queries/run.py).
create schema league_by_coverage;

create schema league_by_completion;

create schema league_by_accounts;

create macro league_watches(of_calendar, of_range, of_filters) as table
    select
        cast(null as varchar) as show_id,
        cast(null as date) as day
    where false;

create macro league_by_coverage.league_watches(of_calendar, of_range, of_filters) as table
    from filtered_watches(of_calendar, of_range, of_filters);

create macro league_starts(of_calendar, of_range, of_filters) as table
    select
        cast(null as varchar) as show_id,
        cast(null as date) as day,
        cast(null as date) as completed_day
    where false;

create macro league_by_completion.league_starts(of_calendar, of_range, of_filters) as table
    select
        show_id,
        day,
        completed_day
    from filtered_title_starts(of_calendar, of_range, of_filters);

create macro league_accounts(
    of_calendar, from_day, to_day, compare_from_day, compare_to_day, of_set, of_filters
) as table
    select
        cast(null as varchar) as show_id,
        cast(null as bigint) as active_accounts,
        cast(null as bigint) as compare_active_accounts
    where false;

create macro league_by_accounts.league_accounts(
    of_calendar, from_day, to_day, compare_from_day, compare_to_day, of_set, of_filters
) as table
    from active_accounts_of_shows(of_calendar, from_day, to_day, compare_from_day, compare_to_day, of_set, of_filters);
