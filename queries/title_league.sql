-- Grain: one film or series watched in the range, by the measure chosen ($league_measure).
-- Answers: which titles earn their place, and how has their rank changed? Episodes count for their series. $view says
-- what counts as a view. What asks for single accounts is counted only where it is the measure. course_hours is the
-- watch time of each period of the range, in their order.
with watched as (
    select
        show_id,
        sum(watch_ms) filter (where day >= $start_day) as watch_ms,
        sum(plays) filter (where day >= $start_day) as plays,
        sum(views) filter (where day >= $start_day) as views,
        sum(watch_ms) filter (where day < $start_day) as compare_watch_ms,
        sum(plays) filter (where day < $start_day) as compare_plays,
        sum(views) filter (where day < $start_day) as compare_views,
    from filtered_shows($calendar, $total_range, $split_by, $filters)
    group by show_id
),

watches as (
    select
        show_id,
        count(*) filter (where day >= $start_day) as views,
        count(*) filter (where day < $start_day) as compare_views,
    from league_watches($calendar, $total_range, $filters_but_plays)
    group by show_id
),

starts as (
    select
        show_id,
        count(*) filter (where day >= $start_day) as started_titles,
        count(*) filter (where day >= $start_day and completed_day < $end_day) as completed_titles,
        count(*) filter (where day < $start_day) as compare_started_titles,
        count(*) filter (where day < $start_day and completed_day < $compare_end_day) as compare_completed_titles,
    from league_starts($calendar, $total_range, $filters_but_plays)
    group by show_id
),

accounts_of_shows as (
    from
        league_accounts(
            $calendar, $start_day, $end_day, $compare_start_day, $compare_end_day, $chosen_set, $filters
        )
),

-- Measures of the range, and of the one it is compared with where the title was watched then.
measured as (
    select
        shows.show_id,
        shows.show_name as name,
        shows.show_kind as kind,
        shows.original,
        shows.genres,
        shows.poster_hash,
        watched.watch_ms / 3600000.0 as watch_hours,
        watched.compare_watch_ms / 3600000.0 as compare_watch_hours,
        watched.plays,
        watched.compare_plays,
        case $view
            when 'plays' then watched.views
            when 'starts' then watched.plays
            when 'hours' then watched.watch_ms / cast(shows.runtime_ms as double)
            else coalesce(watches.views, case when shows.runtime_ms is not null then 0 end)
        end as views,
        case $view
            when 'plays' then watched.compare_views
            when 'starts' then watched.compare_plays
            when 'hours' then watched.compare_watch_ms / cast(shows.runtime_ms as double)
            else coalesce(watches.compare_views, case when shows.runtime_ms is not null then 0 end)
        end as compare_views,
        -- Who watches less than a minute is not active: of a title that nobody else watched there is no row.
        case
            when $league_measure in ('active_accounts', 'hours_per_account')
                then coalesce(accounts_of_shows.active_accounts, 0)
        end as active_accounts,
        case
            when $league_measure in ('active_accounts', 'hours_per_account')
                then coalesce(accounts_of_shows.compare_active_accounts, 0)
        end as compare_active_accounts,
        watched.watch_ms / 3600000.0 / nullif(accounts_of_shows.active_accounts, 0) as hours_per_account,
        watched.compare_watch_ms
        / 3600000.0
        / nullif(accounts_of_shows.compare_active_accounts, 0) as compare_hours_per_account,
        starts.completed_titles / cast(nullif(starts.started_titles, 0) as double) as completion_rate,
        starts.compare_completed_titles
        / cast(nullif(starts.compare_started_titles, 0) as double) as compare_completion_rate,
        watched.watch_ms is not null as is_watched,
        coalesce(accounts_by_show.accounts < $min_accounts, false) as is_hidden,
        accounts_by_show.accounts,
    from watched
    inner join shows
        on watched.show_id = shows.show_id
    left join watches
        on watched.show_id = watches.show_id
    left join starts
        on watched.show_id = starts.show_id
    left join accounts_of_shows
        on watched.show_id = accounts_of_shows.show_id
    left join
        counted_accounts_by_show(
            $calendar,
            $start_day,
            $end_day,
            $compare_start_day,
            $compare_end_day,
            $filters
        ) as accounts_by_show
        on watched.show_id = accounts_by_show.show_id
    where is_show_listed(shows, $genre, $original)
),

