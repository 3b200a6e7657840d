-- Grain: one account's first reaching two minutes of one film or episode, in one calendar.
-- Coverage is a profile's; an account has completed a title once one of its profiles has. It is distinct time to date
-- where every play so far tells it (an estimate over several plays, which may overlap), else the furthest position.
-- The plays are followed once, with their days in all calendars.
with accounts as (
    select distinct
        account_id,
        account_number,
    from derived.numbered_stretches
),

progress as (
    select
        -- Numbers and enums are several times faster to group and sort by than texts.
        accounts.account_number,
        cast(plays.title_id as reference.title_id) as title_id,
        cast(titles.show_id as reference.show_id) as show_id,
        titles.show_number,
        plays.profile_id,
        cast(plays.kind as reference.kind) as kind,
        cast(plays.device_type as reference.device_type) as device_type,
        cast(plays.profile_type as reference.profile_type) as profile_type,
        cast(plays.account_country as reference.account_country) as account_country,
        plays.watch_ms,
        plays.local_day,
        plays.utc_day,
        plays.service_day,
        hour(plays.local_at) as local_hour,
        hour(plays.started_at) as utc_hour,
        hour(plays.service_at) as service_hour,
        titles.runtime_ms,
        sum(plays.watch_ms) over (
            partition by accounts.account_number, cast(plays.title_id as reference.title_id)
            order by plays.started_at, plays.play_id
            rows unbounded preceding
        ) as watch_ms_to_date,
        case
            when count(plays.distinct_ms) over profile_to_date = count(*) over profile_to_date
                then sum(plays.distinct_ms) over profile_to_date
            else max(plays.furthest_position_ms) over profile_to_date
        end as covered_ms,
        plays.distinct_ms is null or count(*) over profile_to_date > 1 as is_estimated,
    from published.plays as plays
    inner join published.titles as titles
        on plays.title_id = titles.title_id
    inner join accounts
        on plays.account_id = accounts.account_id
    where plays.kind in ('film', 'episode')
    window profile_to_date as (
        partition by accounts.account_number, cast(plays.title_id as reference.title_id), plays.profile_id
        order by plays.started_at, plays.play_id
        rows unbounded preceding
    )
),

-- The play with which the sum comes to two minutes: no play lessens it, so there is one at most.
started as (
    select * from progress
    where
        watch_ms_to_date >= $start_min_watch_ms
        and watch_ms_to_date - watch_ms < $start_min_watch_ms
),

completions as (
    select
        account_number,
        title_id,
        coalesce(max(runtime_ms) > 0 and count(covered_ms) > 0, false) as completion_known,
        bool_or(is_estimated) as coverage_estimated,
        min(local_day) filter (where covered_ms >= $completion_coverage * runtime_ms) as completed_local_day,
        min(utc_day) filter (where covered_ms >= $completion_coverage * runtime_ms) as completed_utc_day,
        min(service_day) filter (where covered_ms >= $completion_coverage * runtime_ms) as completed_service_day,
    from progress
    group by account_number, title_id
),

dated as (
    select
        calendars.calendar,
        case calendars.calendar
            when 'local' then started.local_day
            when 'service' then started.service_day
            else started.utc_day
        end as day,
        case calendars.calendar
            when 'local' then started.local_hour
            when 'service' then started.service_hour
            else started.utc_hour
        end as hour,
        started.account_number,
        started.title_id,
        started.show_id,
        started.show_number,
        started.profile_id,
        started.kind,
        started.device_type,
        started.profile_type,
        started.account_country,
        completions.completion_known,
        completions.coverage_estimated,
        case
            when not completions.completion_known then null
            when calendars.calendar = 'local' then completions.completed_local_day
            when calendars.calendar = 'service' then completions.completed_service_day
            else completions.completed_utc_day
        end as completed_day,
    from started
    inner join completions
        on started.account_number = completions.account_number
        and started.title_id = completions.title_id
    cross join reference.calendars as calendars
),

title_starts as (
    select
        dated.* exclude (account_number),
        stretches.account_id,
        stretches.account_plan,
    from dated
    inner join derived.numbered_stretches as stretches
        on dated.account_number = stretches.account_number
        and dated.day >= stretches.from_day
        and dated.day < stretches.to_day
)

select * from title_starts
