-- Grain: one film, episode or series that has a cover with a thumbnail.
-- Answers: by which cover is it shown? Of those live when the data end, or else of all, by the one that came last.
-- A cover that names a title and its series is the title's.
with covers as (
    select
        case
            when artworks.title_id is not null then 'title ' || artworks.title_id
            else 'series ' || artworks.series_id
        end as poster_of,
        artworks.artwork_id,
        artworks.live_from,
        images.image_hash,
        coalesce(artworks.live_from <= cast($data_through as timestamp), true)
        and coalesce(artworks.live_to >= cast($data_through as timestamp), true) as is_live,
    from published.artworks as artworks
    inner join published.artwork_images as images
        on artworks.artwork_id = images.artwork_id
    where images.image_hash is not null
)

select
    poster_of,
    first(image_hash order by is_live desc, live_from desc nulls last, artwork_id asc) as poster_hash,
from covers
group by poster_of