valued as (
    select
        *,
        case
            when is_hidden then null
            when $league_measure = 'watch_hours' then watch_hours
            when $league_measure = 'views' then views
            when $league_measure = 'plays' then plays
            when $league_measure = 'active_accounts' then active_accounts
            when $league_measure = 'hours_per_account' then hours_per_account
            else completion_rate
        end as ranked_by,
        case
            when is_hidden then null
            when $league_measure = 'watch_hours' then compare_watch_hours
            when $league_measure = 'views' then compare_views
            when $league_measure = 'plays' then compare_plays
            when $league_measure = 'active_accounts' then compare_active_accounts
            when $league_measure = 'hours_per_account' then compare_hours_per_account
            else compare_completion_rate
        end as compare_ranked_by,
    from measured
),

-- Hidden titles take no rank: one among the others would tell how much they were watched.
ranked as (
    select
        *,
        watch_hours / nullif(sum(watch_hours) over (), 0) as watch_share,
        row_number() over (order by ranked_by desc nulls last, name asc, show_id asc) as rank,
    from valued
    where is_watched
),

ranked_before as (
    select
        show_id,
        row_number() over (order by compare_ranked_by desc, name asc, show_id asc) as rank,
    from valued
    where
        compare_ranked_by is not null
        and compare_watch_hours is not null
),

shown as (
    select show_id
    from measured
    where
        is_watched
        and not is_hidden
),

viewing_by_period as (
    select
        show_id,
        period_of(day, $granularity) as period_start,
        sum(watch_ms) as watch_ms,
    from filtered_shows($calendar, $chart_range, $split_by, $filters)
    group by show_id, period_start
),

courses as (
    select
        shown.show_id,
        array_to_string(
            list(round(coalesce(viewing_by_period.watch_ms, 0) / 3600000.0, 3) order by periods.period_start asc), ' '
        ) as course_hours,
    from shown
    cross join periods_between($start_day, $end_day, $granularity) as periods
    left join viewing_by_period
        on shown.show_id = viewing_by_period.show_id
        and periods.period_start = viewing_by_period.period_start
    group by shown.show_id
),

title_league as (
    select
        case when ranked.ranked_by is not null then ranked.rank end as rank,
        ranked_before.rank as compare_rank,
        ranked.show_id,
        ranked.name,
        ranked.kind,
        ranked.genres,
        ranked.original,
        ranked.poster_hash,
        ranked.watch_hours,
        case
            when $compare_start_day is not null then coalesce(ranked.compare_watch_hours, 0)
        end as compare_watch_hours,
        ranked.watch_share,
        cast(ranked.plays as bigint) as plays,
        case
            when $compare_start_day is not null then cast(coalesce(ranked.compare_plays, 0) as bigint)
        end as compare_plays,
        cast(ranked.views as double) as views,
        case
            when $compare_start_day is not null and ranked.views is not null
                then cast(coalesce(ranked.compare_views, 0) as double)
        end as compare_views,
        ranked.active_accounts,
        case when $compare_start_day is not null then ranked.compare_active_accounts end as compare_active_accounts,
        ranked.hours_per_account,
        ranked.compare_hours_per_account,
        ranked.completion_rate,
        ranked.compare_completion_rate,
        courses.course_hours,
        ranked.accounts,
    from ranked
    left join ranked_before
        on ranked.show_id = ranked_before.show_id
    left join courses
        on ranked.show_id = courses.show_id
    where
        $find_title = ''
        or contains(strip_accents(lower(ranked.name)), strip_accents(lower($find_title)))
)

select * from title_league
order by rank asc nulls last, name asc, show_id asc
