-- Grain: one number of accounts chosen at each cut, and one way to choose them: by the share of their habit lost, by
-- the fewest hours, or at random.
-- Answers: would those chosen have ended? Over all cuts whose 28 days are over by the end of the range. At random, as
-- large a share ends as of all that have a habit.
with sums as (
    select
        choice,
        count(*) as cuts,
        cast(sum(chosen_accounts) as bigint) as chosen_accounts,
        cast(sum(ended_by_habit) as bigint) as ended_by_habit,
        cast(sum(ended_by_hours) as bigint) as ended_by_hours,
        sum(chosen_accounts * ended_accounts / cast(followed_accounts as double)) as ended_at_random,
    from risk_choices
    where
        calendar = $calendar
        and cut_day + 28 <= $end_day
    group by choice
),

ways as (
    select
        *,
        unnest(
            [
                {'rule': 'habit', 'rule_rank': 1, 'ended_accounts': ended_by_habit},
                {'rule': 'hours', 'rule_rank': 2, 'ended_accounts': ended_by_hours},
                {'rule': 'random', 'rule_rank': 3, 'ended_accounts': ended_at_random}
            ],
            recursive := true
        ),
    from sums
),

rules as (
    select
        *,
        ended_accounts / cast(chosen_accounts as double) as precision_at_k,
    from ways
),

risk_precision as (
    select
        choice,
        list_position(['10', '50', '100', '1 %', '5 %', '10 %'], choice) as choice_rank,
        rule,
        rule_rank,
        cast(cuts as integer) as cuts,
        chosen_accounts,
        case when rule <> 'random' then cast(round(ended_accounts) as bigint) end as chosen_ended,
        precision_at_k,
        case when rule <> 'random' then wilson_low(precision_at_k, chosen_accounts, 1.959963984540054) end
            as precision_low,
        case when rule <> 'random' then wilson_high(precision_at_k, chosen_accounts, 1.959963984540054) end
            as precision_high,
        -- As few as ended among the chosen of all cuts, or were chosen.
        least(nullif(cast(floor(ended_accounts) as bigint), 0), chosen_accounts) as accounts,
    from rules
)

select * from risk_precision
order by choice_rank asc, rule_rank asc
