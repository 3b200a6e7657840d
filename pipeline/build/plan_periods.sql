-- Grain: one unbroken stretch of days of one account on one plan.
-- The plan on a day is the last one set on or before it (UTC); before the first change, and for accounts without any
-- change, the plan of the accounts table, if there are no changes; else unknown.
with plan_changes as (
    select
        account_id,
        plan,
        cast(ts as date) as from_day,
        row_number() over (
            partition by account_id, cast(ts as date)
            order by ts desc, event_id desc
        ) as latest_on_day,
    from source.subscription_events
    where plan is not null
),

changed as (select distinct account_id from plan_changes),

first_stretches as (
    select
        accounts.account_id,
        case when changed.account_id is null then accounts.plan end as account_plan,
        date '1900-01-01' as from_day,
    from published.accounts as accounts
    left join changed
        on accounts.account_id = changed.account_id
),

stretches as (
    select
        account_id,
        account_plan,
        from_day,
    from first_stretches
    union all
    select
        account_id,
        plan as account_plan,
        from_day,
    from plan_changes
    where latest_on_day = 1
),

preceded as (
    select
        *,
        lag(account_plan) over account as plan_before,
        row_number() over account as stretch_number,
    from stretches
    window account as (partition by account_id order by from_day)
),

-- Being told the same plan again, as by a renewal, changes nothing.
plan_periods as (
    select
        account_id,
        -- As account_number_of in queries/macros.
        cast(hash(account_id) >> 1 as bigint) as account_number,
        account_plan,
        from_day,
        lead(from_day, 1, date '9999-12-31') over (partition by account_id order by from_day) as to_day,
    from preceded
    where stretch_number = 1 or account_plan is distinct from plan_before
)

select * from plan_periods
