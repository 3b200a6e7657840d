-- Cohorts: accounts by when they began, and in which intervals of their life they were retained.
-- A range of cohorts (queries/cohorts.py) says which are shown, and up to which day activity counts.

-- Grain: one account of a cohort shown; cohort_start is null for those there before the data, whose life is counted
-- from the data's first day. numbered_from is where its calendar intervals are counted from.
create macro cohort_members(
    of_calendar, of_range, begins_by, of_period, told_apart_by, which_before, of_countries, of_plans
) as table
    select
        members.account_id,
        if(members.is_before, null, period_of(members.own_day, of_period)) as cohort_start,
        period_of(
            if(members.is_before, struct_extract(of_range, 'data_start_day'), members.own_day), of_period
        ) as numbered_from,
        if(members.is_before, struct_extract(of_range, 'data_start_day'), members.own_day) as start_day,
        if(
            members.is_before, cast(struct_extract(of_range, 'data_start_day') as timestamp), members.own_at
        ) as start_at,
        case told_apart_by
            when 'country' then coalesce(members.account_country, 'unknown')
            when 'plan' then coalesce(members.first_plan, 'unknown')
            when 'channel' then coalesce(members.acquisition_channel, 'unknown')
            when 'device' then coalesce(members.first_device_type, 'unknown')
            when 'title' then coalesce(members.first_show_id, 'unknown')
            when 'genre' then coalesce(members.first_genre, 'unknown')
            else 'all'
        end as group_id
    from (
        select
            beginnings.*,
            if(begins_by = 'sign_up', beginnings.signed_up_day, beginnings.first_active_day) as own_day,
            if(begins_by = 'sign_up', beginnings.signed_up_at, beginnings.first_active_at) as own_at,
            -- Of one that does not say when it signed up, activity in the data's first period tells nothing.
            coalesce(
                beginnings.arrival = 'before',
                begins_by = 'first_activity'
                and period_of(beginnings.first_active_day, of_period) <= struct_extract(of_range, 'data_start_day'),
                false
            ) as is_before
        from main.account_beginnings as beginnings
        where
            beginnings.calendar = of_calendar
            and chosen(beginnings.account_country, of_countries)
            and chosen(beginnings.first_plan, of_plans)
    ) as members
    where
        if(
            members.is_before,
            which_before = 'kept',
            period_of(members.own_day, of_period) >= struct_extract(of_range, 'first_start')
            and members.own_day < struct_extract(of_range, 'end_day')
        );

-- The number of the calendar interval that a day lies in, counted from the first day of a period.
create macro interval_of(some_day, numbered_from, of_period) as (
    case of_period
        when 'day' then date_diff('day', numbered_from, some_day)
        when 'week' then date_diff('day', numbered_from, some_day) // 7
        else date_diff('month', numbered_from, some_day)
    end
);

-- Grain: one account of a cohort shown and interval of its life in which it was retained: by at least one play of a
-- minute, or where least_hours is given by so many hours. Calendar intervals; run lets the macros of the same name in
-- the schemas below take this one's place where intervals are personal, or retained is who subscribes.
create macro retained_intervals(
    of_calendar,
    of_range,
    begins_by,
    of_period,
    intervals_by,
    last_interval,
    told_apart_by,
    which_before,
    least_hours,
    of_countries,
    of_plans,
    of_devices,
    of_kinds,
    of_profile_types
) as table
    select
        members.account_id,
        members.cohort_start,
        members.group_id,
        interval_of(account_days.day, members.numbered_from, of_period) as interval_number
    from main.account_days as account_days
    inner join
        cohort_members(
            of_calendar, of_range, begins_by, of_period, told_apart_by, which_before, of_countries, of_plans
        ) as members
        on account_days.account_id = members.account_id
    where
        account_days.calendar = of_calendar
        and account_days.day >= members.start_day
        and account_days.day < struct_extract(of_range, 'end_day')
        and chosen(account_days.device_type, of_devices)
        and chosen(account_days.kind, of_kinds)
        and chosen(account_days.profile_type, of_profile_types)
    group by all
    having
        if(
            least_hours is null,
            sum(account_days.active_plays) > 0,
            sum(account_days.watch_ms) >= least_hours * 3600000
        );

