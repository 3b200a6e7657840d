-- Grain: one unbroken subscription of one account, in one calendar.
-- It ends with an end event, or 30 days after a payment failure that was not recovered. Its first sign of life may be
-- later than its beginning: then it was running before the data begin, and its start is unknown.
-- Events of one instant (sources with dates only): a start or rejoin comes after the end of the one that runs, and
-- before the end where none runs; the other events come before the end.
with events as (
    select
        subscription_events.account_id,
        subscription_events.event_id,
        subscription_events.ts,
        subscription_events.event,
        accounts.account_country,
        coalesce(country_zones.zone, 'UTC') as zone,
    from source.subscription_events
    inner join published.accounts as accounts
        on subscription_events.account_id = accounts.account_id
    left join reference.country_zones as country_zones
        on accounts.account_country = country_zones.country
),

failures as (
    select
        account_id,
        event_id,
        ts,
    from events
    where event = 'payment_failed'
),

lapses as (
    select
        failures.account_id,
        failures.event_id,
        failures.ts + to_days($payment_grace_days) as ts,
    from failures
    left join events as answers
        on failures.account_id = answers.account_id
        and answers.event in ('payment_recovered', 'renew', 'start', 'rejoin', 'end')
        and answers.ts >= failures.ts
        and answers.ts <= failures.ts + to_days($payment_grace_days)
    where
        answers.account_id is null
        and failures.ts + to_days($payment_grace_days) <= $data_through
),

boundaries as (
    select
        account_id,
        event_id,
        ts,
        'alive' as state,
        event as caused_by,
    from events
    where event <> 'end'
    union all
    select
        account_id,
        event_id,
        ts,
        'ended' as state,
        'end' as caused_by,
    from events
    where event = 'end'
    union all
    select
        account_id,
        event_id,
        ts,
        'ended' as state,
        'payment' as caused_by,
    from lapses
),

first_instants as (
    select
        account_id,
        min(ts) as first_ts,
    from boundaries
    group by account_id
),

-- A changed plan, a cancellation or a failed payment says that a subscription runs, but does not begin a new one.
telling as (
    select
        boundaries.*,
        boundaries.ts = first_instants.first_ts as is_first,
    from boundaries
    inner join first_instants
        on boundaries.account_id = first_instants.account_id
    where
        boundaries.caused_by not in ('change_plan', 'cancel', 'payment_failed')
        or boundaries.ts = first_instants.first_ts
),

instants as (
    select
        account_id,
        ts,
        case
            when bool_or(state = 'ended') and bool_or(is_first and caused_by = 'rejoin') then 'alive'
            when bool_or(state = 'ended') and bool_or(not is_first and caused_by in ('start', 'rejoin')) then null
            when bool_or(state = 'ended') then 'ended'
            else 'alive'
        end as state_after,
    from telling
    group by account_id, ts
),

states as (
    select
        account_id,
        ts,
        last_value(state_after ignore nulls) over (
            partition by account_id order by ts
            rows between unbounded preceding and 1 preceding
        ) as state_before,
    from instants
),

ranked as (
    select
        telling.*,
        case
            when telling.state = 'ended' then 2
            when telling.caused_by not in ('start', 'rejoin') then 1
            when coalesce(states.state_before = 'alive', telling.caused_by = 'rejoin') then 3
            else 0
        end as rank_in_instant,
    from telling
    inner join states
        on telling.account_id = states.account_id
        and telling.ts = states.ts
),

ordered as (
    select
        *,
        lag(state) over (partition by account_id order by ts, rank_in_instant, event_id) as state_before,
    from ranked
),

changes as (
    select
        *,
        lead(ts) over (partition by account_id order by ts, rank_in_instant, event_id) as next_ts,
        lead(caused_by) over (partition by account_id order by ts, rank_in_instant, event_id) as next_caused_by,
        row_number() over (partition by account_id order by ts, rank_in_instant, event_id) as change_number,
    from ordered
    where state_before is null or state <> state_before
),

spells as (
    select
        account_id,
        case when caused_by in ('start', 'rejoin') or change_number > 1 then ts end as started_at,
        case
            when caused_by = 'start' then 'start'
            when caused_by = 'rejoin' or change_number > 1 then 'rejoin'
            else 'before'
        end as began_as,
        change_number,
        ts as first_seen_at,
        next_ts as ended_at,
        next_caused_by as ended_by,
    from changes
    where state = 'alive'
    union all
    select
        account_id,
        null as started_at,
        'before' as began_as,
        change_number,
        ts as first_seen_at,
        ts as ended_at,
        caused_by as ended_by,
    from changes
    where state = 'ended' and change_number = 1
),

-- A decision made in the instant in which one subscription ends and the next begins belongs to the first.
decisions as (
    select
        spells.account_id,
        min(spells.change_number) as change_number,
        events.ts,
    from spells
    inner join events
        on spells.account_id = events.account_id
        and events.event = 'cancel'
        and events.ts >= spells.first_seen_at
        and (spells.ended_at is null or events.ts <= spells.ended_at)
    group by spells.account_id, events.event_id, events.ts
),

cancellations as (
    select
        account_id,
        change_number,
        max(ts) as cancelled_at,
    from decisions
    group by account_id, change_number
),

zoned_spells as (
    select
        calendars.calendar,
        spells.account_id,
        accounts.account_country,
        spells.began_as,
        spells.started_at,
        spells.ended_at,
        spells.ended_by,
        cancellations.cancelled_at,
        case calendars.calendar
            when 'local' then coalesce(country_zones.zone, 'UTC')
            when 'service' then $service_zone
            else 'UTC'
        end as zone,
    from spells
    inner join published.accounts as accounts
        on spells.account_id = accounts.account_id
    left join reference.country_zones as country_zones
        on accounts.account_country = country_zones.country
    left join cancellations
        on spells.account_id = cancellations.account_id
        and spells.change_number = cancellations.change_number
    cross join reference.calendars as calendars
),

subscriptions as (
    select
        calendar,
        account_id,
        -- As account_number_of in queries/macros.
        cast(hash(account_id) >> 1 as bigint) as account_number,
        account_country,
        began_as,
        cast(started_at at time zone 'UTC' at time zone zone as date) as start_day,
        cast(ended_at at time zone 'UTC' at time zone zone as date) as end_day,
        ended_by,
        cast(cancelled_at at time zone 'UTC' at time zone zone as date) as cancelled_day,
    from zoned_spells
)

select * from subscriptions
