-- Grain: one place where viewers find titles, of the plays begun in the range; "unknown" where the source does not say.
-- Answers: how did viewers come to what they played?
with plays_by_origin as (
    select
        coalesce(origin, 'unknown') as origin,
        count(*) as plays,
        sum(watch_ms) / 3600000.0 as watch_hours,
        counted_accounts(account_id) as accounts,
    from filtered_plays($calendar, $start_day, $end_day, $filters)
    group by coalesce(origin, 'unknown')
)

select
    origin,
    upper(origin[1]) || replace(origin[2:], '_', ' ') as origin_name,
    plays,
    plays / cast(sum(plays) over () as double) as play_share,
    watch_hours,
    accounts,
from plays_by_origin
order by plays desc, origin asc
