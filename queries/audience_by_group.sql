-- Grain: one device type, country, plan or type of profile ($audience_by) that anything was watched with in the range.
-- Answers: who watches the film or series chosen, against the whole service? The index is its share of the watch time
-- of what is chosen by its share of all under the same filters but that of titles.
with viewing as (
    select
        group_of(cells, $audience_by) as group_id,
        sum(watch_ms) as service_watch_ms,
        sum(watch_ms) filter (where chosen(show_id, $titles)) as watch_ms,
    from
        filtered_shows($calendar, $hours_range, $audience_split, struct_update($filters, titles := null)) as cells
    group by group_id
),

audience_by_group as (
    select
        $audience_by as group_kind,
        viewing.group_id,
        viewing.group_id as group_name,
        coalesce(viewing.watch_ms, 0) / 3600000.0 as watch_hours,
        coalesce(viewing.watch_ms, 0) / cast(nullif(sum(viewing.watch_ms) over (), 0) as double) as watch_share,
        viewing.service_watch_ms
        / cast(nullif(sum(viewing.service_watch_ms) over (), 0) as double) as service_share,
    from viewing
)

select
    audience_by_group.*,
    audience_by_group.watch_share / nullif(audience_by_group.service_share, 0) as audience_index,
    accounts_by_group.accounts,
from audience_by_group
left join
    counted_accounts_by_group($calendar, $start_day, $end_day, null, null, $filters) as accounts_by_group
    on audience_by_group.group_kind = accounts_by_group.group_kind
    and audience_by_group.group_id = accounts_by_group.group_id
order by audience_by_group.watch_hours desc, audience_by_group.group_id asc
