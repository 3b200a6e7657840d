-- Grain: one day on which subscriptions ended, day on which their accounts rejoined, and what a split (none, country,
-- plan, channel or all) tells apart of them, in one calendar. The columns are those of subscription_lives: a time
-- without a subscription has a first and a last day, too.
with breaks as (
    select
        subscriptions.calendar,
        subscriptions.account_id,
        subscriptions.began_as,
        subscriptions.end_day as start_day,
        lead(subscriptions.start_day) over (
            partition by subscriptions.calendar, subscriptions.account_id
            order by subscriptions.end_day asc nulls last, subscriptions.start_day asc nulls first
        ) as end_day,
        subscriptions.account_country,
        accounts.acquisition_channel,
    from published.subscriptions as subscriptions
    inner join published.accounts as accounts
        on subscriptions.account_id = accounts.account_id
),

planned as (
    select
        breaks.* exclude (account_id),
        plan_periods.account_plan,
        case when breaks.end_day is not null then 'rejoin' end as ended_by,
    from breaks
    inner join published.plan_periods as plan_periods
        on breaks.account_id = plan_periods.account_id
        and breaks.start_day >= plan_periods.from_day
        and breaks.start_day < plan_periods.to_day
    where breaks.start_day is not null
),

subscription_breaks as (
    select
        planned.calendar,
        splits.split_by,
        planned.began_as,
        planned.start_day,
        planned.end_day,
        planned.ended_by,
        case when splits.by_country then planned.account_country end as account_country,
        case when splits.by_plan then planned.account_plan end as account_plan,
        case when splits.by_channel then planned.acquisition_channel end as acquisition_channel,
        count(*) as subscriptions,
    from planned
    cross join reference.life_splits as splits
    group by all
)

select * from subscription_breaks
