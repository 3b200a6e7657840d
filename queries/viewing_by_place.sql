-- Grain: one region or postal area, as $places_by says, in which something was played in the range.
-- Answers: how much is watched where, what share of it all is that, and how much was it in the period compared? Where
-- means where it was played, which need not be the account's country.
select * exclude (is_hidden)
from
    compared_contexts(
        $calendar,
        $context_range,
        $places_by,
        'all',
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
