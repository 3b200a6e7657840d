-- Grain: one day of the week.
-- Answers: do people watch series on weekdays and films at weekends? Of the watch time of films and episodes, the share
-- of films; and, on every row alike, how much larger it is on Saturday and Sunday than on the other days. That is over
-- whole weeks, and its 95 % interval goes by how much weeks differ (a ratio of sums over clusters, linearized: Cochran
-- 1977, 6.13): without two whole weeks there is none, and without both films and episodes there is nothing to compare.
with daily as (
    select
        day,
        sum(watch_ms) filter (where kind = 'film') as film_ms,
        sum(watch_ms) as watch_ms,
    from filtered_viewing($calendar, $days_range, $split_by, $filters)
    where kind in ('film', 'episode')
    group by day
),

days as (
    select
        weekday_of(periods.period_start) as weekday,
        isodow(periods.period_start) as weekday_number,
        period_of(periods.period_start, 'week') as week_start,
        coalesce(daily.film_ms, 0) as film_ms,
        coalesce(daily.watch_ms, 0) as watch_ms,
    from periods_between($start_day, $end_day, 'day') as periods
    left join daily
        on periods.period_start = daily.day
),

weeks as (
    select
        week_start,
        coalesce(sum(film_ms) filter (where weekday_number >= 6), 0) as weekend_film_ms,
        coalesce(sum(watch_ms) filter (where weekday_number >= 6), 0) as weekend_ms,
        coalesce(sum(film_ms) filter (where weekday_number < 6), 0) as midweek_film_ms,
        coalesce(sum(watch_ms) filter (where weekday_number < 6), 0) as midweek_ms,
    from days
    group by week_start
    having count(*) = 7
),

totals as (
    select
        count(*) as weeks,
        sum(weekend_ms) as weekend_ms,
        sum(midweek_ms) as midweek_ms,
        sum(weekend_film_ms) / cast(sum(weekend_ms) as double) as weekend_share,
        sum(midweek_film_ms) / cast(sum(midweek_ms) as double) as midweek_share,
    from weeks
    having
        sum(weekend_ms) > 0
        and sum(midweek_ms) > 0
        and sum(weekend_film_ms) + sum(midweek_film_ms) between 1 and sum(weekend_ms) + sum(midweek_ms) - 1
),

deviations as (
    select
        (weeks.weekend_film_ms - totals.weekend_share * weeks.weekend_ms) / totals.weekend_ms
        - (weeks.midweek_film_ms - totals.midweek_share * weeks.midweek_ms) / totals.midweek_ms as deviation,
    from weeks
    cross join totals
),

contrast as (
    select
        any_value(totals.weeks) as weeks,
        any_value(totals.weekend_share - totals.midweek_share) as weekend_contrast,
        case
            when any_value(totals.weeks) > 1
                then
                    t_975(any_value(totals.weeks) - 1)
                    * sqrt(any_value(totals.weeks) / (any_value(totals.weeks) - 1.0) * sum(deviations.deviation ** 2))
        end as margin,
    from totals
    cross join deviations
),

viewing_by_weekday as (
    select
        weekday,
        weekday_number,
        count(*) as days,
        sum(film_ms) / 3600000.0 as film_hours,
        (sum(watch_ms) - sum(film_ms)) / 3600000.0 as episode_hours,
        sum(film_ms) / cast(nullif(sum(watch_ms), 0) as double) as film_share,
    from days
    group by weekday, weekday_number
)

select
    viewing_by_weekday.* exclude (weekday_number),
    contrast.weeks,
    contrast.weekend_contrast,
    contrast.weekend_contrast - contrast.margin as weekend_contrast_low,
    contrast.weekend_contrast + contrast.margin as weekend_contrast_high,
    accounts_on_weekday.accounts,
from viewing_by_weekday
cross join contrast
left join counted_accounts_by_weekday($calendar, $start_day, $end_day, $filters) as accounts_on_weekday
    on viewing_by_weekday.weekday = accounts_on_weekday.weekday
order by viewing_by_weekday.weekday_number asc