create schema personal_intervals_counted;

-- Grain: the same, by intervals of so many times 24 hours from the account's own beginning.
create macro personal_intervals_counted.retained_intervals(
    of_calendar,
    of_range,
    begins_by,
    of_period,
    intervals_by,
    last_interval,
    told_apart_by,
    which_before,
    least_hours,
    of_countries,
    of_plans,
    of_devices,
    of_kinds,
    of_profile_types
) as table
    select
        members.account_id,
        members.cohort_start,
        members.group_id,
        date_diff('microsecond', members.start_at, plays.started_at)
        // (struct_extract(of_range, 'interval_days') * 86400000000) as interval_number
    from main.plays as plays
    inner join
        cohort_members(
            of_calendar, of_range, begins_by, of_period, told_apart_by, which_before, of_countries, of_plans
        ) as members
        on plays.account_id = members.account_id
    where
        plays.utc_day <= struct_extract(of_range, 'end_day')
        and case of_calendar
            when 'local' then plays.local_day
            when 'service' then plays.service_day
            else plays.utc_day
        end < struct_extract(of_range, 'end_day')
        and plays.started_at >= members.start_at
        and chosen(plays.device_type, of_devices)
        and chosen(plays.kind, of_kinds)
        and chosen(plays.profile_type, of_profile_types)
    group by all
    having
        if(least_hours is null, max(plays.watch_ms) >= 60000, sum(plays.watch_ms) >= least_hours * 3600000);

create schema paid_intervals_counted;

-- Grain: the same, of intervals on one day of which at least a subscription of the account ran. Subscriptions are known
-- by days, so that personal intervals begin with the day of the account's beginning.
create macro paid_intervals_counted.retained_intervals(
    of_calendar,
    of_range,
    begins_by,
    of_period,
    intervals_by,
    last_interval,
    told_apart_by,
    which_before,
    least_hours,
    of_countries,
    of_plans,
    of_devices,
    of_kinds,
    of_profile_types
) as table
    select distinct
        runs.account_id,
        runs.cohort_start,
        runs.group_id,
        unnest(range(runs.first_interval, runs.last_interval + 1)) as interval_number
    from (
        select
            days.account_id,
            days.cohort_start,
            days.group_id,
            if(
                intervals_by = 'calendar',
                interval_of(days.first_day, days.numbered_from, of_period),
                date_diff('day', days.start_day, days.first_day) // struct_extract(of_range, 'interval_days')
            ) as first_interval,
            if(
                intervals_by = 'calendar',
                interval_of(days.last_day, days.numbered_from, of_period),
                date_diff('day', days.start_day, days.last_day) // struct_extract(of_range, 'interval_days')
            ) as last_interval
        from (
            select
                members.*,
                greatest(coalesce(subscriptions.start_day, members.start_day), members.start_day) as first_day,
                least(
                    coalesce(subscriptions.end_day, struct_extract(of_range, 'end_day')),
                    struct_extract(of_range, 'end_day') - 1
                ) as last_day
            from main.subscriptions as subscriptions
            inner join
                cohort_members(
                    of_calendar, of_range, begins_by, of_period, told_apart_by, which_before, of_countries, of_plans
                ) as members
                on subscriptions.account_id = members.account_id
            where subscriptions.calendar = of_calendar
        ) as days
        where days.first_day <= days.last_day
    ) as runs;

