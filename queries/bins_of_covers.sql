-- Grain: one bin of one of the covers compared ($covers).
-- Answers: how much of each colour do they have, and which do they share? Those of at least half a percent count.
with bins as (
    select
        chosen_covers.place,
        chosen_covers.image_hash,
        chosen_covers.show_id,
        chosen_covers.cover_name,
        image_bins.bin,
        image_bins.share,
        image_bins.red,
        image_bins.green,
        image_bins.blue,
        colour_bins.colour_family,
        count(*) filter (where image_bins.share >= 0.005) over (partition by image_bins.bin) as covers_with_bin,
        count(distinct chosen_covers.image_hash) over () as covers_compared,
    from chosen_covers($covers) as chosen_covers
    inner join cubes.image_bins as image_bins
        on chosen_covers.image_hash = image_bins.image_hash
    inner join cubes.colour_bins as colour_bins
        on image_bins.bin = colour_bins.bin
)

select
    place,
    image_hash,
    show_id,
    cover_name,
    bin,
    share,
    red,
    green,
    blue,
    colour_family,
    case
        when share < 0.005 then 'trace'
        when covers_with_bin = covers_compared and covers_compared > 1 then 'shared'
        when covers_with_bin = 1 then 'distinct'
        else 'some'
    end as held_by,
from bins
order by place asc, share desc, bin asc
