-- Grain: one length of sessions, in steps of five minutes; the longest have no end. Lengths that none had are there.
-- Answers: how long do people watch in one go? The mean is over the sessions of all lengths, and half of them are over
-- when half_over_hours have passed, which is null where that lies in the last step.
with lengths as (select unnest(range(0, 181, 5)) as length_min),

sessions as (
    select
        length_min,
        sum(visits) as sessions,
        sum(length_ms) as length_ms,
        sum(watch_ms) as watch_ms,
    from filtered_visits($calendar, $hours_range, $hours_split, $filters_but_plays)
    group by length_min
),

counted as (
    select
        lengths.length_min,
        coalesce(sessions.sessions, 0) as sessions,
        coalesce(sessions.length_ms, 0) as length_ms,
        coalesce(sessions.watch_ms, 0) as watch_ms,
        sum(coalesce(sessions.sessions, 0)) over (order by lengths.length_min) as sessions_so_far,
        sum(coalesce(sessions.sessions, 0)) over () as all_sessions,
    from lengths
    left join sessions
        on lengths.length_min = sessions.length_min
),

sessions_by_length as (
    select
        length_min as from_min,
        case when length_min < 180 then length_min + 5 end as to_min,
        case
            when length_min < 180 then length_min || ' to ' || length_min + 5 || ' min'
            else length_min || ' min or more'
        end as session_length,
        cast(sessions as bigint) as sessions,
        sessions / cast(nullif(all_sessions, 0) as double) as session_share,
        watch_ms / 3600000.0 as watch_hours,
        sum(length_ms) over () / 3600000.0 / nullif(all_sessions, 0) as mean_session_hours,
        min(
            case
                when length_min < 180 and all_sessions > 0 and sessions_so_far * 2 >= all_sessions then length_min + 5
            end
        ) over () / 60.0 as half_over_hours,
    from counted
)

select
    sessions_by_length.*,
    accounts_by_length.accounts,
from sessions_by_length
left join counted_accounts_by_length($calendar, $start_day, $end_day, $filters_but_plays) as accounts_by_length
    on sessions_by_length.from_min = accounts_by_length.length_min
order by sessions_by_length.from_min asc
