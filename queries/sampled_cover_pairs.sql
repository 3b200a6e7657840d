-- Grain: one pair of covers by which films and series are shown: each pair where there are few, or else 600 of them.
-- Answers: how far are two covers of the catalogue from each other, usually? (queries/cover_distances.py)
with shown_covers as (
    select
        covers.image_hash,
        written_vectors.vector,
        row_number() over (order by hash(covers.image_hash) asc, covers.image_hash asc) - 1 as place,
        count(*) over () as covers,
    from covers() as covers
    inner join written_vectors() as written_vectors
        on covers.image_hash = written_vectors.image_hash
    where covers.is_shown
),

every_pair as (
    select
        one.place,
        other.place as other_place,
    from shown_covers as one
    inner join shown_covers as other
        on one.place < other.place
    where one.covers * (one.covers - 1) // 2 <= 600
),

-- Any two different ones, each pair with the same chance, the same ones each time; the same pair may come twice.
drawn_pairs as (
    select
        cast(hash(draws.draw) % catalogue.covers as bigint) as place,
        cast(
            (hash(draws.draw) % catalogue.covers + 1 + hash(draws.draw + 1000000) % (catalogue.covers - 1))
            % catalogue.covers
            as bigint
        ) as other_place,
    from shown_covers as catalogue
    cross join range(600) as draws (draw)
    where
        catalogue.place = 0
        and catalogue.covers * (catalogue.covers - 1) // 2 > 600
),

pairs as (
    from every_pair
    union all
    from drawn_pairs
)

select
    one.image_hash,
    other.image_hash as other_hash,
    cast(null as double) as earth_movers_distance,
    one.covers * (one.covers - 1) // 2 <= 600 as is_every_pair,
    one.vector,
    other.vector as other_vector,
from pairs
inner join shown_covers as one
    on pairs.place = one.place
inner join shown_covers as other
    on pairs.other_place = other.place
order by one.image_hash asc, other.image_hash asc
