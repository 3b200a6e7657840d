-- The optional filters, written once. A null list means all values, an empty list none; unknown values match nothing.
-- A null in the data is chosen as 'unknown'. start_day is inclusive, end_day exclusive, everywhere.
-- Tables are named with their schema, so that a query's own CTE of the same name cannot take their place.

create macro chosen(value, selected_values) as (
    cast(selected_values as varchar[]) is null
    or list_contains(cast(selected_values as varchar[]), coalesce(value, 'unknown'))
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

-- The first day of the day, week (from Monday) or month that a day lies in.
create macro period_of(some_day, period_granularity) as (
    cast(date_trunc(period_granularity, some_day) as date)
);

-- Grain: one account, day, device type, kind and profile type.
create macro filtered_account_days(
    of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types
) as table
    select account_days.*
    from main.account_days as account_days
    where
        account_days.calendar = of_calendar
        and account_days.day >= from_day
        and account_days.day < to_day
        and all_chosen(account_days, of_devices, of_countries, of_plans, of_kinds, of_profile_types);

-- Grain: one title, day, device type, country, plan and profile type.
create macro filtered_title_days(
    of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types
) as table
    select title_days.*
    from main.title_days as title_days
    where
        title_days.calendar = of_calendar
        and title_days.day >= from_day
        and title_days.day < to_day
        and all_chosen(title_days, of_devices, of_countries, of_plans, of_kinds, of_profile_types);

-- Grain: one account's first reaching two minutes of one title.
create macro filtered_title_starts(
    of_calendar, from_day, to_day, of_devices, of_countries, of_plans, of_kinds, of_profile_types
) as table
    select title_starts.*
    from main.title_starts as title_starts
    where
        title_starts.calendar = of_calendar
        and title_starts.day >= from_day
        and title_starts.day < to_day
        and all_chosen(title_starts, of_devices, of_countries, of_plans, of_kinds, of_profile_types);

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
