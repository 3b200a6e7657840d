-- Grain: one account of the chosen cell of the cohorts: of the chosen cohort, retained in the chosen interval.
-- Answers: who are the accounts that a cell counts? By the same macros, options and filters as cohort_retention; the
-- cell of all cohorts pooled is of those that have its interval complete. By intervals of their own, some of a cohort
-- have theirs behind them before the others.
with stretches as (
    select
        account_number,
        cohort_start,
        retained_run($retained_as, first_interval, last_interval, previous_interval) as run,
    from
        account_stretches(
            $calendar,
            $cell_range,
            $cohort_begins,
            $cohort_period,
            $cohort_intervals,
            $intervals_shown,
            'none',
            if($cell_cohort = 'before', $cohort_before, 'left'),
            case $retained_by when 'hours' then $retained_hours end,
            $countries,
            $plans,
            $devices,
            $kinds,
            $profile_types
        )
    where
        ($retained_as <> 'streak' or is_streak)
        -- A list of single accounts is not for those who may see no small groups.
        and $min_accounts is null
),

cohorts as (
    select
        unnest(struct_extract($cohort_range, 'cohorts'), recursive := true),
        if($retained_as = 'on_or_after', $intervals_shown, $cell_interval) as last_counted,
),

chosen_cohorts as (
    select
        cohort_start,
        last_counted,
        last_counted <= complete_through as is_complete,
    from cohorts
    where
        $cell_interval >= struct_extract($cohort_range, 'first_interval')
        and $cell_interval <= least($intervals_shown, begun_through)
        and case $cell_cohort
            when 'pooled' then cohort_start is not null and last_counted <= complete_through
            when 'before' then cohort_start is null
            else cohort_start = struct_extract($cell_range, 'first_start')
        end
),

retained as (
    select
        beginnings.account_id,
        chosen_cohorts.is_complete,
        chosen_cohorts.last_counted,
        if(
            stretches.cohort_start is null,
            null,
            if($cohort_begins = 'sign_up', beginnings.signed_up_day, beginnings.first_active_day)
        ) as began_day,
        beginnings.account_country,
        beginnings.first_plan,
        beginnings.first_device_type,
        -- Of intervals of its own: those of one that begins at the end of its day.
        (date_diff('day', began_day, struct_extract($cohort_range, 'end_day')) - 1)
        // struct_extract($cohort_range, 'interval_days') as own_intervals_passed,
    from stretches
    inner join chosen_cohorts
        on stretches.cohort_start is not distinct from chosen_cohorts.cohort_start
    inner join account_beginnings as beginnings
        on stretches.account_number = beginnings.account_number
    where
        beginnings.calendar = $calendar
        and $cell_interval >= stretches.run.from_interval
        and $cell_interval < coalesce(stretches.run.until_interval, $cell_interval + 1)
),

cohort_accounts as (
    select
        account_id,
        began_day,
        account_country,
        first_plan,
        first_device_type,
        is_complete or coalesce(last_counted < own_intervals_passed, false) as is_complete,
        1 as accounts,
    from retained
    union all by name
    -- Where it may not be shown, one row that says so.
    select 1 as accounts
    where
        $min_accounts is not null
        and exists (select 1 from account_beginnings)
)

select * from cohort_accounts
order by began_day asc, account_id asc
