-- Grain: one group of accounts (the six largest, and the rest) and interval of their life, pooled over the cohorts.
-- Answers: which share of the accounts that began in these weeks is retained so much later, and does that differ by
-- what they began with? Over complete cells alone; those there before the data are left out.
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
            $cohort_by,
            'left',
            case $retained_by when 'hours' then $retained_hours end,
            $countries,
            $plans,
            $devices,
            $kinds,
            $profile_types
        )
),

pooled as (
    select
        group_rank,
        group_id,
        interval_number,
        cast(sum(cohort_size) as bigint) as cohort_size,
        cast(sum(retained_accounts) as bigint) as retained_accounts,
    from cells
    where
        is_complete
        and cohort_start is not null
    group by all
    having sum(cohort_size) > 0
),

pooled_retention_by_group as (
    select
        $cohort_by as group_kind,
        pooled.group_id,
        if(pooled.group_id = 'rest', 'Others', coalesce(shows.show_name, pooled.group_id)) as group_name,
        pooled.group_rank,
        pooled.interval_number,
        pooled.cohort_size,
        pooled.retained_accounts,
        pooled.retained_accounts / pooled.cohort_size as cohort_retention_rate,
        wilson_low(pooled.retained_accounts / pooled.cohort_size, pooled.cohort_size, 1.959963984540054)
            as cohort_retention_low,
        wilson_high(pooled.retained_accounts / pooled.cohort_size, pooled.cohort_size, 1.959963984540054)
            as cohort_retention_high,
        least(pooled.cohort_size, nullif(pooled.retained_accounts, 0)) as accounts,
    from pooled
    left join shows
        on $cohort_by = 'title'
        and pooled.group_id = shows.show_id
)

select * from pooled_retention_by_group
order by group_rank asc, interval_number asc
