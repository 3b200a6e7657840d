-- Grain: one group and currency in which it paid in the range; one row without a currency where no price is known.
-- Answers: how many months will a subscription pay, discounted to its beginning, and what is that worth? Both rest on
-- the model of queries/lifetime.py, fitted to the renewals of the range (queries/renewals.py fills that in).
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

payments as (
    from payments_of_groups($calendar, $start_day, $end_day, $survival_by, $countries, $plans)
),

value_by_group as (
    select
        $survival_by as group_kind,
        renewals.group_id,
        renewals.group_id as group_name,
        dense_rank() over (order by renewals.renewals desc, renewals.group_id asc) as group_rank,
        cast(renewals.renewals as bigint) as renewals,
        cast(null as double) as lifetime_months,
        cast(null as double) as lifetime_months_low,
        cast(null as double) as lifetime_months_high,
        cast(null as double) as share_beyond_data,
        payments.currency,
        payments.payments,
        payments.paid_minor / payments.payments as mean_price_minor,
        cast(null as double) as customer_lifetime_value,
        cast(null as double) as customer_lifetime_value_low,
        cast(null as double) as customer_lifetime_value_high,
        cast($discount_rate as double) as discount_rate,
        cast($margin as double) as margin,
        -- Who pays every 28 days at most has paid so often at most.
        least(
            renewals.most_at_risk,
            coalesce(ceil(payments.payments / (($end_day - $start_day) // 28 + 1)), renewals.most_at_risk)
        ) as accounts,
    from renewals
    left join payments
        on renewals.group_id = payments.group_id
)

select * from value_by_group
order by group_rank asc, payments desc nulls last, currency asc
