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
        when 'country' then coalesce(account_country, 'unknown')
        when 'plan' then coalesce(account_plan, 'unknown')
        when 'channel' then coalesce(acquisition_channel, 'unknown')
        else 'all'
    end
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

-- Grain: one group and day of life (of_table: subscription_lives; or subscription_breaks, the days after an end, which
-- the accounts' rejoining ends). How many subscriptions come under observation on that day of their life, are no longer
-- under it from that day on, and end on it. A range observes a subscription on the days of its life that lie in
-- the range: from later on where it began before (left truncation), cut off where it runs on at the end (right
-- censoring). How they began is all, first or rejoined. Those whose beginning is not known have no days of life.
create macro observed_spells(
    of_table, of_calendar, from_day, to_day, of_split, told_apart_by, begun_as, of_countries, of_plans
) as table
    select
        changes.group_id,
        changes.age_days,
        cast(sum(changes.entered) as bigint) as entered,
        cast(sum(changes.left_before) as bigint) as left_before,
        cast(sum(changes.ended) as bigint) as ended,
        cast(sum(changes.ended_by_payment) as bigint) as ended_by_payment
    from (
        select
            lives.group_id,
            unnest(
                [
                    {
                        'age_days': lives.first_age_days,
                        'entered': lives.subscriptions,
                        'left_before': 0,
                        'ended': 0,
                        'ended_by_payment': 0
                    },
                    {
                        'age_days': lives.last_age_days,
                        'entered': 0,
                        'left_before': 0,
                        'ended': if(lives.ends_in_range, lives.subscriptions, 0),
                        'ended_by_payment': if(
                            lives.ends_in_range and lives.ended_by = 'payment', lives.subscriptions, 0
                        )
                    },
                    {
                        'age_days': lives.last_age_days + 1,
                        'entered': 0,
                        'left_before': lives.subscriptions,
                        'ended': 0,
                        'ended_by_payment': 0
                    }
                ],
                recursive := true
            )
        from (
            select
                life_group(
                    told_apart_by, lives.account_country, lives.account_plan, lives.acquisition_channel
                ) as group_id,
                greatest(lives.start_day, from_day) - lives.start_day as first_age_days,
                least(coalesce(lives.end_day, to_day), to_day - 1) - lives.start_day as last_age_days,
                coalesce(lives.end_day < to_day, false) as ends_in_range,
                lives.ended_by,
                sum(lives.subscriptions) as subscriptions
            from query_table(of_table) as lives
            where
                lives.calendar = of_calendar
                and lives.split_by = of_split
                and lives.start_day < to_day
                and coalesce(lives.end_day >= from_day, true)
                and (begun_as = 'all' or (lives.began_as = 'rejoin') = (begun_as = 'rejoined'))
                and chosen(lives.account_country, of_countries)
                and chosen(lives.account_plan, of_plans)
            group by all
        ) as lives
    ) as changes
    group by all;

-- Grain: one group and month of life, of 30 days. Of the subscriptions that were there when the month began, and whose
-- month ends in the range, how many ended in it. Whether it ends in the range is told by its beginning alone: of a
-- month that is not over, neither who ended nor who has not is counted. A month counts where it began in the data.
create macro renewals_of_lives(
    of_calendar, data_from_day, from_day, to_day, of_split, told_apart_by, begun_as, of_countries, of_plans
) as table
    with month_numbers as (
        select
            life_group(
                told_apart_by, lives.account_country, lives.account_plan, lives.acquisition_channel
            ) as group_id,
            greatest(
                1,
                (from_day - lives.start_day + 29) // 30,
                1 + (greatest(0, data_from_day - lives.start_day) + 29) // 30
            ) as first_month,
            (to_day - 1 - lives.start_day) // 30 as last_whole_month,
            if(
                lives.end_day is null, null, greatest(1, (lives.end_day - lives.start_day + 29) // 30)
            ) as end_month,
            sum(lives.subscriptions) as subscriptions
        from main.subscription_lives as lives
        where
            lives.calendar = of_calendar
            and lives.split_by = of_split
            and lives.start_day < to_day
            and coalesce(lives.end_day >= from_day - 30, true)
            and (begun_as = 'all' or (lives.began_as = 'rejoin') = (begun_as = 'rejoined'))
            and chosen(lives.account_country, of_countries)
            and chosen(lives.account_plan, of_plans)
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

-- Grain: one group and day of life on which a subscription of any group ended, every thirtieth day, and the last
-- observed, as long as the group has any at risk. Which share is still there after it, by Kaplan and Meier (1958): at
-- risk is who is observed on the day. Greenwood's sum is the variance of its logarithm. The two ways to end are
-- competing risks (Aalen and Johansen 1978): what is left and both incidences add up to one.
create macro survival_of_spells(
    of_table, of_calendar, from_day, to_day, of_split, told_apart_by, begun_as, of_countries, of_plans
) as table
    with changes as (
        from observed_spells(
            of_table, of_calendar, from_day, to_day, of_split, told_apart_by, begun_as, of_countries, of_plans
        )
    ),

    last_days as (
        select
            group_id,
            max(age_days) as last_age_days
        from changes
        group by group_id
    ),

    -- Groups are compared by who of each is at risk on the days on which any ended.
    any_ended as (
        select distinct age_days
        from changes
        where ended > 0
    ),

    told_days as (
        select
            last_days.group_id,
            any_ended.age_days
        from last_days
        inner join any_ended
            on any_ended.age_days <= last_days.last_age_days
        union
        select
            group_id,
            unnest(range(0, last_age_days, 30))
        from last_days
    ),

    days_of_life as (
        select
            group_id,
            age_days,
            entered,
            left_before,
            ended,
            ended_by_payment,
            false as is_told
        from changes
        union all
        select
            group_id,
            age_days,
            0,
            0,
            0,
            0,
            true
        from told_days
    ),

    added_up as (
        select
            group_id,
            age_days,
            sum(entered) as entered,
            sum(left_before) as left_before,
            cast(sum(ended) as bigint) as ended,
            cast(sum(ended_by_payment) as bigint) as ended_by_payment,
            bool_or(is_told) as is_told
        from days_of_life
        group by all
    ),

    at_risk as (
        select
            *,
            cast(sum(entered) over to_date - sum(left_before) over to_date as bigint) as at_risk,
            cast(sum(entered) over (partition by group_id) as bigint) as subscriptions
        from added_up
        window to_date as (partition by group_id order by age_days rows between unbounded preceding and current row)
    ),

    told as (
        select
            *,
            age_days = max(age_days) filter (where at_risk > 0) over (partition by group_id) as is_last
        from at_risk
    ),

    survived as (
        select
            *,
            product(1 - ended / at_risk) over to_date as remaining_share,
            -- Where all that are at risk end nothing is left, and that has no variance.
            coalesce(sum(ended / nullif(at_risk * (at_risk - ended), 0)) over to_date, 0) as greenwood_sum
        from told
        where
            at_risk > 0
            and (is_told or is_last)
        window to_date as (partition by group_id order by age_days rows between unbounded preceding and current row)
    ),

    -- The factors of each row are multiplied in an order of their own, so the last digit may rise where none ends.
    falling as (
        select
            *,
            min(remaining_share) over (
                partition by group_id order by age_days rows between unbounded preceding and current row
            ) as survival
        from survived
    ),

    preceded as (
        select
            *,
            lag(survival, 1, 1) over (partition by group_id order by age_days) as survival_before
        from falling
    )

    select
        group_id,
        age_days,
        subscriptions,
        at_risk,
        ended,
        ended_by_payment,
        survival,
        greenwood_sum,
        sum(survival_before * (ended - ended_by_payment) / at_risk) over to_date as chosen_end_incidence,
        sum(survival_before * ended_by_payment / at_risk) over to_date as payment_end_incidence
    from preceded
    window to_date as (partition by group_id order by age_days rows between unbounded preceding and current row);

create macro survival_of_lives(
    of_calendar, from_day, to_day, of_split, told_apart_by, begun_as, of_countries, of_plans
) as table
    from survival_of_spells(
        'main.subscription_lives',
        of_calendar,
        from_day,
        to_day,
        of_split,
        told_apart_by,
        begun_as,
        of_countries,
        of_plans
    );

-- The limit of a share that survives, z standard errors away, on the scale of log(-log) (Kalbfleisch and Prentice
-- 1980).
create macro survival_limit(survival, greenwood_sum, z) as (
    case
        when survival in (0, 1) then survival
        else power(survival, exp(-z * sqrt(greenwood_sum) / ln(survival)))
    end
);
