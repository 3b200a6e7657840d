-- Cohorts: accounts by when they began, and in which intervals of their life they were retained.
-- A range of cohorts (queries/cohorts.py) says which are shown, and up to which day activity counts.

-- Which rows of cohort_cube know what is chosen, and what is told apart besides.
create macro cohort_split_of(told_apart_by, of_countries, of_plans) as (
    case
        when told_apart_by in ('channel', 'device', 'genre') then told_apart_by
        when of_countries is null and told_apart_by <> 'country'
            then if(of_plans is null and told_apart_by <> 'plan', 'none', 'plan')
        when of_plans is null and told_apart_by <> 'plan' then 'country'
        else 'country+plan'
    end
);

-- Grain: one cohort shown, group, stretch of intervals (here each by itself) and interval before it in which the same
-- accounts were retained (null: none was), with how many were, and how many of them in every one since the first; where
-- first_interval is null, all of the cohort. What is not added up, run lets the macro of the same name in the schema
-- cohorts_of_rows count.
create macro cohort_stretches(
    of_calendar,
    of_range,
    begins_by,
    of_period,
    intervals_by,
    last_shown,
    told_apart_by,
    which_before,
    least_hours,
    of_countries,
    of_plans,
    of_devices,
    of_kinds,
    of_profile_types
) as table
    with cohorts as (
        select unnest(struct_extract(of_range, 'cohorts'), recursive := true)
    )

    select
        cube.cohort_start,
        case told_apart_by
            when 'none' then 'all'
            when 'country' then known(cube.account_country)
            when 'plan' then known(cube.first_plan)
            else known(cube.begun_with)
        end as group_id,
        cube.interval_number as first_interval,
        cube.interval_number as last_interval,
        cube.previous_interval,
        sum(cube.accounts) as accounts,
        sum(cube.streak_accounts) as streak_accounts
    from cubes.cohort_cube as cube
    inner join cohorts
        on cube.cohort_start is not distinct from cohorts.cohort_start
    where
        cube.calendar = of_calendar
        and cube.period = of_period
        and cube.cohort_begins = begins_by
        and cube.intervals_by = intervals_by
        and cube.cohort_split = cohort_split_of(told_apart_by, of_countries, of_plans)
        and (which_before = 'kept' or cube.cohort_start is not null)
        and coalesce(cube.interval_number <= least(last_shown, cohorts.begun_through), true)
        and chosen(cube.account_country, of_countries)
        and chosen(cube.first_plan, of_plans)
    group by all;

-- From which interval on, and until before which other, accounts are retained as counted_as says by a stretch: the
-- first and last of intervals in all of which they were, and the one before. Null where by this stretch they are not;
-- no end where they are ever after.
create macro retained_run(counted_as, first_interval, last_interval, previous_interval) as (
    case counted_as
        when 'on_or_after'
            then {
                'from_interval': coalesce(previous_interval, -1) + 1,
                'until_interval': last_interval + 1
            }
        when 'on_or_before'
            then if(
                last_interval > 0 and coalesce(previous_interval, 0) = 0,
                {'from_interval': greatest(first_interval, 1), 'until_interval': null},
                null
            )
        else {'from_interval': first_interval, 'until_interval': last_interval + 1}
    end
);

-- Grain: one cohort shown, group (the six largest, and the rest) and interval of its life that has begun before the
-- range ends: how large the cohort is, and how many of it are retained as counted_as says. A stretch of intervals
-- in which accounts were retained, and the one before it, make them retained from one interval on and until another:
-- the sum of these changes is who is retained. Of "on or after" a cell is complete when the last interval shown is.
create macro cohort_cells(
    of_calendar,
    of_range,
    begins_by,
    of_period,
    intervals_by,
    last_shown,
    counted_as,
    told_apart_by,
    which_before,
    least_hours,
    of_countries,
    of_plans,
    of_devices,
    of_kinds,
    of_profile_types
) as table
    with stretches as (
        from
            cohort_stretches(
                of_calendar,
                of_range,
                begins_by,
                of_period,
                intervals_by,
                last_shown,
                told_apart_by,
                which_before,
                least_hours,
                of_countries,
                of_plans,
                of_devices,
                of_kinds,
                of_profile_types
            )
    ),

    ranked as (
        select
            group_id,
            row_number() over (order by sum(accounts) desc, group_id asc) as group_rank
        from stretches
        where first_interval is null
        group by group_id
    ),

    groups as (
        select
            group_id,
            least(group_rank, 7) as group_rank,
            if(group_rank > 6, 'rest', group_id) as shown_id
        from ranked
    ),

    runs as (
        select
            stretches.cohort_start,
            groups.group_rank,
            retained_run(
                counted_as, stretches.first_interval, stretches.last_interval, stretches.previous_interval
            ) as run,
            if(counted_as = 'streak', stretches.streak_accounts, stretches.accounts) as amount
        from stretches
        inner join groups
            on stretches.group_id = groups.group_id
        where stretches.first_interval is not null
    ),

    changes as (
        select
            cohort_start,
            group_rank,
            unnest(
                [
                    {'at_interval': struct_extract(run, 'from_interval'), 'amount': amount},
                    {'at_interval': struct_extract(run, 'until_interval'), 'amount': -amount}
                ],
                recursive := true
            )
        from runs
    ),

    sums as (
        select
            cohort_start,
            group_rank,
            at_interval,
            sum(amount) as amount
        from changes
        group by all
    ),

    sizes as (
        select
            stretches.cohort_start,
            groups.group_rank,
            sum(stretches.accounts) as cohort_size
        from stretches
        inner join groups
            on stretches.group_id = groups.group_id
        where stretches.first_interval is null
        group by all
    ),

    cohorts as (
        select unnest(struct_extract(of_range, 'cohorts'), recursive := true)
    ),

    shown_groups as (
        select distinct
            group_rank,
            shown_id
        from groups
    ),

    intervals as (
        select unnest(range(struct_extract(of_range, 'first_interval'), last_shown + 1)) as interval_number
    ),

    grid as (
        select
            cohorts.cohort_start,
            shown_groups.group_rank,
            shown_groups.shown_id as group_id,
            intervals.interval_number,
            if(counted_as = 'on_or_after', last_shown, intervals.interval_number)
            <= cohorts.complete_through as is_complete
        from cohorts
        cross join shown_groups
        cross join intervals
        where intervals.interval_number <= cohorts.begun_through
    )

    select
        grid.cohort_start,
        grid.group_rank,
        grid.group_id,
        grid.interval_number,
        cast(coalesce(sizes.cohort_size, 0) as bigint) as cohort_size,
        cast(
            sum(coalesce(sums.amount, 0)) over (
                partition by grid.cohort_start, grid.group_rank
                order by grid.interval_number
                rows between unbounded preceding and current row
            ) as bigint
        ) as retained_accounts,
        grid.is_complete
    from grid
    left join sizes
        on grid.cohort_start is not distinct from sizes.cohort_start
        and grid.group_rank = sizes.group_rank
    left join sums
        on grid.cohort_start is not distinct from sums.cohort_start
        and grid.group_rank = sums.group_rank
        and grid.interval_number = sums.at_interval;
