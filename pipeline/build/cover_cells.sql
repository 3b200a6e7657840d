-- Grain: one month, cover of a film or series, and place on the page where it was shown, by UTC.
with cover_cells as (
    select
        month_start,
        show_id,
        artwork_id,
        kind,
        row_band,
        place_band,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(taken_impressions) as bigint) as taken_impressions,
        count(distinct account_id) as accounts,
    from published.cover_takes
    group by all
)

select * from cover_cells
