-- Grain: one film or series, the ten most watched.
-- Answers: which titles carry the viewing, and how has their rank changed? Episodes count for their series.
with shows_watched as (
    select
        show_id,
        sum(watch_ms) filter (where day >= $start_day) as watch_ms,
        sum(plays) filter (where day >= $start_day) as plays,
        sum(watch_ms) filter (where day < $start_day) as compare_watch_ms,
    from filtered_shows($calendar, $total_range, $split_by, $filters)
    group by show_id
),

watched as (
    select
        shows_watched.*,
        shows.show_name as name,
        shows.show_kind as kind,
    from shows_watched
    inner join shows
        on shows_watched.show_id = shows.show_id
),

-- Hidden titles come last, by name: a rank among the others would tell how much they were watched.
ranked as (
    select
        watched.show_id,
        watched.name,
        watched.kind,
        watched.watch_ms,
        watched.plays,
        watched.watch_ms / cast(nullif(sum(watched.watch_ms) over (), 0) as double) as watch_share,
        accounts_by_show.accounts,
        coalesce(accounts_by_show.accounts < $min_accounts, false) as is_hidden,
        row_number() over (
            order by
                coalesce(accounts_by_show.accounts < $min_accounts, false) asc,
                case when coalesce(accounts_by_show.accounts >= $min_accounts, true) then watched.watch_ms end desc,
                watched.name asc,
                watched.show_id asc
        ) as rank,
    from watched
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
    where watched.watch_ms is not null
),

ranked_before as (
    select
        show_id,
        compare_watch_ms,
        row_number() over (order by compare_watch_ms desc, name asc, show_id asc) as rank,
    from watched
    where compare_watch_ms is not null
),

watch_hours_by_title as (
    select
        case when not ranked.is_hidden then ranked.rank end as rank,
        case when not ranked.is_hidden then ranked_before.rank end as compare_rank,
        ranked.show_id,
        ranked.name,
        ranked.kind,
        ranked.watch_ms / 3600000.0 as watch_hours,
        case
            when $compare_start_day is not null then coalesce(ranked_before.compare_watch_ms, 0) / 3600000.0
        end as compare_watch_hours,
        ranked.watch_share,
        cast(ranked.plays as bigint) as plays,
        ranked.accounts,
    from ranked
    left join ranked_before
        on ranked.show_id = ranked_before.show_id
    where ranked.rank <= 10
)

select * from watch_hours_by_title
order by rank asc nulls last, name asc
