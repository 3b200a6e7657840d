-- Grain: one title, with the film or series that it counts for. Series are told apart by id, where missing by name.
with titles as (
    select
        *,
        case
            when coalesce(series_id, series_name) is null then 'title ' || title_id
            else 'series ' || coalesce(series_id, series_name)
        end as show_id,
    from source.titles
)

select
    *,
    -- As show_number_of in queries/macros.
    cast(hash(show_id) >> 1 as bigint) as show_number,
from titles
