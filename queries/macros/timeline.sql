-- What happened at each place of one title: whole months added up in advance, and the plays of the days besides.

create macro title_number_of(id) as (cast(hash(id) >> 1 as bigint));

-- Grain: one mark of the title, and how often it counts: those of the range, less what whole months (UTC) hold of them.
-- Near the ends of those months alone can there be a difference.
create macro counted_marks(of_title, of_calendar, of_range, of_filters) as table
    select *
    from (
        select
            mark,
            from_ms,
            to_ms,
            furthest_ms,
            stopped_ms,
            watch_ms,
            distinct_ms,
            cast(
                case of_calendar when 'local' then local_day when 'service' then service_day else utc_day end
                between struct_extract(of_range, 'start_day') and struct_extract(of_range, 'end_day') - 1
                as integer
            )
            - cast(
                utc_day between struct_extract(of_range, 'whole_start_day')
                and struct_extract(of_range, 'whole_end_day') - 1
                as integer
            ) as times
        from main.title_marks
        where
            title_number = title_number_of(of_title)
            and title_id = of_title
            -- No clock is a whole day off UTC's.
            and month in (
                strftime(cast(struct_extract(of_range, 'start_day') - 1 as date), '%Y-%m'),
                strftime(cast(struct_extract(of_range, 'start_day') as date), '%Y-%m'),
                strftime(cast(struct_extract(of_range, 'whole_start_day') as date), '%Y-%m'),
                strftime(cast(struct_extract(of_range, 'whole_end_day') - 1 as date), '%Y-%m'),
                strftime(cast(struct_extract(of_range, 'whole_end_day') as date), '%Y-%m'),
                strftime(cast(struct_extract(of_range, 'end_day') as date), '%Y-%m')
            )
            and utc_day >= struct_extract(of_range, 'start_day') - 1
            and utc_day < struct_extract(of_range, 'end_day') + 1
            and (
                utc_day < struct_extract(of_range, 'whole_start_day') + 1
                or utc_day >= struct_extract(of_range, 'whole_end_day') - 1
            )
    ) as marks
    where times <> 0;

-- Grain: one ten seconds of the title in which something changed, as title_moments has them.
create macro moments_of_marks(of_title, of_calendar, of_range, of_filters) as table
    with marks as (
        select * from counted_marks(of_title, of_calendar, of_range, of_filters)
    ),

    edges as (
        select unnest([1, -1]) as change
    ),

    -- Of a stretch, its beginning and its end; of an exit, that place and the furthest; of all else, its place.
    places as (
        select
            case when marks.mark = 'exited' and edges.change > 0 then 'furthest' else marks.mark end as mark,
            case
                when edges.change < 0 then coalesce(marks.to_ms, 0)
                when marks.mark = 'exited' then marks.furthest_ms
                else marks.from_ms
            end as place_ms,
            marks.times,
            marks.times * edges.change as change,
            marks.watch_ms,
            marks.distinct_ms,
            marks.stopped_ms,
            marks.to_ms > 0 and marks.from_ms <= (marks.to_ms - 1) // 10000 * 10000 as was_present
        from marks
        cross join edges
        where
            edges.change < 0
            or marks.mark in ('played', 'replayed', 'skipped', 'exited')
    ),

    placed as (
        select
            *,
            greatest((place_ms + 9999) // 10000, cast(mark in ('paused', 'stalled') as bigint)) as moment,
            place_ms - ((place_ms + 9999) // 10000 - 1) * 10000 as offset_ms
        from places
    ),

    -- Of each sort at once, before they stand side by side: sums that ask which sort it is take several times as long.
    added as (
        select
            mark,
            moment,
            sum(times) as times,
            sum(change) as change,
            sum(-change * offset_ms) as change_ms,
            sum(times * watch_ms) as watch_ms,
            sum(times * distinct_ms) as distinct_ms,
            sum(times * stopped_ms) as stopped_ms,
            sum(times * cast(was_present as integer)) as present_times
        from placed
        group by mark, moment
    )

    select
        moment * 10 as end_s,
        sum(times) filter (where mark in ('exited', 'untold')) as plays,
        sum(watch_ms) filter (where mark in ('exited', 'untold')) as watch_ms,
        sum(times) filter (where mark = 'exited') as followed_plays,
        sum(watch_ms) filter (where mark = 'exited') as followed_watch_ms,
        sum(distinct_ms) filter (where mark = 'exited') as distinct_ms,
        sum(change) filter (where mark = 'played') as played_change,
        sum(change_ms) filter (where mark = 'played') as played_change_ms,
        sum(change) filter (where mark = 'replayed') as replayed_change,
        sum(change_ms) filter (where mark = 'replayed') as replayed_change_ms,
        sum(change) filter (where mark = 'skipped') as skipped_change,
        sum(change_ms) filter (where mark = 'skipped') as skipped_change_ms,
        sum(times) filter (where mark = 'paused') as pauses,
        sum(stopped_ms) filter (where mark = 'paused') as paused_ms,
        sum(times) filter (where mark = 'stalled') as stalls,
        sum(stopped_ms) filter (where mark = 'stalled') as stalled_ms,
        sum(times) filter (where mark = 'exited' and moment > 0) as exits,
        sum(present_times) filter (where mark = 'exited') as present_exits,
        sum(times) filter (where mark = 'furthest') as furthest_plays
    from added
    group by moment;

-- Grain: the same, of whole months and of the marks of the days besides.
create macro moments_of_title(of_title, of_calendar, of_range, of_filters) as table
    select title_moments.* exclude (title_number, title_id, month)
    from cubes.title_moments as title_moments
    where
        title_moments.title_number = title_number_of(of_title)
        and title_moments.title_id = of_title
        and title_moments.month >= strftime(cast(struct_extract(of_range, 'whole_start_day') as date), '%Y-%m')
        and title_moments.month < strftime(cast(struct_extract(of_range, 'whole_end_day') as date), '%Y-%m')
    union all by name
    select * from moments_of_marks(of_title, of_calendar, of_range, of_filters);

-- Takes its place where anything is chosen: reads the marks of the plays that are.

create schema marks_counted;

create macro marks_counted.counted_marks(of_title, of_calendar, of_range, of_filters) as table
    select
        marks.mark,
        marks.from_ms,
        marks.to_ms,
        marks.furthest_ms,
        marks.stopped_ms,
        marks.watch_ms,
        marks.distinct_ms,
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

create macro marks_counted.moments_of_title(of_title, of_calendar, of_range, of_filters) as table
    select * from moments_of_marks(of_title, of_calendar, of_range, of_filters);

-- Grain: one row: how many accounts played the title, where figures of few are hidden; elsewhere nothing is counted.
create macro accounts_of_title(of_title, of_calendar, from_day, to_day, of_filters) as table
    select cast(null as bigint) as accounts;

create macro small_groups_hidden.accounts_of_title(of_title, of_calendar, from_day, to_day, of_filters) as table
    select count(distinct account_id) as accounts
    from filtered_plays(of_calendar, from_day, to_day, of_filters)
    where title_id = of_title;
