-- Grain: one period of the range, and one row with a null period_start for the whole range.
-- Answers: of the films and episodes begun in the period, how many were completed by the period's end?
with periods as (
    select * from periods_and_whole($start_day, $end_day, $granularity)
),

title_starts as (
    select * from
        filtered_title_starts(
            $calendar, $start_day, $end_day, $devices, $countries, $plans, $kinds, $profile_types, $titles
        )
    where completion_known
),

completion_summary as (
    select
        periods.period_start,
        periods.is_complete,
        count(title_starts.title_id) as started_titles,
        count(title_starts.title_id) filter (
            where title_starts.completed_day < periods.end_day
        ) as completed_titles,
        count(distinct title_starts.account_id) as accounts,
    from periods
    left join title_starts
        on title_starts.day >= periods.first_day
        and title_starts.day < periods.end_day
    group by periods.period_start, periods.is_complete
)

select
    period_start,
    is_complete,
    started_titles,
    completed_titles,
    completed_titles / cast(nullif(started_titles, 0) as double) as completion_rate,
    accounts,
from completion_summary
order by period_start nulls first
