-- Counts the accounts that figures tell of, where figures of few are hidden. Elsewhere there is nothing to count, and
-- nothing is planned either: run lets the macros in the schema small_groups_hidden take these ones' place where needed.

create schema small_groups_hidden;

-- Grain: one period of the range, or (by span) of the one it is compared with, and one row with a null period_start for
-- the whole of each: the accounts that watched, and those that were active.
create macro counted_accounts_by_period(
    of_calendar,
    from_day,
    to_day,
    compare_from_day,
    compare_to_day,
    of_granularity,
    of_filters
) as table
    select
        cast(null as varchar) as span,
        cast(null as date) as period_start,
        cast(null as bigint) as accounts,
        cast(null as bigint) as active_accounts
    where false;

create macro small_groups_hidden.counted_accounts_by_period(
    of_calendar,
    from_day,
    to_day,
    compare_from_day,
    compare_to_day,
    of_granularity,
    of_filters
) as table
    select
        span,
        period_start,
        count(distinct account_id) as accounts,
        count(distinct account_id) filter (where active_plays > 0) as active_accounts
    from (
        select
            span_of(day, from_day) as span,
            period_of(day, of_granularity) as period_start,
            account_id,
            active_plays
        from
            filtered_account_days(
                of_calendar,
                coalesce(compare_from_day, from_day),
                to_day,
                of_filters
            )
        where
            day >= from_day
            or day < compare_to_day
    ) as account_days
    group by grouping sets ((span, period_start), (span));

-- Grain: the same, but for the rows of the whole, and one value by which it is told apart.
create macro counted_accounts_by_period_and_group(
    of_calendar, from_day, to_day, compare_from_day, compare_to_day, of_granularity, told_apart_by, of_filters
) as table
    select
        cast(null as varchar) as span,
        cast(null as date) as period_start,
        cast(null as varchar) as group_id,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_accounts_by_period_and_group(
    of_calendar, from_day, to_day, compare_from_day, compare_to_day, of_granularity, told_apart_by, of_filters
) as table
    select
        span_of(account_days.day, from_day) as span,
        period_of(account_days.day, of_granularity) as period_start,
        group_of(account_days, told_apart_by) as group_id,
        count(distinct account_days.account_id) as accounts
    from
        filtered_account_days(of_calendar, coalesce(compare_from_day, from_day), to_day, of_filters) as account_days
    where
        account_days.day >= from_day
        or account_days.day < compare_to_day
    group by all;

-- Grain: one hour of one day of the week: the accounts that began a play in it.
create macro counted_accounts_by_hour(of_calendar, from_day, to_day, of_filters) as table
    select
        cast(null as varchar) as weekday,
        cast(null as bigint) as hour,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_accounts_by_hour(of_calendar, from_day, to_day, of_filters) as table
    select
        weekday_of(day) as weekday,
        hour,
        count(distinct account_id) as accounts
    from filtered_plays(of_calendar, from_day, to_day, of_filters)
    group by all;

-- Grain: one day of the week: the same.
create macro counted_accounts_by_weekday(of_calendar, from_day, to_day, of_filters) as table
    select
        cast(null as varchar) as weekday,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_accounts_by_weekday(of_calendar, from_day, to_day, of_filters) as table
    select
        weekday_of(day) as weekday,
        count(distinct account_id) as accounts
    from filtered_account_days(of_calendar, from_day, to_day, of_filters)
    group by weekday;

-- Grain: one period of the range, or (by span) of the one it is compared with, and one row with a null period_start for
-- the whole of each: the accounts that began a title.
create macro counted_starters_by_period(
    of_calendar,
    from_day,
    to_day,
    compare_from_day,
    compare_to_day,
    of_granularity,
    of_filters
) as table
    select
        cast(null as varchar) as span,
        cast(null as date) as period_start,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_starters_by_period(
    of_calendar,
    from_day,
    to_day,
    compare_from_day,
    compare_to_day,
    of_granularity,
    of_filters
) as table
    select
        span,
        period_start,
        count(distinct account_id) as accounts
    from (
        select
            span_of(title_starts.day, from_day) as span,
            period_of(title_starts.day, of_granularity) as period_start,
            title_starts.account_id
        from cubes.title_starts as title_starts
        where
            title_starts.calendar = of_calendar
            and title_starts.completion_known
            and title_starts.day >= coalesce(compare_from_day, from_day)
            and title_starts.day < to_day
            and (
                title_starts.day >= from_day
                or title_starts.day < compare_to_day
            )
            and all_chosen(title_starts, of_filters)
            and is_hour_chosen(title_starts.hour, title_starts.day, of_filters)
            and is_show_chosen(title_starts, of_filters)
    ) as starts
    group by grouping sets ((span, period_start), (span));

