-- Grain: one account, month in which it was shown covers, and what its taste is told by: a colour of covers or a genre.
-- Known from the months before alone, so that what the month itself shows can be judged by it. Not published.
-- Its taste is what it took most of beyond what was expected: of each cover what everybody took of it in the month, made
-- larger or smaller for all alike so that the account took as many in all as were expected.
with takes_of_covers as (
    select
        account_id,
        month_start,
        show_id,
        artwork_id,
        sum(impressions) as impressions,
        sum(taken_impressions) as taken_impressions,
    from published.cover_takes
    where list_contains($default_kinds, kind)
    group by all
),

expected_of_covers as (
    select
        *,
        impressions
        * sum(taken_impressions) over (partition by month_start, show_id, artwork_id)
        / sum(impressions) over (partition by month_start, show_id, artwork_id) as expected_takes,
    from takes_of_covers
),

takes as (
    select
        expected_of_covers.account_id,
        expected_of_covers.month_start,
        'colour' as told_by,
        image_colours.colour_family as value,
        sum(expected_of_covers.taken_impressions) as taken_impressions,
        sum(expected_of_covers.expected_takes) as expected_takes,
    from expected_of_covers
    inner join published.artwork_images as artwork_images
        on expected_of_covers.artwork_id = artwork_images.artwork_id
    inner join published.image_colours as image_colours
        on artwork_images.image_hash = image_colours.image_hash
    group by all
    union all
    select
        expected_of_covers.account_id,
        expected_of_covers.month_start,
        'genre' as told_by,
        genres.genre as value,
        sum(expected_of_covers.taken_impressions) as taken_impressions,
        sum(expected_of_covers.expected_takes) as expected_takes,
    from expected_of_covers
    inner join (
        select
            shows.show_id,
            unnest(string_split(shows.genres, '; ')) as genre,
        from published.shows as shows
        where shows.genres is not null
    ) as genres
        on expected_of_covers.show_id = genres.show_id
    group by all
),

judged_months as (
    select distinct
        account_id,
        month_start,
    from takes_of_covers
),

takes_before as (
    select
        judged_months.account_id,
        judged_months.month_start,
        takes.told_by,
        takes.value,
        sum(takes.taken_impressions) as taken_impressions,
        sum(takes.expected_takes) as expected_takes,
    from judged_months
    inner join takes
        on judged_months.account_id = takes.account_id
        and judged_months.month_start > takes.month_start
    group by all
),

-- Rounded, so that the order in which numbers were added up changes no taste.
beyond as (
    select
        *,
        sum(taken_impressions) over account as all_taken,
        round(
            taken_impressions
            - expected_takes * sum(taken_impressions) over account / nullif(sum(expected_takes) over account, 0),
            6
        ) as taken_beyond,
    from takes_before
    window account as (partition by account_id, month_start, told_by)
),

account_tastes as (
    select
        account_id,
        month_start,
        told_by,
        first(value order by taken_beyond desc, value asc) as taste,
    from beyond
    where
        all_taken >= $taste_min_taken
        and taken_beyond > 0
    group by account_id, month_start, told_by
)

select * from account_tastes
