-- Grain: one year, or quarter where there are few years, in which films and series came out, or from which on their
-- covers were shown ($covers_dated).
-- Answers: how do covers change over the years? The mean of the feature chosen ($cover_measure) with its limits of
-- 95 %, by how much covers differ: Student's t, cut where the feature cannot be less or more. The whole catalogue,
-- whatever the range.
with first_releases as (
    select
        show_id,
        min(released_on) as released_on,
    from titles
    group by show_id
),

first_shown as (
    select
        image_hash,
        cast(min(artworks.live_from) as date) as live_from,
    from artworks
    inner join artwork_images
        on artworks.artwork_id = artwork_images.artwork_id
    group by image_hash
),

covers as (
    select
        shows.* exclude (show_name, original, genres, map_x, map_y),
        case when $covers_dated = 'live' then first_shown.live_from else first_releases.released_on end as dated_on,
    from shows_with_colours() as shows
    left join first_releases
        on shows.show_id = first_releases.show_id
    left join first_shown
        on shows.image_hash = first_shown.image_hash
    where is_kind_of_show_chosen(shows.show_kind, $kinds)
),

dated as (
    select
        *,
        case
            when year(max(dated_on) over ()) - year(min(dated_on) over ()) > 5
                then cast(date_trunc('year', dated_on) as date)
            else cast(date_trunc('quarter', dated_on) as date)
        end as first_day,
        case
            when year(max(dated_on) over ()) - year(min(dated_on) over ()) > 5 then 'year' else 'quarter'
        end as dated_by,
        case $cover_measure
            when 'cover_saturation' then saturation
            when 'cover_warmth' then warmth
            when 'cover_contrast' then contrast
            when 'cover_colourfulness' then colourfulness
            else brightness
        end as feature,
    from covers
    where dated_on is not null
),

cover_features_by_period as (
    select
        first_day,
        dated_by,
        count(*) as titles,
        avg(brightness) as cover_brightness,
        avg(saturation) as cover_saturation,
        avg(warmth) as cover_warmth,
        avg(contrast) as cover_contrast,
        avg(colourfulness) as cover_colourfulness,
        t_975(count(feature) - 1) * stddev_samp(feature) / sqrt(count(feature)) as half_width,
        avg(feature) - half_width as feature_low,
        avg(feature) + half_width as feature_high,
    from dated
    group by first_day, dated_by
),

within_bounds as (
    select
        * exclude (half_width)
        replace (
            if(feature_low < 0, 0, feature_low) as feature_low,
            case
                when $cover_measure in ('cover_saturation', 'cover_warmth') and feature_high > 1 then 1
                when $cover_measure = 'cover_brightness' and feature_high > 100 then 100
                else feature_high
            end as feature_high
        ),
    from cover_features_by_period
)

select * from within_bounds
order by first_day asc
