-- Grain: one number of days, 1 to 28, of the last 28 of the range.
-- Answers: on how many days were accounts active? Of those active at least once, by their plan on the last day. Nothing
-- where the data do not have all 28 days.
with counted as (
    from filtered_active_day_counts($calendar, $end_day, $filters)
),

accounts_by_active_days as (
    select
        cast(days.active_days as integer) as active_days,
        coalesce(counted.active_accounts, 0) as active_accounts,
        coalesce(counted.active_accounts, 0)
        / cast(nullif(sum(counted.active_accounts) over (), 0) as double) as active_days_share,
        coalesce(counted.active_accounts, 0) as accounts,
    from (select unnest(range(1, 29)) as active_days) as days
    left join counted
        on days.active_days = counted.active_days
    where $end_day - 28 >= $data_start_day
)

select * from accounts_by_active_days
order by active_days asc
