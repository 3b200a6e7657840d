-- Grain: one group ($churn_by) and number of times that accounts have ended by the end of the range: 1, 2, or 3 and
-- more.
-- Answers: who ends again and again? An account counts once, with the plan of its latest end.
with ended as (
    select
        life_group($churn_by, account_country, account_plan, acquisition_channel) as group_id,
        times_ended,
        sum(change_of_accounts) as ended_accounts,
    from ended_times
    where
        calendar = $calendar
        and day < $end_day
        and chosen(account_country, $countries)
        and chosen(account_plan, $plans)
    group by all
),

sums as (
    select
        *,
        sum(ended_accounts) over (partition by group_id) as group_accounts,
    from ended
),

accounts_by_times_ended as (
    select
        $churn_by as group_kind,
        group_id,
        group_id as group_name,
        dense_rank() over (order by group_accounts desc, group_id asc) as group_rank,
        cast(times_ended as integer) as times_ended,
        cast(ended_accounts as bigint) as ended_accounts,
        ended_accounts / cast(group_accounts as double) as ended_accounts_share,
        cast(ended_accounts as bigint) as accounts,
    from sums
    where ended_accounts > 0
)

select * from accounts_by_times_ended
order by group_rank asc, times_ended asc
