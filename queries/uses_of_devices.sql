-- Grain: one device type that was watched on in the range.
-- Answers: what is each device used for? Films' share is of the watch time of films and episodes, children's of that
-- of profiles of known sort; the top genre is that with most watch time, of several of a title each; half the sessions
-- are over when half_over_hours have passed, which is null where that lies in the last step.
with shows_watched as (
    select
        known(device_type) as device_type,
        show_id,
        kind,
        profile_type,
        sum(watch_ms) as watch_ms,
    from filtered_shows($calendar, $hours_range, $device_split, $filters)
    group by all
),

watched as (
    select
        device_type,
        sum(watch_ms) as watch_ms,
        sum(watch_ms) filter (where kind = 'film') as film_ms,
        sum(watch_ms) filter (where kind in ('film', 'episode')) as told_ms,
        sum(watch_ms) filter (where profile_type = 'kids') as kids_ms,
        sum(watch_ms) filter (where profile_type is not null) as profiled_ms,
    from shows_watched
    group by device_type
),

genre_shows as (
    select
        show_id,
        unnest(string_split(genres, '; ')) as tag,
    from cubes.shows
),

genres as (
    select
        shows_watched.device_type,
        genre_shows.tag,
        sum(shows_watched.watch_ms) as watch_ms,
    from shows_watched
    inner join genre_shows
        on shows_watched.show_id = genre_shows.show_id
    group by all
),

top_genres as (
    select
        device_type,
        arg_max(tag, {'watch_ms': watch_ms, 'tag': tag}) as top_genre,
        max(watch_ms) as watch_ms,
    from genres
    group by device_type
),

starts as (
    select
        known(device_type) as device_type,
        sum(started_titles) as started_titles,
        sum(started_titles) filter (where completed_day < $end_day) as completed_titles,
    from filtered_starts($calendar, $hours_range, $device_split, $filters_but_plays)
    group by all
),

sessions as (
    select
        known(device_type) as device_type,
        length_min,
        sum(visits) as visits,
        sum(length_ms) as length_ms,
    from filtered_visits($calendar, $hours_range, $device_hours_split, $filters_but_plays)
    group by all
),

counted as (
    select
        *,
        sum(visits) over (partition by device_type order by length_min) as visits_so_far,
        sum(visits) over (partition by device_type) as all_visits,
    from sessions
),

lengths as (
    select
        device_type,
        sum(visits) as visits,
        sum(length_ms) as length_ms,
        min(length_min + 5) filter (where length_min < 180 and visits_so_far * 2 >= all_visits) as half_over_min,
    from counted
    group by device_type
),

uses_of_devices as (
    select
        watched.device_type,
        watched.watch_ms / 3600000.0 as watch_hours,
        coalesce(watched.film_ms, 0) / cast(nullif(watched.told_ms, 0) as double) as film_share,
        case
            when coalesce(accounts_by_group.accounts >= $min_accounts, true) then top_genres.top_genre
        end as top_genre,
        top_genres.watch_ms / cast(nullif(watched.watch_ms, 0) as double) as top_genre_share,
        lengths.length_ms / 3600000.0 / nullif(lengths.visits, 0) as mean_session_hours,
        lengths.half_over_min / 60.0 as half_over_hours,
        coalesce(starts.completed_titles, 0) / cast(nullif(starts.started_titles, 0) as double) as completion_rate,
        coalesce(watched.kids_ms, 0) / cast(nullif(watched.profiled_ms, 0) as double) as kids_share,
        accounts_by_group.accounts,
        coalesce(accounts_by_group.accounts < $min_accounts, false) as is_hidden,
    from watched
    left join top_genres
        on watched.device_type = top_genres.device_type
    left join starts
        on watched.device_type = starts.device_type
    left join lengths
        on watched.device_type = lengths.device_type
    left join
        counted_accounts_by_group(
            $calendar, $start_day, $end_day, cast(null as date), cast(null as date), $filters
        ) as accounts_by_group
        on
        accounts_by_group.group_kind = 'device'
        and watched.device_type = accounts_by_group.group_id
)

select * exclude (is_hidden) from uses_of_devices
order by
    is_hidden asc,
    case when not is_hidden then watch_hours end desc,
    device_type asc
