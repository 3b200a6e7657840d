-- On how many of 28 days accounts were active.

create schema active_days_counted;

-- Grain: one number of days, from 1, of the 28 that end before to_day, on which accounts were active with a film,
-- episode or live programme. Where anything else is chosen, run lets the macro of the same name in the schema
-- active_days_counted take this one's place.
create macro filtered_active_day_counts(of_calendar, to_day, of_filters) as table
    select
        counts.active_days,
        cast(sum(counts.accounts) as bigint) as active_accounts
    from main.active_day_counts as counts
    where
        counts.calendar = of_calendar
        and counts.end_day = to_day
        and chosen(counts.account_country, struct_extract(of_filters, 'countries'))
        and chosen(counts.account_plan, struct_extract(of_filters, 'plans'))
    group by counts.active_days;

-- Grain: the same, from the days of each account: the bits of its months that lie in the window are counted.
create macro active_days_counted.filtered_active_day_counts(of_calendar, to_day, of_filters) as table
    with of_accounts as (
        select
            account_number,
            cast(
                sum(bit_count(active_days & days_of_month(month_start, to_day - 28, to_day))) as bigint
            ) as active_days
        from active_months_of_accounts(of_calendar, to_day - 28, to_day, of_filters)
        group by account_number
    )

    select
        of_accounts.active_days,
        count(*) as active_accounts
    from of_accounts
    left join main.plan_periods as plan_periods
        on of_accounts.account_number = plan_periods.account_number
        and to_day - 1 >= plan_periods.from_day
        and to_day - 1 < plan_periods.to_day
    where
        of_accounts.active_days > 0
        and chosen(plan_periods.account_plan, struct_extract(of_filters, 'plans'))
    group by of_accounts.active_days;
