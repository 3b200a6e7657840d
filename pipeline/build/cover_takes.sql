-- Grain: one month, account, cover of a film or series, and place on the page where it was shown, by UTC; those shown
-- by an experiment apart.
with cover_takes as (
    select
        cast(date_trunc('month', shown_covers.utc_day) as date) as month_start,
        shown_covers.account_id,
        titles.show_id,
        shown_covers.artwork_id,
        titles.kind,
        case
            when shown_covers.row_position <= $top_rows_to then 'top'
            when shown_covers.row_position <= $middle_rows_to then 'middle'
            when shown_covers.row_position is not null then 'below'
            else 'unknown'
        end as row_band,
        case
            when shown_covers.column_position <= $first_places_to then 'first'
            when shown_covers.column_position <= $next_places_to then 'next'
            when shown_covers.column_position is not null then 'later'
            else 'unknown'
        end as place_band,
        shown_covers.experiment_id,
        shown_covers.variant,
        count(*) as impressions,
        count(*) filter (where shown_covers.is_taken) as taken_impressions,
        strftime(month_start, '%Y-%m') as month,
    from derived.shown_covers as shown_covers
    inner join published.titles as titles
        on shown_covers.title_id = titles.title_id
    group by all
)

select * from cover_takes
