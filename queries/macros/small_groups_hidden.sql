-- Counts the accounts that figures tell of, where figures of few are hidden; else there is nothing to count.

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
        and is_title_chosen(title_starts.title_id, of_titles);
