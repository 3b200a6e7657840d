-- Which covers are taken, and what they look like.

-- Grain: one row: the first day of the whole months that lie between two days, and the day after their last; where none
-- does, those of the last twelve before.
create macro whole_months(from_day, to_day) as table
    select
        case
            when months.first_month < months.month_after then months.first_month
            else cast(months.month_after - interval 12 month as date)
        end as first_month,
        months.month_after
    from (
        select
            cast(date_trunc('month', from_day - 1) + interval 1 month as date) as first_month,
            cast(date_trunc('month', to_day) as date) as month_after
    ) as months;

-- The band of a feature of covers (definitions/taking.py) that a row of image_colours lies in; null where it has none.
create macro feature_band(colours, of_feature) as (
    case of_feature
        when 'brightness'
            then case when colours.brightness < 30 then 'low' when colours.brightness < 60 then 'middle' else 'high' end
        when 'saturation'
            then
                case
                    when colours.saturation < 0.3 then 'low' when colours.saturation < 0.6 then 'middle' else 'high'
                end
        when 'warmth'
            then
                case
                    when colours.warmth < 1 / 3.0 then 'low'
                    when colours.warmth < 2 / 3.0 then 'middle'
                    when colours.warmth is not null then 'high'
                end
        when 'contrast'
            then case when colours.contrast < 15 then 'low' when colours.contrast < 30 then 'middle' else 'high' end
        else colours.colour_family
    end
);

-- Grain: one cover whose colours are known.
create macro covers_with_colours() as table
    select
        artwork_images.artwork_id,
        image_colours.*
    from cubes.artwork_images as artwork_images
    inner join cubes.image_colours as image_colours
        on artwork_images.image_hash = image_colours.image_hash;

-- Grain: one film or series that is shown by a cover whose colours are known.
create macro shows_with_colours() as table
    select
        shows.show_id,
        shows.show_name,
        shows.show_kind,
        shows.original,
        shows.genres,
        image_colours.*
    from cubes.shows as shows
    inner join cubes.image_colours as image_colours
        on shows.poster_hash = image_colours.image_hash;

-- Whether the kind of a film or series is chosen; a series is one of episodes.
create macro is_kind_of_show_chosen(show_kind, of_kinds) as (
    chosen(case when show_kind = 'series' then 'episode' else show_kind end, of_kinds)
);
