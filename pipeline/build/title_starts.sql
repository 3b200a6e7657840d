-- Grain: one account's first reaching two minutes of one film or episode, in one calendar.
-- Coverage is a profile's; an account has completed a title once one of its profiles has. Without intervals it is
-- estimated from the furthest position reached so far.
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
        coalesce(plays.furthest_position_ms, plays.distinct_ms) as reached_ms,
        sum(plays.watch_ms) over (
            partition by plays.calendar, plays.account_id, plays.title_id
            order by plays.started_at, plays.play_id
            rows unbounded preceding
        ) as watch_ms_to_date,
    from derived.play_days as plays
    inner join source.titles as titles
        on plays.title_id = titles.title_id
    where plays.kind in ('film', 'episode')
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
        max(runtime_ms) > 0 and count(reached_ms) > 0 as completion_known,
        min(day) filter (where reached_ms >= $completion_coverage * runtime_ms) as completed_day,
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
        coalesce(completions.completion_known, false) as coverage_estimated,
        case when completions.completion_known then completions.completed_day end as completed_day,
    from started
    inner join completions
        on started.calendar = completions.calendar
        and started.account_id = completions.account_id
        and started.title_id = completions.title_id
    where started.start_number = 1
)

select * from title_starts
