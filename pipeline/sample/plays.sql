-- Plays. A session is drawn for each unit of viewing: a day, then an account, a profile, a title and a time; a series
-- goes on for one to four episodes. Weighted draws look up a ticket among running totals.
create table calendar_days as
with days as (
    select unnest(range(getvariable('first_day'), getvariable('end_day'), interval 1 day)) as moment
),

weighted as (
    select
        cast(moment as date) as day,
        isodow(moment) >= 6 as is_weekend,
        (1 + 0.6 * (cast(moment as date) - getvariable('first_day')) / days_of_data())
        * if(isodow(moment) >= 5, 1.3, 1.0)
        * (1 + 0.15 * cos(2 * pi() * dayofyear(moment) / 365))
        * exp(0.06 * normal('day', moment)) as weight
    from days
)

select
    *,
    -- A session is 1.44 plays on average.
    cast(round(getvariable('plays') / 1.44 * weight / sum(weight) over ()) as bigint) as sessions
from weighted;

create table account_tickets as
select
    calendar_days.day,
    spells.account_id,
    sum(account_traits.appetite) over up_to_here - account_traits.appetite as from_ticket,
    sum(account_traits.appetite) over (partition by calendar_days.day) as tickets
from calendar_days
inner join spells
    on calendar_days.day > cast(spells.began_at as date) and calendar_days.day < cast(spells.ended_at as date)
inner join account_traits on spells.account_id = account_traits.account_id
window up_to_here as (partition by calendar_days.day order by spells.account_id, spells.began_at);

create table title_tickets as
with appeals as (
    select
        calendar_days.day,
        pools.profile_type,
        titles.title_id,
        exp(1.1 * normal('appeal', coalesce(titles.series_id, titles.title_id)))
        * (0.12 + exp(-(calendar_days.day - titles.released_on) / 45.0))
        * case titles.kind
            when 'trailer' then 0.15
            when 'film' then if(calendar_days.is_weekend, 1.7, 0.8)
            else exp(-0.12 * (titles.episode_number - 1)) * if(calendar_days.is_weekend, 0.35, 0.5)
        end
        * if(titles.for_kids, 3 * (pools.profile_type = 'kids')::integer + 0.15, 1) as appeal
    from calendar_days
    inner join titles on calendar_days.day >= titles.released_on
    inner join (values ('standard'), ('kids')) as pools (profile_type)
        on pools.profile_type = 'standard' or titles.for_kids
)

select
    day,
    profile_type,
    title_id,
    sum(appeal) over (partition by day, profile_type order by title_id) - appeal as from_ticket,
    sum(appeal) over (partition by day, profile_type) as tickets
from appeals;

create table sessions as
with numbered as (
    select
        day,
        is_weekend,
        unnest(range(sessions)) as number,
        strftime(day, '%Y%m%d') || '-' || number as session_id
    from calendar_days
),

with_account as (
    select
        numbered.* exclude (account_ticket),
        account_tickets.account_id,
        1 + cast(floor(uniform('profile', numbered.session_id) * profile_counts.profiles) as bigint) as profile_number
    from (
        select
            numbered.*,
            uniform('account', numbered.session_id) * day_tickets.tickets as account_ticket
        from numbered
        inner join (select day, any_value(tickets) as tickets from account_tickets group by day) as day_tickets
            on numbered.day = day_tickets.day
    ) as numbered
    asof join account_tickets
        on numbered.day = account_tickets.day and numbered.account_ticket >= account_tickets.from_ticket
    inner join (select account_id, count(*) as profiles from profiles group by account_id) as profile_counts
        on account_tickets.account_id = profile_counts.account_id
),

with_profile as (
    select
        with_account.* exclude (profile_number),
        profiles.profile_id,
        profiles.profile_type,
        uniform('title', with_account.session_id) * day_tickets.tickets as title_ticket
    from with_account
    inner join profiles
        on profiles.profile_id = with_account.account_id || '-' || (with_account.profile_number - 1)
    inner join (
        select day, profile_type, any_value(tickets) as tickets from title_tickets group by day, profile_type
    ) as day_tickets
        on with_account.day = day_tickets.day and profiles.profile_type = day_tickets.profile_type
),

with_title as (
    select
        with_profile.* exclude (title_ticket),
        title_tickets.title_id
    from with_profile
    asof join title_tickets
        on with_profile.day = title_tickets.day
        and with_profile.profile_type = title_tickets.profile_type
        and with_profile.title_ticket >= title_tickets.from_ticket
)

select
    with_title.*,
    account_traits.country,
    -- Most viewing is in the evening, children's in the afternoon, some around noon, a little at any time.
    cast(floor(case
        when with_title.profile_type = 'kids' then 16.5 * 60 + 110 * normal('time', session_id)
        when uniform('part of day', session_id) < 0.62 then 20.7 * 60 + 95 * normal('time', session_id)
        when uniform('part of day', session_id) < if(is_weekend, 0.88, 0.78)
            then 14 * 60 + 130 * normal('time', session_id)
        else 1440 * uniform('time', session_id)
    end) as bigint) % 1440 as minute_of_day,
    if(titles.kind = 'episode', 1 + cast(floor(4 * power(uniform('run', session_id), 1.5)) as integer), 1) as run
