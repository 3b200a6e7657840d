-- Grain: one set of device types, written as the types joined by a plus.
-- Answers: how many accounts were active on just these in the range, of all that were? Each counts once.
with sets as (
    select
        device_set,
        count(*) as device_set_accounts,
    from account_device_sets($calendar, $start_day, $end_day, $filters)
    group by device_set
),

accounts_by_device_set as (
    select
        device_set_text(device_set) as device_set,
        cast(bit_count(device_set) as bigint) as devices,
        device_set_accounts,
        device_set_accounts / cast(sum(device_set_accounts) over () as double) as account_share,
        device_set_accounts as accounts,
        coalesce(device_set_accounts < $min_accounts, false) as is_hidden,
    from sets
)

-- Hidden sets come last, by name: their place would tell how many accounts they have.
select * exclude (is_hidden) from accounts_by_device_set
order by
    is_hidden asc,
    case when not is_hidden then device_set_accounts end desc,
    device_set asc
