-- Grain: one play, in one calendar, with what its account began with.
with cohort_plays as (
    select
        beginnings.calendar,
        beginnings.account_number,
        case beginnings.calendar
            when 'local' then plays.local_day
            when 'service' then plays.service_day
            else plays.utc_day
        end as day,
        plays.started_at,
        plays.kind,
        plays.device_type,
        plays.profile_type,
        plays.watch_ms,
        beginnings.arrival,
        beginnings.signed_up_at,
        beginnings.signed_up_day,
        beginnings.first_active_at,
        beginnings.first_active_day,
        beginnings.account_country,
        beginnings.acquisition_channel,
        beginnings.first_plan,
        beginnings.first_device_type,
        beginnings.first_show_id,
        beginnings.first_genre,
    from published.counted_plays as plays
    inner join published.account_beginnings as beginnings
        on plays.account_number = beginnings.account_number
)

select * from cohort_plays
