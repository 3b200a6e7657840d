-- Grain: one account (account_number) and day with an active play, in one calendar, from 27 days before $from_day up
-- to, not with, $to_day. What it did is told as sets (audience_cells): all_low and all_high of the sort "all", single
-- of the other three together, whose bits do not overlap. Not published.
with bits as (
    select
        kind,
        device_type,
        profile_type,
        bit_or(mask_low) filter (where counted_by = 'all') as all_low,
        bit_or(mask_high) filter (where counted_by = 'all') as all_high,
        bit_or(mask_low) filter (where counted_by <> 'all') as single,
    from published.audience_cells
    group by kind, device_type, profile_type
),

active_days as (
    select
        cast(account_days.calendar as reference.calendar) as calendar,
        account_days.day,
        stretches.account_number,
        -- Country and plan on the day.
        stretches.group_number,
        bit_or(bits.all_low) as all_low,
        bit_or(bits.all_high) as all_high,
        bit_or(bits.single) as single,
    from published.account_days as account_days
    inner join bits
        on account_days.kind = bits.kind
        and account_days.device_type is not distinct from bits.device_type
        and account_days.profile_type is not distinct from bits.profile_type
    inner join derived.numbered_stretches as stretches
        on account_days.account_id = stretches.account_id
        and account_days.day >= stretches.from_day
        and account_days.day < stretches.to_day
    where
        account_days.active_plays > 0
        and account_days.day >= $from_day - 27
        and account_days.day < $to_day
    group by
        account_days.calendar,
        account_days.day,
        stretches.account_number,
        stretches.group_number
)

select * from active_days
