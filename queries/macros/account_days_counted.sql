-- Takes the place of macros of the cubes where they have no sets that know all that is chosen.

-- Grain: 28 days that end with a day where a period of the range does.
create macro trailing_accounts(
    of_calendar,
    from_day,
    to_day,
    period_granularity,
    of_devices,
    of_countries,
    of_plans,
    of_kinds,
    of_profile_types,
    of_titles
) as table
    select
        'trailing_28' as period,
        period_ends.end_day,
        count(distinct trailing_days.account_id) as active_accounts
    from (select distinct end_day from periods_and_whole(from_day, to_day, period_granularity)) as period_ends
    inner join
        filtered_account_days(
            of_calendar, from_day - 27, to_day, of_devices, of_countries, null, of_kinds, of_profile_types, of_titles
        ) as trailing_days
        on
        period_ends.end_day - 28 <= trailing_days.day
        and period_ends.end_day > trailing_days.day
        and trailing_days.active_plays > 0
    inner join main.plan_periods as plan_periods
        on
        trailing_days.account_id = plan_periods.account_id
        and period_ends.end_day - 1 >= plan_periods.from_day
        and period_ends.end_day - 1 < plan_periods.to_day
    where chosen(plan_periods.account_plan, of_plans)
    group by period_ends.end_day;

create schema account_days_counted;

create macro account_days_counted.filtered_active_accounts(
    of_calendar,
    from_day,
    to_day,
    period_granularity,
    of_sets,
    of_devices,
    of_countries,
    of_plans,
    of_kinds,
    of_profile_types,
    of_titles
) as table
    select
        active_accounts.period,
        active_accounts.end_day,
        cast(sum(active_accounts.accounts) as bigint) as active_accounts
    from main.active_accounts as active_accounts
    cross join chosen_set(of_sets, of_devices, of_kinds, of_profile_types) as chosen_set
    where
        active_accounts.calendar = of_calendar
        and active_accounts.period = 'day'
        and active_accounts.counted_by = of_sets
        and active_accounts.end_day > from_day
        and active_accounts.end_day <= to_day
        and chosen(active_accounts.account_country, of_countries)
        and chosen(active_accounts.account_plan, of_plans)
        and (
            active_accounts.mask_low & chosen_set.mask_low <> 0
            or active_accounts.mask_high & chosen_set.mask_high <> 0
        )
    group by active_accounts.period, active_accounts.end_day
    union all
    select
        period,
        end_day,
        active_accounts
    from
        trailing_accounts(
            of_calendar,
            from_day,
            to_day,
            period_granularity,
            of_devices,
            of_countries,
            of_plans,
            of_kinds,
            of_profile_types,
            of_titles
        );
