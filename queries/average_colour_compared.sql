-- Grain: one side and bin of its average colour: the account named or else all that are chosen, and the other account
-- named or else all that are chosen.
-- Answers: which colours do two have in common, and which only one of them? Where another segment is chosen, the other
-- side is asked of that segment's own tables (queries/colours.py). Without anything to compare there is no row.
with first_side as (
    select *
    from average_colours($calendar, $colours_range, $split_by, 'none', $colour_account, $min_accounts, $filters)
    where
        $colour_account <> ''
        or $other_account <> ''
        or $other_segment <> ''
),

second_side as (
    select *
    from average_colours($calendar, $colours_range, $split_by, 'none', $other_account, $min_accounts, $filters)
    where
        ($colour_account <> '' or $other_account <> '')
        and $other_segment = ''
),

sides as (
    select
        'first' as side,
        *,
    from first_side
    union all
    select
        'second' as side,
        *,
    from second_side
),

average_colour_compared as (
    select
        side,
        cast(bin as integer) as bin,
        colour_family,
        hex_of(red, green, blue) as colour_hex,
        red,
        green,
        blue,
        cast(palette_rank as integer) as palette_rank,
        colour_share,
        cast($colour_days as integer) as colour_days,
        watch_hours,
        covered_share,
        accounts,
    from sides
    -- With one side there is nothing to compare, but where the other is asked elsewhere.
    qualify $other_segment <> '' or min(side) over () <> max(side) over ()
)

select * from average_colour_compared
order by side asc, colour_share desc, bin asc
