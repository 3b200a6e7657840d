-- Grain: one week (from Monday) or month in which an account was active with a film, episode or live programme, in one
-- calendar, with the active ones before and after it, whether the first of all was new (arrival), and the last day with
-- activity that is complete in the data (null: none is). Not published.
with active_days as (
    select distinct
        account_days.calendar,
        account_days.account_id,
        account_days.account_country,
        account_days.day,
        if(account_days.day < complete_days.end_day, account_days.day, null) as complete_day,
    from published.account_days as account_days
    inner join reference.complete_days as complete_days
        on account_days.calendar = complete_days.calendar
    where
        account_days.active_plays > 0
        and list_contains($default_kinds, account_days.kind)
),

periods as (
    select
        calendar,
        'week' as period,
        account_id,
        account_country,
        cast(date_trunc('week', day) as date) as period_start,
        max(complete_day) as last_complete_day,
    from active_days
    group by all
    union all
    select
        calendar,
        'month' as period,
        account_id,
        account_country,
        cast(date_trunc('month', day) as date) as period_start,
        max(complete_day) as last_complete_day,
    from active_days
    group by all
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

active_periods as (
    select
        in_order.*,
        coalesce(
            beginnings.arrival,
            case when in_order.cohort_start <= complete_days.first_day then 'unknown' else 'new' end
        ) as arrival,
    from in_order
    inner join reference.complete_days as complete_days
        on in_order.calendar = complete_days.calendar
    inner join published.account_beginnings as beginnings
        on in_order.calendar = beginnings.calendar
        and in_order.account_id = beginnings.account_id
)

select * from active_periods
