-- Grain: one place where viewers find titles, of the plays begun in the range; "unknown" where the source does not say.
-- Answers: how did viewers come to what they played?
with plays_by_origin as (
    select
        known(origin) as origin,
        cast(sum(plays) as bigint) as plays,
        sum(watch_ms) / 3600000.0 as watch_hours,
    from filtered_origins($calendar, $hours_range, $filters)
    group by known(origin)
)

select
    plays_by_origin.origin,
    upper(plays_by_origin.origin[1]) || replace(plays_by_origin.origin[2:], '_', ' ') as origin_name,
    plays_by_origin.plays,
    plays_by_origin.plays / cast(sum(plays_by_origin.plays) over () as double) as play_share,
    plays_by_origin.watch_hours,
    accounts_by_origin.accounts,
from plays_by_origin
left join counted_accounts_by_origin($calendar, $start_day, $end_day, $filters) as accounts_by_origin
    on plays_by_origin.origin = accounts_by_origin.origin
order by plays_by_origin.plays desc, plays_by_origin.origin asc
