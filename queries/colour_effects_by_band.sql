-- Grain: one film or series, band of the feature of covers chosen ($colour_feature), and place on the page.
-- Answers, once a logistic regression is fitted to it (queries/colour_effects.py), which gives a row for each band:
-- what goes with a cover being taken, as it is and after genre, popularity, row and place? Over the range's whole
-- months; where none lies in it, the last twelve before it. Popularity is by watch time in these months.
with months as (
    from whole_months($start_day, $end_day)
),

shown as (
    select
        cover_cells.show_id,
        cover_cells.artwork_id,
        cover_cells.row_band,
        cover_cells.place_band,
        sum(cover_cells.impressions) as impressions,
        sum(cover_cells.taken_impressions) as taken_impressions,
        max(cover_cells.accounts) as accounts,
        min(cover_cells.month_start) as first_month,
        max(cover_cells.month_start) as last_month,
    from cubes.cover_cells as cover_cells
    inner join months
        on cover_cells.month_start >= months.first_month
        and cover_cells.month_start < months.month_after
    where
        chosen(cover_cells.kind, $kinds)
        and chosen(cover_cells.show_id, $titles)
    group by all
),

watched as (
    select
        show_periods.show_id,
        sum(show_periods.watch_ms) as watch_ms,
    from cubes.show_periods as show_periods
    inner join months
        on show_periods.period_start >= months.first_month
        and show_periods.period_start < months.month_after
    where
        show_periods.calendar = 'utc'
        and show_periods.period = 'month'
        and show_periods.split_by = 'none'
    group by show_periods.show_id
),

ranked as (
    select
        shows.show_id,
        shows.genres,
        percent_rank() over (order by coalesce(watched.watch_ms, 0) desc) as place,
    from shows
    left join watched
        on shows.show_id = watched.show_id
),

colour_effects_by_band as (
    select
        $colour_feature as feature,
        shown.show_id,
        feature_band(covers, $colour_feature) as band,
        ranked.genres,
        case when ranked.place <= 0.1 then 'top' when ranked.place <= 0.5 then 'upper' else 'lower' end as popularity,
        shown.row_band,
        shown.place_band,
        cast(sum(shown.impressions) as bigint) as impressions,
        cast(sum(shown.taken_impressions) as bigint) as taken_impressions,
        min(shown.first_month) as first_month,
        max(shown.last_month) as last_month,
        max(shown.accounts) as shown_accounts,
    from shown
    inner join covers_with_colours() as covers
        on shown.artwork_id = covers.artwork_id
    inner join ranked
        on shown.show_id = ranked.show_id
    where feature_band(covers, $colour_feature) is not null
    group by all
)

select * from colour_effects_by_band
order by all
