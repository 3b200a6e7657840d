-- Grain: one day, change, country, plan and channel, in one calendar; who rejoins within 12 months is told apart.
-- The plan is the one on the day of the change.
with in_order as (
    select
        subscriptions.*,
        accounts.acquisition_channel,
        lag(subscriptions.end_day) over (
            partition by subscriptions.calendar, subscriptions.account_id
            order by subscriptions.start_day nulls first
        ) as previous_end_day,
    from published.subscriptions as subscriptions
    inner join published.accounts as accounts
        on subscriptions.account_id = accounts.account_id
),

changes as (
    select
        calendar,
        account_id,
        account_country,
        acquisition_channel,
        start_day < previous_end_day + interval 12 month as within_year,
        unnest([
            {'day': start_day, 'change': case when began_as <> 'before' then began_as end},
            {'day': end_day, 'change': 'end'},
            {'day': cancelled_day, 'change': 'cancel'}
        ], recursive := true),
    from in_order
),

subscription_changes as (
    select
        changes.calendar,
        changes.day,
        changes.change,
        changes.account_country,
        plan_periods.account_plan,
        changes.acquisition_channel,
        case when changes.change = 'rejoin' then changes.within_year end as rejoined_within_year,
        count(*) as subscriptions,
    from changes
    inner join published.plan_periods as plan_periods
        on changes.account_id = plan_periods.account_id
        and changes.day >= plan_periods.from_day
        and changes.day < plan_periods.to_day
    where changes.change is not null
    group by
        changes.calendar,
        changes.day,
        changes.change,
        changes.account_country,
        plan_periods.account_plan,
        changes.acquisition_channel,
        rejoined_within_year
)

select * from subscription_changes
