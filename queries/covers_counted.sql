-- Grain: one reason why covers have no image; a null problem for those that have one, and of those without colours.
-- Answers: how many covers are there, of how many films and series, and how many lack an image, and why?
with covers_counted as (
    select
        artwork_images.problem,
        count(*) as artworks,
        count(distinct artwork_images.image_hash) as images,
        count(distinct coalesce(titles.show_id, 'series ' || artworks.series_id)) as shows,
    from cubes.artwork_images as artwork_images
    inner join artworks
        on artwork_images.artwork_id = artworks.artwork_id
    left join cubes.titles as titles
        on artworks.title_id = titles.title_id
    group by artwork_images.problem
)

select * from covers_counted
order by problem asc nulls first
