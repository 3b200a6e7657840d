-- Grain: one bin of the mean 216-bin vector of the covers that did well with this audience.
-- Answers: what are their colours, and which have they more of than the other covers of the genre? Each cover counts
-- the same. palette_rank is its place among the bins that make 90 %, and none for the others.
with judged as (
    from
        judged_covers(
            $hours_range,
            $split_by,
            {
                'titles': $titles,
                'kinds': $kinds,
                'devices': $devices,
                'countries': $countries,
                'profile_types': $profile_types,
                'plans': $plans
            },
            $genre,
            $min_accounts
        )
),

measured as (
    select
        judged.image_hash,
        judged.is_well_taken,
    from judged
    inner join cubes.image_colours as image_colours
        on judged.image_hash = image_colours.image_hash
),

covers_counted as (
    select
        count(*) filter (where is_well_taken) as well_taken_covers,
        nullif(count(*) filter (where not is_well_taken), 0) as other_covers,
    from measured
),

summed_bins as (
    select
        image_bins.bin,
        sum(image_bins.share) filter (where measured.is_well_taken) as share,
        coalesce(sum(image_bins.share) filter (where not measured.is_well_taken), 0) as other_share,
        sum(image_bins.share * image_bins.red) filter (where measured.is_well_taken) as red,
        sum(image_bins.share * image_bins.green) filter (where measured.is_well_taken) as green,
        sum(image_bins.share * image_bins.blue) filter (where measured.is_well_taken) as blue,
    from measured
    inner join cubes.image_bins as image_bins
        on measured.image_hash = image_bins.image_hash
    group by image_bins.bin
    having sum(image_bins.share) filter (where measured.is_well_taken) > 0
),

mean_bins as (
    select
        summed_bins.bin,
        colour_bins.colour_family,
        summed_bins.share / covers_counted.well_taken_covers as share,
        summed_bins.other_share / covers_counted.other_covers as other_share,
        cast(round(summed_bins.red / summed_bins.share) as bigint) as red,
        cast(round(summed_bins.green / summed_bins.share) as bigint) as green,
        cast(round(summed_bins.blue / summed_bins.share) as bigint) as blue,
    from summed_bins
    inner join cubes.colour_bins as colour_bins
        on summed_bins.bin = colour_bins.bin
    cross join covers_counted
),

colours_of_well_taken_covers as (
    select
        bin,
        colour_family,
        share,
        other_share,
        red,
        green,
        blue,
        case
            when sum(share) over larger - share < 0.9 - 1e-9 then row_number() over larger
        end as palette_rank,
    from mean_bins
    window larger as (
        order by share desc, bin asc
        rows between unbounded preceding and current row
    )
)

select * from colours_of_well_taken_covers
order by share desc, bin asc
