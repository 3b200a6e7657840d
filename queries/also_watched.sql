-- Grain: one other film or series that at least twenty accounts were active with in the range beside the one chosen.
-- Answers: what else do its viewers watch, more than others do? The lift is the share of its active accounts that were
-- active with the other as well, by the share of all active accounts that were.
with active as (
    select
        show_id,
        account_number,
    from accounts_of_shows($calendar, $start_day, $end_day, $chosen_set, struct_update($filters, titles := null))
),

own_accounts as (
    select distinct account_number
    from active
    where $titles is null or chosen(show_id, $titles)
),

sizes as (
    select
        count(distinct account_number) as all_accounts,
        (select count(*) from own_accounts) as own_accounts,
    from active
),

others as (
    select
        active.show_id,
        count(*) as other_accounts,
        count(own_accounts.account_number) as shared_accounts,
    from active
    left join own_accounts
        on active.account_number = own_accounts.account_number
    where $titles is null or not chosen(active.show_id, $titles)
    group by active.show_id
)

select
    shows.show_id,
    shows.show_name as name,
    shows.show_kind as kind,
    others.shared_accounts,
    others.shared_accounts / cast(sizes.own_accounts as double) as own_share,
    others.other_accounts / cast(sizes.all_accounts as double) as service_share,
    others.shared_accounts
    / cast(sizes.own_accounts as double)
    / (others.other_accounts / cast(sizes.all_accounts as double)) as lift,
    others.shared_accounts as accounts,
from others
cross join sizes
inner join shows
    on others.show_id = shows.show_id
where others.shared_accounts >= 20
order by lift desc, others.shared_accounts desc, shows.show_name asc
limit 12
