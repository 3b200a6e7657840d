-- Grain: one cover that the film or series chosen was shown with in the range, by UTC days.
-- Answers: which of its covers is taken most? Of the covers on screen for a second or more, those that a play followed:
-- by impression_id, or where the play tells none, one of the same profile and title within 30 minutes, the last cover
-- shown before it (metrics.md). Intervals are Wilson's, of 95 %.
with of_titles as (
    select title_id
    from titles
    where
        chosen(show_id, $titles)
        and chosen(kind, $kinds)
),

-- Before anything is joined to them: they are few of all that were shown.
covers_of_titles as materialized (
    select
        impression_id,
        ts,
        account_id,
        profile_id,
        title_id,
        artwork_id,
        on_screen_ms,
        utc_day,
    from impressions
    where
        utc_day >= $start_day
        and utc_day < $end_day
        and title_id in (select of_titles.title_id from of_titles)
        and chosen(device_type, $devices)
),

shown_covers as (
    select covers.*
    from covers_of_titles as covers
    left join accounts
        on covers.account_id = accounts.account_id
    left join profiles
        on covers.profile_id = profiles.profile_id
    left join plan_periods
        on covers.account_id = plan_periods.account_id
        and covers.utc_day >= plan_periods.from_day
        and covers.utc_day < plan_periods.to_day
    where
        chosen(accounts.account_country, $countries)
        and chosen(profiles.profile_type, $profile_types)
        and chosen(plan_periods.account_plan, $plans)
),

plays_of_titles as (
    select
        plays.play_id,
        plays.impression_id,
        plays.started_at,
        plays.account_id,
        plays.profile_id,
        plays.title_id,
    from plays
    where
        plays.utc_day >= $start_day
        and plays.utc_day <= $end_day
        and plays.title_id in (select of_titles.title_id from of_titles)
),

-- Of the covers shown in the half hour before a play, the last.
last_covers as (
    select
        arg_max(
            shown_covers.impression_id, struct_pack(ts := shown_covers.ts, id := shown_covers.impression_id)
        ) as impression_id,
    from plays_of_titles as plays
    inner join shown_covers
        on plays.account_id = shown_covers.account_id
        and plays.profile_id is not distinct from shown_covers.profile_id
        and plays.title_id = shown_covers.title_id
        and plays.started_at >= shown_covers.ts
        and plays.started_at <= shown_covers.ts + interval 30 minute
    where plays.impression_id is null
    group by plays.play_id
),

taken as (
    select impression_id
    from plays_of_titles
    where impression_id is not null
    union
    select impression_id
    from last_covers
),

counted as (
    select
        shown_covers.artwork_id,
        count(*) as impressions,
        count(taken.impression_id) as taken_impressions,
        count(taken.impression_id) / cast(count(*) as double) as take_rate,
        counted_accounts(shown_covers.account_id) as accounts,
    from shown_covers
    left join taken
        on shown_covers.impression_id = taken.impression_id
    where shown_covers.on_screen_ms >= 1000
    group by shown_covers.artwork_id
),

take_rate_by_cover as (
    select
        coalesce(counted.artwork_id, 'unknown') as artwork_id,
        coalesce(artworks.variant, counted.artwork_id, 'unknown') as cover,
        counted.impressions,
        counted.taken_impressions,
        counted.take_rate,
        wilson_low(counted.take_rate, counted.impressions, 1.959964) as take_rate_low,
        wilson_high(counted.take_rate, counted.impressions, 1.959964) as take_rate_high,
        counted.accounts,
    from counted
    left join artworks
        on counted.artwork_id = artworks.artwork_id
)

select * from take_rate_by_cover
order by impressions desc, artwork_id asc
