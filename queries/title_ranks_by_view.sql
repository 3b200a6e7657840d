-- Grain: one film or series that is among the ten most viewed under any of the four definitions of a view.
-- Answers: what would the ranking be if views were counted otherwise? By plays of two minutes, by coverage first
-- reaching 70 %, by hours divided by runtime, and by any start; views are those of the definition chosen ($view).
with watched as (
    select
        show_id,
        sum(watch_ms) as watch_ms,
        sum(plays) as plays,
        sum(views) as views,
    from filtered_shows($calendar, $total_range, $split_by, $filters)
    where day >= $start_day
    group by show_id
),

watches as (
    select
        show_id,
        count(*) as views,
    from filtered_watches($calendar, $days_range, $filters_but_plays)
    group by show_id
),

viewed as (
    select
        shows.show_id,
        shows.show_name as name,
        shows.show_kind as kind,
        watched.views as views_by_plays,
        coalesce(watches.views, case when shows.runtime_ms is not null then 0 end) as views_by_coverage,
        watched.watch_ms / cast(shows.runtime_ms as double) as views_by_hours,
        watched.plays as views_by_starts,
        accounts_by_show.accounts,
        coalesce(accounts_by_show.accounts < $min_accounts, false) as is_hidden,
    from watched
    inner join shows
        on watched.show_id = shows.show_id
    left join watches
        on watched.show_id = watches.show_id
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

-- Hidden titles are left out: their ranks would tell how much they were watched.
ranked as (
    select
        *,
        row_number() over (order by views_by_plays desc, name asc, show_id asc) as plays_rank,
        case
            when views_by_coverage is not null
                then row_number() over (order by views_by_coverage desc nulls last, name asc, show_id asc)
        end as coverage_rank,
        case
            when views_by_hours is not null
                then row_number() over (order by views_by_hours desc nulls last, name asc, show_id asc)
        end as hours_rank,
        row_number() over (order by views_by_starts desc, name asc, show_id asc) as starts_rank,
    from viewed
    where not is_hidden
),

title_ranks_by_view as (
    select
        show_id,
        name,
        kind,
        cast(
            case $view
                when 'plays' then views_by_plays
                when 'coverage' then views_by_coverage
                when 'hours' then views_by_hours
                else views_by_starts
            end as double
        ) as views,
        case $view
            when 'plays' then plays_rank
            when 'coverage' then coverage_rank
            when 'hours' then hours_rank
            else starts_rank
        end as rank,
        plays_rank,
        coverage_rank,
        hours_rank,
        starts_rank,
        greatest(plays_rank, coverage_rank, hours_rank, starts_rank)
        - least(plays_rank, coverage_rank, hours_rank, starts_rank) as rank_spread,
        cast(views_by_plays as bigint) as views_by_plays,
        views_by_coverage,
        views_by_hours,
        cast(views_by_starts as bigint) as views_by_starts,
        accounts,
    from ranked
    where least(plays_rank, coverage_rank, hours_rank, starts_rank) <= 10
)

select * from title_ranks_by_view
order by rank asc nulls last, name asc, show_id asc
