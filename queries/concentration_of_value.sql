-- Grain: one step along the accounts, by what each has paid in all the data, in one currency; or by whole hours
-- watched, where no payment is known. The first is of no accounts.
-- Answers: which share of all that was paid comes from which share of the accounts, those who paid most first?
with amounts as (
    from amounts_of_accounts($countries, $plans)
),

in_order as (
    select
        *,
        sum(accounts) over to_here as accounts_to_here,
        sum(total) over to_here as total_to_here,
        sum(accounts) over (partition by measured_in) as all_accounts,
        sum(total) over (partition by measured_in) as whole,
    from amounts
    window to_here as (
        partition by measured_in order by amount desc rows between unbounded preceding and current row
    )
),

-- No more steps than a figure shows, and where small groups are hidden none of fewer.
steps as (
    select
        measured,
        measured_in,
        (accounts_to_here - 1) // greatest(1, all_accounts / 200, coalesce($min_accounts, 1)) as step,
        sum(accounts) as accounts,
        min(amount) as least_amount,
        max(accounts_to_here) as accounts_to_here,
        max(total_to_here) as total_to_here,
        any_value(all_accounts) as all_accounts,
        any_value(whole) as whole,
    from in_order
    group by all
),

with_beginning as (
    select
        measured,
        measured_in,
        accounts,
        least_amount,
        accounts_to_here / all_accounts as share_of_accounts,
        total_to_here / nullif(whole, 0) as value_share,
        all_accounts,
    from steps
    union all
    select
        measured,
        measured_in,
        0,
        null,
        0,
        0,
        max(all_accounts),
    from steps
    group by measured, measured_in
),

concentration_of_value as (
    select
        measured,
        measured_in,
        dense_rank() over (order by all_accounts desc, measured_in asc) as group_rank,
        cast(all_accounts as bigint) as counted_accounts,
        share_of_accounts,
        value_share,
        cast(least_amount as bigint) as least_amount,
        accounts,
    from with_beginning
)

select * from concentration_of_value
order by group_rank asc, share_of_accounts asc
