-- Grain: one calendar month and one combination of bands, in one calendar. A subscription counts once for each month of
-- 30 days of its life, from the second on, in the calendar month in which that was over: by what the account did in the
-- 30 days before it, which it was subscribed for, and by whether it left in it. Nothing later than its first day is
-- looked at but whether it left. An end for want of payment was settled on the day the payment failed.
with lives as (
    select
        subscriptions.calendar,
        subscriptions.account_id,
        subscriptions.account_country,
        subscriptions.ended_by,
        case
            when subscriptions.ended_by = 'payment' then subscriptions.end_day - $payment_grace_days
            else subscriptions.end_day
        end as left_day,
        case
            when subscriptions.began_as <> 'before' then subscriptions.start_day
            when cast(accounts.signed_up_at as date) <= coalesce(subscriptions.end_day, complete_days.end_day)
                then cast(accounts.signed_up_at as date)
        end as known_start_day,
        -- Of a beginning that is unknown, it is known that it was before the data.
        coalesce(known_start_day, complete_days.first_day) as counted_from_day,
        complete_days.first_day,
        complete_days.end_day,
    from published.subscriptions as subscriptions
    inner join published.accounts as accounts
        on subscriptions.account_id = accounts.account_id
    inner join reference.complete_days as complete_days
        on subscriptions.calendar = complete_days.calendar
),

-- Months of which all days are known, and those before them too, and that begin before the subscription has ended.
life_months as (
    select
        *,
        unnest(range(
            greatest(1, (first_day - counted_from_day + 2 * $life_month_days - 1) // $life_month_days),
            (
                least(end_day - $life_month_days, coalesce(left_day, end_day)) - counted_from_day + $life_month_days
            ) // $life_month_days
        )) as months_before,
        counted_from_day + cast(months_before * $life_month_days as integer) as month_day,
    from lives
),

device_months as (
    select
        lives.calendar,
        lives.account_id,
        lives.counted_from_day,
        (account_days.day - lives.counted_from_day) // $life_month_days as life_month,
        account_days.device_type,
        bit_or(
            case
                when account_days.active_plays > 0
                    then 1 << cast((account_days.day - lives.counted_from_day) % $life_month_days as integer)
                else 0
            end
        ) as active_days,
        sum(account_days.watch_ms) as watch_ms,
        sum(account_days.rebuffer_ms) as rebuffer_ms,
        sum(account_days.rebuffer_known_watch_ms) as rebuffer_known_watch_ms,
    from lives
    inner join published.account_days as account_days
        on lives.calendar = account_days.calendar
        and lives.account_id = account_days.account_id
        and account_days.day >= lives.counted_from_day
        and (lives.left_day is null or account_days.day < lives.left_day)
    where list_contains($default_kinds, account_days.kind)
    group by all
),

watched_months as (
    select
        calendar,
        account_id,
        counted_from_day,
        life_month,
        bit_count(bit_or(active_days)) as active_days,
        sum(watch_ms) as watch_ms,
        sum(rebuffer_ms) / nullif(sum(rebuffer_ms) + sum(rebuffer_known_watch_ms), 0) as rebuffer_ratio,
        -- Of devices of the same time, the last by name; where most of it is of unknown ones, unknown.
        max(struct_pack(watch_ms := watch_ms, device_type := device_type)).device_type as device_type,
    from device_months
    group by
        calendar,
        account_id,
        counted_from_day,
        life_month
    having bit_count(bit_or(active_days)) > 0
),

zoned_searches as (
    select
        calendars.calendar,
        searches.account_id,
        searches.results,
        case
            when calendars.calendar = 'local' and searches.utc_offset_min is not null
                then cast(searches.ts + to_minutes(searches.utc_offset_min) as date)
            else cast(
                searches.ts at time zone 'UTC' at time zone case calendars.calendar
                    when 'local' then coalesce(country_zones.zone, 'UTC')
                    when 'service' then $service_zone
                    else 'UTC'
                end as date
            )
        end as day,
    from published.searches as searches
    left join published.accounts as accounts
        on searches.account_id = accounts.account_id
    left join reference.country_zones as country_zones
        on accounts.account_country = country_zones.country
    cross join reference.calendars as calendars
),

searched_months as (
    select
        lives.calendar,
        lives.account_id,
        lives.counted_from_day,
        (searches.day - lives.counted_from_day) // $life_month_days as life_month,
        case
            when bool_or(searches.results = 0) then 'nothing'
            when bool_or(searches.results is null) then 'unknown'
            else 'found'
        end as searched,
    from lives
    inner join zoned_searches as searches
        on lives.calendar = searches.calendar
        and lives.account_id = searches.account_id
        and searches.day >= lives.counted_from_day
        and (lives.left_day is null or searches.day < lives.left_day)
    group by all
),

told as (
    select
        (select count(*) from published.account_days) > 0 as of_plays,
        (select count(results) from published.searches) > 0 as of_searches,
),

leaving_cells as (
    select
        life_months.calendar,
        cast(date_trunc('month', life_months.month_day + $life_month_days - 1) as date) as month_start,
        case
            when not told.of_plays then null
            when watched_months.account_id is null then 'none'
            when watched_months.watch_ms < $some_watch_ms then 'few'
            when watched_months.watch_ms < $much_watch_ms then 'some'
            else 'much'
        end as watched,
        case
            when watched_months.account_id is null then null
            when watched_months.active_days < $some_active_days then 'few'
            when watched_months.active_days < $many_active_days then 'some'
            else 'many'
        end as days_active,
        case
            when watched_months.account_id is null then null
            when watched_months.rebuffer_ratio is null then 'unknown'
            when watched_months.rebuffer_ratio < $some_stalls_ratio then 'few'
            when watched_months.rebuffer_ratio < $many_stalls_ratio then 'some'
            else 'many'
        end as stalls,
        watched_months.device_type,
        case
            when not told.of_searches then null
            else coalesce(searched_months.searched, 'none')
        end as searched,
        case
            when life_months.known_start_day is null then 'unknown'
            when life_months.months_before <= $early_life_months then 'early'
            else 'later'
        end as tenure,
        life_months.account_country,
        plan_periods.account_plan,
        count(*) as subscriptions,
        count(*) filter (where life_months.left_day < life_months.month_day + $life_month_days) as left_subscriptions,
        count(*) filter (
            where
            life_months.left_day < life_months.month_day + $life_month_days
            and life_months.ended_by = 'payment'
        ) as left_for_payment,
    from life_months
    cross join told
    left join watched_months
        on life_months.calendar = watched_months.calendar
        and life_months.account_id = watched_months.account_id
        and life_months.counted_from_day = watched_months.counted_from_day
        and life_months.months_before - 1 = watched_months.life_month
    left join searched_months
        on life_months.calendar = searched_months.calendar
        and life_months.account_id = searched_months.account_id
        and life_months.counted_from_day = searched_months.counted_from_day
        and life_months.months_before - 1 = searched_months.life_month
    left join published.plan_periods as plan_periods
        on life_months.account_id = plan_periods.account_id
        and life_months.month_day - 1 >= plan_periods.from_day
        and life_months.month_day - 1 < plan_periods.to_day
    group by all
)

select * from leaving_cells
