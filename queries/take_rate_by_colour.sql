-- Grain: one colour of covers.
-- Answers: which colours of covers are taken, and watched? Of the covers on screen for a second or more, by UTC days,
-- those that a play followed (metrics.md); and the watch time of films and series by the colour of the cover that they
-- are shown by. Limits are of 95 %, by how much films and series of a colour differ: Student's t.
with shown as (
    select
        show_id,
        artwork_id,
        sum(impressions) as impressions,
        sum(taken_impressions) as taken_impressions,
    from
        filtered_covers(
            $hours_range,
            $split_by,
            {
                'titles': $titles,
                'kinds': $kinds,
                'devices': $devices,
                'countries': $countries,
                'profile_types': $profile_types,
                'plans': $plans
            }
        )
    group by all
),

shown_titles as (
    select
        covers.colour_family,
        shown.show_id,
        cast(sum(shown.impressions) as double) as impressions,
        cast(sum(shown.taken_impressions) as double) as taken_impressions,
    from shown
    inner join covers_with_colours() as covers
        on shown.artwork_id = covers.artwork_id
    group by all
),

taken as (
    select
        colour_family,
        count(*) as titles_shown,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(taken_impressions) as bigint) as taken_impressions,
        sum(taken_impressions) / sum(impressions) as take_rate,
        sqrt(
            greatest(
                0,
                sum(taken_impressions * taken_impressions)
                - 2 * take_rate * sum(taken_impressions * impressions)
                + take_rate * take_rate * sum(impressions * impressions)
            )
            * count(*)
            / nullif(count(*) - 1, 0)
        )
        / sum(impressions) as take_rate_error,
    from shown_titles
    group by colour_family
),

watched_titles as (
    select
        shows.colour_family,
        filtered_shows.show_id,
        sum(filtered_shows.watch_ms) / 3600000.0 as watch_hours,
    from filtered_shows($calendar, $hours_range, $split_by, $filters) as filtered_shows
    inner join shows_with_colours() as shows
        on filtered_shows.show_id = shows.show_id
    group by all
),

watched as (
    select
        colour_family,
        count(*) as titles_watched,
        sum(watch_hours) as watch_hours,
        avg(watch_hours) as hours_per_title,
        stddev_samp(watch_hours) / sqrt(count(*)) as hours_error,
        sum(watch_hours) / nullif(sum(sum(watch_hours)) over (), 0) as watch_share,
    from watched_titles
    group by colour_family
),

accounts_by_colour as (
    select
        covers.colour_family,
        max(accounts_by_cover.accounts) as accounts,
    from
        counted_accounts_by_cover(
            $hours_range,
            {
                'titles': $titles,
                'kinds': $kinds,
                'devices': $devices,
                'countries': $countries,
                'profile_types': $profile_types,
                'plans': $plans
            }
        ) as accounts_by_cover
    inner join covers_with_colours() as covers
        on accounts_by_cover.artwork_id = covers.artwork_id
    group by all
),

take_rate_by_colour as (
    select
        coalesce(taken.colour_family, watched.colour_family) as colour_family,
        taken.titles_shown,
        taken.impressions,
        taken.taken_impressions,
        taken.take_rate,
        greatest(0, taken.take_rate - t_975(taken.titles_shown - 1) * taken.take_rate_error) as take_rate_low,
        least(1, taken.take_rate + t_975(taken.titles_shown - 1) * taken.take_rate_error) as take_rate_high,
        watched.titles_watched,
        watched.watch_hours,
        watched.watch_share,
        watched.hours_per_title,
        greatest(
            0, watched.hours_per_title - t_975(watched.titles_watched - 1) * watched.hours_error
        ) as hours_per_title_low,
        watched.hours_per_title + t_975(watched.titles_watched - 1) * watched.hours_error as hours_per_title_high,
        accounts_by_colour.accounts,
    from taken
    full join watched
        on taken.colour_family = watched.colour_family
    left join accounts_by_colour
        on coalesce(taken.colour_family, watched.colour_family) = accounts_by_colour.colour_family
)

select * from take_rate_by_colour
order by colour_family asc
