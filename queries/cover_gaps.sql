-- Grain: one genre, colour, and brightness of covers, of which the genre has fewer than the rest of the catalogue would
-- lead to.
-- Answers, once judged (queries/cover_gaps.py): which looks does a genre hardly have? Expected are as many as if the
-- looks of all covers were dealt out to genres by chance; listed where that is one and more. A title of several genres
-- counts for each. The whole catalogue, whatever the range.
with covers as (
    select
        shows.show_id,
        shows.colour_family,
        feature_band(shows, 'brightness') as brightness_band,
        string_split(shows.genres, '; ') as genres,
    from shows_with_colours() as shows
    where is_kind_of_show_chosen(shows.show_kind, $kinds)
),

looks as (
    select
        colour_family,
        brightness_band,
        count(*) as look_titles,
        sum(count(*)) over () as all_titles,
    from covers
    group by colour_family, brightness_band
),

of_genres as (
    select
        unnest(genres) as genre,
        colour_family,
        brightness_band,
    from covers
),

genres as (
    select
        genre,
        count(*) as genre_titles,
    from of_genres
    group by genre
),

counted as (
    select
        genre,
        colour_family,
        brightness_band,
        count(*) as titles,
    from of_genres
    group by all
),

cover_gaps as (
    select
        genres.genre,
        looks.colour_family,
        looks.brightness_band,
        coalesce(counted.titles, 0) as titles,
        genres.genre_titles,
        looks.look_titles,
        cast(looks.all_titles as bigint) as all_titles,
        genres.genre_titles * looks.look_titles / looks.all_titles as expected_titles,
    from genres
    cross join looks
    left join counted
        on genres.genre = counted.genre
        and looks.colour_family = counted.colour_family
        and looks.brightness_band = counted.brightness_band
)

select * from cover_gaps
where expected_titles >= 1
order by expected_titles - titles desc, genre asc, colour_family asc, brightness_band asc
