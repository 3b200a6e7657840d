-- Grain: one account whose subscription runs at the end of the complete days and that watched, in the last 28 of them,
-- at most half of its habit, in one calendar.
with searched as (
    select
        cuts.calendar,
        searches.account_id,
        count(*) as searches,
        count(*) filter (where searches.results = 0) as searches_without_result,
    from derived.risk_cuts as cuts
    inner join published.searches as searches
        on searches.utc_day >= cuts.cut_day - 28
        and searches.utc_day < cuts.cut_day
    where
        cuts.cut_number = 0
        and searches.results is not null
    group by cuts.calendar, searches.account_id
),

accounts_at_risk as (
    select
        accounts.calendar,
        accounts.cut_day,
        accounts.habit_rank as risk_rank,
        accounts.account_id,
        accounts.account_country,
        accounts.account_plan,
        accounts.acquisition_channel,
        accounts.risk_band,
        cast(accounts.recent_ms as bigint) as recent_ms,
        cast(accounts.before_ms as bigint) as before_ms,
        cast(accounts.recent_active_days as bigint) as recent_active_days,
        cast(accounts.before_active_days as bigint) as before_active_days,
        accounts.last_active_day,
        accounts.cancelled_day,
        coalesce(searched.searches, 0) as searches,
        coalesce(searched.searches_without_result, 0) as searches_without_result,
        cast(accounts.recent_rebuffer_ms as bigint) as recent_rebuffer_ms,
        cast(accounts.recent_rebuffer_known_watch_ms as bigint) as recent_rebuffer_known_watch_ms,
        cast(accounts.before_rebuffer_ms as bigint) as before_rebuffer_ms,
        cast(accounts.before_rebuffer_known_watch_ms as bigint) as before_rebuffer_known_watch_ms,
    from derived.risk_accounts as accounts
    left join searched
        on accounts.calendar = searched.calendar
        and accounts.account_id = searched.account_id
    where
        accounts.cut_number = 0
        and accounts.risk_band in ('all', 'three_quarters', 'half')
)

select * from accounts_at_risk
