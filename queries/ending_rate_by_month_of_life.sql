-- Grain: one group and month of 30 days of the lives of its subscriptions, the first with the day they began.
-- Answers: of the subscriptions that are there when a month of their life begins, which share ends in it?
with survival as (
    from survival_of_spells(
        'lives', $calendar, $start_day, $end_day, $survival_split, $survival_by, $begun_as, $countries, $plans
    )
),

ends as (
    select
        group_id,
        greatest(1, (age_days + 29) // 30) as month_of_life,
        sum(ended) as ended,
        sum(ended_by_payment) as ended_by_payment,
        min(at_risk) as fewest_at_risk,
    from survival
    group by all
),

months as (
    select
        group_id,
        subscriptions,
        age_days // 30 + 1 as month_of_life,
        -- Who ends on the day itself does not see the month; on the first day of all, it is the month's.
        if(age_days = 0, at_risk, at_risk - ended) as at_risk,
        if(age_days = 0, 1, survival) as survival_before,
        lead(age_days) over (partition by group_id order by age_days) = age_days + 30 as is_whole,
        lead(survival) over (partition by group_id order by age_days) as survival_after,
    from survival
    where age_days % 30 = 0
),

rates as (
    select
        months.*,
        1 - months.survival_after / nullif(months.survival_before, 0) as ending_rate,
        ends.ended,
        ends.ended_by_payment,
        ends.fewest_at_risk,
    from months
    inner join ends
        on months.group_id = ends.group_id
        and months.month_of_life = ends.month_of_life
    where months.is_whole
),

-- Wilson's interval, as if there had only been the fewest that were at risk on a day of the month: on the safe side.
ending_rate_by_month_of_life as (
    select
        $survival_by as group_kind,
        group_id,
        group_id as group_name,
        dense_rank() over (order by subscriptions desc, group_id asc) as group_rank,
        cast(month_of_life as integer) as month_of_life,
        at_risk,
        cast(ended as bigint) as ended_subscriptions,
        cast(ended_by_payment as bigint) as payment_ended_subscriptions,
        ending_rate,
        wilson_low(ending_rate, fewest_at_risk, 1.959963984540054) as ending_rate_low,
        wilson_high(ending_rate, fewest_at_risk, 1.959963984540054) as ending_rate_high,
        at_risk as accounts,
    from rates
)

select * from ending_rate_by_month_of_life
order by group_rank asc, month_of_life asc
