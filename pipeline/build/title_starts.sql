-- Grain: one account's first reaching two minutes of one film or episode, in one calendar.
-- Coverage is a profile's; an account has completed a title once one of its profiles has. It is distinct time to date
-- where every play so far tells it (an estimate over several plays, which may overlap), else the furthest position.
with progress as (
    select
        plays.calendar,
        plays.day,
        plays.account_id,
        plays.title_id,
        plays.profile_id,
        plays.kind,
        plays.device_type,
        plays.profile_type,
        plays.account_country,
        plays.account_plan,
        plays.started_at,
        plays.play_id,
        titles.runtime_ms,
        sum(plays.watch_ms) over (
            partition by plays.calendar, plays.account_id, plays.title_id
            order by plays.started_at, plays.play_id
            rows unbounded preceding
        ) as watch_ms_to_date,
        case
            when count(plays.distinct_ms) over profile_to_date = count(*) over profile_to_date
                then sum(plays.distinct_ms) over profile_to_date
            else max(plays.furthest_position_ms) over profile_to_date
        end as covered_ms,
        plays.distinct_ms is null or count(*) over profile_to_date > 1 as is_estimated,
    from derived.play_days as plays
    inner join source.titles as titles
        on plays.title_id = titles.title_id
    where plays.kind in ('film', 'episode')
    window profile_to_date as (
        partition by plays.calendar, plays.account_id, plays.title_id, plays.profile_id
        order by plays.started_at, plays.play_id
        rows unbounded preceding
    )
),

started as (
    select
        *,
        row_number() over (
            partition by calendar, account_id, title_id
            order by started_at, play_id
        ) as start_number,
    from progress
    where watch_ms_to_date >= $start_min_watch_ms
),

completions as (
    select
        calendar,
        account_id,
        title_id,
        max(runtime_ms) > 0 and count(covered_ms) > 0 as completion_known,
        bool_or(is_estimated) as coverage_estimated,
        min(day) filter (where covered_ms >= $completion_coverage * runtime_ms) as completed_day,
    from progress
    group by calendar, account_id, title_id
),

title_starts as (
    select
        started.calendar,
        started.day,
        started.account_id,
        started.title_id,
        started.profile_id,
        started.kind,
        started.device_type,
        started.profile_type,
        started.account_country,
        started.account_plan,
        coalesce(completions.completion_known, false) as completion_known,
        completions.coverage_estimated,
        case when completions.completion_known then completions.completed_day end as completed_day,
    from started
    inner join completions
        on started.calendar = completions.calendar
        and started.account_id = completions.account_id
        and started.title_id = completions.title_id
    where started.start_number = 1
)

select * from title_starts
