-- Grain: one day or month, film or series and cover of it, kind and profile type, by UTC, split by device type, country
-- or plan: by none, one or all, of months by two, too. How often it was on screen for a second or more, and how often a
-- play followed (metrics.md).
with unsplit_days as (
    select
        shown_covers.utc_day as period_start,
        cast(titles.show_id as reference.show_id) as show_id,
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

unsplit_months as (
    select
        * exclude (period_start, impressions, taken_impressions),
        cast(date_trunc('month', period_start) as date) as period_start,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(taken_impressions) as bigint) as taken_impressions,
    from unsplit_days
    group by all
),

split_days as (
    select
        grouping_id(device_type, account_country, account_plan) as added_up_over,
        period_start,
        show_id,
        artwork_id,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(taken_impressions) as bigint) as taken_impressions,
    from unsplit_days
    group by
        grouping sets (
            (period_start, show_id, artwork_id, kind, profile_type),
            (period_start, show_id, artwork_id, kind, profile_type, device_type),
            (period_start, show_id, artwork_id, kind, profile_type, account_country),
            (period_start, show_id, artwork_id, kind, profile_type, account_plan)
        )
    union all by name
    -- What tells all apart is added up already.
    select
        *,
        0 as added_up_over,
    from unsplit_days
),

split_months as (
    select
        grouping_id(device_type, account_country, account_plan) as added_up_over,
        period_start,
        show_id,
        artwork_id,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(taken_impressions) as bigint) as taken_impressions,
    from unsplit_months
    group by
        period_start, show_id, artwork_id, kind, profile_type,
        cube (device_type, account_country, account_plan)
),

days_and_months as (
    select
        *,
        cast('day' as reference.period) as period,
    from split_days
    union all by name
    select
        *,
        cast('month' as reference.period) as period,
    from split_months
),

cover_cube as (
    select
        sums.* exclude (added_up_over),
        strftime(sums.period_start, '%Y-%m') as month,
        splits.split_by,
    from days_and_months as sums
    inner join reference.splits as splits
        on sums.added_up_over = splits.added_up_over
)

select * from cover_cube
