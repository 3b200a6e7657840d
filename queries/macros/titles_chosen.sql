-- Takes the place of macros that read sums without titles, where titles are chosen.

create schema titles_chosen;

create macro titles_chosen.is_title_chosen(id, of_titles) as (
    id in (
        select titles.title_id
        from main.titles as titles
        where chosen(titles.show_id, of_titles)
    )
);

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

create macro titles_chosen.filtered_active_months(
    of_calendar, from_day, to_day, of_devices, of_countries, of_kinds, of_profile_types, of_titles
) as table
    select
        show_active_months.account_id,
        show_active_months.month_start,
        show_active_months.active_days
    from cubes.show_active_months as show_active_months
    where
        show_active_months.calendar = of_calendar
        and show_active_months.month_start >= period_of(from_day, 'month')
        and show_active_months.month_start < to_day
        and chosen(show_active_months.device_type, of_devices)
        and chosen(show_active_months.account_country, of_countries)
        and chosen(show_active_months.kind, of_kinds)
        and chosen(show_active_months.profile_type, of_profile_types)
        and is_show_chosen(show_active_months, of_titles);

create macro titles_chosen.filtered_viewing(
    of_calendar, of_range, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select *
    from
        filtered_shows(
            of_calendar, of_range, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
        );

create macro titles_chosen.filtered_starts(
    of_calendar, of_range, of_split, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    select
        title_starts.day,
        title_starts.completed_day,
        1 as started_titles
    from cubes.title_starts as title_starts
    where
        title_starts.calendar = of_calendar
        and title_starts.completion_known
        and is_in(title_starts.day, of_range)
        and all_chosen(title_starts, of_devices, of_countries, of_plans, of_kinds, of_profile_types)
        and is_show_chosen(title_starts, of_titles);

create macro titles_chosen.filtered_active_days(
    of_calendar, of_range, of_set, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    with active_months as (
        select *
        from
            active_months_of_accounts(
                of_calendar,
                -- From where the trailing windows begin, so that DuckDB finds both to be the same and does this once.
                least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')) - 27,
                struct_extract(of_range, 'end_day'),
                of_devices,
                of_countries,
                of_kinds,
                of_profile_types,
                of_titles
            )
    ),

    planned_months as (
        select
            month_start,
            active_days
        from active_months
        where of_plans is null
        union all
        select
            active_months.month_start,
            active_months.active_days
            & days_of_month(active_months.month_start, plan_periods.from_day, plan_periods.to_day) as active_days
        from active_months
        inner join main.plan_periods as plan_periods
            on active_months.account_id = plan_periods.account_id
            and active_months.month_start < plan_periods.to_day
            and last_day(active_months.month_start) >= plan_periods.from_day
        where
            of_plans is not null
            and chosen(plan_periods.account_plan, of_plans)
    )

    select
        planned_months.month_start + month_days.days_before as last_day,
        count(*) as account_days
    from planned_months
    inner join month_days() as month_days
        on planned_months.active_days & month_days.day_bit <> 0
    where is_in(planned_months.month_start + month_days.days_before, of_range)
    group by planned_months.month_start, month_days.days_before;
