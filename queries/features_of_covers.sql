-- Grain: one of the features of one of the covers compared ($covers).
-- Answers: how bright, warm, colourful … are they, beside the covers by which films and series are shown?
with told as (
    unpivot (
        select
            image_colours.image_hash,
            brightness,
            contrast,
            saturation,
            colourfulness,
            warmth,
            near_black_share,
            near_white_share,
        from cubes.image_colours as image_colours
    )
    on brightness, contrast, saturation, colourfulness, warmth, near_black_share, near_white_share
    into name feature value feature_value
),

catalogue as (
    select
        told.feature,
        quantile_cont(told.feature_value, 0.05) as catalogue_low,
        quantile_cont(told.feature_value, 0.5) as catalogue_middle,
        quantile_cont(told.feature_value, 0.95) as catalogue_high,
        list(told.feature_value) as catalogue_values,
    from told
    inner join covers() as covers
        on told.image_hash = covers.image_hash
    where covers.is_shown
    group by told.feature
)

select
    chosen_covers.place,
    chosen_covers.image_hash,
    chosen_covers.cover_name,
    told.feature,
    told.feature_value,
    catalogue.catalogue_low,
    catalogue.catalogue_middle,
    catalogue.catalogue_high,
    len(list_filter(catalogue.catalogue_values, lambda other: other < told.feature_value))
    / cast(len(catalogue.catalogue_values) as double) as lower_share,
from chosen_covers($covers) as chosen_covers
inner join told
    on chosen_covers.image_hash = told.image_hash
inner join catalogue
    on told.feature = catalogue.feature
order by
    array_position(
        [
            'brightness',
            'contrast',
            'saturation',
            'colourfulness',
            'warmth',
            'near_black_share',
            'near_white_share'
        ],
        told.feature
    ) asc,
    chosen_covers.place asc
