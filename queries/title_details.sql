-- Grain: one row: the title; none where there is no such title.
-- Answers: what is it called, what is it, how long is it, when did it come out, and by which cover is it shown?
with thumbnails as (
    select distinct
        image_hash,
        thumbnail_width_px,
        thumbnail_height_px,
    from cubes.artwork_images
    where
        image_hash in (
            select poster_hash
            from cubes.titles
            where title_id = $of_title
        )
)

select
    titles.name,
    titles.kind,
    titles.series_name,
    titles.season_number,
    titles.episode_number,
    titles.runtime_ms,
    titles.released_on,
    thumbnails.image_hash as poster_hash,
    thumbnails.thumbnail_width_px,
    thumbnails.thumbnail_height_px,
from cubes.titles as titles
left join thumbnails
    on titles.poster_hash = thumbnails.image_hash
where titles.title_id = $of_title
