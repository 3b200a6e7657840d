-- Grain: one account, half of the films and series, drawn by chance, and what its taste is told by: a colour of covers
-- or a genre. Not published. Told by one half alone, it can be judged by the other: who follows a series takes it again
-- and again, whatever its cover.
-- Its taste is what it took most of beyond what was expected: of each cover what everybody took of it in the month,
-- made larger or smaller for all alike so that the account took as many in all as were expected.
with genres as (
    select
        show_id,
        unnest(string_split(genres, '; ')) as genre,
    from published.shows
    where genres is not null
),

takes_of_covers as (
    select
        account_id,
        month_start,
        show_id,
        artwork_id,
        hash(show_id) % 2 as title_half,
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
        expected_of_covers.title_half,
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
        expected_of_covers.title_half,
        'genre' as told_by,
        genres.genre as value,
        sum(expected_of_covers.taken_impressions) as taken_impressions,
        sum(expected_of_covers.expected_takes) as expected_takes,
    from expected_of_covers
    inner join genres
        on expected_of_covers.show_id = genres.show_id
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
    from takes
    window account as (partition by account_id, title_half, told_by)
),

account_tastes as (
    select
        account_id,
        title_half,
        told_by,
        first(value order by taken_beyond desc, value asc) as taste,
    from beyond
    where
        all_taken >= $taste_min_taken
        and taken_beyond > 0
    group by account_id, title_half, told_by
)

select * from account_tastes
