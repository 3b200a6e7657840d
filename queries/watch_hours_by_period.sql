-- Grain: one day, week or month of the range.
-- Answers: how does watch time develop? A period cut off by the range is not complete.
with title_days as (
    select * from filtered_title_days(
        $calendar, $start_day, $end_day, $devices, $countries, $plans, $kinds, $profile_types, $titles
    )
),

periods as (
    select * from periods_between($start_day, $end_day, $granularity)
),

-- Counted only where small groups are hidden.
accounts_in_period as (
    select
        periods.period_start,
        count(distinct account_days.account_id) as accounts,
    from periods
    inner join
        counted_account_days(
            $calendar, $start_day, $end_day, $devices, $countries, $plans, $kinds, $profile_types, $titles
        ) as account_days
        on account_days.day >= periods.first_day
        and account_days.day < periods.end_day
    group by periods.period_start
),

watch_hours_by_period as (
    select
        periods.period_start,
        periods.first_day,
        periods.end_day,
        periods.is_complete,
        coalesce(sum(title_days.watch_ms), 0) / 3600000.0 as watch_hours,
        cast(coalesce(sum(title_days.plays), 0) as bigint) as plays,
        any_value(accounts_in_period.accounts) as accounts,
    from periods
    left join title_days
        on title_days.day >= periods.first_day
        and title_days.day < periods.end_day
    left join accounts_in_period
        on periods.period_start = accounts_in_period.period_start
    group by periods.period_start, periods.first_day, periods.end_day, periods.is_complete
)

select * from watch_hours_by_period
order by period_start
