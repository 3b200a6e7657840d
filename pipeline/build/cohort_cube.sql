-- Grain: one cohort by week or month of first activity or sign-up (null: of those there before the data), interval of
-- its life by the calendar or from each account's own beginning, and interval before that in which the same accounts
-- were active, split by nothing, country, first plan, both, channel, first device or first genre, in one calendar.
-- Where interval_number is null, accounts are the whole cohort. Up to the last day that is complete in the data.
with beginnings as (
    select
        account_beginnings.*,
        cohort_periods.period,
        cohort_periods.interval_days,
        begins.cohort_begins,
        complete_days.first_day,
        complete_days.end_day,
        if(
            begins.cohort_begins = 'sign_up', account_beginnings.signed_up_day, account_beginnings.first_active_day
        ) as own_day,
        if(
            begins.cohort_begins = 'sign_up', account_beginnings.signed_up_at, account_beginnings.first_active_at
        ) as own_at,
        -- Of one that does not say when it signed up, activity in the data's first period tells nothing.
        coalesce(
            account_beginnings.arrival = 'before',
            begins.cohort_begins = 'first_activity'
            and date_trunc(cohort_periods.period, account_beginnings.first_active_day) <= complete_days.first_day,
            false
        ) as is_before,
    from published.account_beginnings as account_beginnings
    inner join reference.complete_days as complete_days
        on account_beginnings.calendar = complete_days.calendar
    cross join (values ('week', 7), ('month', 28)) as cohort_periods (period, interval_days)
    cross join (values ('first_activity'), ('sign_up')) as begins (cohort_begins)
),

members as (
    select
        calendar,
        account_id,
        period,
        interval_days,
        cohort_begins,
        end_day,
        if(is_before, null, cast(date_trunc(period, own_day) as date)) as cohort_start,
        cast(date_trunc(period, if(is_before, first_day, own_day)) as date) as numbered_from,
        if(is_before, first_day, own_day) as start_day,
        if(is_before, cast(first_day as timestamp), own_at) as start_at,
        account_country,
        first_plan,
        acquisition_channel,
        first_device_type,
        first_genre,
    from beginnings
    where is_before or own_day < end_day
),

active_plays as (
    select
        account_id,
        started_at,
        local_day,
        utc_day,
        service_day,
    from published.plays
    where
        watch_ms >= $active_play_min_watch_ms
        and list_contains($default_kinds, kind)
),

retained as (
    select
        members.*,
        'calendar' as intervals_by,
        if(
            members.period = 'week',
            date_diff('day', members.numbered_from, active_periods.period_start) // 7,
            date_diff('month', members.numbered_from, active_periods.period_start)
        ) as interval_number,
    from members
    inner join derived.active_periods as active_periods
        on members.calendar = active_periods.calendar
        and members.period = active_periods.period
        and members.account_id = active_periods.account_id
    where active_periods.last_complete_day >= members.start_day
    union all
    select distinct
        members.*,
        'personal' as intervals_by,
        date_diff('microsecond', members.start_at, active_plays.started_at)
        // (members.interval_days * 86400000000) as interval_number,
    from members
    inner join active_plays
        on members.account_id = active_plays.account_id
        and members.start_at <= active_plays.started_at
    where
        case members.calendar
            when 'local' then active_plays.local_day
            when 'service' then active_plays.service_day
            else active_plays.utc_day
        end < members.end_day
),

in_order as (
    select
        *,
        lag(interval_number) over account as previous_interval,
        row_number() over account - 1 = interval_number as is_streak,
    from retained
    window account as (
        partition by calendar, period, cohort_begins, intervals_by, account_id
        order by interval_number
    )
),

told as (
    select * from in_order
    union all by name
    select
        members.*,
        unnest(['calendar', 'personal']) as intervals_by,
        false as is_streak,
    from members
),

cohort_cube as (
    select
        calendar,
        period,
        cohort_begins,
        intervals_by,
        case grouping_id(account_country, first_plan, acquisition_channel, first_device_type, first_genre)
            when 31 then 'none'
            when 15 then 'country'
            when 23 then 'plan'
            when 7 then 'country+plan'
            when 27 then 'channel'
            when 29 then 'device'
            else 'genre'
        end as cohort_split,
        cohort_start,
        interval_number,
        previous_interval,
        account_country,
        first_plan,
        coalesce(acquisition_channel, first_device_type, first_genre) as begun_with,
        count(*) as accounts,
        count(*) filter (where is_streak) as streak_accounts,
    from told
    group by
        calendar,
        period,
        cohort_begins,
        intervals_by,
        cohort_start,
        interval_number,
        previous_interval,
        grouping sets (
            (),
            (account_country),
            (first_plan),
            (account_country, first_plan),
            (acquisition_channel),
            (first_device_type),
            (first_genre)
        )
)

select * from cohort_cube
