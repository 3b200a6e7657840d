-- Grain: one group and bin of its average colour, of the eight groups with most watch time; of one account, where one
-- is named.
-- Answers: which colours do people watch? The watch-time-weighted mean of the 216-bin vectors of the covers of what was
-- watched in the last $colour_days days of the range.
with average_colour_by_group as (
    select
        if($colour_account = '', $colours_by, 'account') as group_kind,
        group_id,
        group_id as group_name,
        group_rank,
        watch_hours,
        covered_share,
        cast(bin as integer) as bin,
        colour_family,
        hex_of(red, green, blue) as colour_hex,
        red,
        green,
        blue,
        cast(palette_rank as integer) as palette_rank,
        colour_share,
        cast($colour_days as integer) as colour_days,
        accounts,
    from
        average_colours(
            $calendar, $colours_range, $colours_split, $colours_by, $colour_account, $min_accounts, $filters
        )
)

select * from average_colour_by_group
order by group_rank asc, colour_share desc, bin asc
