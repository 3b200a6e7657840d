-- How long subscriptions last, and how long it takes until who has left is back (of_spells: lives, breaks). How they
-- began is all, first or rejoined. Those whose beginning is not known have no days of life.

-- Reads the pairs of days themselves, where more is told apart or chosen than one column.
create schema spells_counted;

-- The first day of the next month, where the day is not one itself.
create macro next_month_start(day) as (cast(date_trunc('month', day - 1) + interval 1 month as date));

-- Grain: one group and age in days: how many ran at that age when the range began, how many when it ends, and how many
-- ended at that age in between. Each moment is told by the next month's beginning, from which what ended in the days up
-- to it is taken back: who ends on a day still runs as it begins.
create macro spells_at_borders(
    of_spells, of_calendar, from_day, to_day, of_split, told_apart_by, begun_as, of_countries, of_plans
) as table
    with borders as (
        select
            unnest([from_day, to_day]) as day,
            unnest([next_month_start(from_day), next_month_start(to_day)]) as month_start,
            unnest([false, true]) as is_end
    ),

    at_months as (
        select
            borders.is_end,
            borders.month_start - borders.day as days_later,
            life_group(
                told_apart_by, ages.account_country, ages.account_plan, ages.acquisition_channel
            ) as group_id,
            ages.age_days,
            ages.running,
            ages.ended,
            ages.ended_by_payment
        from main.subscription_ages as ages
        inner join borders
            on ages.month_start = borders.month_start
        where
            ages.spells = of_spells
            and ages.calendar = of_calendar
            and ages.split_by = of_split
            -- Said again, since it is by this that all other months are left out.
            and ages.month_start in (next_month_start(from_day), next_month_start(to_day))
            and is_life_chosen(ages, begun_as, of_countries, of_plans)
    ),

    ended_later as (
        select
            borders.is_end,
            borders.day - lives.start_day as age_at_border,
            life_group(
                told_apart_by, lives.account_country, lives.account_plan, lives.acquisition_channel
            ) as group_id,
            lives.end_day - lives.start_day as age_days,
            lives.subscriptions,
            if(lives.ended_by = 'payment', lives.subscriptions, 0) as by_payment
        from query_table('main.subscription_' || of_spells) as lives
        inner join borders
            on lives.end_day >= borders.day
            and lives.end_day < borders.month_start
        where
            lives.calendar = of_calendar
            and lives.split_by = of_split
            and lives.start_day is not null
            -- Said again, since it is by this that all other days are left out.
            and (
                (lives.end_day >= from_day and lives.end_day < next_month_start(from_day))
                or (lives.end_day >= to_day and lives.end_day < next_month_start(to_day))
            )
            and is_life_chosen(lives, begun_as, of_countries, of_plans)
    ),

    at_borders as (
        select
            group_id,
            age_days - days_later as age_days,
            is_end,
            running,
            0 as ended,
            0 as ended_by_payment
        from at_months
        where
            age_days > days_later
            and running > 0
        union all
        select
            group_id,
            age_days,
            is_end,
            0,
            ended,
            ended_by_payment
        from at_months
        where ended > 0
        union all
        select
            group_id,
            age_at_border,
            is_end,
            subscriptions,
            0,
            0
        from ended_later
        where age_at_border > 0
        union all
        select
            group_id,
            age_days,
            is_end,
            0,
            -subscriptions,
            -by_payment
        from ended_later
    )

    select
        group_id,
        age_days,
        coalesce(sum(running) filter (where not is_end), 0) as running_at_start,
        coalesce(sum(running) filter (where is_end), 0) as running_at_end,
        sum(if(is_end, ended, -ended)) as ended,
        sum(if(is_end, ended_by_payment, -ended_by_payment)) as ended_by_payment
    from at_borders
    group by all;

-- Grain: one group and day of life; of the day of the beginning, more than one. How many subscriptions come under
-- observation on that day of their life, are cut off before it, and end on it. A range observes a subscription on the
-- days of its life that lie in the range: from later on where it began before (left truncation), cut off where it runs
-- on at the end (right censoring). Who neither ran at the beginning nor ended before it began in the range.
create macro observed_spells(
    of_spells, of_calendar, from_day, to_day, of_split, told_apart_by, begun_as, of_countries, of_plans
) as table
    with by_age as (
        from spells_at_borders(
            of_spells, of_calendar, from_day, to_day, of_split, told_apart_by, begun_as, of_countries, of_plans
        )
    )

    select
        group_id,
        age_days,
        running_at_start as entered,
        running_at_end as cut_off,
        ended,
        ended_by_payment
    from by_age
    where
        running_at_start > 0
        or running_at_end > 0
        or ended > 0
    union all
    select
        group_id,
        0,
        sum(running_at_end + ended - running_at_start),
        0,
        0,
        0
    from by_age
    group by group_id
    having sum(running_at_end + ended - running_at_start) > 0;

