-- Grain: one period of the range, or (by span) of the one it is compared with.
-- Answers: which share of the accounts active in 28 days is active on a day, and in a week? The daily ones are the mean
-- over the period's days, the others those of the 7 and 28 days that end with it; each is counted once, by the same
-- filters.
with periods as (
    select *
    from compared_periods($start_day, $end_day, $compare_start_day, $compare_end_day, $granularity)
),

active_days as (
    select
        span_of(last_day, $start_day) as span,
        period_of(last_day, $granularity) as period_start,
        sum(account_days) as account_days,
    from filtered_active_days($calendar, $compared_range, $chosen_set, $filters)
    group by span, period_start
),

counted as (
    select
        periods.*,
        coalesce(active_days.account_days, 0)
        / cast(periods.end_day - periods.first_day as double) as mean_daily_active_accounts,
        -- Before the data's 28th day the window is not whole, and a share of it would read as a fall.
        case
            when periods.end_day - 28 >= $data_start_day then coalesce(weekly.active_accounts, 0)
        end as weekly_active_accounts,
        case
            when periods.end_day - 28 >= $data_start_day then coalesce(monthly.active_accounts, 0)
        end as monthly_active_accounts,
    from periods
    left join active_days
        on periods.span = active_days.span
        and periods.period_start = active_days.period_start
    left join filtered_trailing_accounts($calendar, $compared_range, 7, $chosen_set, $filters) as weekly
        on periods.end_day = weekly.end_day
    left join filtered_trailing_accounts($calendar, $compared_range, 28, $chosen_set, $filters) as monthly
        on periods.end_day = monthly.end_day
),

stickiness_by_period as (
    select
        counted.*,
        counted.mean_daily_active_accounts / nullif(counted.monthly_active_accounts, 0) as stickiness,
        counted.weekly_active_accounts
        / cast(nullif(counted.monthly_active_accounts, 0) as double) as weekly_stickiness,
        -- The fewest that a number of the row tells of.
        least(
            nullif(accounts_in_period.active_accounts, 0),
            nullif(counted.weekly_active_accounts, 0),
            nullif(counted.monthly_active_accounts, 0)
        ) as accounts,
    from counted
    left join
        counted_accounts_by_period(
            $calendar,
            $start_day,
            $end_day,
            $compare_start_day,
            $compare_end_day,
            $granularity,
            $filters
        ) as accounts_in_period
        on counted.span = accounts_in_period.span
        and counted.period_start = accounts_in_period.period_start
)

select * from stickiness_by_period
order by span desc, period_start asc
