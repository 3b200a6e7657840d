-- Grain: one unbroken stretch of days of one account on one plan, with a number for the account and one for its country
-- and plan together, which are several times faster to group by. Not published.
with stretches as (
    select
        plan_periods.account_id,
        cast(accounts.account_country as reference.account_country) as account_country,
        cast(plan_periods.account_plan as reference.account_plan) as account_plan,
        plan_periods.from_day,
        plan_periods.to_day,
    from published.plan_periods as plan_periods
    inner join published.accounts as accounts
        on plan_periods.account_id = accounts.account_id
),

numbered_stretches as (
    select
        *,
        cast(dense_rank() over (order by account_id) as integer) as account_number,
        cast(dense_rank() over (order by account_country, account_plan) as integer) as group_number,
    from stretches
)

select * from numbered_stretches
