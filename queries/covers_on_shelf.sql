-- Grain: one cover of a row of covers, or one of those compared ($covers): the 24 films and series of a genre ($shelf,
-- or else the first of the first cover's title) that came out last, each by the cover it is shown by.
-- Answers: how far is it from the others of the row, on average? (queries/cover_distances.py)
with compared as (
    select
        chosen_covers.*,
        written_vectors.vector,
    from chosen_covers($covers) as chosen_covers
    inner join written_vectors() as written_vectors
        on chosen_covers.image_hash = written_vectors.image_hash
),

shelf_genre as (
    select
        case
            when $shelf <> '' then $shelf
            else first(string_split(genres, '; ')[1] order by place asc)
        end as genre,
    from compared
),

released as (
    select
        show_id,
        max(released_on) as released_on,
    from cubes.titles
    group by show_id
),

shelf as (
    select
        covers.image_hash,
        covers.show_id,
        covers.cover_name,
        written_vectors.vector,
        row_number() over (order by released.released_on desc nulls last, covers.show_id asc) as shelf_place,
    from covers() as covers
    inner join written_vectors() as written_vectors
        on covers.image_hash = written_vectors.image_hash
    inner join released
        on covers.show_id = released.show_id
    inner join shelf_genre
        on list_contains(string_split(covers.genres, '; '), shelf_genre.genre)
    where covers.is_shown
    qualify shelf_place <= 24
),

covers_on_shelf as (
    select
        compared.place,
        coalesce(shelf.shelf_place, case when compared.place is not null then 0 end) as shelf_place,
        coalesce(compared.image_hash, shelf.image_hash) as image_hash,
        coalesce(compared.show_id, shelf.show_id) as show_id,
        coalesce(compared.cover_name, shelf.cover_name) as cover_name,
        (select genre from shelf_genre) as genre,
        cast(null as double) as mean_distance,
        coalesce(compared.vector, shelf.vector) as vector,
    from compared
    full join shelf
        on compared.image_hash = shelf.image_hash
)

select * from covers_on_shelf
order by place asc nulls last, shelf_place asc
