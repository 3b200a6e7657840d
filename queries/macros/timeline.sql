-- What happened in each part of one title, which is ten seconds of it or a percent of its runtime: whole months and the
-- days of busy ones added up in advance, and the plays of the other days besides.

create macro title_number_of(id) as (cast(hash(id) >> 1 as bigint));

-- Where the part of this number begins; the part before the first is the title's very beginning.
create macro part_from_ms(part, of_parts, runtime_ms) as (
    greatest(0, case of_parts when 'percent' then runtime_ms * (part - 1) // 100 else (part - 1) * 10000 end)
);

-- How often what began on a day counts: once in the range, less what whole months (UTC) hold of it. Near the ends of
-- those months alone can there be a difference.
create macro times_of(day, month, of_range) as (
    cast(day >= struct_extract(of_range, 'start_day') and day < struct_extract(of_range, 'end_day') as integer)
    - cast(
        month >= struct_extract(of_range, 'whole_start_month') and month < struct_extract(of_range, 'whole_end_month')
        as integer
    )
);

-- Whether a day can make such a difference, by any clock.
create macro is_near_rest(day, of_range) as (
    day >= struct_extract(of_range, 'rest_start_day')
    and day < struct_extract(of_range, 'rest_end_day')
    and (day < struct_extract(of_range, 'inner_start_day') or day >= struct_extract(of_range, 'inner_end_day'))
);

-- Grain: one mark of the title and how often it counts, of months in which the title was not busy.
create macro counted_marks(of_title, of_calendar, of_range, of_filters) as table
    select *
    from (
        select
            mark,
            from_ms,
            to_ms,
            furthest_ms,
            watch_ms,
            distinct_ms,
            stopped_ms,
            present_in_ten_seconds,
            present_in_percent,
            times_of(
                case of_calendar when 'local' then local_day when 'service' then service_day else utc_day end,
                month,
                of_range
            ) as times
        from main.title_marks
        where
            title_number = title_number_of(of_title)
            and title_id = of_title
            and is_busy_month = false
            and list_contains(struct_extract(of_range, 'months_of_rest'), month)
            and is_near_rest(utc_day, of_range)
    ) as marks
    where times <> 0;

-- Grain: one place of a mark: of a stretch, its beginning and its end; of an exit, the furthest place of the play and
-- its own; of all else, its own. What they are counted by is that of title_moments.
create macro moments_of_marks(of_title, of_calendar, of_range, of_parts, of_filters) as table
    select
        * exclude (place_ms, runtime_ms),
        case
            when mark in ('played', 'replayed', 'skipped')
                then -marks * (place_ms - part_from_ms(part, of_parts, runtime_ms))
        end as offset_ms
    from (
        select
            -- The enum of title_moments: as texts, its rows would take twice as long to add up.
            cast(
                case when marks.mark = 'exited' and marks.change > 0 then 'furthest' else marks.mark end
                as enum('exited', 'furthest', 'paused', 'played', 'replayed', 'skipped', 'stalled', 'untold')
            ) as mark,
            case
                when marks.change < 0 then coalesce(marks.to_ms, 0)
                when marks.mark = 'exited' then marks.furthest_ms
                else marks.from_ms
            end as place_ms,
            greatest(
                case of_parts
                    when 'percent' then (100 * place_ms + marks.runtime_ms - 1) // marks.runtime_ms
                    else (place_ms + 9999) // 10000
                end,
                cast(marks.mark in ('paused', 'stalled') as bigint)
            ) as part,
            marks.times,
            case when marks.mark in ('played', 'replayed', 'skipped') then marks.change else 1 end as marks,
            case when marks.change < 0 then marks.watch_ms end as watch_ms,
            case when marks.change < 0 then marks.distinct_ms end as distinct_ms,
            marks.stopped_ms,
            cast(
                case of_parts when 'percent' then marks.present_in_percent else marks.present_in_ten_seconds end
                and marks.change < 0
                as integer
            ) as present_exits,
            marks.runtime_ms
        from (
            select
                counted.*,
                titles.runtime_ms,
                unnest([1, -1]) as change
            from counted_marks(of_title, of_calendar, of_range, of_filters) as counted
            inner join cubes.titles as titles
                on titles.title_id = of_title
        ) as marks
        where
            marks.change < 0
            or marks.mark in ('played', 'replayed', 'skipped', 'exited')
    ) as places;

-- Grain: one mark in one part of the title and how often it counts: of whole months, of the days besides and of the
-- plays of other days.
create macro moments_of_title(of_title, of_calendar, of_range, of_parts, of_filters) as table
    -- In two parts, since either lies together in the table: what is told apart by a case is looked for in every row.
    select
        part,
        mark,
        1 as times,
        marks,
        offset_ms,
        watch_ms,
        distinct_ms,
        stopped_ms,
        present_exits
    from cubes.title_moments
    where
        title_number = title_number_of(of_title)
        and title_id = of_title
        and parts = of_parts
        and period = 'month'
        and period_start >= struct_extract(of_range, 'whole_start_day')
        and period_start < struct_extract(of_range, 'whole_end_day')
    union all by name
    select
        part,
        mark,
        times_of(period_start, month, of_range) as times,
        marks,
        offset_ms,
        watch_ms,
        distinct_ms,
        stopped_ms,
        present_exits
    from cubes.title_moments
    where
        title_number = title_number_of(of_title)
        and title_id = of_title
        and parts = of_parts
        and period = 'day'
        and clock = of_calendar
        and is_near_rest(period_start, of_range)
    union all by name
    select * from moments_of_marks(of_title, of_calendar, of_range, of_parts, of_filters);

-- Takes its place where anything is chosen: reads the marks of the plays that are.

create schema marks_counted;

create macro marks_counted.counted_marks(of_title, of_calendar, of_range, of_filters) as table
    select
        marks.*,
        1 as times
    from main.title_marks as marks
    inner join
        filtered_plays(
            of_calendar, struct_extract(of_range, 'start_day'), struct_extract(of_range, 'end_day'), of_filters
        ) as plays
        on marks.play_id = plays.play_id
        and marks.utc_day = plays.utc_day
    where
        marks.title_number = title_number_of(of_title)
        and marks.title_id = of_title
        and marks.month >= strftime(cast(struct_extract(of_range, 'start_day') - 1 as date), '%Y-%m')
        and marks.month <= strftime(cast(struct_extract(of_range, 'end_day') as date), '%Y-%m')
        and marks.utc_day >= struct_extract(of_range, 'start_day') - 1
        and marks.utc_day < struct_extract(of_range, 'end_day') + 1
        and plays.title_id = of_title;

create macro marks_counted.moments_of_title(of_title, of_calendar, of_range, of_parts, of_filters) as table
    select * from moments_of_marks(of_title, of_calendar, of_range, of_parts, of_filters);

-- How many accounts played the title, where figures of few are hidden; elsewhere nothing is counted. Not a whole
-- number there, which DuckDB would pack for the sorting of rows, in two steps more.
create macro accounts_of_title(of_title, of_calendar, from_day, to_day, of_filters) as (cast(null as double));

create macro small_groups_hidden.accounts_of_title(of_title, of_calendar, from_day, to_day, of_filters) as (
    (
        select count(distinct account_id)
        from filtered_plays(of_calendar, from_day, to_day, of_filters)
        where title_id = of_title
    )
);
