-- Grain: one period of the range, and one row with a null period_start for the whole range.
-- Answers: of the films and episodes begun in the period, how many were completed by the period's end?
with periods as (
    select * from periods_and_whole($start_day, $end_day, $granularity)
),

starts as (
    select
        day,
        completed_day,
        sum(started_titles) as started_titles,
    from
        filtered_starts(
            $calendar, $start_day, $end_day, $split_by, $devices, $countries, $plans, $kinds, $profile_types, $titles
        )
    group by day, completed_day
),

-- Counted only where small groups are hidden.
accounts_in_period as (
    select
        periods.period_start,
        count(distinct starts.account_id) as accounts,
    from periods
    inner join
        counted_starts(
            $calendar, $start_day, $end_day, $devices, $countries, $plans, $kinds, $profile_types, $titles
        ) as starts
        on starts.day >= periods.first_day
        and starts.day < periods.end_day
    group by periods.period_start
),

completion_summary as (
    select
        periods.period_start,
        periods.is_complete,
        cast(coalesce(sum(starts.started_titles), 0) as bigint) as started_titles,
        cast(
            coalesce(sum(starts.started_titles) filter (where starts.completed_day < periods.end_day), 0) as bigint
        ) as completed_titles,
    from periods
    left join starts
        on starts.day >= periods.first_day
        and starts.day < periods.end_day
    group by periods.period_start, periods.is_complete
)

select
    completion_summary.period_start,
    completion_summary.is_complete,
    completion_summary.started_titles,
    completion_summary.completed_titles,
    completion_summary.completed_titles
    / cast(nullif(completion_summary.started_titles, 0) as double) as completion_rate,
    accounts_in_period.accounts,
from completion_summary
left join accounts_in_period
    on completion_summary.period_start is not distinct from accounts_in_period.period_start
order by completion_summary.period_start nulls first
