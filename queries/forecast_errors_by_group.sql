-- Grain: one group of subscriptions.
-- Answers: how far does a forecast of survival err that is made of the first two thirds of the months of life, in those
-- that follow: by the model of queries/lifetime.py and by a constant ending rate? (queries/renewals.py fills that in.)
with renewals_by_month as (
    from renewals_of_lives(
        $calendar, $data_start_day, $start_day, $end_day, $survival_split, $survival_by, $begun_as, $countries, $plans
    )
),

renewals as (
    select
        group_id,
        sum(at_risk) as renewals,
        max(at_risk) as most_at_risk,
    from renewals_by_month
    group by group_id
),

forecast_errors_by_group as (
    select
        $survival_by as group_kind,
        group_id,
        group_id as group_name,
        dense_rank() over (order by renewals desc, group_id asc) as group_rank,
        cast(renewals as bigint) as renewals,
        cast(null as integer) as fitted_months,
        cast(null as integer) as forecast_months,
        cast(null as double) as forecast_error,
        cast(null as double) as constant_rate_error,
        most_at_risk as accounts,
    from renewals
)

select * from forecast_errors_by_group
order by group_rank asc
