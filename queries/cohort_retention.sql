-- Grain: one cohort and interval of its life that has begun before the range ends, and one row with a null cohort_start
-- for each interval pooled over the cohorts.
-- Answers: of the accounts that began together, which share is retained so many days, weeks or months later? Pooled is
-- over complete cells alone, without those there before the data: their life is counted from the data's first day.
with cells as (
    from
        cohort_cells(
            $calendar,
            $cohort_range,
            $cohort_begins,
            $cohort_period,
            $cohort_intervals,
            $intervals_shown,
            $retained_as,
            'none',
            $cohort_before,
            case $retained_by when 'hours' then $retained_hours end,
            $countries,
            $plans,
            $devices,
            $kinds,
            $profile_types
        )
),

counted as (
    select
        'pooled' as cohort_kind,
        null as cohort_start,
        interval_number,
        cast(sum(cohort_size) as bigint) as cohort_size,
        cast(sum(retained_accounts) as bigint) as retained_accounts,
        true as is_complete,
    from cells
    where
        is_complete
        and cohort_start is not null
    group by interval_number
    union all
    select
        if(cohort_start is null, 'before', 'cohort') as cohort_kind,
        cohort_start,
        interval_number,
        cohort_size,
        retained_accounts,
        is_complete,
    from cells
),

cohort_retention as (
    select
        cohort_kind,
        cohort_start,
        interval_number,
        cohort_size,
        retained_accounts,
        retained_accounts / nullif(cohort_size, 0) as cohort_retention_rate,
        wilson_low(retained_accounts / nullif(cohort_size, 0), cohort_size, 1.959963984540054)
            as cohort_retention_low,
        wilson_high(retained_accounts / nullif(cohort_size, 0), cohort_size, 1.959963984540054)
            as cohort_retention_high,
        is_complete,
        least(nullif(cohort_size, 0), nullif(retained_accounts, 0)) as accounts,
    from counted
)

select * from cohort_retention
order by array_position(['pooled', 'before', 'cohort'], cohort_kind) asc, cohort_start asc, interval_number asc
