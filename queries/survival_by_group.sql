-- Grain: one group and day of life on which a subscription of any group ended, every thirtieth day, and the last
-- observed.
-- Answers: which share of subscriptions is still there so many days after they began, and which share ended by a
-- decision or for want of payment? Over the days of the range: who began before it is observed from then on.
with survival as (
    from survival_of_spells(
        'lives', $calendar, $start_day, $end_day, $survival_split, $survival_by, $begun_as, $countries, $plans
    )
),

survival_by_group as (
    select
        $survival_by as group_kind,
        group_id,
        group_id as group_name,
        dense_rank() over (order by subscriptions desc, group_id asc) as group_rank,
        subscriptions,
        cast(age_days as integer) as age_days,
        at_risk,
        ended as ended_subscriptions,
        ended_by_payment as payment_ended_subscriptions,
        survival,
        survival_limit(survival, greenwood_sum, 1.959963984540054) as survival_low,
        survival_limit(survival, greenwood_sum, -1.959963984540054) as survival_high,
        chosen_end_incidence,
        payment_end_incidence,
        at_risk as accounts,
    from survival
)

select * from survival_by_group
order by group_rank asc, age_days asc
