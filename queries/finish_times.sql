-- Grain: a quarter of an hour of watch time a day, from hours_from on, of the range, or (by span) of the one it is
-- compared with.
-- Answers: how fast are seasons watched by the accounts that finish them? Days are counted from that of the first
-- episode to that of the last, both included. Binge racers finish on the day of release; who can be one is known where
-- that day is.
with finishes as (
    select
        span_of(completed_day, $start_day) as span,
        account_id,
        watch_ms_to_complete,
        completed_day - day + 1 as days,
        released_on is not null as is_release_known,
        completed_day <= released_on as is_binge_racer,
        coverage_estimated,
    from filtered_finishes($calendar, $compared_range, $filters_but_plays)
),

finish_times as (
    select
        span,
        watch_ms_to_complete // (days * 900000) / 4.0 as hours_from,
        sum(watch_ms_to_complete) / 3600000.0 / sum(days) as hours_per_day_to_finish,
        count(*) as finished_seasons,
        count(*) filter (where is_binge_racer) as binge_racers,
        count(*) filter (where is_release_known) as release_known_seasons,
        count(*) filter (where coverage_estimated) as estimated_seasons,
        counted_accounts(account_id) as accounts,
    from finishes
    group by span, hours_from
)

select
    span,
    hours_from,
    hours_from || ' to ' || hours_from + 0.25 || ' h a day' as step,
    finish_times.* exclude (span, hours_from),
from finish_times
order by span desc, hours_from asc