create macro spells_counted.observed_spells(
    of_spells, of_calendar, from_day, to_day, of_split, told_apart_by, begun_as, of_countries, of_plans
) as table
    select
        changes.group_id,
        changes.age_days,
        sum(changes.entered) as entered,
        sum(changes.cut_off) as cut_off,
        sum(changes.ended) as ended,
        sum(changes.ended_by_payment) as ended_by_payment
    from (
        select
            lives.group_id,
            unnest(
                [
                    {
                        'age_days': lives.first_age_days,
                        'entered': lives.subscriptions,
                        'cut_off': 0,
                        'ended': 0,
                        'ended_by_payment': 0
                    },
                    {
                        'age_days': lives.end_age_days,
                        'entered': 0,
                        'cut_off': if(lives.ends_in_range, 0, lives.subscriptions),
                        'ended': if(lives.ends_in_range, lives.subscriptions, 0),
                        'ended_by_payment': if(
                            lives.ends_in_range and lives.ended_by = 'payment', lives.subscriptions, 0
                        )
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
                least(coalesce(lives.end_day, to_day), to_day) - lives.start_day as end_age_days,
                coalesce(lives.end_day < to_day, false) as ends_in_range,
                lives.ended_by,
                sum(lives.subscriptions) as subscriptions
            from query_table('main.subscription_' || of_spells) as lives
            where
                lives.calendar = of_calendar
                and lives.split_by = of_split
                and lives.start_day < to_day
                and (lives.end_day is null or lives.end_day >= from_day)
                and is_life_chosen(lives, begun_as, of_countries, of_plans)
            group by all
        ) as lives
    ) as changes
    group by all;

-- Grain: one group and day of life on which a subscription of any group ended, every thirtieth day, and the last
-- observed, as long as the group has any at risk. Which share is still there after it, by Kaplan and Meier (1958): at
-- risk is who is observed on the day. Greenwood's sum is the variance of its logarithm. The two ways to end are
-- competing risks (Aalen and Johansen 1978): what is left and both incidences add up to one.
create macro survival_of_spells(
    of_spells, of_calendar, from_day, to_day, of_split, told_apart_by, begun_as, of_countries, of_plans
) as table
    with spells as (
        from observed_spells(
            of_spells, of_calendar, from_day, to_day, of_split, told_apart_by, begun_as, of_countries, of_plans
        )
    ),

    -- Who is cut off before a day was observed on the one before.
    of_groups as (
        select
            group_id,
            cast(sum(entered) as bigint) as subscriptions,
            max(if(entered > 0 or ended > 0, age_days, age_days - 1)) as last_age_days
        from spells
        group by group_id
    ),

    -- Groups are compared by who of each is at risk on the days on which any ended.
    any_ended as (
        select distinct age_days
        from spells
        where ended > 0
    ),

    told_days as (
        select
            of_groups.group_id,
            any_ended.age_days
        from of_groups
        inner join any_ended
            on any_ended.age_days <= of_groups.last_age_days
        union all
        select
            group_id,
            unnest(list_append(range(0, last_age_days, 30), last_age_days))
        from of_groups
    ),

    days_of_life as (
        select
            group_id,
            age_days,
            entered,
            cut_off,
            ended,
            ended_by_payment,
            false as is_told
        from spells
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
            sum(entered - cut_off - ended) as change_after,
            cast(sum(ended) as bigint) as ended,
            cast(sum(ended_by_payment) as bigint) as ended_by_payment,
            bool_or(is_told) as is_told
        from days_of_life
        group by all
    ),

    -- Who ends on a day is at risk on it.
    at_risk as (
        select
            *,
            cast(
                ended + sum(change_after) over (
                    partition by group_id order by age_days rows between unbounded preceding and current row
                ) as bigint
            ) as at_risk
        from added_up
    ),

    survived as (
        select
            *,
            product(1 - ended / at_risk) over to_date as remaining_share,
            -- Where all that are at risk end nothing is left, and that has no variance.
            coalesce(sum(ended / nullif(at_risk * (at_risk - ended), 0)) over to_date, 0) as greenwood_sum
        from at_risk
        where
            at_risk > 0
            and is_told
        window to_date as (partition by group_id order by age_days rows between unbounded preceding and current row)
    ),

    -- The factors of each row are multiplied in an order of their own, so the last digit may rise where none ends.
    preceded as (
        select
            *,
            coalesce(
                min(remaining_share) over (
                    partition by group_id order by age_days rows between unbounded preceding and 1 preceding
                ),
                1
            ) as survival_before
        from survived
    )

    select
        preceded.group_id,
        preceded.age_days,
        of_groups.subscriptions,
        preceded.at_risk,
        preceded.ended,
        preceded.ended_by_payment,
        least(preceded.remaining_share, preceded.survival_before) as survival,
        preceded.greenwood_sum,
        sum(preceded.survival_before * (preceded.ended - preceded.ended_by_payment) / preceded.at_risk) over to_date
            as chosen_end_incidence,
        sum(preceded.survival_before * preceded.ended_by_payment / preceded.at_risk) over to_date
            as payment_end_incidence
    from preceded
    inner join of_groups
        on preceded.group_id = of_groups.group_id
    window to_date as (
        partition by preceded.group_id order by preceded.age_days rows between unbounded preceding and current row
    );

-- The limit of a share that survives, z standard errors away, on the scale of log(-log) (Kalbfleisch and Prentice
-- 1980).
create macro survival_limit(survival, greenwood_sum, z) as (
    case
        when survival in (0, 1) then survival
        else power(survival, exp(-z * sqrt(greenwood_sum) / ln(survival)))
    end
);
