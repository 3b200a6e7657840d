-- Grain: one day or month, film or series and cover of it, device type, kind, profile type, country and plan, by UTC:
-- how often it was on screen for a second or more, and how often a play followed (metrics.md).
with days as (
    select
        shown_covers.utc_day as period_start,
        cast(titles.show_id as reference.show_id) as show_id,
        titles.show_number,
        shown_covers.artwork_id,
        cast(titles.kind as reference.kind) as kind,
        cast(shown_covers.device_type as reference.device_type) as device_type,
        cast(profiles.profile_type as reference.profile_type) as profile_type,
        cast(accounts.account_country as reference.account_country) as account_country,
        cast(plan_periods.account_plan as reference.account_plan) as account_plan,
        count(*) as impressions,
        count(*) filter (where shown_covers.is_taken) as taken_impressions,
    from derived.shown_covers as shown_covers
    inner join published.titles as titles
        on shown_covers.title_id = titles.title_id
    left join published.accounts as accounts
        on shown_covers.account_id = accounts.account_id
    left join source.profiles as profiles
        on shown_covers.profile_id = profiles.profile_id
    left join published.plan_periods as plan_periods
        on shown_covers.account_id = plan_periods.account_id
        and shown_covers.utc_day >= plan_periods.from_day
        and shown_covers.utc_day < plan_periods.to_day
    group by all
),

days_and_months as (
    select
        *,
        cast('day' as reference.period) as period,
    from days
    union all by name
    select
        * exclude (period_start, impressions, taken_impressions),
        cast('month' as reference.period) as period,
        cast(date_trunc('month', period_start) as date) as period_start,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(taken_impressions) as bigint) as taken_impressions,
    from days
    group by all
),

cover_cube as (
    select
        *,
        strftime(period_start, '%Y-%m') as month,
    from days_and_months
)

select * from cover_cube
