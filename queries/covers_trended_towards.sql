-- Grain: one film or series, of the twelve whose covers' colours are most like the change of the average colour.
-- Answers: towards which covers do the colours that people watch move? The change is the average colour of the last
-- $colour_days days of the range less that of as many days before; likeness is its cosine with the cover's vector, and
-- decisive the bin that adds most to it, by how much it changed.
with changes as (
    select
        bin,
        colour_family,
        recent_share - earlier_share as change,
        is_told,
        accounts,
    from colour_changes($calendar, $colours_both_range, $split_by, $colour_account, $min_accounts, $filters)
),

whole_change as (
    select
        sqrt(sum(change * change)) as change_length,
        min(accounts) as accounts,
    from changes
    -- Less is arithmetic's rounding of no change.
    having change_length > 1e-9
),

projections as (
    select
        image_bins.image_hash,
        sum(image_bins.share * coalesce(changes.change, 0)) as projection,
        sqrt(sum(image_bins.share * image_bins.share)) as cover_length,
        arg_max(
            {
                'colour_hex': hex_of(image_bins.red, image_bins.green, image_bins.blue),
                'colour_family': changes.colour_family,
                'change': changes.change
            },
            image_bins.share * coalesce(changes.change, 0)
        ) as decisive,
    from cubes.image_bins as image_bins
    left join changes
        on image_bins.bin = changes.bin
    group by image_bins.image_hash
),

covers_trended_towards as (
    select
        shows.show_id,
        shows.show_name as name,
        shows.show_kind as kind,
        shows.genres,
        shows.poster_hash,
        colours.colour_family,
        projections.projection / projections.cover_length / whole_change.change_length as cover_likeness,
        projections.decisive.colour_hex as decisive_hex,
        projections.decisive.colour_family as decisive_family,
        projections.decisive.change as decisive_change,
        cast($colour_days as integer) as colour_days,
        whole_change.accounts,
    from projections
    cross join whole_change
    inner join cubes.shows as shows
        on projections.image_hash = shows.poster_hash
    inner join cubes.image_colours as colours
        on projections.image_hash = colours.image_hash
    -- Less is arithmetic's rounding of nothing in common.
    where projections.projection > 1e-9
    union all by name
    -- Where it may not be told, one row that says so.
    select distinct accounts
    from changes
    where not is_told
)

select * from covers_trended_towards
order by cover_likeness desc, name asc, show_id asc
limit 12