-- Grain: one cohort shown, group, interval and the one before it in which the same accounts were retained (null: none
-- was), with how many were, and how many of them in every one since the first; where interval_number is null, all of
-- the cohort.
create macro cohort_pairs(
    of_calendar,
    of_range,
    begins_by,
    of_period,
    intervals_by,
    last_interval,
    told_apart_by,
    which_before,
    least_hours,
    of_countries,
    of_plans,
    of_devices,
    of_kinds,
    of_profile_types
) as table
    with in_order as (
        select
            cohort_start,
            group_id,
            interval_number,
            lag(interval_number) over account as previous_interval,
            row_number() over account - 1 = interval_number as is_streak
        from
            retained_intervals(
                of_calendar,
                of_range,
                begins_by,
                of_period,
                intervals_by,
                last_interval,
                told_apart_by,
                which_before,
                least_hours,
                of_countries,
                of_plans,
                of_devices,
                of_kinds,
                of_profile_types
            )
        where interval_number between 0 and last_interval
        window account as (partition by account_id order by interval_number)
    )

    select
        cohort_start,
        group_id,
        interval_number,
        previous_interval,
        count(*) as accounts,
        count(*) filter (where is_streak) as streak_accounts
    from in_order
    group by all
    union all
    select
        cohort_start,
        group_id,
        null as interval_number,
        null as previous_interval,
        count(*) as accounts,
        0 as streak_accounts
    from
        cohort_members(
            of_calendar, of_range, begins_by, of_period, told_apart_by, which_before, of_countries, of_plans
        )
    group by all;

-- Grain: one cohort shown, group (the six largest, and the rest) and interval of its life that has begun before the
-- range ends: how large the cohort is, and how many of it are retained as counted_as says. A pair of intervals, one in
-- which accounts were retained and the one before it, makes them retained from one interval on and until another: the
-- sum of these changes is who is retained. Of "on or after" a cell is complete when the last interval shown is.
create macro cohort_cells(
    of_calendar,
    of_range,
    begins_by,
    of_period,
    intervals_by,
    last_interval,
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
    with pairs as (
        from
            cohort_pairs(
                of_calendar,
                of_range,
                begins_by,
                of_period,
                intervals_by,
                last_interval,
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
        from pairs
        where interval_number is null
        group by group_id
    ),

    groups as (
        select
            group_id,
            least(group_rank, 7) as group_rank,
            if(group_rank > 6, 'rest', group_id) as shown_id
        from ranked
    ),

    changes as (
        select
            pairs.cohort_start,
            groups.group_rank,
            unnest(
                case counted_as
                    when 'on_or_after'
                        then [
                            {'at_interval': coalesce(pairs.previous_interval, -1) + 1, 'amount': pairs.accounts},
                            {'at_interval': pairs.interval_number + 1, 'amount': -pairs.accounts}
                        ]
                    when 'on_or_before'
                        then [
                            {
                                'at_interval': pairs.interval_number,
                                'amount': if(
                                    pairs.interval_number > 0 and coalesce(pairs.previous_interval, 0) = 0,
                                    pairs.accounts,
                                    0
                                )
                            }
                        ]
                    when 'streak'
                        then [
                            {'at_interval': pairs.interval_number, 'amount': pairs.streak_accounts},
                            {'at_interval': pairs.interval_number + 1, 'amount': -pairs.streak_accounts}
                        ]
                    else [
                        {'at_interval': pairs.interval_number, 'amount': pairs.accounts},
                        {'at_interval': pairs.interval_number + 1, 'amount': -pairs.accounts}
                    ]
                end,
                recursive := true
            )
        from pairs
        inner join groups
            on pairs.group_id = groups.group_id
        where pairs.interval_number is not null
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
            pairs.cohort_start,
            groups.group_rank,
            sum(pairs.accounts) as cohort_size
        from pairs
        inner join groups
            on pairs.group_id = groups.group_id
        where pairs.interval_number is null
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
        select unnest(range(struct_extract(of_range, 'first_interval'), last_interval + 1)) as interval_number
    ),

    grid as (
        select
            cohorts.cohort_start,
            shown_groups.group_rank,
            shown_groups.shown_id as group_id,
            intervals.interval_number,
            if(counted_as = 'on_or_after', last_interval, intervals.interval_number)
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
