-- Grain: one month, audience of one sort, colour of covers, genres of what they are of, and one of some parts, of
-- accounts or of titles, drawn by chance, by UTC: how often they were shown such covers, and how often they took them.
-- The taste of an account is that told by the other half of the films and series.
with covers as (
    select
        month_start,
        show_id,
        artwork_id,
        sum(taken_impressions) / sum(impressions) as take_rate,
    from published.cover_takes
    where list_contains($default_kinds, kind)
    group by all
),

-- What is expected is counted in millionths, whose sums do not depend on their order.
shown_colours as (
    select
        cover_takes.account_id,
        cover_takes.month_start,
        cover_takes.show_id,
        image_colours.colour_family,
        sum(cover_takes.impressions) as impressions,
        sum(cover_takes.taken_impressions) as taken_impressions,
        sum(cast(cover_takes.impressions * covers.take_rate * 1e6 as bigint)) as expected_millionths,
    from published.cover_takes as cover_takes
    inner join covers
        on cover_takes.month_start = covers.month_start
        and cover_takes.show_id = covers.show_id
        and cover_takes.artwork_id = covers.artwork_id
    inner join published.artwork_images as artwork_images
        on cover_takes.artwork_id = artwork_images.artwork_id
    inner join published.image_colours as image_colours
        on artwork_images.image_hash = image_colours.image_hash
    where list_contains($default_kinds, cover_takes.kind)
    group by all
),

described as (
    select
        shown_colours.* exclude (account_id),
        cast(hash(shown_colours.account_id) % $parts as bigint) as account_part,
        coalesce(accounts.account_country, 'unknown') as country,
        case
            when accounts.signed_up_at is null then 'unknown'
            when shown_colours.month_start - cast(accounts.signed_up_at as date) < $new_account_days then 'new'
            when shown_colours.month_start - cast(accounts.signed_up_at as date) < $old_account_days then 'recent'
            else 'old'
        end as account_age,
        coalesce(genre_tastes.taste, 'unknown') as genre,
        coalesce(colour_tastes.taste, 'unknown') as colour,
    from shown_colours
    inner join published.accounts as accounts
        on shown_colours.account_id = accounts.account_id
    left join derived.account_tastes as genre_tastes
        on shown_colours.account_id = genre_tastes.account_id
        and hash(shown_colours.show_id) % 2 <> genre_tastes.title_half
        and genre_tastes.told_by = 'genre'
    left join derived.account_tastes as colour_tastes
        on shown_colours.account_id = colour_tastes.account_id
        and hash(shown_colours.show_id) % 2 <> colour_tastes.title_half
        and colour_tastes.told_by = 'colour'
),

-- By title and part of the accounts first: what is told of both, and of either, is few rows then.
of_titles as (
    select
        month_start,
        show_id,
        colour_family,
        account_part,
        case
            when country is not null then 'country'
            when account_age is not null then 'account_age'
            when genre is not null then 'genre'
            else 'colour'
        end as audience_by,
        coalesce(country, account_age, genre, colour) as audience,
        sum(impressions) as impressions,
        sum(taken_impressions) as taken_impressions,
        sum(expected_millionths) as expected_millionths,
        count(*) as accounts,
    from described
    group by
        month_start,
        show_id,
        colour_family,
        account_part,
        grouping sets (country, account_age, genre, colour)
),

-- A part of pairs has one part of the titles for each of the accounts, and each a twentieth of all.
in_parts as (
    select
        of_titles.*,
        shows.genres,
        cast(hash(of_titles.show_id) % 2 as bigint) as title_half,
        cast(hash(of_titles.show_id) % $parts as bigint) as title_part,
        (of_titles.account_part + title_part) % $parts as pair_part,
    from of_titles
    inner join published.shows as shows
        on of_titles.show_id = shows.show_id
),

colour_audiences as (
    select
        month_start,
        audience_by,
        audience,
        colour_family,
        genres,
        title_half,
        case
            when account_part is not null then 'accounts'
            when title_part is not null then 'titles'
            else 'both'
        end as parts_of,
        coalesce(account_part, title_part, pair_part) as part,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(taken_impressions) as bigint) as taken_impressions,
        sum(expected_millionths) / 1e6 as expected_taken,
        max(accounts) as accounts,
    from in_parts
    group by
        month_start,
        audience_by,
        audience,
        colour_family,
        genres,
        title_half,
        grouping sets (account_part, title_part, pair_part)
)

select * from colour_audiences
