-- What hours of the week hold, added up in advance: whole months, and the days of the rest.

-- Grain: one hour of one day of the week, of a whole month or a day of the rest, kind and profile type, and what
-- of_split tells apart.
create macro hours_of_cube(of_calendar, of_range, of_split, of_filters) as table
    select hours.*
    from (
        -- In three parts, which the table finds by the bounds of its rows: all days of the range would be many times as
        -- many.
        select *
        from cubes.hour_cube
        where
            period = 'month'
            and period_start >= struct_extract(of_range, 'whole_start_day')
            and period_start < struct_extract(of_range, 'whole_end_day')
        union all
        select *
        from cubes.hour_cube
        where
            period = 'day'
            and period_start >= struct_extract(of_range, 'start_day')
            and period_start < struct_extract(of_range, 'whole_start_day')
        union all
        select *
        from cubes.hour_cube
        where
            period = 'day'
            and period_start >= struct_extract(of_range, 'whole_end_day')
            and period_start < struct_extract(of_range, 'end_day')
    ) as hours
    where
        hours.calendar = of_calendar
        and hours.split_by = of_split
        and all_chosen(hours, of_filters);

-- Grain: the same. An account that did one thing in an hour is counted beside the sums; those that did several have
-- sets, whose rows hold nothing else (docs/decisions/0013).
create macro filtered_hours(of_calendar, of_range, of_split, of_set, of_filters) as table
    select
        weekday,
        hour,
        plays,
        watch_ms,
        run_ms,
        one_way_account_hours as account_hours
    from hours_of_cube(of_calendar, of_range, of_split, of_filters)
    union all
    select
        hour_accounts.weekday,
        hour_accounts.hour,
        0 as plays,
        0 as watch_ms,
        0 as run_ms,
        hour_accounts.account_hours
    from (
        select *
        from cubes.hour_accounts
        where
            period = 'month'
            and period_start >= struct_extract(of_range, 'whole_start_day')
            and period_start < struct_extract(of_range, 'whole_end_day')
        union all
        select *
        from cubes.hour_accounts
        where
            period = 'day'
            and period_start >= struct_extract(of_range, 'start_day')
            and period_start < struct_extract(of_range, 'whole_start_day')
        union all
        select *
        from cubes.hour_accounts
        where
            period = 'day'
            and period_start >= struct_extract(of_range, 'whole_end_day')
            and period_start < struct_extract(of_range, 'end_day')
    ) as hour_accounts
    where
        hour_accounts.calendar = of_calendar
        and hour_accounts.counted_by = struct_extract(of_set, 'counted_by')
        and is_chosen_account(hour_accounts, of_set, of_filters);

-- Grain: one hour of the day, device type, whole month or day of the rest, and what else of_split tells apart.
create macro filtered_device_hours(of_calendar, of_range, of_split, of_filters) as table
    select
        device_type,
        hour,
        watch_ms
    from hours_of_cube(of_calendar, of_range, of_split, of_filters);

-- Take their places where the cubes do not know all that is chosen: titles, or what single plays know.

create schema hours_counted;

-- Grain: one hour of one day, and play that ran in it.
create macro hours_counted.played_hours(of_calendar, of_range, of_filters) as table
    with clocked_plays as (
        select
            account_id,
            device_type,
            watch_ms,
            epoch_us(plays.started_at) // 1000 + clock_offset_of(plays, of_calendar) * 60000 as began_ms,
            run_ms
        from
            filtered_plays(
                of_calendar,
                -- One that began the day before may still run.
                struct_extract(of_range, 'start_day') - 1,
                struct_extract(of_range, 'end_day'),
                -- The plan is that of the day that the hour belongs to.
                struct_update(of_filters, plans := null)
            ) as plays
    ),

    hourly as (
        select
            *,
            unnest(range(began_ms // 3600000, (began_ms + run_ms - 1) // 3600000 + 1)) as hour_number
        from clocked_plays
    ),

    dated as (
        select
            *,
            date '1970-01-01' + cast(hour_number // 24 as integer) as day,
            greatest(hour_number * 3600000 - began_ms, 0) as from_ms,
            least((hour_number + 1) * 3600000 - began_ms, run_ms) as to_ms
        from hourly
    ),

    planned as (
        select
            dated.*,
            -- What is rounded is rounded down up to each hour's end, so that the hours add up to the play.
            dated.watch_ms // dated.run_ms * (dated.to_ms - dated.from_ms)
            + dated.watch_ms % dated.run_ms * dated.to_ms // dated.run_ms
            - dated.watch_ms % dated.run_ms * dated.from_ms // dated.run_ms as hour_watch_ms
        from dated
        left join main.plan_periods as plan_periods
            on dated.account_id = plan_periods.account_id
            and dated.day >= plan_periods.from_day
            and dated.day < plan_periods.to_day
        where
            dated.day >= struct_extract(of_range, 'start_day')
            and dated.day < struct_extract(of_range, 'end_day')
            and chosen(plan_periods.account_plan, struct_extract(of_filters, 'plans'))
    )

    select * from planned;

create macro hours_counted.filtered_device_hours(of_calendar, of_range, of_split, of_filters) as table
    select
        device_type,
        hour_number % 24 as hour,
        hour_watch_ms as watch_ms
    from hours_counted.played_hours(of_calendar, of_range, of_filters);

-- Grain: one hour of one day, and account that watched in it or whose play ran in it.
create macro hours_counted.filtered_hours(of_calendar, of_range, of_split, of_set, of_filters) as table
    with account_hours as (
        select
            day,
            hour_number,
            account_id,
            count_if(hour_number = began_ms // 3600000) as plays,
            sum(hour_watch_ms) as watch_ms,
            sum(to_ms - from_ms) as run_ms,
            max(watch_ms >= 60000 and hour_watch_ms > 0) as is_active
        from hours_counted.played_hours(of_calendar, of_range, of_filters)
        group by day, hour_number, account_id
    )

    select
        isodow(day) as weekday,
        hour_number % 24 as hour,
        plays,
        watch_ms,
        run_ms,
        cast(is_active as bigint) as account_hours
    from account_hours;
