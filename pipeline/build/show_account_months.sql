-- Grain: one account, film or series, month and set of kinds of which it had one in an active play, in one calendar,
-- over all the data. Sets are told as in audience_cells, days as in show_active_months. An account that had several
-- kinds of a series has rows for each set of them, one of which is just what any choice of kinds leaves of them.
with kinds as (
    select distinct
        kind,
        mask_low as kind_mask,
    from published.audience_cells
    where counted_by = 'kind'
),

active as (
    select
        cast(months.calendar as reference.calendar) as calendar,
        months.month_start,
        cast(months.show_id as reference.show_id) as show_id,
        months.show_number,
        months.account_number,
        months.account_country,
        months.active_days,
        kinds.kind_mask,
    from published.show_active_months as months
    inner join kinds
        on months.kind = kinds.kind
),

of_known_kinds as (
    select
        *,
        bit_or(kind_mask) over (partition by calendar, show_id, account_number) as known_kinds_mask,
    from active
),

sets as (
    select unnest(range(1, cast(1 << count(*) as bigint))) as kinds_mask,
    from kinds
),

-- The sets that a kind is in, of the known ones.
kind_sets as (
    select
        kinds.kind_mask,
        known.kinds_mask as known_kinds_mask,
        sets.kinds_mask,
    from kinds
    cross join sets as known
    cross join sets
    where
        kinds.kind_mask & sets.kinds_mask <> 0
        and sets.kinds_mask & known.kinds_mask = sets.kinds_mask
),

set_months as (
    select
        months.calendar,
        months.month_start,
        months.show_id,
        months.show_number,
        months.account_number,
        months.account_country,
        kind_sets.kinds_mask,
        months.known_kinds_mask,
        bit_or(months.active_days) as active_days,
    from of_known_kinds as months
    inner join kind_sets
        on months.kind_mask = kind_sets.kind_mask
        and months.known_kinds_mask = kind_sets.known_kinds_mask
    group by
        months.calendar,
        months.month_start,
        months.show_id,
        months.show_number,
        months.account_number,
        months.account_country,
        kind_sets.kinds_mask,
        months.known_kinds_mask
),

show_account_months as (
    select
        *,
        -- The lowest bit that is set is the month's last such day; below it are as many as days to the 31st.
        lag(month_start + 30 - cast(bit_count((active_days & -active_days) - 1) as integer)) over (
            partition by calendar, show_id, account_number, kinds_mask
            order by month_start
        ) as previous_active_day,
    from set_months
)

select * from show_account_months
