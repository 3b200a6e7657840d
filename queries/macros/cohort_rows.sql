-- Cohorts from the rows of accounts: what no build has added up. A range of cohorts is that of queries/cohorts.py.

-- Grain: one row of a table that knows what accounts began with (main.account_beginnings or cubes.cohort_days), of an
-- account of a cohort shown; cohort_start is null for those there before the data, whose life is counted from its first
-- day. numbered_from is where its calendar intervals are counted from.
create macro cohort_members(
    of_rows, of_calendar, of_range, begins_by, of_period, told_apart_by, which_before, of_countries, of_plans
) as table
    select
        members.*,
        if(members.is_before, null, period_of(members.own_day, of_period)) as cohort_start,
        period_of(
            if(members.is_before, struct_extract(of_range, 'data_start_day'), members.own_day), of_period
        ) as numbered_from,
        if(members.is_before, struct_extract(of_range, 'data_start_day'), members.own_day) as start_day,
        if(
            members.is_before, cast(struct_extract(of_range, 'data_start_day') as timestamp), members.own_at
        ) as start_at,
        case told_apart_by
            when 'country' then known(members.account_country)
            when 'plan' then known(members.first_plan)
            when 'channel' then known(members.acquisition_channel)
            when 'device' then known(members.first_device_type)
            when 'title' then known(members.first_show_id)
            when 'genre' then known(members.first_genre)
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
        from query_table(of_rows) as beginnings
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
            and members.own_day < struct_extract(of_range, 'until_day')
        );

-- The number of the calendar interval that a day lies in, counted from the first day of a period.
create macro interval_of(some_day, numbered_from, of_period) as (
    case of_period
        when 'day' then date_diff('day', numbered_from, some_day)
        when 'week' then date_diff('day', numbered_from, some_day) // 7
        else date_diff('month', numbered_from, some_day)
    end
);

-- Grain: one account of a cohort shown and stretch of intervals of its life, in all of which it was retained: here each
-- by itself, by at least one play of a minute, or where least_hours is given by so many hours. Personal intervals are
-- so many times 24 hours from the account's own beginning. Where retained is who subscribes, run lets the macro of the
-- same name in the schema below take this one's place.
create macro retained_stretches(
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
    select
        days.account_number,
        days.cohort_start,
        days.group_id,
        if(
            intervals_by = 'calendar',
            interval_of(days.day, days.numbered_from, of_period),
            date_diff('microsecond', days.start_at, days.started_at)
            // (struct_extract(of_range, 'interval_days') * 86400000000)
        ) as first_interval,
        first_interval as last_interval
    from
        cohort_members(
            'cubes.cohort_days',
            of_calendar,
            of_range,
            begins_by,
            of_period,
            told_apart_by,
            which_before,
            of_countries,
            of_plans
        ) as days
    where
        days.day < struct_extract(of_range, 'end_day')
        and if(intervals_by = 'calendar', days.day >= days.start_day, days.started_at >= days.start_at)
        and chosen(days.device_type, of_devices)
        and chosen(days.kind, of_kinds)
        and chosen(days.profile_type, of_profile_types)
    group by all
    having
        if(least_hours is null, max(days.longest_watch_ms) >= 60000, sum(days.watch_ms) >= least_hours * 3600000);

create schema paid_intervals_counted;

-- Grain: the same, by subscriptions: of the intervals on one day of which at least a subscription ran those in which
-- none ran that began before. Subscriptions are known by days, so that personal intervals begin with the day of the
-- account's beginning.
create macro paid_intervals_counted.retained_stretches(
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
    select
        runs.account_number,
        runs.cohort_start,
        runs.group_id,
        greatest(
            runs.begun_interval,
            1 + max(runs.ended_interval) over (
                partition by runs.account_number
                order by runs.begun_interval, runs.ended_interval
                rows between unbounded preceding and 1 preceding
            )
        ) as first_interval,
        runs.ended_interval as last_interval
    from (
        select
            days.account_number,
            days.cohort_start,
            days.group_id,
            if(
                intervals_by = 'calendar',
                interval_of(days.first_day, days.numbered_from, of_period),
                date_diff('day', days.start_day, days.first_day) // struct_extract(of_range, 'interval_days')
            ) as begun_interval,
            if(
                intervals_by = 'calendar',
                interval_of(days.last_day, days.numbered_from, of_period),
                date_diff('day', days.start_day, days.last_day) // struct_extract(of_range, 'interval_days')
            ) as ended_interval
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
                    'main.account_beginnings',
                    of_calendar,
                    of_range,
                    begins_by,
                    of_period,
                    told_apart_by,
                    which_before,
                    of_countries,
                    of_plans
                ) as members
                on subscriptions.account_number = members.account_number
            where subscriptions.calendar = of_calendar
        ) as days
        where days.first_day <= days.last_day
    ) as runs
    qualify first_interval <= last_interval;

-- Grain: one account of a cohort shown and stretch of intervals of its life, up to the last one shown, in all of which
-- it was retained: the last interval before it in which it was (null: in none), and whether it was in every one since
-- the first.
create macro account_stretches(
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
    select
        account_number,
        cohort_start,
        group_id,
        first_interval,
        least(last_interval, last_shown) as last_interval,
        lag(last_interval) over account as previous_interval,
        sum(last_interval - first_interval + 1) over account = last_interval + 1 as is_streak
    from
        retained_stretches(
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
    where first_interval between 0 and last_shown
    window account as (partition by account_number order by first_interval);

create schema cohorts_of_rows;

-- Grain: the same as of cohort_stretches, from the rows of accounts: what no build has added up.
create macro cohorts_of_rows.cohort_stretches(
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
    select
        cohort_start,
        group_id,
        first_interval,
        last_interval,
        previous_interval,
        count(*) as accounts,
        count(*) filter (where is_streak) as streak_accounts
    from
        account_stretches(
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
    group by all
    union all
    select
        cohort_start,
        group_id,
        null as first_interval,
        null as last_interval,
        null as previous_interval,
        count(*) as accounts,
        0 as streak_accounts
    from
        cohort_members(
            'main.account_beginnings',
            of_calendar,
            of_range,
            begins_by,
            of_period,
            told_apart_by,
            which_before,
            of_countries,
            of_plans
        )
    group by all;
