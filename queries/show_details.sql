-- Grain: one film or series chosen by the title filter.
-- Answers: what is it called, how large is it, when did it come out, and by which cover is it shown?
with thumbnails as (
    select distinct
        image_hash,
        thumbnail_width_px,
        thumbnail_height_px,
    from cubes.artwork_images
    where
        image_hash in (
            select poster_hash
            from cubes.shows
            where chosen(show_id, $titles)
        )
)

select
    shows.show_name as name,
    shows.show_kind as kind,
    count(distinct titles.season_number) filter (where titles.kind = 'episode') as seasons,
    count(*) filter (where titles.kind = 'episode') as episodes,
    min(titles.released_on) as first_released_on,
    max(titles.released_on) as last_released_on,
    thumbnails.image_hash as poster_hash,
    thumbnails.thumbnail_width_px,
    thumbnails.thumbnail_height_px,
from cubes.shows as shows
inner join cubes.titles as titles
    on shows.show_id = titles.show_id
left join thumbnails
    on shows.poster_hash = thumbnails.image_hash
where chosen(shows.show_id, $titles)
group by all
order by name
