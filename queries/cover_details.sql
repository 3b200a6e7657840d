-- Grain: one colour of the palette of the cover chosen ($cover); one row without a colour where it has none.
-- Answers: what is it of, what colours does it have, and what is said of it in a number?
with thumbnails as (
    select distinct
        image_hash,
        thumbnail_width_px,
        thumbnail_height_px,
    from cubes.artwork_images
    where image_hash = $cover
),

its_titles as (
    select
        count(*) as titles,
        string_agg(name, '; ' order by is_shown desc, show_id asc) as all_names,
    from covers_of_titles()
    where image_hash = $cover
),

cover_details as (
    select
        covers.image_hash,
        covers.show_id,
        covers.name,
        covers.cover_name,
        covers.kind,
        covers.genres,
        its_titles.titles,
        its_titles.all_names,
        covers.is_shown,
        thumbnails.thumbnail_width_px,
        thumbnails.thumbnail_height_px,
        image_bins.palette_rank,
        image_bins.bin,
        image_bins.share,
        image_bins.red,
        image_bins.green,
        image_bins.blue,
        colour_bins.colour_family,
        image_colours.brightness,
        image_colours.saturation,
        image_colours.warmth,
        image_colours.contrast,
        image_colours.colourfulness,
        image_colours.near_black_share,
        image_colours.near_white_share,
        image_colours.dominant_hue_deg,
    from covers() as covers
    cross join its_titles
    inner join thumbnails
        on covers.image_hash = thumbnails.image_hash
    left join cubes.image_colours as image_colours
        on covers.image_hash = image_colours.image_hash
    left join cubes.image_bins as image_bins
        on covers.image_hash = image_bins.image_hash
        and image_bins.palette_rank is not null
    left join cubes.colour_bins as colour_bins
        on image_bins.bin = colour_bins.bin
    where covers.image_hash = $cover
)

select * from cover_details
order by palette_rank asc
