-- Grain: one first day of subscriptions, month of life (of 30 days) in which they ended, how they began, and what a
-- split (none, country, plan, channel or all) tells apart of their accounts, in one calendar.
with subscription_lengths as (
    select
        calendar,
        split_by,
        began_as,
        start_day,
        -- The day they began belongs to the first.
        case
            when end_day is not null
                then greatest(1, (end_day - start_day + $life_month_days - 1) // $life_month_days)
        end as end_month,
        account_country,
        account_plan,
        acquisition_channel,
        sum(subscriptions) as subscriptions,
    from published.subscription_lives
    where start_day is not null
    group by all
)

select * from subscription_lengths
