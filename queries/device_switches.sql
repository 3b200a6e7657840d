-- Grain: one device type on which films and episodes were begun, and one on which they were completed.
-- Answers: of the titles that accounts first reached two minutes of in the range, and completed by its end, which were
-- completed on another device than that on which they were begun?
with finished as (
    select
        known(device_type) as device_type,
        known(completed_device_type) as completed_on,
        sum(completed_titles) as completed_titles,
        counted_accounts(account_id) as accounts,
    from filtered_finished_titles($calendar, $start_day, $end_day, $filters_but_plays)
    group by all
),

devices as (
    select
        device_type,
        sum(completed_titles) as begun_titles,
    from finished
    group by device_type
),

device_switches as (
    select
        finished.device_type,
        finished.completed_on,
        cast(finished.completed_titles as bigint) as finished_titles,
        finished.completed_titles / cast(devices.begun_titles as double) as finish_share,
        finished.accounts,
        coalesce(finished.accounts < $min_accounts, false) as is_hidden,
    from finished
    inner join devices
        on finished.device_type = devices.device_type
)

select * exclude (is_hidden) from device_switches
order by device_type asc, is_hidden asc, case when not is_hidden then finished_titles end desc, completed_on asc
