-- Grain: one of the covers chosen to compare ($covers), at most four.
-- Answers: of what are they, and what is said of their colours?
with compared_covers as (
    select
        chosen_covers.place,
        chosen_covers.image_hash,
        chosen_covers.show_id,
        chosen_covers.cover_name,
        chosen_covers.genres,
        image_colours.colour_family,
        image_colours.brightness,
    from chosen_covers($covers) as chosen_covers
    left join cubes.image_colours as image_colours
        on chosen_covers.image_hash = image_colours.image_hash
)

select * from compared_covers
order by place asc
