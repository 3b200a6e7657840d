-- What follows from the plays: the devices seen, the searches before some of them, and the ratings after.
create table devices as
select
    account_id,
    device_type,
    min(started_at) as first_play_at,
    max(started_at) as last_play_at
from plays
group by account_id, device_type;

create table searches as
with found as (
    select
        plays.visit_id,
        plays.started_at,
        plays.account_id,
        plays.profile_id,
        plays.device_type,
        plays.country,
        plays.utc_offset_min,
        plays.title_id,
        lower(coalesce(titles.series_name, titles.name)) as name,
        uniform('search fails', plays.visit_id) as draw
    from plays
    inner join titles on plays.title_id = titles.title_id
    where plays.origin = 'search' and not plays.autoplay
)

select
    visit_id || '-found' as search_id,
    started_at - interval 40 second as ts,
    account_id,
    profile_id,
    visit_id,
    name as query,
    1 + cast(floor(12 * draw) as bigint) as results,
    title_id as chosen_title_id,
    1 as chosen_position,
    device_type,
    country,
    utc_offset_min
from found
where started_at - interval 40 second >= getvariable('first_day')
union all
-- One search in five is preceded by one with a slip, which finds nothing.
select
    visit_id || '-slip' as search_id,
    started_at - interval 65 second as ts,
    account_id,
    profile_id,
    visit_id,
    left(name, 3) || right(name, -4) as query,
    0 as results,
    null as chosen_title_id,
    null as chosen_position,
    device_type,
    country,
    utc_offset_min
from found
where draw < 0.2 and started_at - interval 65 second >= getvariable('first_day');

create table ratings as
select
    'rating-' || plays.play_id as rating_id,
    plays.started_at + to_milliseconds(plays.watch_ms) as ts,
    plays.account_id,
    plays.profile_id,
    plays.title_id,
    case
        when plays.ended_by <> 'completed' then 0.0
        when uniform('rating', plays.play_id) < 0.2 then 2.0
        else 1.0
    end as rating,
    'thumbs' as scale
from plays
inner join titles on plays.title_id = titles.title_id
where titles.kind <> 'trailer' and uniform('rates', plays.play_id) < 0.04;
