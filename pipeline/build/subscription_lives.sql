-- Grain: one first and last day of subscriptions, how they began and ended, and what a split (none, country, plan,
-- channel or all) tells apart of their accounts, in one calendar.
-- One whose beginning no event tells began when its account signed up, where that is known.
with first_days as (
    select
        subscriptions.calendar,
        subscriptions.account_id,
        subscriptions.began_as,
        subscriptions.end_day,
        subscriptions.ended_by,
        subscriptions.account_country,
        accounts.acquisition_channel,
        case
            when subscriptions.began_as <> 'before' then subscriptions.start_day
            when cast(accounts.signed_up_at as date) <= coalesce(subscriptions.end_day, cast($data_through as date))
                then cast(accounts.signed_up_at as date)
        end as start_day,
    from published.subscriptions as subscriptions
    inner join published.accounts as accounts
        on subscriptions.account_id = accounts.account_id
),

-- The first plan that is known during the life. Plans change by days of UTC, of which a viewer's may be the one before.
first_plans as (
    select
        first_days.calendar,
        first_days.account_id,
        first_days.end_day,
        arg_min(plan_periods.account_plan, plan_periods.from_day) as account_plan,
    from first_days
    inner join published.plan_periods as plan_periods
        on first_days.account_id = plan_periods.account_id
        and plan_periods.account_plan is not null
        and plan_periods.to_day > coalesce(first_days.start_day, date '1900-01-01') + 1
        and plan_periods.from_day <= coalesce(first_days.end_day, date '9999-12-30')
    group by
        first_days.calendar,
        first_days.account_id,
        first_days.end_day
),

lives as (
    select
        first_days.*,
        first_plans.account_plan,
    from first_days
    left join first_plans
        on first_days.calendar = first_plans.calendar
        and first_days.account_id = first_plans.account_id
        and first_days.end_day is not distinct from first_plans.end_day
),

subscription_lives as (
    select
        lives.calendar,
        splits.split_by,
        lives.began_as,
        lives.start_day,
        lives.end_day,
        lives.ended_by,
        case when splits.by_country then lives.account_country end as account_country,
        case when splits.by_plan then lives.account_plan end as account_plan,
        case when splits.by_channel then lives.acquisition_channel end as acquisition_channel,
        count(*) as subscriptions,
    from lives
    cross join reference.life_splits as splits
    group by all
)

select * from subscription_lives
