-- Grain: one group ($churn_by) and day since an end on which an account of any group rejoined, every thirtieth day, and
-- the last observed.
-- Answers: which share of the accounts that ended is back so many days later? Over the days of the range: who ended
-- before it is observed from then on, who has not come back by its end up to then (1 less Kaplan and Meier's share).
with away as (
    from survival_of_spells(
        'breaks',
        $calendar,
        $start_day,
        $end_day,
        $churn_split,
        $churn_by,
        'all',
        $countries,
        $plans
    )
),

rejoining_by_group as (
    select
        $churn_by as group_kind,
        group_id,
        group_id as group_name,
        dense_rank() over (order by subscriptions desc, group_id asc) as group_rank,
        cast(age_days as integer) as age_days,
        at_risk,
        ended as rejoined_subscriptions,
        1 - survival as rejoined_share,
        1 - survival_limit(survival, greenwood_sum, -1.959963984540054) as rejoined_share_low,
        1 - survival_limit(survival, greenwood_sum, 1.959963984540054) as rejoined_share_high,
        at_risk as accounts,
    from away
)

select * from rejoining_by_group
order by group_rank asc, age_days asc
