-- Grain: one genre.
-- Answers: which genres do the films and series have?
with genres as (
    select distinct unnest(string_split(genres, '; ')) as value
    from shows
)

select value from genres
order by value asc
