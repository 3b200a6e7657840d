-- What plays tell of where they ran (a context: device, model, app version, place, region), added up in advance by day.

create macro context_of(row_values, told_apart_by) as (
    case told_apart_by
        when 'device' then cast(row_values.device_type as varchar)
        when 'model' then row_values.device_model
        when 'app_version' then row_values.app_version
        when 'place' then row_values.country
        when 'region' then row_values.region
        when 'postal_area' then row_values.country || ' ' || row_values.postal_code
    end
);

-- Grain: one day or whole month and value of the context, and kind, device and profile type, or set of things done
-- there on a day: the accounts that did just these. An account that played on two devices that day counts for each.
-- Countries and plans are told apart by of_split "all" alone. Where titles or what single plays know is chosen, run
-- lets the macro of the same name in the schema titles_or_plays_chosen take this one's place.
create macro filtered_context(of_calendar, of_range, told_apart_by, of_split, of_set, of_filters) as table
    select
        context_cube.day,
        known(context_cube.value) as group_id,
        context_cube.plays,
        context_cube.watch_ms,
        0 as account_days
    from (
        -- In two parts, since either lies together in the table: all days of the range would be many times as many.
        select *
        from cubes.context_cube
        where
            period = 'month'
            and struct_extract(of_range, 'granularity') = 'month'
            and is_in_whole(day, of_range)
        union all
        select *
        from cubes.context_cube
        where
            period = 'day'
            and is_in(day, of_range)
            and not is_in_whole(day, of_range)
    ) as context_cube
    where
        struct_extract(of_filters, 'titles') is null
        and context_cube.calendar = of_calendar
        and context_cube.context = told_apart_by
        and context_cube.split_by = of_split
        and all_chosen(context_cube, of_filters)
    union all
    select
        context_accounts.day,
        known(context_accounts.value) as group_id,
        0 as plays,
        0 as watch_ms,
        context_accounts.account_days
    from (
        select *
        from cubes.context_accounts
        where
            period = 'month'
            and struct_extract(of_range, 'granularity') = 'month'
            and is_in_whole(day, of_range)
        union all
        select *
        from cubes.context_accounts
        where
            period = 'day'
            and is_in(day, of_range)
            and not is_in_whole(day, of_range)
    ) as context_accounts
    where
        struct_extract(of_filters, 'titles') is null
        and context_accounts.calendar = of_calendar
        and context_accounts.context = told_apart_by
        and context_accounts.split_by = of_split
        and is_chosen_account(context_accounts, of_set, of_filters);

-- Grain: one day, value of the context and account: to count distinct ones of each day and value takes a third longer.
create macro titles_or_plays_chosen.filtered_context(
    of_calendar, of_range, told_apart_by, of_split, of_set, of_filters
) as table
    select
        plays.day,
        known(context_of(plays, told_apart_by)) as group_id,
        count(*) as plays,
        sum(plays.watch_ms) as watch_ms,
        cast(max(plays.watch_ms) >= 60000 as bigint) as account_days
    from
        filtered_plays(
            of_calendar,
            least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')),
            struct_extract(of_range, 'end_day'),
            of_filters
        ) as plays
    where is_in(plays.day, of_range)
    group by plays.day, group_id, plays.account_id;

-- Grain: one value of the context: the fewer of the accounts that played there in the range, and before where that is
-- compared; counted only where figures of few are hidden.
create macro counted_accounts_by_context(
    of_calendar, from_day, to_day, compare_from_day, compare_to_day, told_apart_by, of_filters
) as table
    select
        cast(null as varchar) as group_id,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_accounts_by_context(
    of_calendar, from_day, to_day, compare_from_day, compare_to_day, told_apart_by, of_filters
) as table
    select
        known(context_of(plays, told_apart_by)) as group_id,
        least(
            nullif(count(distinct plays.account_id) filter (where plays.day >= from_day), 0),
            nullif(count(distinct plays.account_id) filter (where plays.day < compare_to_day), 0)
        ) as accounts
    from filtered_plays(of_calendar, coalesce(compare_from_day, from_day), to_day, of_filters) as plays
    group by group_id;

-- Grain: one period and value of the context: the same of each period.
create macro counted_accounts_by_period_and_context(
    of_calendar, from_day, to_day, of_granularity, told_apart_by, of_filters
) as table
    select
        cast(null as date) as period_start,
        cast(null as varchar) as group_id,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_accounts_by_period_and_context(
    of_calendar, from_day, to_day, of_granularity, told_apart_by, of_filters
) as table
    select
        period_of(plays.day, of_granularity) as period_start,
        known(context_of(plays, told_apart_by)) as group_id,
        count(distinct plays.account_id) as accounts
    from filtered_plays(of_calendar, from_day, to_day, of_filters) as plays
    group by all;

-- Grain: one value of the context that was played on in the range: how much, and how much in that it is compared with.
-- Accounts by day are the mean over the days of each; an account that played on two in a day counts for both.
create macro compared_contexts(
    of_calendar,
    of_range,
    told_apart_by,
    of_split,
    of_set,
    of_filters,
    from_day,
    to_day,
    compare_from_day,
    compare_to_day,
    fewest_accounts
) as table
    with watched as (
        select
            -- As texts, current and comparison, each row would take several times as long.
            cells.day >= from_day as is_current,
            cells.group_id,
            sum(cells.watch_ms) / 3600000.0 as watch_hours,
            cast(sum(cells.plays) as bigint) as plays,
            sum(cells.watch_ms)
            / cast(nullif(sum(sum(cells.watch_ms)) over (partition by cells.day >= from_day), 0) as double)
                as watch_time_share,
            sum(cells.account_days) as account_days
        from filtered_context(of_calendar, of_range, told_apart_by, of_split, of_set, of_filters) as cells
        group by is_current, cells.group_id
    )

    select
        told_apart_by as group_kind,
        shown.group_id,
        shown.group_id as group_name,
        shown.watch_hours,
        compared.watch_hours as compare_watch_hours,
        shown.watch_time_share,
        compared.watch_time_share as compare_watch_time_share,
        shown.plays,
        compared.plays as compare_plays,
        shown.account_days / cast(to_day - from_day as double) as mean_daily_active_accounts,
        compared.account_days / cast(compare_to_day - compare_from_day as double) as compare_mean_daily_active_accounts,
        accounts_in_group.accounts,
        coalesce(accounts_in_group.accounts < fewest_accounts, false) as is_hidden
    from watched as shown
    left join watched as compared
        on
        not compared.is_current
        and shown.group_id = compared.group_id
    left join
        counted_accounts_by_context(
            of_calendar, from_day, to_day, compare_from_day, compare_to_day, told_apart_by, of_filters
        ) as accounts_in_group
        on shown.group_id = accounts_in_group.group_id
    where shown.is_current;
