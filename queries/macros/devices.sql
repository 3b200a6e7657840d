-- What devices are used for, by whom, and how people move from one to another.

-- The set of device types that a number tells, a bit each: written as the types, largest bit last, joined by a plus.
create macro device_bit(device_type) as (
    case device_type
        when 'tv' then 1
        when 'mobile' then 2
        when 'tablet' then 4
        when 'desktop' then 8
        when 'console' then 16
        when 'other' then 32
        else 64
    end
);

create macro device_set_text(device_set) as (
    array_to_string(
        list_filter(
            ['tv', 'mobile', 'tablet', 'desktop', 'console', 'other', 'unknown'],
            lambda device_type: device_set & device_bit(device_type) <> 0
        ),
        '+'
    )
);

-- Grain: one account that was active in the range, with the set of device types that it was active on.
create macro account_device_sets(of_calendar, from_day, to_day, of_filters) as table
    select
        account_number,
        bit_or(device_bit(device_type)) as device_set
    from filtered_active_months(of_calendar, from_day, to_day, of_filters) as active_months
    where
        chosen(active_months.account_plan, struct_extract(of_filters, 'plans'))
        and has_days_between(active_months.active_days, active_months.month_start, from_day, to_day)
    group by account_number;

-- Grain: one day and whatever filters choose by, device on which titles were begun and one on which they were completed
-- before the range's end. The table knows no titles, nor plays, nor accounts: where they are asked for, run lets the
-- macro of the same name in titles_or_plays_chosen or small_groups_hidden take this one's place.
create macro filtered_finished_titles(of_calendar, from_day, to_day, of_filters) as table
    select
        finished_days.device_type,
        finished_days.completed_device_type,
        finished_days.completed_titles,
        cast(null as varchar) as account_id
    from cubes.finished_days as finished_days
    where
        struct_extract(of_filters, 'titles') is null
        and finished_days.calendar = of_calendar
        and finished_days.day >= from_day
        and finished_days.day < to_day
        and finished_days.completed_day < to_day
        and all_chosen(finished_days, of_filters);

-- Grain: one account and film or episode.
create macro finished_titles_read(of_calendar, from_day, to_day, of_filters) as table
    select
        title_starts.device_type,
        title_starts.completed_device_type,
        1 as completed_titles,
        title_starts.account_id
    from cubes.title_starts as title_starts
    where
        title_starts.calendar = of_calendar
        and title_starts.completion_known
        and title_starts.day >= from_day
        and title_starts.day < to_day
        and title_starts.completed_day < to_day
        and all_chosen(title_starts, of_filters)
        and is_hour_chosen(title_starts.hour, title_starts.day, of_filters)
        and is_show_chosen(title_starts, of_filters);

create macro titles_or_plays_chosen.filtered_finished_titles(of_calendar, from_day, to_day, of_filters) as table
    select * from finished_titles_read(of_calendar, from_day, to_day, of_filters);

create macro small_groups_hidden.filtered_finished_titles(of_calendar, from_day, to_day, of_filters) as table
    select * from finished_titles_read(of_calendar, from_day, to_day, of_filters);

-- Grain: one device type and hour of the day: the accounts that began a play in it.
create macro counted_accounts_by_device_hour(of_calendar, from_day, to_day, of_filters) as table
    select
        cast(null as varchar) as device_type,
        cast(null as bigint) as hour,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_accounts_by_device_hour(of_calendar, from_day, to_day, of_filters) as table
    select
        known(device_type) as device_type,
        hour,
        count(distinct account_id) as accounts
    from filtered_plays(of_calendar, from_day, to_day, of_filters)
    group by all;

-- Grain: one device type and profile type: the accounts that played so.
create macro counted_accounts_by_device_and_profile(of_calendar, from_day, to_day, of_filters) as table
    select
        cast(null as varchar) as device_type,
        cast(null as varchar) as profile_type,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_accounts_by_device_and_profile(
    of_calendar, from_day, to_day, of_filters
) as table
    select
        known(device_type) as device_type,
        known(profile_type) as profile_type,
        count(distinct account_id) as accounts
    from filtered_plays(of_calendar, from_day, to_day, of_filters)
    group by all;
