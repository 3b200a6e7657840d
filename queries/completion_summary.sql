-- Grain: one period of the range, and one row with a null period_start for the whole range.
-- Answers: of the films and episodes begun in the period, how many were completed by the period's end?
with periods as (
    select * from periods_between($start_day, $end_day, $granularity)
),

starts as (
    select
        period_of(day, $granularity) as period_start,
        completed_day,
        sum(started_titles) as started_titles,
    from
        filtered_starts(
            $calendar, $start_day, $end_day, $split_by, $devices, $countries, $plans, $kinds, $profile_types, $titles
        )
    group by period_start, completed_day
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
        on periods.period_start = period_of(starts.day, $granularity)
    group by rollup (periods.period_start)
),

-- The whole range, with a null period_start, is the sum of its periods; but what was begun in a period and completed
-- after it counts as completed in the range alone.
counted as (
    select
        periods.period_start,
        periods.period_start is null or bool_and(periods.is_complete) as is_complete,
        sum(starts.started_titles) as started_titles,
        sum(starts.started_titles) filter (where starts.completed_day < periods.end_day) as completed_in_period,
        sum(starts.started_titles) filter (where starts.completed_day < $end_day) as completed_in_range,
    from periods
    left join starts
        on periods.period_start = starts.period_start
    group by rollup (periods.period_start)
),

completion_summary as (
    select
        period_start,
        is_complete,
        cast(coalesce(started_titles, 0) as bigint) as started_titles,
        cast(
            coalesce(case when period_start is null then completed_in_range else completed_in_period end, 0) as bigint
        ) as completed_titles,
    from counted
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
