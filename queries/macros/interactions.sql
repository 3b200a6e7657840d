-- What viewers do while they watch, added up in advance by day. What was not told of a play is in none of the sums.

-- Grain: one day, kind and profile type, and what of_split tells apart.
create macro filtered_interactions(of_calendar, of_range, of_split, of_filters) as table
    select interaction_cube.*
    from cubes.interaction_cube as interaction_cube
    where
        struct_extract(of_filters, 'titles') is null
        and interaction_cube.calendar = of_calendar
        -- Days are split by one column or all.
        and interaction_cube.split_by = case when contains(of_split, '+') then 'all' else of_split end
        and is_in(interaction_cube.day, of_range)
        and all_chosen(interaction_cube, of_filters);
