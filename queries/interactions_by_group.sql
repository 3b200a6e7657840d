-- Grain: one device, country, plan, kind or profile type, as $interactions_by says.
-- Answers: how often is playback paused, rewound, fast-forwarded and resumed in an hour watched, and how often was it
-- in the period compared? Each over the plays of which it was told; null where it was of none.
with interactions as (
    select
        span_of(cells.day, $start_day) as span,
        group_of(cells, $interactions_by) as group_id,
        sum(cells.watch_ms) / 3600000.0 as watch_hours,
        sum(cells.pauses) / (nullif(sum(cells.pauses_known_watch_ms), 0) / 3600000.0) as pauses_per_hour,
        sum(cells.seeks_back) / (nullif(sum(cells.seeks_back_known_watch_ms), 0) / 3600000.0) as rewinds_per_hour,
        sum(cells.seeks_forward)
        / (nullif(sum(cells.seeks_forward_known_watch_ms), 0) / 3600000.0) as fast_forwards_per_hour,
        sum(cells.resumes) / (nullif(sum(cells.resumes_known_watch_ms), 0) / 3600000.0) as resumes_per_hour,
        sum(cells.pauses_known_watch_ms) / 3600000.0 as measured_hours,
    from filtered_interactions($calendar, $total_range, $interactions_split, $filters) as cells
    group by all
),

interactions_by_group as (
    select
        $interactions_by as group_kind,
        shown.group_id,
        shown.group_id as group_name,
        shown.pauses_per_hour,
        shown.rewinds_per_hour,
        shown.fast_forwards_per_hour,
        shown.resumes_per_hour,
        compared.pauses_per_hour as compare_pauses_per_hour,
        compared.rewinds_per_hour as compare_rewinds_per_hour,
        compared.fast_forwards_per_hour as compare_fast_forwards_per_hour,
        compared.resumes_per_hour as compare_resumes_per_hour,
        shown.measured_hours,
        shown.watch_hours,
        accounts_by_group.accounts,
        coalesce(accounts_by_group.accounts < $min_accounts, false) as is_hidden,
    from interactions as shown
    left join interactions as compared
        on
        compared.span = 'comparison'
        and shown.group_id = compared.group_id
    left join
        counted_accounts_by_group(
            $calendar, $start_day, $end_day, $compare_start_day, $compare_end_day, $filters
        ) as accounts_by_group
        on
        accounts_by_group.group_kind = $interactions_by
        and shown.group_id = accounts_by_group.group_id
    where shown.span = 'current'
)

-- Hidden groups come last, by name: their place would tell how much they watched.
select * exclude (is_hidden) from interactions_by_group
order by
    is_hidden asc,
    case when not is_hidden then watch_hours end desc,
    group_id asc
