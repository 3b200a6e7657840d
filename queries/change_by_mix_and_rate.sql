-- Grain: one group of $moved_by, and for a total (watch time) one row more, of the kind "volume".
-- Answers: why did $moved_measure change against the comparison period? Every group has a share of a base (plays of
-- watch time, titles begun of completion, watch time of the others) and a rate (the measure per unit of its base).
-- The mix effect follows from the groups' shares having shifted, the rate effect from their rates having changed, the
-- volume from there being more or less of the base. What each holds still is the mean of both periods (Marshall and
-- Edgeworth), so that the effects of all rows add up to the change exactly.
with parts as (
    select
        group_of(cells, $moved_by) as group_id,
        cells.day >= $start_day as is_current,
        sum(
            case $moved_measure
                when 'recommendation_share' then cells.recommended_watch_ms
                when 'rebuffer_ratio' then cells.rebuffer_ms
                else cells.watch_ms / 3600000.0
            end
        ) as amount,
        sum(
            case $moved_measure
                when 'recommendation_share' then cells.known_origin_watch_ms
                when 'rebuffer_ratio' then cells.rebuffer_ms + cells.rebuffer_known_watch_ms
                else cells.plays
            end
        ) as base,
    from filtered_viewing($calendar, $total_range, $moved_split, $filters_but_plays) as cells
    where $moved_measure <> 'completion_rate'
    group by all
    union all
    select
        group_of(cells, $moved_by) as group_id,
        cells.day >= $start_day as is_current,
        sum(cells.started_titles) filter (
            where cells.completed_day < case when cells.day >= $start_day then $end_day else $compare_end_day end
        ) as amount,
        sum(cells.started_titles) as base,
    from filtered_starts($calendar, $total_range, $moved_split, $filters_but_plays) as cells
    where $moved_measure = 'completion_rate'
    group by all
),

groups as (
    select
        group_id,
        coalesce(sum(amount) filter (where is_current), 0) as amount,
        coalesce(sum(amount) filter (where not is_current), 0) as compare_amount,
        cast(coalesce(sum(base) filter (where is_current), 0) as double) as base,
        cast(coalesce(sum(base) filter (where not is_current), 0) as double) as compare_base,
    from parts
    where $compare_start_day is not null
    group by group_id
    having sum(base) > 0
),

-- A group that is in one period alone keeps its rate in the other, where its share is none: all of it is mix.
shares as (
    select
        group_id,
        base / nullif(sum(base) over (), 0) as base_share,
        compare_base / nullif(sum(compare_base) over (), 0) as compare_base_share,
        coalesce(amount / nullif(base, 0), compare_amount / nullif(compare_base, 0)) as rate,
        coalesce(compare_amount / nullif(compare_base, 0), amount / nullif(base, 0)) as compare_rate,
        sum(base) over () as total_base,
        sum(compare_base) over () as compare_total_base,
        sum(amount) over () / nullif(sum(base) over (), 0) as total_rate,
        sum(compare_amount) over () / nullif(sum(compare_base) over (), 0) as compare_total_rate,
    from groups
),

-- A rate needs no volume: its base counts as one in both periods.
scaled as (
    select
        *,
        case when $moved_measure = 'watch_hours' then (total_base + compare_total_base) / 2 else 1 end as scale,
        (total_rate + compare_total_rate) / 2 as mean_rate,
    from shares
    -- Nothing can be told of a change from nothing, or to nothing.
    where
        total_base > 0
        and compare_total_base > 0
),

effects as (
    select
        $moved_by as group_kind,
        group_id,
        group_id as group_name,
        base_share,
        compare_base_share,
        rate as group_value,
        compare_rate as compare_group_value,
        scale * (base_share - compare_base_share) * ((rate + compare_rate) / 2 - mean_rate) as mix_effect,
        scale * (base_share + compare_base_share) / 2 * (rate - compare_rate) as rate_effect,
    from scaled
),

volume as (
    select
        'volume' as group_kind,
        'volume' as group_id,
        'volume' as group_name,
        any_value((total_base - compare_total_base) * mean_rate) as effect,
    from scaled
    where $moved_measure = 'watch_hours'
    having count(*) > 0
),

change_by_mix_and_rate as (
    select
        *,
        mix_effect + rate_effect as effect,
    from effects
    union all by name
    select * from volume
)

select
    change_by_mix_and_rate.*,
    accounts_by_group.accounts,
from change_by_mix_and_rate
left join
    counted_accounts_by_group(
        $calendar, $start_day, $end_day, $compare_start_day, $compare_end_day, $filters_but_plays
    ) as accounts_by_group
    on change_by_mix_and_rate.group_kind = accounts_by_group.group_kind
    and change_by_mix_and_rate.group_id = accounts_by_group.group_id
order by
    change_by_mix_and_rate.group_kind = 'volume' desc,
    abs(change_by_mix_and_rate.effect) desc,
    change_by_mix_and_rate.group_id asc
