-- Grain: one month, country, plan and channel, in one calendar: the subscriptions that ran at the end of the month
-- before. From the month of the data's first event to the one after that of the last.
with months as (
    select cast(unnest(generate_series(
        date_trunc('month', cast($data_from as timestamp)),
        date_trunc('month', cast($data_through as timestamp)) + interval 1 month,
        interval 1 month
    )) as date) as month_start
),

subscription_months as (
    select
        subscriptions.calendar,
        months.month_start,
        subscriptions.account_country,
        plan_periods.account_plan,
        accounts.acquisition_channel,
        count(*) as subscriptions,
    from months
    inner join published.subscriptions as subscriptions
        on (subscriptions.start_day is null or subscriptions.start_day < months.month_start)
        and (subscriptions.end_day is null or subscriptions.end_day >= months.month_start)
    inner join published.accounts as accounts
        on subscriptions.account_id = accounts.account_id
    inner join published.plan_periods as plan_periods
        on subscriptions.account_id = plan_periods.account_id
        and months.month_start - 1 >= plan_periods.from_day
        and months.month_start - 1 < plan_periods.to_day
    group by
        subscriptions.calendar,
        months.month_start,
        subscriptions.account_country,
        plan_periods.account_plan,
        accounts.acquisition_channel
)

select * from subscription_months
