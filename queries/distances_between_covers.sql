-- Grain: one pair of the covers compared ($covers); of a single cover one row, without another.
-- Answers: how far are they from each other? The distances are worked out of the vectors (queries/cover_distances.py).
with chosen_vectors as (
    select
        chosen_covers.place,
        chosen_covers.image_hash,
        chosen_covers.cover_name,
        written_vectors.vector,
    from chosen_covers($covers) as chosen_covers
    inner join written_vectors() as written_vectors
        on chosen_covers.image_hash = written_vectors.image_hash
),

common as (
    select
        bins.image_hash,
        other_bins.image_hash as other_hash,
        sum(least(bins.share, other_bins.share)) as share,
    from cubes.image_bins as bins
    inner join cubes.image_bins as other_bins
        on bins.bin = other_bins.bin
    where
        list_contains(string_split($covers, ','), bins.image_hash)
        and list_contains(string_split($covers, ','), other_bins.image_hash)
    group by all
)

select
    one.image_hash,
    one.cover_name,
    other.image_hash as other_hash,
    other.cover_name as other_name,
    case when other.image_hash is not null then coalesce(common.share, 0) end as common_share,
    cast(null as double) as cosine_distance,
    cast(null as double) as jensen_shannon_distance,
    cast(null as double) as earth_movers_distance,
    cast(null as double) as nearer_share,
    cast(null as double) as nearer_share_low,
    cast(null as double) as nearer_share_high,
    cast(null as bigint) as sampled_pairs,
    cast(null as boolean) as is_every_pair,
    one.vector,
    other.vector as other_vector,
from chosen_vectors as one
left join chosen_vectors as other
    on one.place < other.place
left join common
    on one.image_hash = common.image_hash
    and other.image_hash = common.other_hash
where
    other.image_hash is not null
    or (select count(*) from chosen_vectors) = 1
order by one.place asc, other.place asc
