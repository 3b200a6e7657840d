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
