-- Grain: one hour, country and plan (group_number), and set of things that accounts did in it, in one calendar. Not
-- published. An account was active in an hour where some of the watch time of an active play lies in it.
with account_sets as (
    select
        calendar,
        hour_number,
        account_number,
        any_value(group_number) as group_number,
        bit_or(mask_low) as mask_low,
        bit_or(mask_high) as mask_high,
    from derived.play_hours
    where
        is_active_play
        and watch_ms > 0
    group by calendar, hour_number, account_number
),

account_hours as (
    select
        calendar,
        hour_number,
        group_number,
        mask_low,
        mask_high,
        count(*) as account_hours,
    from account_sets
    group by calendar, hour_number, group_number, mask_low, mask_high
)

select * from account_hours
