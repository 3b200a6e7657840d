-- Grain: one day on which accounts reached two minutes of titles, day on which they completed them, and kind,
-- split by device type, country, plan or profile type, by none or all, in one calendar. Only where it can be known.
with unsplit as (
    select
        calendar,
        day,
        completed_day,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        count(*) as started_titles,
    from published.title_starts
    where completion_known
    group by calendar, day, completed_day, kind, device_type, profile_type, account_country, account_plan
),

start_cube as (
    select
        calendar,
        -- The bits of grouping_id say which columns a row adds up over.
        case grouping_id(device_type, account_country, account_plan, profile_type)
            when 0 then 'all'
            when 7 then 'device'
            when 11 then 'country'
            when 13 then 'plan'
            when 14 then 'profile_type'
            else 'none'
        end as split_by,
        day,
        completed_day,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        cast(sum(started_titles) as bigint) as started_titles,
    from unsplit
    group by
        grouping sets (
            (calendar, day, completed_day, kind),
            (calendar, day, completed_day, kind, device_type),
            (calendar, day, completed_day, kind, account_country),
            (calendar, day, completed_day, kind, account_plan),
            (calendar, day, completed_day, kind, profile_type),
            (calendar, day, completed_day, kind, device_type, profile_type, account_country, account_plan)
        )
)

select * from start_cube
