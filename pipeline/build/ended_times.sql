-- Grain: one day, number of times that accounts have ended (3 stands for 3 and more), country, plan and channel, in one
-- calendar: by how many more accounts have ended so often since the day before.
with ends as (
    select
        subscriptions.calendar,
        subscriptions.account_id,
        subscriptions.end_day as day,
        subscriptions.account_country,
        accounts.acquisition_channel,
        plan_periods.account_plan,
        row_number() over account as end_number,
        lead(subscriptions.end_day) over account as next_end_day,
    from published.subscriptions as subscriptions
    inner join published.accounts as accounts
        on subscriptions.account_id = accounts.account_id
    inner join published.plan_periods as plan_periods
        on subscriptions.account_id = plan_periods.account_id
        and subscriptions.end_day >= plan_periods.from_day
        and subscriptions.end_day < plan_periods.to_day
    where subscriptions.end_day is not null
    window account as (
        partition by subscriptions.calendar, subscriptions.account_id
        order by subscriptions.end_day asc, subscriptions.start_day asc nulls first
    )
),

-- An account counts with its latest end, until it ends again.
changes as (
    select
        calendar,
        least(end_number, 3) as times_ended,
        account_country,
        account_plan,
        acquisition_channel,
        unnest(
            [{'day': day, 'change': 1}, {'day': next_end_day, 'change': -1}], recursive := true
        ),
    from ends
),

ended_times as (
    select
        calendar,
        day,
        times_ended,
        account_country,
        account_plan,
        acquisition_channel,
        cast(sum(change) as bigint) as change_of_accounts,
    from changes
    where day is not null
    group by
        calendar,
        day,
        times_ended,
        account_country,
        account_plan,
        acquisition_channel
    having sum(change) <> 0
)

select * from ended_times
