-- Grain: one profile (where it is not known, one account) and one film or episode whose coverage is known, in one
-- calendar: whether coverage reached 70 %, or the title was abandoned, and how often it was left and returned to.
-- Abandoned is dated on the day on which it can be told: 30 days after the last play, if that day is complete.
with later_plays as (
    select
        plays.profile_number,
        plays.title_id,
        count(*) filter (
            where plays.is_return and plays.play_number <= coalesce(progress.completed_number, progress.plays)
        ) as returns,
        -- By time alone, as queries tell it of a play.
        count(*) filter (where plays.started_at > progress.completed_at) as rewatches,
    from derived.play_progress as plays
    inner join derived.profile_progress as progress
        on plays.profile_number = progress.profile_number
        and plays.title_id = progress.title_id
    where plays.play_number > 1
    group by plays.profile_number, plays.title_id
),

-- The play that tells: with which coverage reached 70 %, else the last.
telling_plays as (
    select
        plays.account_number,
        plays.profile_number,
        plays.title_id,
        plays.started_at,
        plays.local_at,
        plays.kind,
        plays.device_type,
        plays.profile_type,
        plays.account_country,
        progress.watched_number is not null as is_watched,
        progress.is_estimated as coverage_estimated,
        progress.covered_ms,
        progress.completed_at,
        progress.plays,
    from derived.play_progress as plays
    inner join derived.profile_progress as progress
        on plays.profile_number = progress.profile_number
        and plays.title_id = progress.title_id
        and plays.play_number = coalesce(progress.watched_number, progress.plays)
    where progress.is_known
),

clocked as (
    select
        calendars.calendar,
        complete_days.end_day,
        case calendars.calendar
            when 'local' then telling_plays.local_at
            when 'service' then telling_plays.started_at at time zone 'UTC' at time zone $service_zone
            else telling_plays.started_at
        end as told_at,
        telling_plays.* exclude (started_at, local_at),
    from telling_plays
    cross join reference.calendars as calendars
    left join reference.complete_days as complete_days
        on calendars.calendar = cast(complete_days.calendar as reference.calendar)
),

dated as (
    select
        * exclude (told_at, end_day),
        cast(told_at as date) as day,
        hour(told_at) as hour,
        case
            when is_watched then cast(told_at as date)
            when cast(told_at as date) + $abandoned_after_days < end_day
                then cast(told_at as date) + $abandoned_after_days
        end as settled_day,
    from clocked
),

profile_titles as (
    select
        dated.* exclude (account_number, profile_number, covered_ms),
        profiles.profile_id,
        least(dated.covered_ms, titles.runtime_ms) as covered_ms,
        cast(titles.show_id as reference.show_id) as show_id,
        titles.show_number,
        coalesce(later_plays.returns, 0) as returns,
        coalesce(later_plays.rewatches, 0) as rewatches,
        stretches.account_id,
        stretches.account_plan,
    from dated
    inner join published.titles as titles
        on dated.title_id = cast(titles.title_id as reference.title_id)
    left join later_plays
        on dated.profile_number = later_plays.profile_number
        and dated.title_id = later_plays.title_id
    inner join derived.profile_numbers as profiles
        on dated.profile_number = profiles.profile_number
    inner join derived.numbered_stretches as stretches
        on dated.account_number = stretches.account_number
        and dated.day >= stretches.from_day
        and dated.day < stretches.to_day
)

select * from profile_titles
