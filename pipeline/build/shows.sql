-- Grain: one title, with the film or series that it counts for. Series are told apart by id, where missing by name.
with shows as (
    select
        title_id,
        case
            when coalesce(series_id, series_name) is null then 'title ' || title_id
            else 'series ' || coalesce(series_id, series_name)
        end as show_id,
        coalesce(series_name, name) as show_name,
        case when coalesce(series_id, series_name) is null then kind else 'series' end as show_kind,
    from published.titles
)

select * from shows
