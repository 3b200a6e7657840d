-- Grain: one value of one filter that occurs in the data.
-- Answers: what can be chosen?
with values_watched as (
    select
        split_by,
        coalesce(device_type, account_country, account_plan, profile_type, 'unknown') as value,
        kind,
        sum(watch_ms) as watch_ms,
    from viewing_cube
    where
        calendar = $calendar
        and period = 'month'
        and split_by in ('none', 'device', 'country', 'plan', 'profile_type')
    group by all
),

options as (
    select
        case when split_by = 'none' then 'kind' else split_by end as dimension,
        case when split_by = 'none' then kind else value end as value,
        sum(watch_ms) as watch_ms,
    from values_watched
    group by all
)

select
    dimension,
    value,
from options
order by dimension asc, watch_ms desc, value asc
