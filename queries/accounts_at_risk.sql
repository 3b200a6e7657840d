-- Grain: one account whose subscription runs at the end of the data's complete days and that has lost at least half of
-- its habit, whatever the range; at most 500, those that have lost the most.
-- Answers: who watches so much less than before, and why may that be? Beside it, which share of the accounts that had
-- lost as much on earlier days ended within 28 days.
with risk as (
    select accounts.*
    from accounts_at_risk as accounts
    where
        accounts.calendar = $calendar
        and chosen(accounts.account_country, $countries)
        and chosen(accounts.account_plan, $plans)
        -- A list of single accounts is not for those who may see no small groups.
        and $min_accounts is null
    order by accounts.risk_rank asc
    limit 500
),

observed as (
    select
        risk_band,
        sum(ended_accounts) / cast(sum(accounts) as double) as band_ended_share,
    from settled_risk_bands($calendar, date '9999-01-01', $countries, $plans)
    group by risk_band
),

told as (
    select
        risk.risk_rank,
        risk.account_id,
        risk.account_country,
        risk.account_plan,
        risk.risk_band,
        1 - 3 * risk.recent_ms / cast(risk.before_ms as double) as habit_lost_share,
        observed.band_ended_share,
        risk.recent_ms / 3600000.0 as recent_hours,
        risk.before_ms / 3 / 3600000.0 as habit_hours,
        cast(risk.recent_active_days as integer) as recent_active_days,
        cast(risk.cut_day - 1 - risk.last_active_day as integer) as days_since_active,
        risk.cancelled_day,
        cast(risk.searches as integer) as searches,
        cast(risk.searches_without_result as integer) as searches_without_result,
        risk.recent_rebuffer_ms
        / cast(nullif(risk.recent_rebuffer_ms + risk.recent_rebuffer_known_watch_ms, 0) as double)
            as recent_rebuffer_ratio,
        risk.before_rebuffer_ms
        / cast(nullif(risk.before_rebuffer_ms + risk.before_rebuffer_known_watch_ms, 0) as double)
            as before_rebuffer_ratio,
        risk.cut_day,
        1 as accounts,
    from risk
    left join observed
        on risk.risk_band = observed.risk_band
),

-- Where it may not be shown, one row that says so.
hidden as (
    select 1 as accounts
    where
        $min_accounts is not null
        and exists (select 1 from accounts_at_risk)
)

select
    told.* exclude (accounts),
    coalesce(told.accounts, hidden.accounts) as accounts,
from told
full join hidden
    on told.accounts = hidden.accounts
order by told.risk_rank asc
