-- Grain: one feature of covers, such as their brightness.
-- Answers: in what range does it lie with the covers that did well with this audience, and with the others of the
-- genre? Ranges are the middle half: from the lower quartile to the upper.
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

features as (
    unpivot (
        select
            judged.is_well_taken,
            image_colours.brightness,
            image_colours.saturation,
            image_colours.warmth,
            image_colours.contrast,
            image_colours.colourfulness,
        from judged
        inner join cubes.image_colours as image_colours
            on judged.image_hash = image_colours.image_hash
    )
    on brightness, saturation, warmth, contrast, colourfulness
    into name feature value feature_value
),

features_of_well_taken_covers as (
    select
        feature,
        count(*) filter (where is_well_taken) as well_taken_covers,
        quantile_cont(feature_value, 0.25) filter (where is_well_taken) as well_taken_low,
        quantile_cont(feature_value, 0.5) filter (where is_well_taken) as well_taken_middle,
        quantile_cont(feature_value, 0.75) filter (where is_well_taken) as well_taken_high,
        count(*) filter (where not is_well_taken) as other_covers,
        quantile_cont(feature_value, 0.25) filter (where not is_well_taken) as other_low,
        quantile_cont(feature_value, 0.5) filter (where not is_well_taken) as other_middle,
        quantile_cont(feature_value, 0.75) filter (where not is_well_taken) as other_high,
    from features
    group by feature
    having count(*) filter (where is_well_taken) > 0
)

select * from features_of_well_taken_covers
order by list_position(['brightness', 'contrast', 'saturation', 'colourfulness', 'warmth'], feature) asc
