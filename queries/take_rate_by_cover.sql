-- Grain: one cover that the film or series chosen was shown with in the range, by UTC days.
-- Answers: which of its covers is taken most? Of the covers on screen for a second or more, those that a play followed:
-- by impression_id, or where the play tells none, one of the same profile and title within 30 minutes, the last cover
-- shown before it (metrics.md). Intervals are Wilson's, of 95 %.
with counted as (
    select
        artwork_id,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(taken_impressions) as bigint) as taken_impressions,
        sum(taken_impressions) / cast(sum(impressions) as double) as take_rate,
    from
        filtered_covers(
            $hours_range,
            $split_by,
            {
                'titles': $titles,
                'kinds': $kinds,
                'devices': $devices,
                'countries': $countries,
                'profile_types': $profile_types,
                'plans': $plans
            }
        )
    group by artwork_id
),

take_rate_by_cover as (
    select
        known(counted.artwork_id) as artwork_id,
        coalesce(artworks.variant, counted.artwork_id, 'unknown') as cover,
        artwork_images.image_hash,
        counted.impressions,
        counted.taken_impressions,
        counted.take_rate,
        wilson_low(counted.take_rate, counted.impressions, 1.959964) as take_rate_low,
        wilson_high(counted.take_rate, counted.impressions, 1.959964) as take_rate_high,
        accounts_by_cover.accounts,
    from counted
    left join artworks
        on counted.artwork_id = artworks.artwork_id
    left join artwork_images
        on counted.artwork_id = artwork_images.artwork_id
    left join
        counted_accounts_by_cover(
            $hours_range,
            {
                'titles': $titles,
                'kinds': $kinds,
                'devices': $devices,
                'countries': $countries,
                'profile_types': $profile_types,
                'plans': $plans
            }
        ) as accounts_by_cover
        on counted.artwork_id is not distinct from accounts_by_cover.artwork_id
)

select * from take_rate_by_cover
order by impressions desc, artwork_id asc
