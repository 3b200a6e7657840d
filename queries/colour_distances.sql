-- Grain: one of three distances between the two average colours of average_colour_compared.
-- Answers: how far apart are two accounts, segments, or one and all? The distances are worked out from those vectors by
-- queries/colours.py, with what both have in common, of another segment too; here is what is told without them.
with sides as (
    select
        bin,
        colour_share,
        accounts,
    from average_colours($calendar, $colours_range, $split_by, 'none', $colour_account, $min_accounts, $filters)
    union all
    select
        bin,
        colour_share,
        accounts,
    from average_colours($calendar, $colours_range, $split_by, 'none', $other_account, $min_accounts, $filters)
),

bins as (
    select
        bin,
        case when count(*) = 2 then min(colour_share) else 0 end as in_common_share,
        min(accounts) as accounts,
    from sides
    where
        $colour_account <> ''
        or $other_account <> ''
        or $other_segment <> ''
    group by bin
),

compared as (
    select
        sum(in_common_share) as in_common_share,
        min(accounts) as accounts,
    from bins
    having count(*) > 0
),

colour_distances as (
    select
        unnest(['cosine', 'jensen_shannon', 'earth_movers']) as distance_name,
        cast(null as double) as colour_distance,
        in_common_share,
        cast($colour_days as integer) as colour_days,
        accounts,
    from compared
)

select * from colour_distances
