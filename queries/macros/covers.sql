-- What covers show and what colours they have. A cover is an image: several artworks may have the same.

-- Grain: one image that some artwork has, and one film or series that it is a cover of. cover_name tells those of one
-- title apart. is_shown: pages show the title by it. titles: of how many it is a cover.
create macro covers_of_titles() as table
    select
        image_hash,
        show_id,
        show_name as name,
        show_kind as kind,
        genres,
        original,
        variant,
        is_shown,
        case
            when count(*) over (partition by show_id) > 1
                then show_name || ' · ' || coalesce(variant, left(image_hash, 6))
            else show_name
        end as cover_name,
        count(*) over (partition by image_hash) as titles
    from (
        select
            artwork_images.image_hash,
            shows.show_id,
            coalesce(shows.show_name, 'No title of the data') as show_name,
            shows.show_kind,
            shows.genres,
            shows.original,
            string_agg(distinct artworks.variant, ', ' order by artworks.variant) as variant,
            coalesce(bool_or(shows.poster_hash = artwork_images.image_hash), false) as is_shown
        from main.artworks as artworks
        inner join cubes.artwork_images as artwork_images
            on artworks.artwork_id = artwork_images.artwork_id
        left join cubes.titles as titles
            on artworks.title_id = titles.title_id
        left join cubes.shows as shows
            on coalesce(titles.show_id, 'series ' || artworks.series_id) = shows.show_id
        where artwork_images.image_hash is not null
        group by all
    ) as covers_of_shows;

-- Grain: one image that some artwork has, with one of its titles: one that is shown by it, where there is such.
create macro covers() as table
    select *
    from covers_of_titles()
    qualify row_number() over (partition by image_hash order by is_shown desc, show_id asc) = 1;

-- Whether a row of covers_of_titles() is of a film or series that is chosen; episodes stand for their series.
create macro is_cover_chosen(row_values, of_titles, of_kinds) as (
    chosen(row_values.show_id, of_titles)
    and chosen(case row_values.kind when 'series' then 'episode' else row_values.kind end, of_kinds)
);

-- Grain: one of the covers that are compared, by their hashes in the order given; beyond four, none.
create macro chosen_covers(of_hashes) as table
    select
        cast(chosen_hashes.place as bigint) as place,
        covers.image_hash,
        covers.show_id,
        covers.cover_name,
        covers.genres
    from (
        select
            unnest(string_split(of_hashes, ',')[1:4]) as image_hash,
            generate_subscripts(string_split(of_hashes, ',')[1:4], 1) as place
    ) as chosen_hashes
    inner join covers() as covers
        on chosen_hashes.image_hash = covers.image_hash
    qualify row_number() over (partition by covers.image_hash order by chosen_hashes.place asc) = 1;

-- Grain: one image with its 216-bin vector as text, which queries/cover_distances.py reads: «43:0.75 215:0.25».
create macro written_vectors() as table
    select
        image_hash,
        string_agg(bin || ':' || share, ' ' order by bin asc) as vector
    from cubes.image_bins
    group by image_hash;
