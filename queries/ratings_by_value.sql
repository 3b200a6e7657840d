-- Grain: one value of one scale that the film or series chosen was rated with in the range, by UTC days.
-- Answers: how is it rated? The mean is drawn towards that of all ratings of the scale under the same filters but that
-- of titles (service_mean), as if it had 25 more ratings of just that (metrics.md).
with given as (
    select
        coalesce(ratings.scale, 'unknown') as scale,
        ratings.rating,
        ratings.account_id,
        chosen(titles.show_id, $titles) as is_of_title,
    from ratings
    inner join titles
        on ratings.title_id = titles.title_id
    left join accounts
        on ratings.account_id = accounts.account_id
    left join profiles
        on ratings.profile_id = profiles.profile_id
    left join plan_periods
        on ratings.account_id = plan_periods.account_id
        and cast(ratings.ts as date) >= plan_periods.from_day
        and cast(ratings.ts as date) < plan_periods.to_day
    where
        ratings.ts >= $start_day
        and ratings.ts < $end_day
        and chosen(titles.kind, $kinds)
        and chosen(accounts.account_country, $countries)
        and chosen(profiles.profile_type, $profile_types)
        and chosen(plan_periods.account_plan, $plans)
),

means as (
    select
        scale,
        avg(rating) as service_mean,
        count(*) filter (where is_of_title) as ratings,
        (coalesce(sum(rating) filter (where is_of_title), 0) + 25 * avg(rating))
        / (count(*) filter (where is_of_title) + 25) as rating_mean,
    from given
    group by scale
),

ratings_by_value as (
    select
        given.scale,
        given.rating,
        count(*) as ratings,
        count(*) / cast(means.ratings as double) as rating_share,
        means.rating_mean,
        means.service_mean,
        counted_accounts(given.account_id) as accounts,
    from given
    inner join means
        on given.scale = means.scale
    where given.is_of_title
    group by given.scale, given.rating, means.ratings, means.rating_mean, means.service_mean
)

select * from ratings_by_value
order by scale asc, rating desc
