-- Grain: one film or series.
with shows as (
    select
        show_id,
        min(coalesce(series_name, name)) as show_name,
        min(case when coalesce(series_id, series_name) is null then kind else 'series' end) as show_kind,
    from published.titles
    group by show_id
)

select * from shows
