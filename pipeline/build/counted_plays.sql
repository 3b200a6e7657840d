-- Grain: one play that began on a UTC day from $from_day up to, not with, $to_day, and its account's plan on its day in
-- each calendar.
with plays as (
    select
        *,
        cast(date_diff('minute', started_at, service_at) as bigint) as service_offset_min,
    from published.plays
    where
        utc_day >= $from_day
        and utc_day < $to_day
),

counted_plays as (
    select
        plays.utc_day,
        plays.local_day,
        plays.service_day,
        plays.started_at,
        plays.utc_offset_min as local_offset_min,
        plays.service_offset_min,
        plays.play_id,
        plays.account_id,
        -- As account_number_of in queries/macros.
        cast(hash(plays.account_id) >> 1 as bigint) as account_number,
        plays.profile_id,
        -- As enums, which are several times faster to group and sort by than texts.
        cast(plays.title_id as reference.title_id) as title_id,
        cast(titles.show_id as reference.show_id) as show_id,
        cast(plays.kind as reference.kind) as kind,
        cast(plays.device_type as reference.device_type) as device_type,
        cast(plays.profile_type as reference.profile_type) as profile_type,
        cast(plays.account_country as reference.account_country) as account_country,
        local_plans.account_plan as local_plan,
        utc_plans.account_plan as utc_plan,
        service_plans.account_plan as service_plan,
        plays.device_model,
        plays.app_version,
        plays.country,
        plays.region,
        plays.postal_code,
        cast(plays.origin as reference.origin) as origin,
        plays.autoplay,
        plays.watch_ms,
        plays.run_ms,
        (epoch_us(plays.started_at) + 59999999) // 60000000 as first_minute,
        (epoch_us(plays.started_at) + plays.run_ms * 1000 + 59999999) // 60000000 as end_minute,
        plays.distinct_ms,
        plays.rebuffer_ms,
        plays.pauses,
        plays.resumes,
        plays.seeks_back,
        plays.seeks_forward,
        strftime(plays.utc_day, '%Y-%m') as month,
    from plays
    inner join published.titles as titles
        on plays.title_id = titles.title_id
    left join published.plan_periods as local_plans
        on plays.account_id = local_plans.account_id
        and plays.local_day >= local_plans.from_day
        and plays.local_day < local_plans.to_day
    left join published.plan_periods as utc_plans
        on plays.account_id = utc_plans.account_id
        and plays.utc_day >= utc_plans.from_day
        and plays.utc_day < utc_plans.to_day
    left join published.plan_periods as service_plans
        on plays.account_id = service_plans.account_id
        and plays.service_day >= service_plans.from_day
        and plays.service_day < service_plans.to_day
)

select * from counted_plays
