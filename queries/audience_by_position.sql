-- Grain: one ten seconds of the title, from from_s up to to_s; none where player events tell no play of it.
-- Answers: how often was each part of a title played, for each play (audience_curve), how often was it played again,
-- passed over by seeking forward, paused or stalled in, and how many left there, of those who had come so far
-- (exit_hazard)? How many got beyond its beginning (reached_share)? What does a quarter and what do three quarters of
-- titles of the same kind and similar length (runtimes within four fifths and five fourths) stay below there?
-- Intervals are of 95 %. What stands out is at least twice the title's own average, by intervals that hold for all tens
-- of seconds at once; before 90 % of the runtime, where leaving is no longer a loss.
with title as (
    select
        titles.title_id,
        titles.kind,
        titles.runtime_ms,
    from cubes.titles as titles
    where
        titles.title_id = $of_title
        and chosen(titles.kind, struct_extract($filters, 'kinds'))
),

moments as (
    select
        end_s // 10 as moment,
        sum(plays) as plays,
        sum(followed_plays) as followed_plays,
        sum(played_change) as played_change,
        sum(played_change_ms) as played_change_ms,
        sum(replayed_change) as replayed_change,
        sum(replayed_change_ms) as replayed_change_ms,
        sum(skipped_change) as skipped_change,
        sum(skipped_change_ms) as skipped_change_ms,
        sum(pauses) as pauses,
        sum(paused_ms) as paused_ms,
        sum(stalls) as stalls,
        sum(stalled_ms) as stalled_ms,
        sum(exits) as exits,
        sum(present_exits) as present_exits,
        sum(furthest_plays) as furthest_plays,
    from moments_of_title($of_title, $calendar, $hours_range, $filters)
    group by moment
),

totals as (
    select
        title.kind,
        title.runtime_ms,
        coalesce(title.runtime_ms, max(moments.moment) * 10000) as length_ms,
        cast(sum(moments.plays) as bigint) as plays,
        cast(sum(moments.followed_plays) as bigint) as followed_plays,
    from moments
    cross join title
    group by title.kind, title.runtime_ms
    having sum(moments.followed_plays) > 0
),

