-- Grain: one device, country, plan, kind, profile type, film or series; the five largest rises and falls.
-- Answers: where did watch time grow and fall against the comparison period? Groups overlap, so the rows do not add up.
with audiences as (
    select
        device_type,
        account_country,
        account_plan,
        kind,
        profile_type,
        sum(watch_ms) filter (where day >= $start_day) as watch_ms,
        sum(watch_ms) filter (where day < $start_day) as compare_watch_ms,
    from
        filtered_viewing(
            $calendar, $total_range, 'all', $filters
        )
    group by device_type, account_country, account_plan, kind, profile_type
),

audience_groups as (
    select
        unnest([
            {'group_kind': 'device', 'group_id': known(device_type)},
            {'group_kind': 'country', 'group_id': known(account_country)},
            {'group_kind': 'plan', 'group_id': known(account_plan)},
            {'group_kind': 'kind', 'group_id': cast(kind as varchar)},
            {'group_kind': 'profile_type', 'group_id': known(profile_type)}
        ], recursive := true),
        watch_ms,
        compare_watch_ms,
    from audiences
),

shows_watched as (
    select
        show_id,
        sum(watch_ms) filter (where day >= $start_day) as watch_ms,
        sum(watch_ms) filter (where day < $start_day) as compare_watch_ms,
    from filtered_shows($calendar, $total_range, $split_by, $filters)
    group by show_id
),

grouped as (
    select
        group_kind,
        group_id,
        null as show_name,
        watch_ms,
        compare_watch_ms,
    from audience_groups
    union all
    select
        'title' as group_kind,
        shows.show_id as group_id,
        shows.show_name,
        shows_watched.watch_ms,
        shows_watched.compare_watch_ms,
    from shows_watched
    inner join shows
        on shows_watched.show_id = shows.show_id
),

changes as (
    select
        group_kind,
        group_id,
        coalesce(min(show_name), group_id) as group_name,
        coalesce(sum(watch_ms), 0) / 3600000.0 as watch_hours,
        coalesce(sum(compare_watch_ms), 0) / 3600000.0 as compare_watch_hours,
        (coalesce(sum(watch_ms), 0) - coalesce(sum(compare_watch_ms), 0)) / 3600000.0 as change_hours,
        count(*) over (partition by group_kind) as groups_of_kind,
    from grouped
    where $compare_start_day is not null
    group by group_kind, group_id
),

-- A kind with a single group only repeats the total. Hidden groups are listed by name, not by their change.
ranked as (
    select
        changes.*,
        accounts_by_group.accounts,
        coalesce(accounts_by_group.accounts < $min_accounts, false) as is_hidden,
        row_number() over (
            partition by coalesce(accounts_by_group.accounts < $min_accounts, false)
            order by changes.change_hours desc, changes.group_kind asc, changes.group_name asc, changes.group_id asc
        ) as rise_rank,
        row_number() over (
            partition by coalesce(accounts_by_group.accounts < $min_accounts, false)
            order by changes.change_hours asc, changes.group_kind asc, changes.group_name asc, changes.group_id asc
        ) as fall_rank,
        row_number() over (
            partition by coalesce(accounts_by_group.accounts < $min_accounts, false)
            order by changes.group_kind asc, changes.group_name asc, changes.group_id asc
        ) as name_rank,
    from changes
    left join
        counted_accounts_by_group(
            $calendar,
            $start_day,
            $end_day,
            $compare_start_day,
            $compare_end_day,
            $filters
        ) as accounts_by_group
        on changes.group_kind = accounts_by_group.group_kind
        and changes.group_id = accounts_by_group.group_id
    where changes.groups_of_kind > 1
),

watch_hours_change_by_group as (
    select
        group_kind,
        group_id,
        group_name,
        watch_hours,
        compare_watch_hours,
        change_hours,
        accounts,
        is_hidden,
    from ranked
    where
        (not is_hidden and rise_rank <= 5 and change_hours > 0)
        or (not is_hidden and fall_rank <= 5 and change_hours < 0)
        or (is_hidden and name_rank <= 5)
)

select * exclude (is_hidden) from watch_hours_change_by_group
order by
    is_hidden asc,
    case when not is_hidden then change_hours end desc,
    group_kind asc,
    group_name asc
