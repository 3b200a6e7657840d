-- Grain: one age in days of subscriptions, or of times without one (spells), as a month begins, how they began, and
-- what a split (none, country, plan or channel) tells apart of their accounts, in one calendar: how many of that age
-- run on, and how many have ended at that age by then. Two such moments tell all that survival asks of what lies
-- between. The months begin on the first complete day or later; the last is the first that begins when they are over.
with spells as (
    select
        'lives' as spells,
        *,
    from published.subscription_lives
    union all by name
    select
        'breaks' as spells,
        *,
    from published.subscription_breaks
),

-- Counted by the month that begins next after their end: null while they run.
begun_and_ended as (
    select
        spells,
        calendar,
        split_by,
        began_as,
        account_country,
        account_plan,
        acquisition_channel,
        start_day,
        date_trunc('month', end_day) + interval 1 month as ended_before,
        sum(subscriptions) as spell_count,
    from spells
    where
        split_by <> 'all'
        and start_day is not null
    group by all
),

months as (
    select
        date_trunc('month', cast($first_day as date) - 1) + interval 1 month as first_month,
        date_trunc('month', cast($end_day as date) - 1) + interval 1 month as last_month,
),

running as (
    select
        begun_and_ended.* exclude (start_day, ended_before, spell_count),
        begun_and_ended.start_day,
        begun_and_ended.spell_count,
        unnest(generate_series(
            greatest(months.first_month, date_trunc('month', begun_and_ended.start_day) + interval 1 month),
            least(months.last_month, coalesce(begun_and_ended.ended_before - interval 1 month, months.last_month)),
            interval 1 month
        )) as month_start,
    from begun_and_ended
    cross join months
),

ended_at_ages as (
    select
        spells,
        calendar,
        split_by,
        began_as,
        account_country,
        account_plan,
        acquisition_channel,
        end_day - start_day as age_days,
        date_trunc('month', end_day) + interval 1 month as ended_before,
        sum(subscriptions) as ended,
        coalesce(sum(subscriptions) filter (where ended_by = 'payment'), 0) as ended_by_payment,
    from spells
    where
        split_by <> 'all'
        and start_day is not null
        and end_day is not null
    group by all
),

ended as (
    select
        ended_at_ages.* exclude (ended_before),
        unnest(generate_series(
            greatest(months.first_month, ended_at_ages.ended_before), months.last_month, interval 1 month
        )) as month_start,
    from ended_at_ages
    cross join months
),

counted as (
    select
        * exclude (start_day, spell_count, month_start),
        cast(month_start as date) as month_start,
        cast(month_start as date) - start_day as age_days,
        spell_count as running,
        0 as ended,
        0 as ended_by_payment,
    from running
    union all by name
    select
        * exclude (month_start),
        cast(month_start as date) as month_start,
        0 as running,
    from ended
),

subscription_ages as (
    select
        spells,
        calendar,
        split_by,
        month_start,
        age_days,
        began_as,
        account_country,
        account_plan,
        acquisition_channel,
        sum(running) as running,
        sum(ended) as ended,
        sum(ended_by_payment) as ended_by_payment,
    from counted
    group by all
)

select * from subscription_ages
