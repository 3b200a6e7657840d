-- Grain: one cover (an image) of the films and series chosen; of several, it is told by one that is shown by it.
-- Answers: which covers are there, what are they of, and what do they look like?
with covers_listed as (
    select
        covers.image_hash,
        covers.show_id,
        covers.name,
        covers.cover_name,
        covers.kind,
        covers.genres,
        covers.titles,
        covers.is_shown,
        image_colours.colour_family,
        image_colours.dominant_hue_deg,
        image_colours.brightness,
        image_colours.saturation,
        image_colours.warmth,
        image_colours.contrast,
        image_colours.colourfulness,
        image_colours.near_black_share,
        image_colours.near_white_share,
        image_colours.map_x,
        image_colours.map_y,
    from covers_of_titles() as covers
    left join cubes.image_colours as image_colours
        on covers.image_hash = image_colours.image_hash
    where
        is_cover_chosen(covers, $titles, $kinds)
        and is_show_listed(covers, $genre, $original)
        and (
            $find_title = ''
            or contains(strip_accents(lower(covers.name)), strip_accents(lower($find_title)))
        )
    qualify row_number() over (partition by covers.image_hash order by covers.is_shown desc, covers.show_id asc) = 1
)

select * from covers_listed
order by strip_accents(lower(cover_name)) asc, cover_name asc, image_hash asc
