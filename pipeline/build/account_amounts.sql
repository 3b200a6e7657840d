-- Grain: one amount that accounts of a country and plan have paid in one currency, or watched in whole hours, in all
-- the data.
-- Payments are those of subscription_payments. The plan is the last that is known.
with paid as (
    select
        account_id,
        currency,
        cast(sum(price_minor) as bigint) as amount,
    from source.subscription_events
    where
        event in ('start', 'renew', 'rejoin', 'payment_recovered')
        and price_minor is not null
    group by account_id, currency
),

watched as (
    select
        account_id,
        cast(sum(watch_ms) as bigint) as watch_ms,
    from published.plays
    where list_contains($default_kinds, kind)
    group by account_id
    having sum(watch_ms) > 0
),

amounts as (
    select
        'paid' as measured,
        account_id,
        currency,
        amount,
        null as watch_ms,
    from paid
    union all
    select
        'watched' as measured,
        account_id,
        null as currency,
        watch_ms // 3600000 as amount,
        watch_ms,
    from watched
),

last_plans as (
    select
        account_id,
        arg_max(account_plan, from_day) as account_plan,
    from published.plan_periods
    where account_plan is not null
    group by account_id
),

account_amounts as (
    select
        amounts.measured,
        accounts.account_country,
        last_plans.account_plan,
        amounts.currency,
        amounts.amount,
        count(*) as accounts,
        cast(sum(amounts.watch_ms) as bigint) as watch_ms,
    from amounts
    inner join published.accounts as accounts
        on amounts.account_id = accounts.account_id
    left join last_plans
        on amounts.account_id = last_plans.account_id
    group by all
)

select * from account_amounts
