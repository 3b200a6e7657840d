-- Counts accounts from the days of each, where the cubes have no sets that know all that is chosen.

create schema account_days_counted;

-- Grain: 7 or 28 days (of_days) that end with a day of the range, by the day after it. A month's active days are a
-- number's bits, the first day the highest (active_months): moved down by a day and joined with themselves again and
-- again, they become the days whose window an account is active in. It counts from where these begin to where they end.
create macro account_days_counted.filtered_trailing_accounts(of_calendar, of_range, of_days, of_set, of_filters)
as table
    with months as (
        select period_start as month_start
        from
            periods_between(
                least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')) - 27,
                struct_extract(of_range, 'end_day'),
                'month'
            )
    ),

    reached_months as (
        select
            month_start,
            month_start as reached_month,
            0 as days_after
        from months
        union all
        select
            month_start,
            last_day(month_start) + 1 as reached_month,
            day(last_day(month_start)) as days_after
        from months
    ),

    -- The first windows of a month reach into the one before, whose days are the bits above.
    days_reached as (
        select
            active_months.account_number,
            reached_months.reached_month as month_start,
            bit_or(active_months.active_days << reached_months.days_after) as days_1
        from (
            select
                account_number,
                month_start,
                bit_or(active_days) as active_days
            from compared_active_months(of_calendar, of_range, 27, of_filters)
            group by account_number, month_start
        ) as active_months
        inner join reached_months
            on active_months.month_start = reached_months.month_start
        group by active_months.account_number, reached_months.reached_month
    ),

    -- An account is counted in a window by its plan on the window's last day: on planned_days it is.
    planned_months as (
        select
            month_start,
            days_1,
            -1 as planned_days
        from days_reached
        where struct_extract(of_filters, 'plans') is null
        union all
        select
            days_reached.month_start,
            days_reached.days_1,
            days_of_month(days_reached.month_start, plan_periods.from_day, plan_periods.to_day) as planned_days
        from days_reached
        inner join main.plan_periods as plan_periods
            on days_reached.account_number = plan_periods.account_number
            and days_reached.month_start <= plan_periods.to_day
            and last_day(days_reached.month_start) >= plan_periods.from_day
        where
            struct_extract(of_filters, 'plans') is not null
            and chosen(plan_periods.account_plan, struct_extract(of_filters, 'plans'))
    ),

    windows_of_7 as (
        select
            month_start,
            planned_days,
            days_1 | (days_1 >> 1) | (days_1 >> 2) | (days_1 >> 3) | (days_1 >> 4) | (days_1 >> 5) | (days_1 >> 6)
                as days_7
        from planned_months
    ),

    planned_windows as (
        select
            month_start,
            planned_days
            & case of_days
                when 7 then days_7
                else days_7 | (days_7 >> 7) | (days_7 >> 14) | (days_7 >> 21)
            end as window_days
        from windows_of_7
    ),

    -- Where the bit of a day of the month differs from that of the day before.
    turns as (
        select
            month_start,
            window_days,
            xor(window_days, window_days >> 1) & days_of_month(month_start, month_start, last_day(month_start) + 1)
                as turning_days
        from planned_windows
    ),

    changes as (
        select
            turns.month_start + month_days.days_before as day,
            case when turns.window_days & month_days.day_bit <> 0 then 1 else -1 end as change
        from turns
        inner join month_days() as month_days
            on turns.turning_days & month_days.day_bit <> 0
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
