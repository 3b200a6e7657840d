-- Grain: one part of the title, ten seconds or a percent of its runtime ($timeline_by), from from_s up to to_s; none
-- where player events tell no play of it, and no percent where the runtime is not known.
-- Answers: how often was each part of a title played, for each play (audience_curve), how often was it played again,
-- passed over by seeking forward, paused or stalled in, and how many left there, of those who had come so far
-- (exit_hazard)? How many got beyond its beginning (reached_share)? What does a quarter and what do three quarters of
-- titles of the same kind and similar length (runtimes within four fifths and five fourths) stay below there?
-- Intervals are of 95 %. What stands out is at least twice the title's own average, by intervals that hold for all
-- parts at once; before 90 % of the runtime, where leaving is no longer a loss.
with title as (
    select
        titles.kind,
        titles.runtime_ms,
    from cubes.titles as titles
    where
        titles.title_id = $of_title
        and chosen(titles.kind, struct_extract($filters, 'kinds'))
),

-- As doubles from here on, which whole numbers would be made in every formula.
added as (
    select
        part,
        mark,
        cast(sum(times * marks) as double) as marks,
        cast(sum(times * offset_ms) as double) as offset_ms,
        cast(sum(times * stopped_ms) as double) as stopped_ms,
        cast(sum(times * present_exits) as double) as present_exits,
    from moments_of_title($of_title, $calendar, $timeline_range, $timeline_by, $filters)
    group by part, mark
    -- What other days tell counts nought, and must not make a title of unknown length longer.
    having sum(times * marks) <> 0 or sum(times * offset_ms) <> 0
),

moments as (
    select
        part,
        sum(marks) filter (where mark in ('exited', 'untold')) as plays,
        sum(marks) filter (where mark = 'played') as played_change,
        sum(offset_ms) filter (where mark = 'played') as played_change_ms,
        sum(marks) filter (where mark = 'replayed') as replayed_change,
        sum(offset_ms) filter (where mark = 'replayed') as replayed_change_ms,
        sum(marks) filter (where mark = 'skipped') as skipped_change,
        sum(offset_ms) filter (where mark = 'skipped') as skipped_change_ms,
        sum(marks) filter (where mark = 'paused') as pauses,
        sum(stopped_ms) filter (where mark = 'paused') as paused_ms,
        sum(marks) filter (where mark = 'stalled') as stalls,
        sum(stopped_ms) filter (where mark = 'stalled') as stalled_ms,
        sum(marks) filter (where mark = 'exited') as exits,
        sum(present_exits) as present_exits,
        sum(marks) filter (where mark = 'furthest') as furthest_plays,
    from added
    group by part
),

counted as (
    select
        sum(plays) as plays,
        sum(exits) as followed_plays,
        max(part) as last_part,
    from moments
),

totals as (
    select
        title.kind,
        title.runtime_ms,
        coalesce(title.runtime_ms, counted.last_part * 10000) as length_ms,
        counted.plays,
        counted.followed_plays,
    from title
    cross join counted
    where counted.followed_plays > 0 and ($timeline_by <> 'percent' or title.runtime_ms > 0)
),

numbered as (
    select
        totals.*,
        unnest(
            range(1 + case $timeline_by when 'percent' then 100 else (totals.length_ms + 9999) // 10000 end)
        ) as part,
    from totals
),

parts as (
    select
        numbered.*,
        part_from_ms(part, $timeline_by, runtime_ms) as from_ms,
        least(part_from_ms(part + 1, $timeline_by, runtime_ms), length_ms) as to_ms,
    from numbered
),

-- What is running where a part ends.
followed as (
    select
        parts.plays as all_plays,
        parts.* exclude (plays),
        cast(parts.to_ms - parts.from_ms as double) as part_ms,
        moments.* exclude (part, plays),
        sum(moments.played_change) over to_date as played_at_end,
        sum(moments.replayed_change) over to_date as replayed_at_end,
        sum(moments.skipped_change) over to_date as skipped_at_end,
        sum(moments.furthest_plays) over to_date as plays_to_date,
    from parts
    left join moments
        on parts.part = moments.part
    window to_date as (order by parts.part)
),

-- Both what is usual and what stands out are made of these: inlined, they would be planned and worked out twice.
measured as materialized (
    select
        from_ms,
        to_ms,
        all_plays as plays,
        followed_plays,
        coalesce(played_at_end * part_ms + coalesce(played_change_ms, 0), 0) / part_ms as playing,
        coalesce(replayed_at_end * part_ms + coalesce(replayed_change_ms, 0), 0) / part_ms as replays,
        coalesce(skipped_at_end * part_ms + coalesce(skipped_change_ms, 0), 0) / part_ms as skips,
        coalesce(pauses, 0) as pauses,
        coalesce(paused_ms, 0) / 1000 as paused_s,
        coalesce(stalls, 0) as stalls,
        coalesce(stalled_ms, 0) / 1000 as stalled_s,
        coalesce(exits, 0) as exits,
        coalesce(present_exits, 0) as present_exits,
        coalesce(played_at_end - coalesce(played_change, 0), 0) as present_plays,
        followed_plays - coalesce(plays_to_date - coalesce(furthest_plays, 0), 0) as reached_plays,
        runtime_ms is null or to_ms <= 0.9 * runtime_ms as is_before_end,
        least(99, (from_ms + to_ms) * 50 // length_ms) as percent,
    from followed
    where part > 0
),

-- What is usual in this title, in the mean over its parts, and how far off chance takes any of them.
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
        measured.reached_plays / measured.followed_plays as reached_share,
        measured.present_exits / nullif(measured.present_plays, 0) as exit_hazard,
        usual.* exclude (z),
        nullif(measured.playing, 0) as playing_if_any,
        -- The lower limits of all five.
        list_transform(
            [measured.replays, measured.skips, measured.pauses, measured.stalls, measured.present_exits],
            lambda counted: poisson_low(counted, usual.z)
        ) as sure,
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
        rated.from_ms / 1000.0 as from_s,
        rated.to_ms / 1000.0 as to_s,
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
        cast(rated.followed_plays as bigint) as followed_plays,
        cast(rated.plays as bigint) as plays,
        rated.sure[1] / rated.playing_if_any as sure_replays,
        rated.sure[2] / rated.followed_plays as sure_skips,
        rated.sure[3] / rated.playing_if_any as sure_pauses,
        rated.sure[4] / rated.playing_if_any as sure_stalls,
        rated.sure[5] / nullif(rated.present_plays, 0) as sure_exits,
        coalesce(sure_replays > 2 * rated.replay_rate, false) as replays_stand_out,
        coalesce(sure_skips > 2 * rated.skip_rate, false) as skips_stand_out,
        coalesce(sure_pauses > 2 * rated.pause_rate, false) as pauses_stand_out,
        coalesce(sure_stalls > 2 * rated.stall_rate, false) as stalls_stand_out,
        coalesce(rated.is_before_end and sure_exits > 2 * rated.exit_rate, false) as exits_stand_out,
        accounts_of_title($of_title, $calendar, $start_day, $end_day, $filters) as accounts,
    from rated
    left join others
        on rated.percent = others.percent
)

select * from audience_by_position
order by from_s
