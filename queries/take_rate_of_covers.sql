-- Grain: one cover of a film or series of the genre chosen that was shown in the range, by UTC days.
-- Answers: which covers did well with this audience? Those whose interval of the take rate (Wilson's, of 95 %) lies
-- above the take rate of the cover in the middle. Counted as on the card of a title's covers.
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

take_rate_of_covers as (
    select
        judged.image_hash,
        judged.show_id,
        judged.cover_name,
        image_colours.colour_family,
        judged.impressions,
        judged.taken_impressions,
        judged.take_rate,
        judged.take_rate_low,
        judged.take_rate_high,
        judged.middle_take_rate,
        judged.is_well_taken,
        judged.accounts,
    from judged
    left join cubes.image_colours as image_colours
        on judged.image_hash = image_colours.image_hash
)

select * from take_rate_of_covers
order by take_rate_low desc, image_hash asc
