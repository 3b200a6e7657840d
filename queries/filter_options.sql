-- Grain: one value of one filter that occurs in the data.
-- Answers: what can be chosen?
with options as (
    select
        unnest([
            {'dimension': 'device', 'value': coalesce(device_type, 'unknown')},
            {'dimension': 'country', 'value': coalesce(account_country, 'unknown')},
            {'dimension': 'plan', 'value': coalesce(account_plan, 'unknown')},
            {'dimension': 'kind', 'value': kind},
            {'dimension': 'profile_type', 'value': coalesce(profile_type, 'unknown')}
        ], recursive := true),
        watch_ms,
    from title_days
    where calendar = $calendar
)

select
    dimension,
    value,
from options
group by dimension, value
order by dimension asc, sum(watch_ms) desc, value asc
