-- Grain: one period of the range, or (by span) of the one it is compared with, and one row with a null period_start for
-- the whole of each.
-- Answers: how much is watched, by how many accounts, how it was found and how well it played.
with periods as (
    select *
    from compared_periods($start_day, $end_day, $compare_start_day, $compare_end_day, $granularity)
),

viewing as (
    select
        span_of(day, $start_day) as span,
        period_of(day, $granularity) as period_start,
        sum(plays) as plays,
        sum(views) as views,
        sum(watch_ms) as watch_ms,
        sum(known_origin_watch_ms) as known_origin_watch_ms,
        sum(recommended_watch_ms) as recommended_watch_ms,
        sum(rebuffer_ms) as rebuffer_ms,
        sum(rebuffer_known_watch_ms) as rebuffer_known_watch_ms,
    from filtered_viewing($calendar, $compared_range, $split_by, $filters)
    group by span, period_start
),

active_days as (
    select
        span_of(last_day, $start_day) as span,
        period_of(last_day, $granularity) as period_start,
        sum(account_days) as account_days,
    from filtered_active_days($calendar, $compared_range, $chosen_set, $filters)
    group by span, period_start
),

-- The whole of each, with a null period_start, is the sum of its periods.
totals as (
    select
        periods.span,
        periods.period_start,
        max(periods.end_day) as end_day,
        periods.period_start is null or bool_and(periods.is_complete) as is_complete,
        sum(periods.end_day - periods.first_day) as days,
        coalesce(sum(active_days.account_days), 0) as active_account_days,
        coalesce(sum(viewing.plays), 0) as plays,
        coalesce(sum(viewing.views), 0) as views,
        coalesce(sum(viewing.watch_ms), 0) as watch_ms,
        sum(viewing.known_origin_watch_ms) as known_origin_watch_ms,
        sum(viewing.recommended_watch_ms) as recommended_watch_ms,
        sum(viewing.rebuffer_ms) as rebuffer_ms,
        sum(viewing.rebuffer_known_watch_ms) as rebuffer_known_watch_ms,
    from periods
    left join viewing
        on periods.span = viewing.span
        and periods.period_start = viewing.period_start
    left join active_days
        on periods.span = active_days.span
        and periods.period_start = active_days.period_start
    group by grouping sets ((periods.span, periods.period_start), (periods.span))
),

viewing_summary as (
    select
        totals.span,
        totals.period_start,
        totals.is_complete,
        totals.watch_ms / 3600000.0 as watch_hours,
        cast(totals.plays as bigint) as plays,
        cast(totals.views as bigint) as views,
        totals.active_account_days / cast(totals.days as double) as mean_daily_active_accounts,
        -- Before the data's 28th day the window is not whole, and a count would read as a rise. The window reaches back
        -- beyond the period, so its few accounts are hidden on their own.
        case
            when monthly.active_accounts < $min_accounts then null
            when totals.end_day - 28 >= $data_start_day then coalesce(monthly.active_accounts, 0)
        end as monthly_active_accounts,
        totals.watch_ms / 3600000.0 / nullif(totals.active_account_days, 0) as hours_per_active_account_day,
        totals.recommended_watch_ms / cast(nullif(totals.known_origin_watch_ms, 0) as double) as recommendation_share,
        1 - totals.known_origin_watch_ms / cast(nullif(totals.watch_ms, 0) as double) as unknown_origin_share,
        totals.rebuffer_ms
        / cast(nullif(totals.rebuffer_ms + totals.rebuffer_known_watch_ms, 0) as double) as rebuffer_ratio,
        least(
            nullif(accounts_in_period.accounts, 0), nullif(accounts_in_period.active_accounts, 0)
        ) as accounts,
    from totals
    left join
        counted_accounts_by_period(
            $calendar,
            $start_day,
            $end_day,
            $compare_start_day,
            $compare_end_day,
            $granularity,
            $filters
        ) as accounts_in_period
        on totals.span = accounts_in_period.span
        and totals.period_start is not distinct from accounts_in_period.period_start
    left join
        filtered_trailing_accounts($calendar, $compared_range, 28, $chosen_set, $filters) as monthly
        on totals.end_day = monthly.end_day
)

select * from viewing_summary
order by span desc, period_start asc nulls first