parts as (
    select unnest(range(1 + (length_ms + 9999) // 10000)) as moment
    from totals
),

-- What is running where ten seconds end.
followed as (
    select
        parts.moment,
        moments.* exclude (moment),
        sum(moments.played_change) over to_date as played_at_end,
        sum(moments.replayed_change) over to_date as replayed_at_end,
        sum(moments.skipped_change) over to_date as skipped_at_end,
        sum(moments.furthest_plays) over to_date as plays_to_date,
    from parts
    left join moments
        on parts.moment = moments.moment
    window to_date as (order by parts.moment)
),

measured as (
    select
        (followed.moment - 1) * 10 as from_s,
        least(followed.moment * 10.0, totals.length_ms / 1000.0) as to_s,
        totals.plays,
        totals.followed_plays,
        totals.length_ms,
        cast(least(10000, totals.length_ms - (followed.moment - 1) * 10000) as double) as length_of_part_ms,
        coalesce(followed.played_at_end * 10000 + coalesce(followed.played_change_ms, 0), 0)
        / length_of_part_ms as playing,
        coalesce(followed.replayed_at_end * 10000 + coalesce(followed.replayed_change_ms, 0), 0)
        / length_of_part_ms as replays,
        coalesce(followed.skipped_at_end * 10000 + coalesce(followed.skipped_change_ms, 0), 0)
        / length_of_part_ms as skips,
        coalesce(followed.pauses, 0) as pauses,
        coalesce(followed.paused_ms, 0) / 1000.0 as paused_s,
        coalesce(followed.stalls, 0) as stalls,
        coalesce(followed.stalled_ms, 0) / 1000.0 as stalled_s,
        coalesce(followed.exits, 0) as exits,
        coalesce(followed.present_exits, 0) as present_exits,
        coalesce(followed.played_at_end - coalesce(followed.played_change, 0), 0) as present_plays,
        totals.followed_plays - coalesce(followed.plays_to_date - coalesce(followed.furthest_plays, 0), 0)
            as reached_plays,
        totals.runtime_ms is null or followed.moment * 10000 <= 0.9 * totals.runtime_ms as is_before_end,
    from followed
    cross join totals
    where followed.moment > 0
),

-- What is usual in this title, in the mean over its ten seconds, and how far off chance takes any of them.
usual as (
    select
        sum(replays) / nullif(sum(playing), 0) as replay_rate,
        sum(skips) / sum(followed_plays) as skip_rate,
        sum(pauses) / nullif(sum(playing), 0) as pause_rate,
        sum(stalls) / nullif(sum(playing), 0) as stall_rate,
        sum(present_exits) filter (where is_before_end)
        / nullif(sum(present_plays) filter (where is_before_end), 0) as exit_rate,
        normal_beyond(0.025 / count(*)) as z,
    from measured
),

rated as (
    select
        measured.*,
        measured.playing / measured.followed_plays as played_share,
        measured.reached_plays / cast(measured.followed_plays as double) as reached_share,
        measured.present_exits / cast(nullif(measured.present_plays, 0) as double) as exit_hazard,
        usual.* exclude (z),
        poisson_low(measured.replays, usual.z) / nullif(measured.playing, 0) as sure_replays,
        poisson_low(measured.skips, usual.z) / measured.followed_plays as sure_skips,
        poisson_low(measured.pauses, usual.z) / nullif(measured.playing, 0) as sure_pauses,
        poisson_low(measured.stalls, usual.z) / nullif(measured.playing, 0) as sure_stalls,
        poisson_low(measured.present_exits, usual.z) / nullif(measured.present_plays, 0) as sure_exits,
    from measured
    cross join usual
),

others as (
    select
        title_curves.percent,
        count(*) as similar_titles,
        quantile_cont(
            title_curves.played_ms * 100.0 / (title_curves.followed_plays * titles.runtime_ms), [0.25, 0.75]
        ) as quartiles,
    from cubes.title_curves as title_curves
    inner join cubes.titles as titles
        on title_curves.title_id = titles.title_id
    inner join totals
        on titles.kind = totals.kind
        and titles.runtime_ms >= totals.runtime_ms * 4 // 5
        and titles.runtime_ms <= totals.runtime_ms * 5 // 4
    where title_curves.title_id <> $of_title
    group by title_curves.percent
    -- Of fewer, a quarter is one.
    having count(*) >= 5
),

audience_by_position as (
    select
        rated.from_s,
        rated.to_s,
        rated.played_share + rated.replays / rated.followed_plays as audience_curve,
        wilson_low(rated.played_share, rated.followed_plays, 1.959964)
        + coalesce(poisson_low(rated.replays, 1.959964), 0) / rated.followed_plays as audience_low,
        wilson_high(rated.played_share, rated.followed_plays, 1.959964)
        + poisson_high(rated.replays, 1.959964) / rated.followed_plays as audience_high,
        others.quartiles[1] as similar_low,
        others.quartiles[2] as similar_high,
        others.similar_titles,
        rated.playing,
        rated.replays,
        rated.skips,
        rated.pauses,
        rated.paused_s,
        rated.stalls,
        rated.stalled_s,
        rated.exits,
        rated.present_exits,
        rated.present_plays,
        rated.exit_hazard,
        wilson_low(rated.exit_hazard, rated.present_plays, 1.959964) as exit_hazard_low,
        wilson_high(rated.exit_hazard, rated.present_plays, 1.959964) as exit_hazard_high,
        rated.reached_share,
        wilson_low(rated.reached_share, rated.followed_plays, 1.959964) as reached_low,
        wilson_high(rated.reached_share, rated.followed_plays, 1.959964) as reached_high,
        rated.followed_plays,
        rated.plays,
        rated.sure_replays,
        rated.sure_skips,
        rated.sure_pauses,
        rated.sure_stalls,
        rated.sure_exits,
        coalesce(rated.sure_replays > 2 * rated.replay_rate, false) as replays_stand_out,
        coalesce(rated.sure_skips > 2 * rated.skip_rate, false) as skips_stand_out,
        coalesce(rated.sure_pauses > 2 * rated.pause_rate, false) as pauses_stand_out,
        coalesce(rated.sure_stalls > 2 * rated.stall_rate, false) as stalls_stand_out,
        coalesce(rated.is_before_end and rated.sure_exits > 2 * rated.exit_rate, false) as exits_stand_out,
        accounts.accounts,
    from rated
    left join others
        on least(99, cast(floor((rated.from_s + rated.to_s) * 50000 / rated.length_ms) as bigint)) = others.percent
    cross join accounts_of_title($of_title, $calendar, $start_day, $end_day, $filters) as accounts
)

select * from audience_by_position
order by from_s
