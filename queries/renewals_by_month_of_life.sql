-- Grain: one group and month of 30 days of the lives of its subscriptions, the first with the day they began.
-- Answers: of the subscriptions that were there when a month of their life began, how many ended in it, of the months
-- that end in the range? What is left after it, and what the model of queries/lifetime.py says of it: fitted to all
-- months; forecast from the first two thirds; and by a constant rate of the same (queries/renewals.py fills that in).
with renewals as (
    from renewals_of_lives(
        $calendar, $data_start_day, $start_day, $end_day, $survival_split, $survival_by, $begun_as, $countries, $plans
    )
),

in_order as (
    select
        *,
        product(1 - ended / at_risk) over to_date as remaining_share,
        row_number() over to_date = month_of_life as has_all_before,
        sum(at_risk) over (partition by group_id) as group_renewals,
    from renewals
    window to_date as (partition by group_id order by month_of_life rows between unbounded preceding and current row)
),

-- The factors of each row are multiplied in an order of their own, so the last digit may rise where none ends.
falling as (
    select
        *,
        min(remaining_share) over (
            partition by group_id order by month_of_life rows between unbounded preceding and current row
        ) as survival,
    from in_order
),

renewals_by_month_of_life as (
    select
        $survival_by as group_kind,
        group_id,
        group_id as group_name,
        dense_rank() over (order by group_renewals desc, group_id asc) as group_rank,
        cast(month_of_life as integer) as month_of_life,
        at_risk,
        ended as ended_subscriptions,
        if(has_all_before, survival, null) as survival,
        cast(null as double) as fitted_survival,
        cast(null as double) as forecast_survival,
        cast(null as double) as constant_rate_survival,
        at_risk as accounts,
    from falling
)

select * from renewals_by_month_of_life
order by group_rank asc, month_of_life asc
