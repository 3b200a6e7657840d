-- Grain: one value of one filter that occurs in the data.
-- Answers: what can be chosen?
with cells_watched as (
    select
        split_by,
        device_type,
        account_country,
        account_plan,
        kind,
        profile_type,
        sum(watch_ms) as watch_ms,
    from cubes.viewing_cube
    where
        calendar = $calendar
        and period = 'month'
        and split_by in ('none', 'device', 'country', 'plan')
    group by all
),

values_watched as (
    select
        cast(split_by as varchar) as split_by,
        coalesce(
            cast(device_type as varchar), cast(account_country as varchar), cast(account_plan as varchar), 'unknown'
        ) as value,
        cast(kind as varchar) as kind,
        known(profile_type) as profile_type,
        watch_ms,
    from cells_watched
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
