-- Grain: one percent of the runtime of one film or episode with $curve_min_plays followed plays or more, over all the
-- data: how long it was played.
with moments as (
    select
        title_id,
        part,
        coalesce(sum(marks) filter (where mark = 'exited'), 0) as followed_plays,
        sum(marks) filter (where mark <> 'exited') as change,
        coalesce(sum(offset_ms), 0) as change_ms,
    from published.title_moments
    where
        period = 'month'
        and parts = 'percent'
        and mark in ('played', 'replayed', 'exited')
    group by title_id, part
),

totals as (
    select
        moments.title_id,
        titles.runtime_ms,
        cast(sum(moments.followed_plays) as bigint) as followed_plays,
    from moments
    inner join source.titles as titles
        on moments.title_id = titles.title_id
    where titles.kind in ('film', 'episode')
    group by moments.title_id, titles.runtime_ms
    having sum(moments.followed_plays) >= $curve_min_plays
),

parts as (
    select unnest(range(101)) as part
),

-- How often a part is played at once where it ends, and what is more or less of it before.
running as (
    select
        totals.title_id,
        totals.followed_plays,
        parts.part,
        totals.runtime_ms * parts.part // 100 - totals.runtime_ms * (parts.part - 1) // 100 as length_ms,
        cast(coalesce(sum(moments.change) over to_date, 0) as bigint) as times,
        coalesce(moments.change_ms, 0) as change_ms,
    from totals
    cross join parts
    left join moments
        on totals.title_id = moments.title_id
        and parts.part = moments.part
    window to_date as (partition by totals.title_id order by parts.part)
),

title_curves as (
    select
        title_id,
        part - 1 as percent,
        followed_plays,
        cast(times * length_ms + change_ms as bigint) as played_ms,
    from running
    where part > 0
)

select * from title_curves
