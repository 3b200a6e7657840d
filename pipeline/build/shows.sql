-- Grain: one film or series.
-- A series runs as long as its episodes together, where all their runtimes are known.
with shows as (
    select
        show_id,
        min(coalesce(series_name, name)) as show_name,
        min(case when coalesce(series_id, series_name) is null then kind else 'series' end) as show_kind,
        bool_or(original) as original,
        case
            when bool_and(coalesce(runtime_ms, 0) > 0) filter (where is_whole) then
                cast(sum(runtime_ms) filter (where is_whole) as bigint)
        end as runtime_ms,
    from (
        select
            *,
            kind = 'episode' or coalesce(series_id, series_name) is null as is_whole,
        from published.titles
    ) as titles
    group by show_id
),

tagged_titles as (
    select
        titles.show_id,
        tags.tag,
    from published.title_tags as tags
    inner join published.titles as titles
        on tags.title_id = titles.title_id
    where tags.tag_kind = 'genre'
    union all
    select
        titles.show_id,
        tags.tag,
    from published.title_tags as tags
    inner join published.titles as titles
        on tags.series_id = titles.series_id
    where tags.tag_kind = 'genre'
),

genres as (
    select
        show_id,
        string_agg(distinct tag, '; ' order by tag) as genres,
    from tagged_titles
    group by show_id
)

select
    shows.*,
    genres.genres,
    posters.poster_hash,
from shows
left join genres
    on shows.show_id = genres.show_id
left join derived.posters as posters
    on shows.show_id = posters.poster_of
