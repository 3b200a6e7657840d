-- Grain: one play of the build before, as it was told: without what was only derived. Not published.
select
    * exclude (
        kind,
        profile_type,
        account_country,
        country_estimated,
        offset_estimated,
        local_at,
        service_at,
        local_day,
        service_day,
        run_ms
    )
    replace (
        case when not country_estimated then country end as country,
        case when not offset_estimated then utc_offset_min end as utc_offset_min
    ),
from previous.plays
where utc_day in (select days.utc_day from carried_days as days)
