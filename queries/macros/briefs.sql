-- Which covers were taken oftener than others, for a brief of a planned title.

-- Grain: one cover of the films and series of a genre ('' for any) that the audience chosen was shown in the range.
-- is_well_taken: the low end of the 95 % interval of its take rate lies above the take rate of the cover in the middle,
-- of which half are taken less. A cover shown to fewer accounts than may be told of never is.
create macro judged_covers(of_range, of_split, of_filters, of_genre, of_min_accounts) as table
    select
        rated.*,
        coalesce(rated.accounts >= of_min_accounts, true)
        and rated.take_rate_low > rated.middle_take_rate as is_well_taken
    from (
        select
            counted.*,
            wilson_low(counted.take_rate, counted.impressions, 1.959964) as take_rate_low,
            wilson_high(counted.take_rate, counted.impressions, 1.959964) as take_rate_high,
            median(counted.take_rate) over () as middle_take_rate
        from (
            select
                covers.image_hash,
                covers.show_id,
                covers.cover_name,
                cast(sum(shown.impressions) as bigint) as impressions,
                cast(sum(shown.taken_impressions) as bigint) as taken_impressions,
                sum(shown.taken_impressions) / cast(sum(shown.impressions) as double) as take_rate,
                max(accounts_by_cover.accounts) as accounts
            from (
                select
                    artwork_id,
                    sum(impressions) as impressions,
                    sum(taken_impressions) as taken_impressions
                from filtered_covers(of_range, of_split, of_filters)
                group by artwork_id
            ) as shown
            inner join cubes.artwork_images as artwork_images
                on shown.artwork_id = artwork_images.artwork_id
            inner join covers() as covers
                on artwork_images.image_hash = covers.image_hash
            left join counted_accounts_by_cover(of_range, of_filters) as accounts_by_cover
                on shown.artwork_id = accounts_by_cover.artwork_id
            where is_show_listed(covers, of_genre, 'all')
            group by covers.image_hash, covers.show_id, covers.cover_name
        ) as counted
    ) as rated;
