-- Grain: one week or month of first activity, week or month in which accounts first active then were active, country,
-- and plan at the end of the first, in one calendar. Where the two are the same, the accounts are the whole cohort.
with cohorts as (
    select
        *,
        cast(cohort_start + cast('1 ' || period as interval) as date) as cohort_end_day,
        cast(period_start + cast('1 ' || period as interval) as date) as end_day,
    from derived.active_periods
),

retention_cube as (
    select
        cohorts.calendar,
        cohorts.period,
        cohorts.cohort_start,
        cohorts.arrival,
        cohorts.period_start,
        cohorts.end_day <= complete_days.end_day as is_complete,
        cohorts.account_country,
        plan_periods.account_plan,
        count(*) as accounts,
    from cohorts
    inner join reference.complete_days as complete_days
        on cohorts.calendar = complete_days.calendar
    left join published.plan_periods as plan_periods
        on cohorts.account_id = plan_periods.account_id
        and cohorts.cohort_end_day - 1 >= plan_periods.from_day
        and cohorts.cohort_end_day - 1 < plan_periods.to_day
    group by
        cohorts.calendar,
        cohorts.period,
        cohorts.cohort_start,
        cohorts.arrival,
        cohorts.period_start,
        is_complete,
        cohorts.account_country,
        plan_periods.account_plan
)

select * from retention_cube
