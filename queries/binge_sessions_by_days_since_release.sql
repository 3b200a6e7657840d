-- Grain: one day after the release of a season, from its own (0) to the 28th.
-- Answers: how much of the bingeing happens in the days after a release? Of seasons that come out as a whole, each on
-- the days after it that lie in the range. The level after is the mean of the eight weeks from the 29th day, null where
-- none of their days lies in it.
with ages as (select unnest(range(85)) as days_since_release),

releases as (
    select released_on
    from seasons_released($start_day, $end_day, $filters_but_plays)
),

days_after as (
    select
        ages.days_since_release,
        count(*) as releases,
    from releases
    cross join ages
    where
        releases.released_on + cast(ages.days_since_release as integer) >= $start_day
        and releases.released_on + cast(ages.days_since_release as integer) < $end_day
    group by ages.days_since_release
),

binges as (
    select
        days_since_release,
        count(*) as binge_sessions,
        sum(watch_ms) as watch_ms,
    from binge_sessions_after_release($calendar, $start_day, $end_day, $filters_but_plays)
    group by days_since_release
),

rates as (
    select
        ages.days_since_release,
        coalesce(days_after.releases, 0) as releases,
        coalesce(binges.binge_sessions, 0) as binge_sessions,
        coalesce(binges.watch_ms, 0) as watch_ms,
    from ages
    left join days_after
        on ages.days_since_release = days_after.days_since_release
    left join binges
        on ages.days_since_release = binges.days_since_release
),

level as (
    select
        sum(releases) as releases,
        sum(binge_sessions) as binge_sessions,
    from rates
    where days_since_release > 28
),

binge_sessions_by_days_since_release as (
    select
        rates.days_since_release,
        rates.releases,
        rates.binge_sessions,
        rates.watch_ms / 3600000.0 as binge_watch_hours,
        rates.binge_sessions / cast(nullif(rates.releases, 0) as double) as binge_sessions_per_release,
        cast(level.releases as bigint) as release_days_after,
        cast(level.binge_sessions as bigint) as binge_sessions_after,
        level.binge_sessions / cast(nullif(level.releases, 0) as double) as level_after,
        accounts_by_days.accounts,
    from rates
    cross join level
    left join counted_binge_accounts_by_days($calendar, $start_day, $end_day, $filters_but_plays) as accounts_by_days
        on rates.days_since_release = accounts_by_days.days_since_release
    where rates.days_since_release <= 28
)

select * from binge_sessions_by_days_since_release
order by days_since_release asc
