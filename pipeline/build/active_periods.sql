-- Grain: one week (from Monday) or month in which an account was active with a film, episode or live programme, in one
-- calendar, with the active ones before and after it, and whether the first of all was new (arrival). Not published.
with active_days as (
    select distinct
        calendar,
        account_id,
        account_country,
        day,
    from published.account_days
    where
        active_plays > 0
        and list_contains($default_kinds, kind)
),

periods as (
    select distinct
        calendar,
        'week' as period,
        account_id,
        account_country,
        cast(date_trunc('week', day) as date) as period_start,
    from active_days
    union all
    select distinct
        calendar,
        'month' as period,
        account_id,
        account_country,
        cast(date_trunc('month', day) as date) as period_start,
    from active_days
),

in_order as (
    select
        *,
        first(period_start) over account as cohort_start,
        lag(period_start) over account as previous_start,
        lead(period_start) over account as following_start,
    from periods
    window account as (
        partition by calendar, period, account_id
        order by period_start
        rows between unbounded preceding and unbounded following
    )
),

-- When the account itself says, that counts; else when its subscriptions do. Before all days: it was there already.
sign_ups as (
    select
        accounts.account_id,
        coalesce(
            cast(any_value(accounts.signed_up_at) as date),
            min(case when subscriptions.began_as = 'before' then date '1900-01-01' else subscriptions.start_day end)
        ) as signed_up_day,
    from published.accounts as accounts
    left join published.subscriptions as subscriptions
        on accounts.account_id = subscriptions.account_id
        and subscriptions.calendar = 'utc'
    group by accounts.account_id
),

first_days as (
    select
        calendar,
        min(day) as first_day,
    from published.account_days
    group by calendar
),

active_periods as (
    select
        in_order.*,
        case
            when sign_ups.signed_up_day < first_days.first_day then 'before'
            when sign_ups.signed_up_day is not null then 'new'
            when in_order.cohort_start <= first_days.first_day then 'unknown'
            else 'new'
        end as arrival,
    from in_order
    inner join first_days
        on in_order.calendar = first_days.calendar
    inner join sign_ups
        on in_order.account_id = sign_ups.account_id
)

select * from active_periods
