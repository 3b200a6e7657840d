-- Grain: one value of one filter that occurs in the data.
-- Answers: what can be chosen?
with values_watched as (
    select
        split_by,
        coalesce(device_type, account_country, account_plan, 'unknown') as value,
        kind,
        coalesce(profile_type, 'unknown') as profile_type,
        sum(watch_ms) as watch_ms,
    from viewing_cube
    where
        calendar = $calendar
        and period = 'month'
        and split_by in ('none', 'device', 'country', 'plan')
    group by all
),

options as (
    select
        unnest(
            case
                when split_by = 'none'
                    then
                        [
                            {'dimension': 'kind', 'value': kind},
                            {'dimension': 'profile_type', 'value': profile_type}
                        ]
                else [{'dimension': split_by, 'value': value}]
            end,
            recursive := true
        ),
        watch_ms,
    from values_watched
),

ranked as (
    select
        dimension,
        value,
        sum(watch_ms) as watch_ms,
    from options
    group by dimension, value
)

select
    dimension,
    value,
from ranked
order by dimension asc, watch_ms desc, value asc
