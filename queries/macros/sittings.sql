-- Visits and binges of a series (docs/reference/warehouse.md).

-- The steps by which a build counts visits (definitions/values.py).
create macro length_step_of(length_ms) as (least(length_ms // 60000 // 5 * 5, 180));

-- Grain: one length of visits, of a whole month or a day of the rest, and what of_split tells apart.
create macro filtered_visits(of_calendar, of_range, of_split, of_filters) as table
    select
        visit_cube.device_type,
        visit_cube.length_min,
        visit_cube.visits,
        visit_cube.watch_ms,
        visit_cube.length_ms
    from (
        -- In three parts, which the table finds by the bounds of its rows: all days of the range would be many times as
        -- many.
        select *
        from cubes.visit_cube
        where
            period = 'month'
            and period_start >= struct_extract(of_range, 'whole_start_day')
            and period_start < struct_extract(of_range, 'whole_end_day')
        union all
        select *
        from cubes.visit_cube
        where
            period = 'day'
            and period_start >= struct_extract(of_range, 'start_day')
            and period_start < struct_extract(of_range, 'whole_start_day')
        union all
        select *
        from cubes.visit_cube
        where
            period = 'day'
            and period_start >= struct_extract(of_range, 'whole_end_day')
            and period_start < struct_extract(of_range, 'end_day')
    ) as visit_cube
    where
        visit_cube.calendar = of_calendar
        and visit_cube.split_by = of_split
        and all_chosen(visit_cube, of_filters);

-- Grain: one visit that began between two days.
create macro visits_between(of_calendar, from_day, to_day, of_filters) as table
    select *
    from cubes.visits as visits
    where
        visits.calendar = of_calendar
        and visits.day >= from_day
        and visits.day < to_day
        and all_chosen(visits, of_filters)
        and is_hour_chosen(visits.hour, visits.day, of_filters)
        and is_show_chosen(visits, of_filters);

-- Takes its place where the sums do not know all that is chosen.
create macro hours_counted.filtered_visits(of_calendar, of_range, of_split, of_filters) as table
    select
        device_type,
        length_step_of(length_ms) as length_min,
        1 as visits,
        watch_ms,
        length_ms
    from
        visits_between(
            of_calendar, struct_extract(of_range, 'start_day'), struct_extract(of_range, 'end_day'), of_filters
        );

-- Grain: one binge session that began between two days.
create macro binge_sessions_between(of_calendar, from_day, to_day, of_filters) as table
    select *
    from cubes.binge_sessions as binge_sessions
    where
        binge_sessions.calendar = of_calendar
        and binge_sessions.day >= from_day
        and binge_sessions.day < to_day
        and all_chosen(binge_sessions, of_filters)
        and is_hour_chosen(binge_sessions.hour, binge_sessions.day, of_filters)
        and is_show_chosen(binge_sessions, of_filters);

-- Grain: one season of three episodes or more that came out on one day, within twelve weeks before the range or in it:
-- one whose episodes come out one by one cannot be binged at first.
create macro seasons_released(from_day, to_day, of_filters) as table
    select
        titles.show_id,
        titles.show_number,
        titles.season_number,
        min(titles.released_on) as released_on
    from main.titles as titles
    where
        titles.kind = 'episode'
        and is_show_chosen(titles, of_filters)
    group by titles.show_id, titles.show_number, titles.season_number
    having
        count(*) >= 3
        and count(titles.released_on) = count(*)
        and min(titles.released_on) = max(titles.released_on)
        and min(titles.released_on) < to_day
        and min(titles.released_on) + 85 > from_day;

-- Grain: one binge session of such a season that began between two days, from the day of its release to the 84th after.
create macro binge_sessions_after_release(of_calendar, from_day, to_day, of_filters) as table
    select
        binge_sessions.account_id,
        binge_sessions.watch_ms,
        binge_sessions.day - seasons.released_on as days_since_release
    from binge_sessions_between(of_calendar, from_day, to_day, of_filters) as binge_sessions
    inner join seasons_released(from_day, to_day, of_filters) as seasons
        on binge_sessions.show_number = seasons.show_number
        and binge_sessions.show_id = seasons.show_id
        and binge_sessions.season_number is not distinct from seasons.season_number
        and binge_sessions.day >= seasons.released_on
        and binge_sessions.day < seasons.released_on + 85;

-- Grain: one length of visits: the accounts that made them, counted only where figures of few are hidden.
create macro counted_accounts_by_length(of_calendar, from_day, to_day, of_filters) as table
    select
        cast(null as bigint) as length_min,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_accounts_by_length(of_calendar, from_day, to_day, of_filters) as table
    select
        length_step_of(length_ms) as length_min,
        count(distinct account_id) as accounts
    from visits_between(of_calendar, from_day, to_day, of_filters)
    group by all;

-- Grain: one period: the accounts that had a binge session; and those by days since the release.
create macro counted_binge_accounts_by_period(of_calendar, from_day, to_day, of_granularity, of_filters) as table
    select
        cast(null as date) as period_start,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_binge_accounts_by_period(
    of_calendar, from_day, to_day, of_granularity, of_filters
) as table
    select
        period_of(day, of_granularity) as period_start,
        count(distinct account_id) as accounts
    from binge_sessions_between(of_calendar, from_day, to_day, of_filters)
    group by all;

create macro counted_binge_accounts_by_days(of_calendar, from_day, to_day, of_filters) as table
    select
        cast(null as bigint) as days_since_release,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_binge_accounts_by_days(of_calendar, from_day, to_day, of_filters) as table
    select
        days_since_release,
        count(distinct account_id) as accounts
    from binge_sessions_after_release(of_calendar, from_day, to_day, of_filters)
    group by days_since_release;
