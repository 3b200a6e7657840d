-- Grain: one account with an average colour ($to_day is the day after the last one looked at).
with numbered as (
    select
        account_id,
        account_country,
        cast(hash(account_id) >> 1 as bigint) as account_number,
    from published.accounts
),

plans as (
    select
        account_id,
        account_plan,
    from published.plan_periods
    where
        from_day < $to_day
        and to_day >= $to_day
)

select
    numbered.account_id,
    numbered.account_country,
    plans.account_plan,
    colours.* exclude (account_number),
from derived.colours_by_number as colours
inner join numbered
    on colours.account_number = numbered.account_number
left join plans
    on numbered.account_id = plans.account_id
