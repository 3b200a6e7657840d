-- Grain: one day or month, film or series and cover of it, device type, kind, profile type, country and plan, by UTC:
-- how often it was on screen for a second or more, and how often a play followed (metrics.md).
with shown_covers as (
    select
        impression_id,
        ts,
        utc_day,
        account_id,
        profile_id,
        title_id,
        artwork_id,
        device_type,
        on_screen_ms,
    from published.impressions
    where
        utc_day >= $from_day
        and utc_day < $to_day + 1
),

begun_plays as (
    select
        play_id,
        impression_id,
        started_at,
        utc_day,
        account_id,
        profile_id,
        title_id,
    from published.plays
    where
        utc_day >= $from_day
        and utc_day < $to_day + 1
),

-- The last cover that a play followed, where the play does not tell which; of the same moment, the last by its id.
last_covers as (
    select
        begun_plays.utc_day,
        arg_max(
            shown_covers.impression_id, struct_pack(ts := shown_covers.ts, id := shown_covers.impression_id)
        ) as impression_id,
    from begun_plays
    inner join shown_covers
        on begun_plays.account_id = shown_covers.account_id
        and begun_plays.profile_id is not distinct from shown_covers.profile_id
        and begun_plays.title_id = shown_covers.title_id
        and begun_plays.started_at >= shown_covers.ts
        and begun_plays.started_at <= shown_covers.ts + to_minutes($take_within_min)
    where begun_plays.impression_id is null
    group by begun_plays.play_id, begun_plays.utc_day
),

followed as (
    select
        impression_id,
        utc_day,
    from begun_plays
    where impression_id is not null
    union all
    select
        impression_id,
        utc_day,
    from last_covers
),

-- A month cannot wait for plays that follow much later.
taken_covers as (
    select distinct shown_covers.impression_id,
    from shown_covers
    inner join followed
        on shown_covers.impression_id = followed.impression_id
        and followed.utc_day - shown_covers.utc_day between 0 and 1
),

days as (
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
        count(taken_covers.impression_id) as taken_impressions,
    from shown_covers
    inner join published.titles as titles
        on shown_covers.title_id = titles.title_id
    left join taken_covers
        on shown_covers.impression_id = taken_covers.impression_id
    left join published.accounts as accounts
        on shown_covers.account_id = accounts.account_id
    left join source.profiles as profiles
        on shown_covers.profile_id = profiles.profile_id
    left join published.plan_periods as plan_periods
        on shown_covers.account_id = plan_periods.account_id
        and shown_covers.utc_day >= plan_periods.from_day
        and shown_covers.utc_day < plan_periods.to_day
    where
        shown_covers.utc_day < $to_day
        and shown_covers.on_screen_ms >= $shown_min_ms
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
