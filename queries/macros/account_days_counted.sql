-- Counts accounts from the days of each, where the cubes have no sets that know all that is chosen.

create schema account_days_counted;

-- Grain: 28 days that end with a day of the range, by the day after it. A month's active days are a number's bits, the
-- first day the highest (active_months): moved down by a day and joined with themselves again and again, they become
-- the days whose window an account is active in. It counts from where these begin to where they end.
create macro account_days_counted.filtered_trailing_accounts(
    of_calendar, of_range, of_set, of_devices, of_countries, of_plans, of_kinds, of_profile_types, of_titles
) as table
    with active_months as (
        select
            account_id,
            month_start,
            bit_or(active_days) as active_days
        from
            filtered_active_months(
                of_calendar,
                least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')) - 27,
                struct_extract(of_range, 'end_day'),
                of_devices,
                of_countries,
                of_kinds,
                of_profile_types,
                of_titles
            )
        group by account_id, month_start
    ),

    -- The first windows of a month reach into the one before, whose days are the bits above.
    window_days as (
        select
            account_id,
            month_start,
            bit_or(active_days) as days_1
        from (
            select * from active_months
            union all
            select
                account_id,
                cast(month_start + cast('1 month' as interval) as date) as month_start,
                active_days << day(last_day(month_start)) as active_days
            from active_months
        ) as reaching
        group by account_id, month_start
    ),

    windows_of_7 as (
        select
            account_id,
            month_start,
            days_1 | (days_1 >> 1) | (days_1 >> 2) | (days_1 >> 3) | (days_1 >> 4) | (days_1 >> 5) | (days_1 >> 6)
                as days_7
        from window_days
    ),

    windows_of_28 as (
        select
            account_id,
            month_start,
            days_7 | (days_7 >> 7) | (days_7 >> 14) | (days_7 >> 21) as days_28
        from windows_of_7
    ),

    -- Where the bit of a day differs from that of the day before.
    turns as (
        select
            account_id,
            month_start,
            days_28,
            xor(days_28, days_28 >> 1) as turning_days
        from windows_of_28
    ),

    stretches as (
        select
            turns.account_id,
            turns.month_start + month_days.days_before as first_day,
            turns.days_28 & month_days.day_bit <> 0 as is_begun,
            lead(turns.month_start + month_days.days_before) over (
                partition by turns.account_id
                order by turns.month_start, month_days.days_before
            ) as until_day
        from turns
        inner join month_days() as month_days
            on turns.turning_days & month_days.day_bit <> 0
            and month_days.days_before < day(last_day(turns.month_start))
    ),

    -- An account is counted in a window by its plan on the window's last day.
    planned_stretches as (
        select
            first_day,
            until_day
        from stretches
        where
            is_begun
            and of_plans is null
        union all
        select
            greatest(stretches.first_day, plan_periods.from_day) as first_day,
            least(stretches.until_day, plan_periods.to_day) as until_day
        from stretches
        inner join main.plan_periods as plan_periods
            on stretches.account_id = plan_periods.account_id
            and stretches.first_day < plan_periods.to_day
            and coalesce(stretches.until_day > plan_periods.from_day, true)
        where
            stretches.is_begun
            and of_plans is not null
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
                        least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')),
                        struct_extract(of_range, 'end_day') - 1,
                        cast('1 day' as interval)
                    )
                ) as date
            ) as day,
            0 as change
    ),

    daily_changes as (
        select
            greatest(
                day,
                least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day'))
            ) as day,
            sum(change) as change
        from changes
        where day < struct_extract(of_range, 'end_day')
        group by all
    )

    select
        day + 1 as end_day,
        cast(sum(change) over (order by day) as bigint) as active_accounts
    from daily_changes;
