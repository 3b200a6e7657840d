-- Grain: one film or series shown by a cover whose colours are known, with its position among them, from 0.
-- Not published.
with coloured_shows as (
    select
        shows.show_id,
        shows.poster_hash,
        colours.brightness,
        colours.saturation,
        colours.warmth,
        cast(row_number() over (order by shows.show_id) - 1 as integer) as show_position,
    from published.shows as shows
    inner join published.image_colours as colours
        on shows.poster_hash = colours.image_hash
)

select * from coloured_shows
