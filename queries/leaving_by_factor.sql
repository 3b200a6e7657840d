-- Grain: one combination of bands of what subscriptions did in a month of their life, and how many ended in the next.
-- Answers, once a logistic regression is fitted to it (queries/odds.py), which gives a row for each band: what goes
-- with leaving, other things equal? Over the range's whole months; where none lies in it, the last twelve before it.
with months as (
    from whole_months($start_day, $end_day)
),

cells as (
    select
        leaving_cells.* exclude (calendar, month_start, subscriptions, left_subscriptions, left_for_payment),
        min(leaving_cells.month_start) as first_month,
        max(leaving_cells.month_start) as last_month,
        sum(leaving_cells.subscriptions) as subscriptions,
        sum(
            case $left_by
                when 'all' then leaving_cells.left_subscriptions
                when 'payment' then leaving_cells.left_for_payment
                else leaving_cells.left_subscriptions - leaving_cells.left_for_payment
            end
        ) as left_subscriptions,
    from cubes.leaving_cells as leaving_cells
    inner join months
        on leaving_cells.month_start >= months.first_month
        and leaving_cells.month_start < months.month_after
    where
        leaving_cells.calendar = $calendar
        and chosen(leaving_cells.account_country, $countries)
        and chosen(leaving_cells.account_plan, $plans)
    group by all
),

-- A country of its own for those of which most is known.
told_countries as (
    select account_country
    from cells
    where account_country is not null
    group by account_country
    order by
        sum(subscriptions) desc,
        account_country asc
    limit 5
),

leaving_by_factor as (
    select
        cells.watched,
        cells.days_active,
        cells.stalls,
        case when cells.days_active is not null then known(cells.device_type) end as device,
        cells.searched,
        cells.tenure,
        known(cells.account_plan) as plan,
        case
            when cells.account_country is null then 'unknown'
            when told_countries.account_country is null then 'other'
            else cells.account_country
        end as country,
        min(cells.first_month) as first_month,
        max(cells.last_month) as last_month,
        cast(sum(cells.subscriptions) as bigint) as subscriptions,
        cast(sum(cells.left_subscriptions) as bigint) as left_subscriptions,
    from cells
    left join told_countries
        on cells.account_country = told_countries.account_country
    group by all
)

select * from leaving_by_factor
order by all
