-- Grain: one month, audience of one sort, colour of covers, genres of what they are of, and one of some parts, of
-- accounts or of titles, drawn by chance, by UTC: how often they were shown such covers, and how often they took them.
-- The taste of an account is that told by the other half of the films and series.
with covers as (
    select
        cover_takes.account_id,
        cover_takes.month_start,
        image_colours.colour_family,
        cover_takes.show_id,
        shows.genres,
        sum(cover_takes.impressions) as impressions,
        sum(cover_takes.taken_impressions) as taken_impressions,
    from published.cover_takes as cover_takes
    inner join published.artwork_images as artwork_images
        on cover_takes.artwork_id = artwork_images.artwork_id
    inner join published.image_colours as image_colours
        on artwork_images.image_hash = image_colours.image_hash
    inner join published.shows as shows
        on cover_takes.show_id = shows.show_id
    where list_contains($default_kinds, cover_takes.kind)
    group by all
),

described as (
    select
        covers.*,
        unnest([
            {'audience_by': 'country', 'audience': accounts.account_country},
            {
                'audience_by': 'account_age',
                'audience': case
                    when accounts.signed_up_at is null then null
                    when covers.month_start - cast(accounts.signed_up_at as date) < $new_account_days then 'new'
                    when covers.month_start - cast(accounts.signed_up_at as date) < $old_account_days then 'recent'
                    else 'old'
                end
            },
            {'audience_by': 'genre', 'audience': genre_tastes.taste},
            {'audience_by': 'colour', 'audience': colour_tastes.taste}
        ], recursive := true),
    from covers
    inner join published.accounts as accounts
        on covers.account_id = accounts.account_id
    left join derived.account_tastes as genre_tastes
        on covers.account_id = genre_tastes.account_id
        and hash(covers.show_id) % 2 <> genre_tastes.title_half
        and genre_tastes.told_by = 'genre'
    left join derived.account_tastes as colour_tastes
        on covers.account_id = colour_tastes.account_id
        and hash(covers.show_id) % 2 <> colour_tastes.title_half
        and colour_tastes.told_by = 'colour'
),

in_parts as (
    select
        month_start,
        audience_by,
        coalesce(audience, 'unknown') as audience,
        colour_family,
        genres,
        account_id,
        impressions,
        taken_impressions,
        unnest([
            {'parts_of': 'accounts', 'part': cast(hash(account_id) % $parts as bigint)},
            {'parts_of': 'titles', 'part': cast(hash(show_id) % $parts as bigint)},
            {'parts_of': 'both', 'part': cast(hash(account_id || ' ' || show_id) % $parts as bigint)}
        ], recursive := true),
    from described
),

colour_audiences as (
    select
        month_start,
        audience_by,
        audience,
        colour_family,
        genres,
        parts_of,
        part,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(taken_impressions) as bigint) as taken_impressions,
        count(distinct account_id) as accounts,
    from in_parts
    group by all
)

select * from colour_audiences
