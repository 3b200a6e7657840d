-- Grain: one day, country, plan, channel and currency of payments of a known price, in one calendar.
-- Who starts, renews or rejoins pays the price told, and so does who makes good a payment that failed. The plan is the
-- one on the day, by UTC.
with payments as (
    select
        subscription_events.account_id,
        subscription_events.ts,
        subscription_events.currency,
        subscription_events.price_minor,
        plan_periods.account_plan,
    from source.subscription_events
    inner join published.plan_periods as plan_periods
        on subscription_events.account_id = plan_periods.account_id
        and cast(subscription_events.ts as date) >= plan_periods.from_day
        and cast(subscription_events.ts as date) < plan_periods.to_day
    where
        subscription_events.event in ('start', 'renew', 'rejoin', 'payment_recovered')
        and subscription_events.price_minor is not null
),

zoned_payments as (
    select
        calendars.calendar,
        accounts.account_country,
        accounts.acquisition_channel,
        payments.account_plan,
        payments.currency,
        payments.price_minor,
        payments.ts,
        case calendars.calendar
            when 'local' then coalesce(country_zones.zone, 'UTC')
            when 'service' then $service_zone
            else 'UTC'
        end as zone,
    from payments
    inner join published.accounts as accounts
        on payments.account_id = accounts.account_id
    left join reference.country_zones as country_zones
        on accounts.account_country = country_zones.country
    cross join reference.calendars as calendars
),

subscription_payments as (
    select
        calendar,
        cast(ts at time zone 'UTC' at time zone zone as date) as day,
        account_country,
        account_plan,
        acquisition_channel,
        currency,
        count(*) as payments,
        cast(sum(price_minor) as bigint) as paid_minor,
    from zoned_payments
    group by all
)

select * from subscription_payments
