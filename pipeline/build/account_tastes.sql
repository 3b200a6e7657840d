-- Grain: one account, month in which it was shown covers, and what its taste is told by: a colour of covers or a genre.
-- Known from the months before alone, so that what the month itself shows can be judged by it. Not published.
-- Its taste is what it took most of beyond its own take rate: of what was shown to it as often as to nobody else.
with values_of_covers as (
    select
        artwork_images.artwork_id,
        cast(null as varchar) as show_id,
        'colour' as told_by,
        image_colours.colour_family as value,
    from published.artwork_images as artwork_images
    inner join published.image_colours as image_colours
        on artwork_images.image_hash = image_colours.image_hash
    union all
    select
        cast(null as varchar) as artwork_id,
        show_id,
        'genre' as told_by,
        unnest(string_split(genres, '; ')) as value,
    from published.shows
    where genres is not null
),

account_months as (
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

takes as (
    select
        account_months.account_id,
        account_months.month_start,
        of_covers.told_by,
        of_covers.value,
        sum(account_months.impressions) as impressions,
        sum(account_months.taken_impressions) as taken_impressions,
    from account_months
    inner join values_of_covers as of_covers
        on account_months.artwork_id = of_covers.artwork_id
    group by all
    union all
    select
        account_months.account_id,
        account_months.month_start,
        of_shows.told_by,
        of_shows.value,
        sum(account_months.impressions) as impressions,
        sum(account_months.taken_impressions) as taken_impressions,
    from account_months
    inner join values_of_covers as of_shows
        on account_months.show_id = of_shows.show_id
    group by all
),

judged_months as (
    select distinct
        account_id,
        month_start,
    from account_months
),

takes_before as (
    select
        judged_months.account_id,
        judged_months.month_start,
        takes.told_by,
        takes.value,
        sum(takes.impressions) as impressions,
        sum(takes.taken_impressions) as taken_impressions,
    from judged_months
    inner join takes
        on judged_months.account_id = takes.account_id
        and judged_months.month_start > takes.month_start
    group by all
),

beyond as (
    select
        *,
        sum(taken_impressions) over account as all_taken,
        taken_impressions
        - impressions * sum(taken_impressions) over account / sum(impressions) over account as taken_beyond,
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
