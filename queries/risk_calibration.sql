-- Grain: one share of the habit lost.
-- Answers: does what earlier days would have led one to expect come true? At each cut, of those whose 28 days are over
-- by the end of the range, the share that had ended after the cuts before it is the expected one.
with settled as (
    from settled_risk_bands($calendar, $end_day, $countries, $plans)
),

sums as (
    select
        risk_band,
        count(*) as cuts,
        sum(accounts) as band_accounts,
        sum(ended_accounts) as band_ended,
        sum(accounts * expected_share) as expected_ended,
    from settled
    where expected_share is not null
    group by risk_band
),

risk_calibration as (
    select
        risk_band,
        list_position(['all', 'three_quarters', 'half', 'quarter', 'kept', 'no_habit'], risk_band) as band_rank,
        cast(cuts as integer) as cuts,
        cast(band_accounts as bigint) as band_accounts,
        cast(band_ended as bigint) as band_ended,
        expected_ended / band_accounts as expected_ended_share,
        band_ended / cast(band_accounts as double) as band_ended_share,
        wilson_low(band_ended / cast(band_accounts as double), band_accounts, 1.959963984540054)
            as band_ended_share_low,
        wilson_high(band_ended / cast(band_accounts as double), band_accounts, 1.959963984540054)
            as band_ended_share_high,
        cast(least(nullif(band_ended, 0), band_accounts) as bigint) as accounts,
    from sums
)

select * from risk_calibration
order by band_rank asc
