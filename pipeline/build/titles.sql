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
    titles.*,
    -- As show_number_of in queries/macros.
    cast(hash(titles.show_id) >> 1 as bigint) as show_number,
    coalesce(own.poster_hash, of_series.poster_hash) as poster_hash,
from titles
left join derived.posters as own
    on own.poster_of = 'title ' || titles.title_id
left join derived.posters as of_series
    on titles.show_id = of_series.poster_of
