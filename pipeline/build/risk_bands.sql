-- Grain: one cut day, share of the habit lost, outcome in the 28 days from the cut on, country, plan and channel, in
-- one calendar. The accounts of all bands are those with a running subscription at the cut.
with risk_bands as (
    select
        calendar,
        cut_day,
        risk_band,
        outcome,
        account_country,
        account_plan,
        acquisition_channel,
        count(*) as accounts,
    from derived.risk_accounts
    group by
        calendar,
        cut_day,
        risk_band,
        outcome,
        account_country,
        account_plan,
        acquisition_channel
)

select * from risk_bands
