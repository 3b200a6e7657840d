-- Grain: one device type, model or app version, as $devices_by says, that was played on in the range.
-- Answers: how much is watched on which, what share of it all is that, and how much was it in the period compared?
-- Hidden groups come last, by name: their place would tell how much they watched.
select * exclude (is_hidden)
from
    compared_contexts(
        $calendar,
        $context_range,
        $devices_by,
        $context_split,
        $context_set,
        $filters,
        $start_day,
        $end_day,
        $compare_start_day,
        $compare_end_day,
        $min_accounts
    )
order by
    is_hidden asc,
    case when not is_hidden then watch_hours end desc,
    group_id asc
