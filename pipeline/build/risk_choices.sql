-- Grain: one cut day whose outcomes are known, and how many accounts are chosen of those with a habit, in one calendar:
-- how many of the first so many by the share of their habit lost, and by the fewest hours, ended in the 28 days from
-- the cut on.
with chosen as (
    select
        unnest(['10', '50', '100', '1 %', '5 %', '10 %']) as choice,
        unnest([10, 50, 100, 1, 5, 10]) as number,
        unnest([false, false, false, true, true, true]) as is_percent,
),

followed as (
    select
        calendar,
        cut_day,
        count(*) as followed_accounts,
        count(*) filter (where outcome = 'ended') as ended_accounts,
    from derived.risk_accounts
    where
        has_habit
        and outcome <> 'open'
    group by calendar, cut_day
),

choices as (
    select
        followed.*,
        chosen.choice,
        -- A per cent of few is at least one account.
        case
            when chosen.is_percent then greatest(followed.followed_accounts * chosen.number // 100, 1)
            else chosen.number
        end as chosen_accounts,
    from followed
    cross join chosen
),

risk_choices as (
    select
        choices.calendar,
        choices.cut_day,
        choices.choice,
        choices.followed_accounts,
        choices.ended_accounts,
        choices.chosen_accounts,
        count(*) filter (
            where accounts.outcome = 'ended' and accounts.habit_rank <= choices.chosen_accounts
        ) as ended_by_habit,
        count(*) filter (
            where accounts.outcome = 'ended' and accounts.hours_rank <= choices.chosen_accounts
        ) as ended_by_hours,
    from choices
    inner join derived.risk_accounts as accounts
        on choices.calendar = accounts.calendar
        and choices.cut_day = accounts.cut_day
        and (accounts.habit_rank <= choices.chosen_accounts or accounts.hours_rank <= choices.chosen_accounts)
    where choices.chosen_accounts <= choices.followed_accounts
    group by
        choices.calendar,
        choices.cut_day,
        choices.choice,
        choices.followed_accounts,
        choices.ended_accounts,
        choices.chosen_accounts
)

select * from risk_choices
