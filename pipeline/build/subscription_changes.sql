-- Grain: one day, change, country and plan, in one calendar. The plan is the one on the day of the change.
with changes as (
    select
        calendar,
        account_id,
        account_country,
        unnest([
            {'day': start_day, 'change': case when began_as <> 'before' then began_as end},
            {'day': end_day, 'change': 'end'},
            {'day': cancelled_day, 'change': 'cancel'}
        ], recursive := true),
    from published.subscriptions
),

subscription_changes as (
    select
        changes.calendar,
        changes.day,
        changes.change,
        changes.account_country,
        plan_periods.account_plan,
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
        plan_periods.account_plan
)

select * from subscription_changes
