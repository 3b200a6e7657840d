-- Who subscribes, and for how long.

-- Grain: one day, change, country and plan of the accounts chosen.
create macro filtered_subscription_changes(of_calendar, of_countries, of_plans) as table
    select changes.*
    from main.subscription_changes as changes
    where
        changes.calendar = of_calendar
        and chosen(changes.account_country, of_countries)
        and chosen(changes.account_plan, of_plans);

-- The group of a life, or of its account, by what lives are told apart by.
create macro life_group(told_apart_by, account_country, account_plan, acquisition_channel) as (
    case told_apart_by
        when 'country' then known(account_country)
        when 'plan' then known(account_plan)
        when 'channel' then known(acquisition_channel)
        else 'all'
    end
);

-- Whether a life is looked at: begun_as is all, first or rejoined.
create macro is_life_chosen(life, begun_as, of_countries, of_plans) as (
    (begun_as = 'all' or (life.began_as = 'rejoin') = (begun_as = 'rejoined'))
    and chosen(life.account_country, of_countries)
    and chosen(life.account_plan, of_plans)
);

-- Grain: one of the last 13 calendar months that are complete at the end of the range, and one value by which they are
-- told apart: the subscriptions that ran at its beginning and end, and those that came and went in it.
create macro churned_months(of_calendar, data_from_day, to_day, told_apart_by, of_countries, of_plans) as table
    with month_starts as (
        select cast(unnest(generate_series(
            date_trunc('month', to_day) - interval 13 month,
            date_trunc('month', to_day) - interval 1 month,
            interval 1 month
        )) as date) as month
    ),

    months as (
        select month
        from month_starts
        where month >= data_from_day
    ),

    counted as (
        select
            subscribed.month_start as month,
            life_group(
                told_apart_by, subscribed.account_country, subscribed.account_plan, subscribed.acquisition_channel
            ) as group_id,
            'at_start' as counted_as,
            subscribed.subscriptions
        from main.subscription_months as subscribed
        where
            subscribed.calendar = of_calendar
            and chosen(subscribed.account_country, of_countries)
            and chosen(subscribed.account_plan, of_plans)
        union all
        select
            cast(subscribed.month_start - interval 1 month as date) as month,
            life_group(
                told_apart_by, subscribed.account_country, subscribed.account_plan, subscribed.acquisition_channel
            ) as group_id,
            'at_end' as counted_as,
            subscribed.subscriptions
        from main.subscription_months as subscribed
        where
            subscribed.calendar = of_calendar
            and chosen(subscribed.account_country, of_countries)
            and chosen(subscribed.account_plan, of_plans)
        union all
        select
            cast(date_trunc('month', changes.day) as date) as month,
            life_group(
                told_apart_by, changes.account_country, changes.account_plan, changes.acquisition_channel
            ) as group_id,
            case
                when changes.change = 'rejoin' and changes.rejoined_within_year then 'soon_rejoined'
                else changes.change
            end as counted_as,
            changes.subscriptions
        from filtered_subscription_changes(of_calendar, of_countries, of_plans) as changes
        union all
        select
            month,
            'all' as group_id,
            'nothing' as counted_as,
            0 as subscriptions
        from months
        where told_apart_by = 'none'
    )

    select
        counted.month,
        cast(counted.month + interval 1 month as date) as month_after,
        counted.group_id,
        cast(coalesce(sum(counted.subscriptions) filter (where counted.counted_as = 'at_start'), 0) as bigint)
            as subscriptions_at_start,
        cast(coalesce(sum(counted.subscriptions) filter (where counted.counted_as = 'start'), 0) as bigint)
            as new_subscriptions,
        cast(
            coalesce(sum(counted.subscriptions) filter (where counted.counted_as in ('rejoin', 'soon_rejoined')), 0)
            as bigint
        ) as rejoined_subscriptions,
        cast(coalesce(sum(counted.subscriptions) filter (where counted.counted_as = 'soon_rejoined'), 0) as bigint)
            as soon_rejoined_subscriptions,
        cast(coalesce(sum(counted.subscriptions) filter (where counted.counted_as = 'end'), 0) as bigint)
            as ended_subscriptions,
        cast(coalesce(sum(counted.subscriptions) filter (where counted.counted_as = 'cancel'), 0) as bigint)
            as cancellation_decisions,
        cast(coalesce(sum(counted.subscriptions) filter (where counted.counted_as = 'at_end'), 0) as bigint)
            as subscriptions_at_end
    from counted
    inner join months
        on counted.month = months.month
    group by all;

-- Grain: one month: the subscriptions of the accounts chosen that ran at the end of the month before.
create macro subscriptions_by_month(of_calendar, of_countries, of_plans) as table
    select
        months.month_start,
        sum(months.subscriptions) as subscriptions
    from main.subscription_months as months
    where
        months.calendar = of_calendar
        and chosen(months.account_country, of_countries)
        and chosen(months.account_plan, of_plans)
    group by months.month_start;

-- Grain: one group and month of life, of 30 days. Of the subscriptions that were there when the month began, and whose
-- month ends in the range, how many ended in it. Whether it ends in the range is told by its beginning alone: of a
-- month that is not over, neither who ended nor who has not is counted. A month counts where it began in the data.
create macro renewals_of_lives(
    of_calendar, data_from_day, from_day, to_day, of_split, told_apart_by, begun_as, of_countries, of_plans
) as table
    with month_numbers as (
        select
            life_group(
                told_apart_by, lengths.account_country, lengths.account_plan, lengths.acquisition_channel
            ) as group_id,
            greatest(
                1,
                (from_day - lengths.start_day + 29) // 30,
                1 + (greatest(0, data_from_day - lengths.start_day) + 29) // 30
            ) as first_month,
            (to_day - 1 - lengths.start_day) // 30 as last_whole_month,
            lengths.end_month,
            sum(lengths.subscriptions) as subscriptions
        from main.subscription_lengths as lengths
        where
            lengths.calendar = of_calendar
            and lengths.split_by = of_split
            and lengths.start_day < to_day
            and is_life_chosen(lengths, begun_as, of_countries, of_plans)
        group by all
    ),

    months as (
        select
            group_id,
            unnest(range(first_month, least(last_whole_month, coalesce(end_month, last_whole_month)) + 1))
                as month_of_life,
            end_month,
            subscriptions
        from month_numbers
    )

    select
        group_id,
        month_of_life,
        cast(sum(subscriptions) as bigint) as at_risk,
        cast(coalesce(sum(subscriptions) filter (where month_of_life = end_month), 0) as bigint) as ended
    from months
    group by all;
