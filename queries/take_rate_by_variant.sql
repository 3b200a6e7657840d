-- Grain: one cover of a film or series that was shown with several, each 30 times and more.
-- Answers: which covers of one title are taken more? Over the range's whole months; where none lies in it, the last
-- twelve before it. Each is compared with the title's cover that was shown most. Of so many comparisons some differ by
-- chance: is_clear says which do not, at 5 % for all of them (Bonferroni).
with months as (
    from whole_months($start_day, $end_day)
),

covers as (
    select
        cover_cells.show_id,
        cover_cells.artwork_id,
        cast(sum(cover_cells.impressions) as bigint) as impressions,
        cast(sum(cover_cells.taken_impressions) as bigint) as taken_impressions,
        min(cover_cells.month_start) as first_month,
        max(cover_cells.month_start) as last_month,
        max(cover_cells.accounts) as accounts,
        sum(cover_cells.taken_impressions) / cast(sum(cover_cells.impressions) as double) as take_rate,
    from cubes.cover_cells as cover_cells
    inner join months
        on cover_cells.month_start >= months.first_month
        and cover_cells.month_start < months.month_after
    where
        cover_cells.artwork_id is not null
        and chosen(cover_cells.kind, $kinds)
        and chosen(cover_cells.show_id, $titles)
    group by cover_cells.show_id, cover_cells.artwork_id
    having sum(cover_cells.impressions) >= 30
),

of_several as (
    select
        *,
        row_number() over (partition by show_id order by impressions desc, artwork_id asc) as cover_rank,
        first(take_rate) over most_shown as main_take_rate,
        first(impressions) over most_shown as main_impressions,
    from covers
    window most_shown as (partition by show_id order by impressions desc, artwork_id asc)
    qualify count(*) over (partition by show_id) > 1
),

-- Each share with a success and a failure more, so that none is nought (Agresti and Caffo 2000).
compared as (
    select
        *,
        (take_rate * impressions + 1) / (impressions + 2) as share,
        (main_take_rate * main_impressions + 1) / (main_impressions + 2) as main_share,
        case when cover_rank > 1 then take_rate - main_take_rate end as take_rate_difference,
        case
            when cover_rank > 1
                then
                    sqrt(
                        share * (1 - share) / (impressions + 2)
                        + main_share * (1 - main_share) / (main_impressions + 2)
                    )
        end as difference_error,
    from of_several
),

judged as (
    select
        *,
        coalesce(
            abs(share - main_share)
            > normal_beyond(0.025 / count(difference_error) over ()) * difference_error,
            false
        ) as is_clear,
        max(abs(share - main_share) / difference_error) over (partition by show_id) as surest,
    from compared
),

tests as (
    select distinct artwork_id
    from cover_tests
    where artwork_id is not null
),

take_rate_by_variant as (
    select
        judged.show_id,
        shows.show_name as name,
        coalesce(artworks.variant, judged.artwork_id) as cover,
        artwork_images.image_hash,
        judged.impressions,
        judged.taken_impressions,
        judged.take_rate,
        wilson_low(judged.take_rate, judged.impressions, 1.959964) as take_rate_low,
        wilson_high(judged.take_rate, judged.impressions, 1.959964) as take_rate_high,
        judged.take_rate_difference,
        judged.share - judged.main_share - case
            when judged.cover_rank > 1 then 1.959964 * judged.difference_error
        end as take_rate_difference_low,
        judged.share - judged.main_share + case
            when judged.cover_rank > 1 then 1.959964 * judged.difference_error
        end as take_rate_difference_high,
        judged.is_clear,
        judged.artwork_id in (select tests.artwork_id from tests) as was_tested,
        judged.cover_rank,
        min(judged.first_month) over () as first_month,
        max(judged.last_month) over () as last_month,
        judged.surest,
        judged.accounts,
    from judged
    inner join shows
        on judged.show_id = shows.show_id
    left join artworks
        on judged.artwork_id = artworks.artwork_id
    left join artwork_images
        on judged.artwork_id = artwork_images.artwork_id
)

select * exclude (surest) from take_rate_by_variant
order by surest desc, show_id asc, cover_rank asc
