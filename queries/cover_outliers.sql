-- Grain: one film or series whose cover lies far from those of its genres, the farthest first; at most 100.
-- Answers: whose covers do not look like their genre? A cover lies as far from its genre as from the middle (median) of
-- the genre's places on the map of covers; told in multiples of the genre's median such distance. Of a title of several
-- genres, from the one that it is nearest to. Genres with fewer than ten covers have no middle. The whole catalogue,
-- whatever the range.
with covers as (
    select
        shows.show_id,
        shows.show_name,
        shows.image_hash,
        shows.colour_family,
        shows.brightness,
        shows.map_x,
        shows.map_y,
        unnest(string_split(shows.genres, '; ')) as genre,
    from shows_with_colours() as shows
    where
        shows.genres is not null
        and shows.map_x is not null
        and is_kind_of_show_chosen(shows.show_kind, $kinds)
),

middles as (
    select
        genre,
        count(*) as genre_titles,
        median(map_x) as middle_x,
        median(map_y) as middle_y,
        avg(brightness) as genre_brightness,
    from covers
    group by genre
    having count(*) >= 10
),

families as (
    select
        genre,
        colour_family,
        count(*) as titles,
    from covers
    group by all
),

distances as (
    select
        covers.* exclude (map_x, map_y),
        middles.genre_titles,
        middles.genre_brightness,
        families.titles as genre_titles_of_colour,
        sqrt(
            (covers.map_x - middles.middle_x) * (covers.map_x - middles.middle_x)
            + (covers.map_y - middles.middle_y) * (covers.map_y - middles.middle_y)
        ) as distance,
    from covers
    inner join middles
        on covers.genre = middles.genre
    inner join families
        on covers.genre = families.genre
        and covers.colour_family = families.colour_family
),

measured as (
    select
        *,
        distance / nullif(median(distance) over (partition by genre), 0) as genre_distance,
    from distances
),

nearest as (
    select *
    from measured
    where genre_distance is not null
    qualify row_number() over (partition by show_id order by genre_distance asc, genre asc) = 1
),

cover_outliers as (
    select
        show_id,
        show_name as name,
        image_hash,
        genre,
        genre_distance,
        colour_family,
        genre_titles_of_colour,
        genre_titles,
        brightness,
        genre_brightness,
    from nearest
    where genre_distance > 1
    order by genre_distance desc, show_id asc
    limit 100
)

select * from cover_outliers
order by genre_distance desc, show_id asc
