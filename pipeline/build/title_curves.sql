-- Grain: one percent of the runtime of one film or episode with $curve_min_plays followed plays or more, over all the
-- data: how long it was played. Within ten seconds (title_moments), playing is taken to lie evenly.
with moments as (
    select
        title_id,
        end_s * 1000 - $moment_ms as from_ms,
        cast(sum(followed_plays) as bigint) as followed_plays,
        cast(sum(played_change + replayed_change) as bigint) as change,
        cast(sum(played_change_ms + replayed_change_ms) as bigint) as change_ms,
    from published.title_moments
    group by title_id, end_s
),

totals as (
    select
        moments.title_id,
        titles.runtime_ms,
        cast(sum(moments.followed_plays) as bigint) as followed_plays,
    from moments
    inner join source.titles as titles
        on moments.title_id = titles.title_id
    where
        titles.kind in ('film', 'episode')
        and titles.runtime_ms > 0
    group by moments.title_id, titles.runtime_ms
    having sum(moments.followed_plays) >= $curve_min_plays
),

-- How many times each place is played at once stays the same from the end of ten seconds to the next that are told of.
running as (
    select
        moments.title_id,
        totals.runtime_ms,
        moments.from_ms,
        moments.change_ms,
        cast(sum(moments.change) over to_date as bigint) as times,
        lead(moments.from_ms, 1, moments.from_ms + $moment_ms) over to_date as next_from_ms,
    from moments
    inner join totals
        on moments.title_id = totals.title_id
    window to_date as (partition by moments.title_id order by moments.from_ms)
),

played as (
    select
        title_id,
        from_ms,
        from_ms + $moment_ms as to_ms,
        least(from_ms + $moment_ms, runtime_ms) - from_ms as length_ms,
        times,
        times * $moment_ms + change_ms as played_ms,
        cast(
            coalesce(
                sum(times * (next_from_ms - from_ms) + change_ms) over (
                    partition by title_id
                    order by from_ms
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ) as bigint
        ) as played_before_ms,
    from running
),

percents as (
    select unnest(range(101)) as percent
),

borders as (
    select
        totals.*,
        percents.percent,
        totals.runtime_ms * percents.percent // 100 as place_ms,
    from totals
    cross join percents
),

played_up_to as (
    select
        borders.title_id,
        borders.followed_plays,
        borders.percent,
        coalesce(
            played.played_before_ms
            + case
                when borders.place_ms <= played.to_ms
                    then played.played_ms * (borders.place_ms - played.from_ms) // played.length_ms
                else played.played_ms + played.times * (borders.place_ms - played.to_ms)
            end,
            0
        ) as played_ms,
    from borders
    asof left join played
        on borders.title_id = played.title_id
        and borders.place_ms >= played.from_ms
),

title_curves as (
    select
        title_id,
        percent,
        followed_plays,
        lead(played_ms) over (partition by title_id order by percent) - played_ms as played_ms,
    from played_up_to
    qualify percent < 100
)

select * from title_curves