from with_title
inner join titles on with_title.title_id = titles.title_id
inner join account_traits on with_title.account_id = account_traits.account_id;

create table plays as
with runs as (
    select
        *,
        unnest(range(run)) as step
    from sessions
),

plays as (
    select
        runs.session_id || '-' || runs.step as play_id,
        runs.session_id as visit_id,
        runs.step,
        runs.account_id,
        runs.profile_id,
        runs.country,
        zones.zone,
        titles.title_id,
        titles.kind,
        titles.runtime_ms,
        runs.day + to_minutes((1440 + runs.minute_of_day) % 1440) as session_local_at,
        runs.profile_type = 'standard' and runs.minute_of_day >= 18 * 60 as is_evening,
        uniform('stays', runs.session_id || '-' || runs.step) as stays,
        uniform('stops at', runs.session_id || '-' || runs.step) as stops_at
    from runs
    inner join titles as first_titles on runs.title_id = first_titles.title_id
    inner join titles
        on (runs.step = 0 and titles.title_id = runs.title_id)
        or (
            runs.step > 0
            and titles.series_id = first_titles.series_id
            and titles.season_number = first_titles.season_number
            and titles.episode_number = first_titles.episode_number + runs.step
            and titles.released_on <= runs.day
        )
    inner join zones on runs.country = zones.country
),

watched as (
    select
        *,
        cast(runtime_ms * case
            when stays < 0.14 then 0.01 + 0.15 * stops_at
            when stays < 0.32 then 0.15 + 0.75 * stops_at
            else 0.93 + 0.07 * stops_at
        end as bigint) as furthest_position_ms,
        uniform('failure', play_id) < 0.006 as failed,
        case
            when uniform('device', play_id) < if(is_evening, 0.62, 0.38) then 'tv'
            when uniform('device', play_id) < 0.74 then 'mobile'
            when uniform('device', play_id) < 0.84 then 'tablet'
            when uniform('device', play_id) < 0.95 then 'desktop'
            else 'console'
        end as device_type
    from plays
),

timed as (
    select
        *,
        timezone('UTC', timezone(zone, session_local_at)) as session_at,
        coalesce(sum(furthest_position_ms + 15000) over (
            partition by visit_id order by step rows between unbounded preceding and 1 preceding
        ), 0) as before_ms,
        cast(furthest_position_ms * (1 + 0.04 * uniform('replays', play_id)) as bigint) as watch_ms,
        uniform('origin', visit_id) as origin_draw
    from watched
),

placed as (
    select
        *,
        session_at + to_milliseconds(before_ms + cast(60000 * uniform('second', visit_id) as bigint)) as started_at,
        case
            when origin_draw < 0.80 then 'recommendation'
            when origin_draw < 0.88 then 'continue_watching'
            when origin_draw < 0.94 then 'search'
            when origin_draw < 0.98 then 'browse'
            else 'direct'
        end as origin
    from timed
)

select
    play_id,
    visit_id,
    account_id,
    profile_id,
    title_id,
    started_at,
    watch_ms,
    furthest_position_ms as distinct_ms,
    furthest_position_ms,
    cast(180000 * power(uniform('paused', play_id), 6) as bigint) as paused_ms,
    cast(floor(3 * power(uniform('paused', play_id), 3)) as bigint) as pauses,
    cast(exp(7.2 + 0.45 * normal('startup', play_id)) as bigint) as startup_ms,
    if(uniform('stalls', play_id) < 0.07, cast(exp(8 + normal('stall length', play_id)) as bigint), 0) as rebuffer_ms,
    if(uniform('stalls', play_id) < 0.07, 1 + cast(floor(3 * uniform('stall count', play_id)) as bigint), 0)
        as rebuffers,
    round(
        map {'tv': 9000, 'console': 8000, 'desktop': 6000, 'tablet': 4500, 'mobile': 2800}[device_type]
        * (0.75 + 0.4 * uniform('bitrate', play_id))
    ) as weighted_bitrate_kbps,
    failed,
    case
        when failed then 'error'
        when furthest_position_ms >= 0.93 * runtime_ms then 'completed'
        else 'stopped'
    end as ended_by,
    device_type,
    country,
    cast(date_diff('minute', session_at, session_local_at) as bigint) as utc_offset_min,
    pick(['cdn-north', 'cdn-south'], 'cdn', account_id) as cdn,
    origin,
    if(
        origin = 'recommendation',
        pick(['Trending now', 'Top picks', 'New this week', 'Because you watched'], 'row', visit_id),
        null
    ) as row_name,
    if(origin = 'recommendation', 1 + cast(floor(10 * power(uniform('row position', visit_id), 2)) as bigint), null)
        as row_position,
    step > 0 as autoplay
from placed
where started_at >= getvariable('first_day') and started_at < getvariable('end_day');
