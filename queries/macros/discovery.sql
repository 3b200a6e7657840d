-- How viewers come to what they play, added up in advance by day and month: in the order of films and series, since
-- those who ask want one.

-- Grain: one day, film or series, origin and whatever filters choose by: the whole months of the range, and the days of
-- the rest.
create macro filtered_origins(of_calendar, of_range, of_filters) as table
    select
        cast(origin_cube.origin as varchar) as origin,
        origin_cube.plays,
        origin_cube.watch_ms
    from cubes.origin_cube as origin_cube
    where
        origin_cube.calendar = of_calendar
        and origin_cube.period in ('day', 'month')
        and is_in(origin_cube.period_start, of_range)
        and (origin_cube.period = 'month') = is_in_whole(origin_cube.period_start, of_range)
        and all_chosen(origin_cube, of_filters)
        and is_show_chosen(origin_cube, of_filters);

-- Grain: one play.
create macro plays_read.filtered_origins(of_calendar, of_range, of_filters) as table
    select
        origin,
        1 as plays,
        watch_ms
    from
        filtered_plays(
            of_calendar, struct_extract(of_range, 'start_day'), struct_extract(of_range, 'end_day'), of_filters
        );

-- Grain: one origin: the accounts that found something there; counted only where figures of few are hidden.
create macro counted_accounts_by_origin(of_calendar, from_day, to_day, of_filters) as table
    select
        cast(null as varchar) as origin,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_accounts_by_origin(of_calendar, from_day, to_day, of_filters) as table
    select
        known(origin) as origin,
        count(distinct account_id) as accounts
    from filtered_plays(of_calendar, from_day, to_day, of_filters)
    group by all;

-- Grain: one UTC day or whole month, film or series, cover and what of_split tells apart.
create macro filtered_covers(of_range, of_split, of_filters) as table
    select *
    from (
        select *
        from cubes.cover_cube
        where
            split_by = of_split
            and period = 'month'
            and is_in_whole(period_start, of_range)
        union all
        select *
        from cubes.cover_cube
        where
            split_by = case when contains(of_split, '+') then 'all' else of_split end
            and period = 'day'
            and is_in(period_start, of_range)
            and not is_in_whole(period_start, of_range)
    ) as covers
    where
        all_chosen(covers, of_filters)
        and chosen(covers.show_id, struct_extract(of_filters, 'titles'));

-- Grain: one cover: the accounts that it was shown to; counted only where figures of few are hidden.
create macro counted_accounts_by_cover(of_range, of_filters) as table
    select
        cast(null as varchar) as artwork_id,
        cast(null as bigint) as accounts
    where false;

create macro small_groups_hidden.counted_accounts_by_cover(of_range, of_filters) as table
    select
        covers.artwork_id,
        count(distinct covers.account_id) as accounts
    from (
        select
            impressions.artwork_id,
            impressions.account_id,
            impressions.device_type,
            titles.show_id,
            titles.show_number,
            titles.kind,
            profiles.profile_type,
            accounts.account_country,
            plan_periods.account_plan
        from main.impressions as impressions
        inner join main.titles as titles
            on impressions.title_id = titles.title_id
        left join main.accounts as accounts
            on impressions.account_id = accounts.account_id
        left join main.profiles as profiles
            on impressions.profile_id = profiles.profile_id
        left join main.plan_periods as plan_periods
            on impressions.account_id = plan_periods.account_id
            and impressions.utc_day >= plan_periods.from_day
            and impressions.utc_day < plan_periods.to_day
        where
            is_in(impressions.utc_day, of_range)
            and impressions.on_screen_ms >= 1000
    ) as covers
    where
        all_chosen(covers, of_filters)
        and is_show_chosen(covers, of_filters)
    group by covers.artwork_id;
