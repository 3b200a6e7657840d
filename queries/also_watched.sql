-- Grain: one other film or series that at least twenty accounts were active with in the range beside the one chosen.
-- Answers: what else do its viewers watch, more than others do? The lift is the share of its active accounts that were
-- active with the other as well, by the share of all active accounts that were.
with active as (
    select distinct
        show_id,
        account_id,
    from active_months_of_shows($calendar, $start_day, $end_day, struct_update($filters, titles := null))
    where has_days_between(active_days, month_start, $start_day, $end_day)
),

accounts as (
    select
        account_id,
        $titles is null or bool_or(chosen(show_id, $titles)) as is_own,
    from active
    group by account_id
),

sizes as (
    select
        count(*) as all_accounts,
        count(*) filter (where is_own) as own_accounts,
    from accounts
),

others as (
    select
        active.show_id,
        count(*) as other_accounts,
        count(*) filter (where accounts.is_own) as shared_accounts,
    from active
    inner join accounts
        on active.account_id = accounts.account_id
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
