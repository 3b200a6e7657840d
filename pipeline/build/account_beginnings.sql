-- Grain: one account and calendar: when it began, by what it played and by signing up, and with what.
-- Active is who plays a film, an episode or a live programme for a minute. Where the account does not say when it
-- signed up its subscriptions do; one that ran before its first sign of life was there before the data.
with first_days as (
    select
        calendar,
        account_id,
        min(day) as first_active_day,
    from published.account_days
    where
        active_plays > 0
        and list_contains($default_kinds, kind)
    group by calendar, account_id
),

first_plays as (
    select
        account_id,
        arg_min(
            {'started_at': started_at, 'title_id': title_id, 'device_type': device_type},
            {'started_at': started_at, 'play_id': play_id}
        ) as play,
    from published.plays
    where
        watch_ms >= $active_play_min_watch_ms
        and list_contains($default_kinds, kind)
    group by account_id
),

begun_with as (
    select
        first_plays.account_id,
        first_plays.play.started_at as first_active_at,
        first_plays.play.device_type as first_device_type,
        titles.show_id as first_show_id,
        split_part(shows.genres, '; ', 1) as first_genre,
    from first_plays
    inner join published.titles as titles
        on first_plays.play.title_id = titles.title_id
    inner join published.shows as shows
        on titles.show_id = shows.show_id
),

first_subscriptions as (
    select
        account_id,
        bool_or(began_as = 'before') as ran_before,
    from published.subscriptions
    where calendar = 'utc'
    group by account_id
),

first_events as (
    select
        account_id,
        min(ts) as first_event_at,
    from published.subscription_events
    group by account_id
),

first_plans as (
    select
        account_id,
        arg_min(account_plan, from_day) as first_plan,
    from published.plan_periods
    where account_plan is not null
    group by account_id
),

sign_ups as (
    select
        accounts.account_id,
        accounts.account_country,
        accounts.acquisition_channel,
        coalesce(
            accounts.signed_up_at, case when not first_subscriptions.ran_before then first_events.first_event_at end
        ) as signed_up_at,
        coalesce(first_subscriptions.ran_before, false) as ran_before,
        coalesce(country_zones.zone, 'UTC') as zone,
    from published.accounts as accounts
    left join first_subscriptions
        on accounts.account_id = first_subscriptions.account_id
    left join first_events
        on accounts.account_id = first_events.account_id
    left join reference.country_zones as country_zones
        on accounts.account_country = country_zones.country
),

dated as (
    select
        complete_days.calendar,
        complete_days.first_day,
        sign_ups.*,
        cast(
            sign_ups.signed_up_at at time zone 'UTC' at time zone
            case complete_days.calendar when 'local' then sign_ups.zone when 'service' then $service_zone else 'UTC' end
            as date
        ) as signed_up_day,
    from sign_ups
    cross join reference.complete_days as complete_days
),

account_beginnings as (
    select
        dated.calendar,
        dated.account_id,
        -- As account_number_of in queries/macros.
        cast(hash(dated.account_id) >> 1 as bigint) as account_number,
        case
            when dated.signed_up_day < dated.first_day then 'before'
            when dated.signed_up_day is not null then 'new'
            when dated.ran_before then 'before'
        end as arrival,
        dated.signed_up_at,
        dated.signed_up_day,
        begun_with.first_active_at,
        first_days.first_active_day,
        dated.account_country,
        dated.acquisition_channel,
        first_plans.first_plan,
        begun_with.first_device_type,
        begun_with.first_show_id,
        begun_with.first_genre,
    from dated
    left join first_days
        on dated.calendar = first_days.calendar
        and dated.account_id = first_days.account_id
    left join begun_with
        on dated.account_id = begun_with.account_id
    left join first_plans
        on dated.account_id = first_plans.account_id
)

select * from account_beginnings
