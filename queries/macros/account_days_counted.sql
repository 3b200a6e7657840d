-- Counts accounts from what they did day by day, where the cubes have no sets that know all that is chosen.

create schema account_days_counted;

-- Grain: 28 days that end with a day of the range, by the day after it. An active day covers the windows that end with
-- it or with one of the 27 days after it; from an account's next active day on, that covers them instead. So each
-- window has one of an account's days, and counts are running sums of what begins and ends.
create macro account_days_counted.filtered_trailing_accounts(
    of_calendar, of_range, of_set, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    with active_days as (
        select distinct
            account_id,
            day
        from
            filtered_account_days(
                of_calendar,
                struct_extract(of_range, 'start_day') - 27,
                struct_extract(of_range, 'end_day'),
                of_devices,
                of_countries,
                null,
                of_kinds,
                of_profile_types,
                of_titles
            )
        where active_plays > 0
    ),

    stretches as (
        select
            account_id,
            day as first_day,
            least(day + 28, lead(day) over (partition by account_id order by day)) as until_day
        from active_days
    ),

    -- An account is counted in a window by its plan on the window's last day.
    planned_stretches as (
        select
            first_day,
            until_day
        from stretches
        where of_plans is null
        union all
        select
            greatest(stretches.first_day, plan_periods.from_day) as first_day,
            least(stretches.until_day, plan_periods.to_day) as until_day
        from stretches
        inner join main.plan_periods as plan_periods
            on stretches.account_id = plan_periods.account_id
            and stretches.first_day < plan_periods.to_day
            and stretches.until_day > plan_periods.from_day
        where
            of_plans is not null
            and chosen(plan_periods.account_plan, of_plans)
    ),

    changes as (
        select
            first_day as day,
            1 as change
        from planned_stretches
        union all
        select
            until_day as day,
            -1 as change
        from planned_stretches
        union all
        select
            cast(
                unnest(
                    generate_series(
                        struct_extract(of_range, 'start_day'),
                        struct_extract(of_range, 'end_day') - 1,
                        cast('1 day' as interval)
                    )
                ) as date
            ) as day,
            0 as change
    ),

    daily_changes as (
        select
            greatest(day, struct_extract(of_range, 'start_day')) as day,
            sum(change) as change
        from changes
        where day < struct_extract(of_range, 'end_day')
        group by all
    )

    select
        day + 1 as end_day,
        cast(sum(change) over (order by day) as bigint) as active_accounts
    from daily_changes;
