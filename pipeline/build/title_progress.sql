-- Grain: one account's way through one film or one season, from its first reaching two minutes of the film or of an
-- episode, in one calendar. Each step is dated no earlier than the one before. Episodes without a season's number are
-- one season of their series.
with season_titles as (
    select
        cast(title_id as reference.title_id) as title_id,
        kind,
        cast(show_id as reference.show_id) as show_id,
        show_number,
        season_number,
        runtime_ms,
        released_on,
        dense_rank() over (order by case kind when 'film' then title_id end, show_id, season_number) as season,
    from published.titles
    where kind in ('film', 'episode')
),

seasons as (
    select
        season,
        max(show_id) as show_id,
        max(show_number) as show_number,
        case max(kind) when 'episode' then max(season_number) end as season_number,
        min(released_on) as released_on,
        count(*) as titles,
        coalesce(bool_and(runtime_ms > 0), false) and count(*) = count(runtime_ms) as has_runtimes,
    from season_titles
    group by season
),

-- The first start of each season; two at one moment are told apart by what they are of.
season_starts as (
    select
        season_titles.season,
        starts.account_number,
        starts.started_at,
        starts.local_at,
        starts.kind,
        starts.device_type,
        starts.profile_type,
        starts.account_country,
        row_number() over (
            partition by starts.account_number, season_titles.season
            order by starts.started_at, starts.title_id
        ) as start_number,
    from derived.starting_plays as starts
    inner join season_titles
        on starts.title_id = season_titles.title_id
),

-- One episode seen to nine tenths is a season watched; a film is, with seven.
season_progress as (
    select
        season_titles.season,
        progress.account_number,
        bool_and(progress.is_known) as is_known,
        bool_or(progress.is_estimated) as is_estimated,
        min(case season_titles.kind when 'film' then progress.watched_at else progress.completed_at end) as watched_at,
        min(
            case season_titles.kind when 'film' then progress.watched_local_at else progress.completed_local_at end
        ) as watched_local_at,
        count(progress.completed_at) as completed_titles,
        max(progress.completed_at) as completed_at,
        max(progress.completed_local_at) as completed_local_at,
        sum(progress.watch_ms_to_complete) as watch_ms_to_complete,
    from derived.account_progress as progress
    inner join season_titles
        on progress.title_id = season_titles.title_id
    group by season_titles.season, progress.account_number
),

followed as (
    select
        starts.* exclude (season, start_number),
        seasons.show_id,
        seasons.show_number,
        seasons.season_number,
        seasons.released_on,
        seasons.has_runtimes and progress.is_known as completion_known,
        progress.is_estimated as coverage_estimated,
        progress.watched_at,
        progress.watched_local_at,
        seasons.has_runtimes and progress.completed_titles = seasons.titles as is_completed,
        progress.completed_at,
        progress.completed_local_at,
        progress.watch_ms_to_complete,
    from season_starts as starts
    inner join seasons
        on starts.season = seasons.season
    inner join season_progress as progress
        on starts.season = progress.season
        and starts.account_number = progress.account_number
    where starts.start_number = 1
),

clocked as (
    select
        calendars.calendar,
        case calendars.calendar
            when 'local' then followed.local_at
            when 'service' then followed.started_at at time zone 'UTC' at time zone $service_zone
            else followed.started_at
        end as reached_at,
        case calendars.calendar
            when 'local' then followed.watched_local_at
            when 'service' then followed.watched_at at time zone 'UTC' at time zone $service_zone
            else followed.watched_at
        end as watched_at,
        case
            when not followed.is_completed then null
            when calendars.calendar = 'local' then followed.completed_local_at
            when calendars.calendar = 'service'
                then followed.completed_at at time zone 'UTC' at time zone $service_zone
            else followed.completed_at
        end as completed_at,
        followed.* exclude (
            started_at, local_at, watched_at, watched_local_at, completed_at, completed_local_at
        ),
    from followed
    cross join reference.calendars as calendars
),

dated as (
    select
        * exclude (reached_at, watched_at, completed_at, is_completed, watch_ms_to_complete),
        cast(reached_at as date) as day,
        hour(reached_at) as hour,
        case
            when watched_at is not null then greatest(cast(reached_at as date), cast(watched_at as date))
        end as watched_day,
        case
            when completed_at is not null
                then greatest(cast(reached_at as date), cast(watched_at as date), cast(completed_at as date))
        end as completed_day,
        case when completed_at is not null then cast(watch_ms_to_complete as bigint) end as watch_ms_to_complete,
    from clocked
),

title_progress as (
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

select * from title_progress
