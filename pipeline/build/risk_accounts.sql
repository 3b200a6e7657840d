-- Grain: one account with a running subscription at the beginning of a cut day, in one calendar: what it watched in the
-- 28 days before, and in the three times 28 days before those. Nothing of the cut day or after it is looked at, but for
-- the outcome. Not published.
with watched as (
    select
        account_days.calendar,
        account_days.account_id,
        (complete_days.end_day - 1 - account_days.day) // 28 as window_number,
        cast(sum(account_days.watch_ms) as bigint) as watch_ms,
        cast(sum(account_days.rebuffer_ms) as bigint) as rebuffer_ms,
        cast(sum(account_days.rebuffer_known_watch_ms) as bigint) as rebuffer_known_watch_ms,
        count(distinct account_days.day) filter (where account_days.active_plays > 0) as active_days,
        max(account_days.day) filter (where account_days.active_plays > 0) as last_active_day,
    from published.account_days as account_days
    inner join reference.complete_days as complete_days
        on account_days.calendar = complete_days.calendar
    where
        list_contains($default_kinds, account_days.kind)
        and account_days.day < complete_days.end_day
        and account_days.day >= complete_days.first_day
    group by account_days.calendar, account_days.account_id, window_number
),

-- Grain: one window of an account, for each cut that it is the last one of, or one of the three before the last.
windows_of_cuts as (
    select
        * exclude (window_number),
        unnest(
            list_transform([0, 1, 2, 3], lambda windows_before: {
                'windows_before': windows_before, 'cut_number': window_number - windows_before
            }),
            recursive := true
        ),
    from watched
),

habits as (
    select
        calendar,
        account_id,
        cut_number,
        coalesce(sum(watch_ms) filter (where windows_before = 0), 0) as recent_ms,
        coalesce(sum(watch_ms) filter (where windows_before > 0), 0) as before_ms,
        count(*) filter (where windows_before > 0 and active_days > 0) as windows_before,
        coalesce(sum(active_days) filter (where windows_before = 0), 0) as recent_active_days,
        coalesce(sum(active_days) filter (where windows_before > 0), 0) as before_active_days,
        max(last_active_day) as last_active_day,
        coalesce(sum(rebuffer_ms) filter (where windows_before = 0), 0) as recent_rebuffer_ms,
        coalesce(sum(rebuffer_known_watch_ms) filter (where windows_before = 0), 0) as recent_rebuffer_known_watch_ms,
        coalesce(sum(rebuffer_ms) filter (where windows_before > 0), 0) as before_rebuffer_ms,
        coalesce(sum(rebuffer_known_watch_ms) filter (where windows_before > 0), 0) as before_rebuffer_known_watch_ms,
    from windows_of_cuts
    group by calendar, account_id, cut_number
),

-- Of a subscription that was running before any event, the first of these tells: not before it is it known. By UTC's
-- days, of which any other calendar's is at most the one after.
first_signs as (
    select
        account_id,
        cast(min(ts) as date) as first_sign_day,
    from published.subscription_events
    group by account_id
),

subscribed as (
    select
        cuts.calendar,
        cuts.cut_number,
        cuts.cut_day,
        subscriptions.account_id,
        subscriptions.account_country,
        accounts.acquisition_channel,
        plan_periods.account_plan,
        case when subscriptions.cancelled_day < cuts.cut_day then subscriptions.cancelled_day end as cancelled_day,
        case
            when not cuts.is_settled then 'open'
            when subscriptions.end_day < cuts.cut_day + 28 then 'ended'
            else 'stayed'
        end as outcome,
    from derived.risk_cuts as cuts
    inner join published.subscriptions as subscriptions
        on cuts.calendar = subscriptions.calendar
        and (subscriptions.start_day is null or subscriptions.start_day < cuts.cut_day)
        and (subscriptions.end_day is null or subscriptions.end_day >= cuts.cut_day)
    inner join first_signs
        on subscriptions.account_id = first_signs.account_id
        and (subscriptions.start_day is not null or first_signs.first_sign_day + 1 < cuts.cut_day)
    inner join published.accounts as accounts
        on subscriptions.account_id = accounts.account_id
    inner join published.plan_periods as plan_periods
        on subscriptions.account_id = plan_periods.account_id
        and cuts.cut_day - 1 >= plan_periods.from_day
        and cuts.cut_day - 1 < plan_periods.to_day
),

told as (
    select
        subscribed.*,
        coalesce(habits.recent_ms, 0) as recent_ms,
        coalesce(habits.before_ms, 0) as before_ms,
        coalesce(habits.windows_before, 0) >= 2 as has_habit,
        coalesce(habits.recent_active_days, 0) as recent_active_days,
        coalesce(habits.before_active_days, 0) as before_active_days,
        habits.last_active_day,
        coalesce(habits.recent_rebuffer_ms, 0) as recent_rebuffer_ms,
        coalesce(habits.recent_rebuffer_known_watch_ms, 0) as recent_rebuffer_known_watch_ms,
        coalesce(habits.before_rebuffer_ms, 0) as before_rebuffer_ms,
        coalesce(habits.before_rebuffer_known_watch_ms, 0) as before_rebuffer_known_watch_ms,
    from subscribed
    left join habits
        on subscribed.calendar = habits.calendar
        and subscribed.account_id = habits.account_id
        and subscribed.cut_number = habits.cut_number
),

-- The habit is a third of what was watched before. In whole numbers, so that no rounding moves an account.
risk_accounts as (
    select
        *,
        case
            when not has_habit then 'no_habit'
            when recent_ms = 0 then 'all'
            when 12 * recent_ms <= before_ms then 'three_quarters'
            when 6 * recent_ms <= before_ms then 'half'
            when 4 * recent_ms <= before_ms then 'quarter'
            else 'kept'
        end as risk_band,
        case
            when has_habit
                then row_number() over (
                    partition by calendar, cut_number, has_habit
                    order by recent_ms / before_ms asc, before_ms desc, account_id asc
                )
        end as habit_rank,
        case
            when has_habit
                then row_number() over (
                    partition by calendar, cut_number, has_habit
                    order by recent_ms asc, account_id asc
                )
        end as hours_rank,
    from told
)

select * from risk_accounts
