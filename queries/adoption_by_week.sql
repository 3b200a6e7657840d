-- Grain: one device model or app version, as $adopted says, that was first seen in the range, and one of its weeks that
-- are over, from the day it was first seen.
-- Answers: how fast is what is new taken up? Its share of the days on which accounts were active. What was there in the
-- first four weeks of the data may be older than they are, and is left out.
with first_seen as (
    select
        cells.value as group_id,
        min(cells.day) as first_seen_day,
    from cubes.context_cube as cells
    where
        cells.calendar = $calendar
        and cells.context = $adopted
        and cells.split_by = 'none'
        and cells.period = 'day'
        and cells.value is not null
    group by cells.value
    having
        min(cells.day) >= greatest($start_day, $data_start_day + 28)
        and min(cells.day) + 7 <= $end_day
),

weeks as (
    select
        group_id,
        first_seen_day,
        cast(unnest(range(($end_day - first_seen_day) // 7)) as integer) as weeks_since,
    from first_seen
),

used as (
    select
        cells.group_id,
        cells.day,
        sum(cells.account_days) as account_days,
    from filtered_context($calendar, $days_range, $adopted, $context_split, $context_set, $filters) as cells
    inner join first_seen
        on cells.group_id = first_seen.group_id
    -- Of the sums of plays none are read.
    where cells.account_days > 0
    group by all
),

active as (
    select
        last_day as day,
        sum(account_days) as account_days,
    from filtered_active_days($calendar, $days_range, $chosen_set, $filters)
    group by all
),

adopted as (
    select
        weeks.group_id,
        weeks.first_seen_day,
        weeks.weeks_since,
        coalesce(sum(used.account_days), 0) / 7 as mean_daily_active_accounts,
        coalesce(sum(used.account_days), 0) / cast(sum(active.account_days) as double) as adoption_share,
    from weeks
    inner join active
        on active.day >= weeks.first_seen_day + 7 * weeks.weeks_since
        and active.day < weeks.first_seen_day + 7 * weeks.weeks_since + 7
    left join used
        on weeks.group_id = used.group_id
        and active.day = used.day
    group by all
),

adoption_by_week as (
    select
        $adopted as group_kind,
        adopted.group_id,
        adopted.group_id as group_name,
        adopted.first_seen_day,
        adopted.weeks_since,
        adopted.adoption_share,
        adopted.mean_daily_active_accounts,
        accounts_in_group.accounts,
    from adopted
    left join
        counted_accounts_by_context(
            $calendar, $start_day, $end_day, null, null, $adopted, $filters
        ) as accounts_in_group
        on adopted.group_id = accounts_in_group.group_id
)

select * from adoption_by_week
order by first_seen_day asc, group_id asc, weeks_since asc
