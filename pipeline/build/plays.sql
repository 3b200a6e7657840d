-- Grain: one playback of one title on one device, begun from $first_day up to, not with, $end_day (UTC).
-- Adds what is played, who the viewer is, when it was by the viewer's clock, in UTC and in the service's zone, and how
-- long it ran: from its beginning through start-up, watching, pauses and stalls, for a day at most; what is not told of
-- them counts 0.
with located as (
    select
        plays.* exclude (country, utc_day),
        coalesce(plays.country, accounts.account_country) as country,
        plays.country is null as country_estimated,
        titles.kind,
        profiles.profile_type,
        accounts.account_country,
    from derived.all_plays as plays
    inner join source.titles as titles
        on plays.title_id = titles.title_id
    inner join published.accounts as accounts
        on plays.account_id = accounts.account_id
    left join source.profiles as profiles
        on plays.profile_id = profiles.profile_id
    where
        plays.utc_day >= $first_day
        and plays.utc_day < $end_day
),

zoned as (
    select
        located.*,
        located.utc_offset_min is null as offset_estimated,
        case
            when located.utc_offset_min is not null
                then located.started_at + to_minutes(located.utc_offset_min)
            else located.started_at at time zone 'UTC' at time zone coalesce(country_zones.zone, 'UTC')
        end as local_at,
        located.started_at at time zone 'UTC' at time zone $service_zone as service_at,
    from located
    left join reference.country_zones as country_zones
        on located.country = country_zones.country
),

dated as (
    select
        zoned.* exclude (utc_offset_min),
        cast(date_diff('minute', zoned.started_at, zoned.local_at) as bigint) as utc_offset_min,
        cast(zoned.local_at as date) as local_day,
        cast(zoned.started_at as date) as utc_day,
        cast(zoned.service_at as date) as service_day,
        -- A play of no length is still begun.
        greatest(
            least(
                coalesce(zoned.startup_ms, 0)
                + zoned.watch_ms
                + coalesce(zoned.paused_ms, 0)
                + coalesce(zoned.rebuffer_ms, 0),
                24 * 3600000
            ),
            1
        ) as run_ms,
    from zoned
)

select * from dated
