-- Grain: one account's first reaching two minutes of one film or episode, in one calendar.
-- Coverage is a profile's; an account has completed a title once one of its profiles has. It is distinct time to date
-- where every play so far tells it (an estimate over several plays, which may overlap), else the furthest position.
-- The plays are followed once, with their days in all calendars.
with progress as (
    select
        plays.account_id,
        plays.title_id,
        plays.profile_id,
        plays.kind,
        plays.device_type,
        plays.profile_type,
        plays.account_country,
        plays.started_at,
        plays.play_id,
        plays.local_day,
        plays.utc_day,
        plays.service_day,
        titles.runtime_ms,
        sum(plays.watch_ms) over (
            partition by plays.account_id, plays.title_id
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
    inner join source.titles as titles
        on plays.title_id = titles.title_id
    where plays.kind in ('film', 'episode')
    window profile_to_date as (
        partition by plays.account_id, plays.title_id, plays.profile_id
        order by plays.started_at, plays.play_id
        rows unbounded preceding
    )
),

started as (
    select
        *,
        row_number() over (
            partition by account_id, title_id
            order by started_at, play_id
        ) as start_number,
    from progress
    where watch_ms_to_date >= $start_min_watch_ms
),

completions as (
    select
        account_id,
        title_id,
        coalesce(max(runtime_ms) > 0 and count(covered_ms) > 0, false) as completion_known,
        bool_or(is_estimated) as coverage_estimated,
        min(local_day) filter (where covered_ms >= $completion_coverage * runtime_ms) as completed_local_day,
        min(utc_day) filter (where covered_ms >= $completion_coverage * runtime_ms) as completed_utc_day,
        min(service_day) filter (where covered_ms >= $completion_coverage * runtime_ms) as completed_service_day,
    from progress
    group by account_id, title_id
),

dated as (
    select
        calendars.calendar,
        case calendars.calendar
            when 'local' then started.local_day
            when 'service' then started.service_day
            else started.utc_day
        end as day,
        started.account_id,
        started.title_id,
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
        on started.account_id = completions.account_id
        and started.title_id = completions.title_id
    cross join reference.calendars as calendars
    where started.start_number = 1
),

title_starts as (
    select
        dated.*,
        plan_periods.account_plan,
    from dated
    left join published.plan_periods as plan_periods
        on dated.account_id = plan_periods.account_id
        and dated.day >= plan_periods.from_day
        and dated.day < plan_periods.to_day
)

select * from title_starts
