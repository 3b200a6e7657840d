-- Grain: one of three distances between the two average colours of average_colour_compared.
-- Answers: how far apart are two accounts, segments, or one and all? The distances are worked out from those vectors by
-- queries/colours.py, with what both have in common; here is what there is to work out.
with compared as (
    select
        bin,
        min(colour_share) as common_share,
    from (
        select
            bin,
            colour_share,
        from average_colours($calendar, $colours_range, $split_by, 'none', $colour_account, $min_accounts, $filters)
        union all
        select
            bin,
            colour_share,
        from average_colours($calendar, $colours_range, $split_by, 'none', $other_account, $min_accounts, $filters)
    ) as sides
    where
        $colour_account <> ''
        or $other_account <> ''
        or $other_segment <> ''
    group by bin
    having count(*) = 2
),

colour_distances as (
    select
        unnest(['cosine', 'jensen_shannon', 'earth_movers']) as distance_name,
        cast(null as double) as colour_distance,
        common_share,
        cast($colour_days as integer) as colour_days,
    from (select sum(compared.common_share) as common_share from compared) as common
)

select * from colour_distances
