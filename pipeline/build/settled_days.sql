-- Grain: one day on which it was settled whether profiles watched titles or abandoned them, kind, device type, profile
-- type, country and plan, in one calendar.
with settled_days as (
    select
        calendar,
        settled_day as day,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        count(*) as settled_titles,
        count(*) filter (where not is_watched) as abandoned_titles,
        count(*) filter (where returns > 0) as returned_titles,
        count(*) filter (where coverage_estimated) as estimated_titles,
    from published.profile_titles
    where settled_day is not null
    group by calendar, settled_day, kind, device_type, profile_type, account_country, account_plan
)

select * from settled_days
