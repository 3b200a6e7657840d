-- Grain: one day on which accounts first reached two minutes of titles that they completed, day on which they did, and
-- kind, device type then and when completed, profile type, country and plan, in one calendar. Only where it can be
-- known.
with finished_days as (
    select
        calendar,
        day,
        completed_day,
        kind,
        device_type,
        completed_device_type,
        profile_type,
        account_country,
        account_plan,
        count(*) as completed_titles,
    from published.title_starts
    where
        completion_known
        and completed_day is not null
    group by
        calendar,
        day,
        completed_day,
        kind,
        device_type,
        completed_device_type,
        profile_type,
        account_country,
        account_plan
)

select * from finished_days
