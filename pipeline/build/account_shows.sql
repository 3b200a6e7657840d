-- Grain: one account, film or series and day by all three clocks, device type, kind and profile type. UTC days from
-- $from_day up to, not with, $to_day.
with account_shows as (
    select
        strftime(plays.utc_day, '%Y-%m') as month,
        plays.account_id,
        -- As account_number_of in queries/macros.
        cast(hash(plays.account_id) >> 1 as bigint) as account_number,
        titles.show_id,
        plays.kind,
        plays.device_type,
        plays.profile_type,
        plays.account_country,
        plays.local_day,
        plays.utc_day,
        plays.service_day,
        cast(sum(plays.watch_ms) as bigint) as watch_ms,
    from published.plays as plays
    inner join published.titles as titles
        on plays.title_id = titles.title_id
    where
        plays.utc_day >= $from_day
        and plays.utc_day < $to_day
    group by
        plays.account_id,
        titles.show_id,
        plays.kind,
        plays.device_type,
        plays.profile_type,
        plays.account_country,
        plays.local_day,
        plays.utc_day,
        plays.service_day
)

select * from account_shows
where watch_ms > 0