-- Grain: one film or series: the fewer of the accounts that watched it in the range, and before where that is compared.
create macro counted_accounts_by_show(
    of_calendar,
    from_day,
    to_day,
    compare_from_day,
    compare_to_day,
    of_filters
) as table
    select
        cast(null as varchar) as show_id,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_accounts_by_show(
    of_calendar,
    from_day,
    to_day,
    compare_from_day,
    compare_to_day,
    of_filters
) as table
    select
        titles.show_id,
        least(
            nullif(count(distinct plays.account_id) filter (where plays.day >= from_day), 0),
            nullif(count(distinct plays.account_id) filter (where plays.day < compare_to_day), 0)
        ) as accounts
    from
        filtered_plays(
            of_calendar,
            coalesce(compare_from_day, from_day),
            to_day,
            of_filters
        ) as plays
    inner join main.titles as titles
        on plays.title_id = titles.title_id
    group by titles.show_id;

-- Grain: one device, country, plan, kind, profile type, film or series: the same.
create macro counted_accounts_by_group(
    of_calendar,
    from_day,
    to_day,
    compare_from_day,
    compare_to_day,
    of_filters
) as table
    select
        cast(null as varchar) as group_kind,
        cast(null as varchar) as group_id,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_accounts_by_group(
    of_calendar,
    from_day,
    to_day,
    compare_from_day,
    compare_to_day,
    of_filters
) as table
    select
        group_kind,
        group_id,
        least(
            nullif(count(distinct account_id) filter (where day >= from_day), 0),
            nullif(count(distinct account_id) filter (where day < compare_to_day), 0)
        ) as accounts
    from (
        select
            unnest([
                {'group_kind': 'device', 'group_id': known(plays.device_type)},
                {'group_kind': 'country', 'group_id': known(plays.account_country)},
                {'group_kind': 'plan', 'group_id': known(plays.account_plan)},
                {'group_kind': 'kind', 'group_id': plays.kind},
                {'group_kind': 'profile_type', 'group_id': known(plays.profile_type)},
                {'group_kind': 'title', 'group_id': titles.show_id}
            ], recursive := true),
            plays.account_id,
            plays.day
        from
            filtered_plays(
                of_calendar,
                coalesce(compare_from_day, from_day),
                to_day,
                of_filters
            ) as plays
        inner join main.titles as titles
            on plays.title_id = titles.title_id
    ) as grouped_plays
    group by group_kind, group_id;

-- Grain: one period of the UTC days: the accounts with a play in progress at one of its minutes.
create macro counted_streaming_accounts(of_calendar, from_day, to_day, of_granularity, of_filters) as table
    select
        cast(null as date) as period_start,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_streaming_accounts(
    of_calendar, from_day, to_day, of_granularity, of_filters
) as table
    select
        period_of(date '1970-01-01' + cast(day_number as integer), of_granularity) as period_start,
        count(distinct account_id) as accounts
    from (
        select
            account_id,
            unnest(
                range(
                    greatest(first_minute, first_minute_of(from_day)) // 1440,
                    (least(end_minute, first_minute_of(to_day)) - 1) // 1440 + 1
                )
            ) as day_number
        from filtered_stream_runs(of_calendar, from_day, to_day, of_filters)
    ) as runs
    group by period_start;

create macro small_groups_hidden.counted_accounts(id) as (count(distinct id));

create macro small_groups_hidden.filtered_settled_titles(of_calendar, of_range, of_filters) as table
    select * from settled_titles_read(of_calendar, of_range, of_filters);
