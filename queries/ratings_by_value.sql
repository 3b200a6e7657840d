-- Grain: one value of one scale that the film or series chosen was rated with in the range, by UTC days.
-- Answers: how is it rated? The mean is drawn towards that of all ratings of the scale under the same filters but that
-- of titles (service_mean), as if it had 25 more ratings of just that (metrics.md).
with chosen_titles as (
    select
        title_id,
        chosen(show_id, $titles) as is_of_title,
    from cubes.titles
    where chosen(kind, $kinds)
),

-- Where nothing is chosen of countries, profile types or plans, none need be told: to join them takes longer than all
-- else.
told_accounts as (
    select
        account_id,
        account_country,
    from accounts
    where $countries is not null
),

told_profiles as (
    select
        profile_id,
        profile_type,
    from profiles
    where $profile_types is not null
),

told_plan_periods as (
    select *
    from plan_periods
    where $plans is not null
),

given as (
    select
        known(ratings.scale) as scale,
        ratings.rating,
        chosen_titles.is_of_title,
        count(*) as ratings,
        counted_accounts(ratings.account_id) as accounts,
    from ratings
    inner join chosen_titles
        on ratings.title_id = chosen_titles.title_id
    left join told_accounts
        on ratings.account_id = told_accounts.account_id
    left join told_profiles
        on ratings.profile_id = told_profiles.profile_id
    left join told_plan_periods
        on ratings.account_id = told_plan_periods.account_id
        and cast(ratings.ts as date) >= told_plan_periods.from_day
        and cast(ratings.ts as date) < told_plan_periods.to_day
    where
        ratings.ts >= $start_day
        and ratings.ts < $end_day
        and chosen(told_accounts.account_country, $countries)
        and chosen(told_profiles.profile_type, $profile_types)
        and chosen(told_plan_periods.account_plan, $plans)
    group by all
),

means as (
    select
        scale,
        sum(rating * ratings) / sum(ratings) as service_mean,
        sum(ratings) filter (where is_of_title) as ratings,
        (coalesce(sum(rating * ratings) filter (where is_of_title), 0) + 25 * service_mean)
        / (coalesce(sum(ratings) filter (where is_of_title), 0) + 25) as rating_mean,
    from given
    group by scale
),

ratings_by_value as (
    select
        given.scale,
        given.rating,
        given.ratings,
        given.ratings / cast(means.ratings as double) as rating_share,
        means.rating_mean,
        means.service_mean,
        given.accounts,
    from given
    inner join means
        on given.scale = means.scale
    where given.is_of_title
)

select * from ratings_by_value
order by scale asc, rating desc
