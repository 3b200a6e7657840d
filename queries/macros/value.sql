-- What subscriptions pay.

-- Grain: one group and currency: the payments of a known price in the range.
create macro payments_of_groups(of_calendar, from_day, to_day, told_apart_by, of_countries, of_plans) as table
    select
        life_group(
            told_apart_by, payments.account_country, payments.account_plan, payments.acquisition_channel
        ) as group_id,
        known(payments.currency) as currency,
        cast(sum(payments.payments) as bigint) as payments,
        sum(payments.paid_minor) as paid_minor
    from main.subscription_payments as payments
    where
        payments.calendar = of_calendar
        and payments.day >= from_day
        and payments.day < to_day
        and chosen(payments.account_country, of_countries)
        and chosen(payments.account_plan, of_plans)
    group by all;

-- Grain: one amount that accounts of the chosen countries and plans have paid in one currency or, where nothing that
-- was paid is known of any, watched.
create macro amounts_of_accounts(of_countries, of_plans) as table
    select
        amounts.measured,
        if(amounts.measured = 'watched', 'hours', known(amounts.currency)) as measured_in,
        amounts.amount,
        sum(amounts.accounts) as accounts,
        -- Of what was paid the whole is exact; hours are counted by the millisecond.
        sum(coalesce(amounts.watch_ms, amounts.amount * amounts.accounts)) as total
    from main.account_amounts as amounts
    where
        amounts.measured = (select max_by(measured, measured = 'paid') from main.account_amounts)
        and chosen(amounts.account_country, of_countries)
        and chosen(amounts.account_plan, of_plans)
    group by all;
