-- Grain: one episode of a season, by season and number, of the accounts that began the season in the range.
-- Answers: how far do they get by the range's end, and from which episode on do they stay? An account began an episode
-- when it first reached two minutes, finished it when 90 % was covered, and went on when it began the next.
with seasons as (
    select
        account_id,
        show_id,
        season_number,
        completion_known,
        coalesce(completed_day < $end_day, false) as is_finished,
    from filtered_title_progress($calendar, $days_range, $filters_but_plays)
    where kind = 'episode'
),

episodes as (
    select
        title_id,
        show_id,
        season_number,
        episode_number,
        name,
        lead(title_id) over (
            partition by show_id, season_number
            order by episode_number asc, title_id asc
        ) as next_title_id,
    from titles
    where
        kind = 'episode'
        and episode_number is not null
        and is_show_chosen(titles, $filters_but_plays)
),

starts as (
    select
        title_starts.account_id,
        cast(title_starts.title_id as varchar) as title_id,
        coalesce(title_starts.completed_day < $end_day, false) as is_finished,
    from cubes.title_starts as title_starts
    where
        title_starts.calendar = $calendar
        and title_starts.kind = 'episode'
        and title_starts.day < $end_day
        and is_show_chosen(title_starts, $filters_but_plays)
),

followed as (
    select
        episodes.* exclude (next_title_id),
        seasons.account_id,
        seasons.is_finished as is_season_finished,
        seasons.completion_known,
        starts.is_finished,
        episodes.next_title_id is not null as has_next,
        next_starts.account_id is not null as went_on,
    from episodes
    inner join seasons
        on episodes.show_id = seasons.show_id
        and episodes.season_number is not distinct from seasons.season_number
    inner join starts
        on episodes.title_id = starts.title_id
        and seasons.account_id = starts.account_id
    left join starts as next_starts
        on episodes.next_title_id = next_starts.title_id
        and seasons.account_id = next_starts.account_id
)

select
    show_id,
    season_number,
    episode_number,
    title_id,
    name,
    count(*) as episode_starters,
    count(*) filter (where completion_known) as known_starters,
    count(*) filter (where is_finished and completion_known) as episode_finishers,
    case when bool_or(has_next) then count(*) filter (where went_on) end as went_on_accounts,
    case when bool_or(has_next) then count(*) filter (where went_on) / cast(count(*) as double) end as went_on_share,
    count(*) filter (where is_season_finished and completion_known)
    / cast(nullif(count(*) filter (where completion_known), 0) as double) as season_finish_share,
    count(*) as accounts,
from followed
group by show_id, season_number, episode_number, title_id, name
order by show_id asc, season_number asc nulls last, episode_number asc, title_id asc
