-- The optional filters, written once. A selection is a list of values, and whether they are the ones excluded; null
-- means all values, an empty list none; unknown values match nothing. A null in the data is chosen as 'unknown'.
-- start_day is inclusive, end_day exclusive, everywhere.
-- Tables are named with their schema, so that a query's own CTE of the same name cannot take their place.

create macro chosen(value, selection) as (
    selection is null
    -- A third of the time of known(value), which copies the texts of all rows.
    or case
        when value is null then list_contains(struct_extract(selection, 'chosen_values'), 'unknown')
        else list_contains(struct_extract(selection, 'chosen_values'), cast(value as varchar))
    end
    <> struct_extract(selection, 'excluded')
);

-- A value as rows are told apart by it. Of texts coalesce takes twice as long: it copies those of all rows.
create macro known(value) as (case when value is null then 'unknown' else cast(value as varchar) end);

create macro all_chosen(row_values, of_filters) as (
    chosen(row_values.device_type, struct_extract(of_filters, 'devices'))
    and chosen(row_values.account_country, struct_extract(of_filters, 'countries'))
    and chosen(row_values.account_plan, struct_extract(of_filters, 'plans'))
    and chosen(row_values.kind, struct_extract(of_filters, 'kinds'))
    and chosen(row_values.profile_type, struct_extract(of_filters, 'profile_types'))
);

-- The same of a number that selections name by a text: the numbers chosen are compared, so that none is made a text.
create macro number_chosen(number, chosen_numbers, selection) as (
    selection is null
    or case
        when number is null then list_contains(struct_extract(selection, 'chosen_values'), 'unknown')
        else list_contains(chosen_numbers, number)
    end
    <> struct_extract(selection, 'excluded')
);

create macro weekday_names() as (['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);

create macro weekday_of(day) as (weekday_names()[isodow(day)]);

-- Whether something that began at an hour of a day is chosen. Sums by day do not know hours, nor models, versions and
-- places: where any are chosen, run lets macros of the same name in the schema plays_read take the place of those that
-- read them.
create macro is_hour_chosen(hour, day, of_filters) as (
    number_chosen(
        hour,
        list_transform(
            struct_extract(struct_extract(of_filters, 'hours'), 'chosen_values'),
            lambda value: try_cast(value as bigint)
        ),
        struct_extract(of_filters, 'hours')
    )
    and number_chosen(
        isodow(day),
        list_transform(
            struct_extract(struct_extract(of_filters, 'weekdays'), 'chosen_values'),
            lambda value: list_position(weekday_names(), value)
        ),
        struct_extract(of_filters, 'weekdays')
    )
);

-- The same of what is known of single plays alone.
create macro is_play_chosen(row_values, of_filters) as (
    chosen(row_values.device_model, struct_extract(of_filters, 'models'))
    and chosen(row_values.app_version, struct_extract(of_filters, 'app_versions'))
    and chosen(row_values.country, struct_extract(of_filters, 'places'))
    and chosen(row_values.region, struct_extract(of_filters, 'regions'))
);

-- A number for a film or series. Tables that are asked for few of them are in its order: what lies beside them is left
-- out, which DuckDB does by the first letters alone where ids are compared.
create macro show_number_of(id) as (cast(hash(id) >> 1 as bigint));

-- The same of an account. Tables are grouped and joined by it: of texts each letter would be compared.
create macro account_number_of(id) as (show_number_of(id));

create macro is_show_chosen(row_values, of_filters) as (
    chosen(row_values.show_id, struct_extract(of_filters, 'titles'))
    and (
        struct_extract(of_filters, 'titles') is null
        or struct_extract(struct_extract(of_filters, 'titles'), 'excluded')
        or list_contains(
            list_transform(
                struct_extract(struct_extract(of_filters, 'titles'), 'chosen_values'), lambda id: show_number_of(id)
            ),
            row_values.show_number
        )
    )
);

-- Whether the set of things that a row's accounts did has a thing in common with those chosen (queries/cubes.py).
create macro is_chosen_account(row_values, of_set, of_filters) as (
    chosen(row_values.account_country, struct_extract(of_filters, 'countries'))
    and chosen(row_values.account_plan, struct_extract(of_filters, 'plans'))
    and (
        row_values.mask_low & struct_extract(of_set, 'mask_low') <> 0
        or row_values.mask_high & struct_extract(of_set, 'mask_high') <> 0
    )
);

-- The value of a row by which it is told apart (an option of a card): one of the dimensions, or "all" by none.
create macro group_of(row_values, told_apart_by) as (
    case told_apart_by
        when 'device' then known(row_values.device_type)
        when 'country' then known(row_values.account_country)
        when 'plan' then known(row_values.account_plan)
        when 'kind' then cast(row_values.kind as varchar)
        when 'profile_type' then known(row_values.profile_type)
        else 'all'
    end
);

-- The first day of the day, week (from Monday) or month that a day lies in.
create macro period_of(some_day, period_granularity) as (
    cast(date_trunc(period_granularity, some_day) as date)
);

-- Grain: one day, week or month that has days between from_day and to_day; first_day and end_day are cut to them.
-- is_complete: nothing was cut.
create macro periods_between(from_day, to_day, period_granularity) as table
    select
        periods.period_start,
        greatest(periods.period_start, from_day) as first_day,
        least(periods.next_start, to_day) as end_day,
        periods.period_start >= from_day and periods.next_start <= to_day as is_complete
    from (
        select
            cast(period_starts.moment as date) as period_start,
            cast(period_starts.moment + cast('1 ' || period_granularity as interval) as date) as next_start
        from (
            select unnest(
                generate_series(
                    cast(period_of(from_day, period_granularity) as timestamp),
                    cast(to_day - 1 as timestamp),
                    cast('1 ' || period_granularity as interval)
                )
            ) as moment
        ) as period_starts
    ) as periods;

-- Grain: one such period of the range, or (by span) of the one that it is compared with; none of that where it is null.
create macro compared_periods(from_day, to_day, compare_from_day, compare_to_day, period_granularity) as table
    select
        'current' as span,
        *
    from periods_between(from_day, to_day, period_granularity)
    union all
    select
        'comparison' as span,
        *
    from periods_between(cast(compare_from_day as date), cast(compare_to_day as date), period_granularity);

-- Which of the two a day lies in; what is compared with comes before, and they never overlap.
create macro span_of(some_day, from_day) as (
    case when some_day >= from_day then 'current' else 'comparison' end
);

-- What a play is told by the clock of a calendar: its day, how far that clock was ahead of UTC, and the hour.
create macro clock_day_of(row_values, of_calendar) as (
    case of_calendar
        when 'local' then row_values.local_day
        when 'service' then row_values.service_day
        else row_values.utc_day
    end
);

create macro clock_offset_of(row_values, of_calendar) as (
    case of_calendar
        when 'local' then row_values.local_offset_min
        when 'service' then row_values.service_offset_min
        else 0
    end
);

create macro clock_hour_of(row_values, of_calendar) as (
    (epoch_us(row_values.started_at) // 60000000 + clock_offset_of(row_values, of_calendar)) // 60 % 24
);

-- Grain: one play, with its day and hour in the calendar and the account's plan on that day.
create macro filtered_plays(of_calendar, from_day, to_day, of_filters) as table
    select dated_plays.*
    from (
        select
            plays.*,
            clock_day_of(plays, of_calendar) as day,
            clock_hour_of(plays, of_calendar) as hour,
            case of_calendar
                when 'local' then plays.local_plan
                when 'service' then plays.service_plan
                else plays.utc_plan
            end as account_plan
        from cubes.counted_plays as plays
        where
            -- No clock is a whole day off UTC's, so only these days' months need be read.
            plays.utc_day >= from_day - 1
            and plays.utc_day < to_day + 1
    ) as dated_plays
    where
        dated_plays.day >= from_day
        and dated_plays.day < to_day
        and all_chosen(dated_plays, of_filters)
        and is_hour_chosen(dated_plays.hour, dated_plays.day, of_filters)
        and is_play_chosen(dated_plays, of_filters)
        and chosen(dated_plays.show_id, struct_extract(of_filters, 'titles'));

-- Grain: one account, day, device type, kind, profile type and plan. The table of account days does not know what was
-- watched: for chosen titles, run lets the macro of the same name in the schema titles_chosen take this one's place.
create macro filtered_account_days(of_calendar, from_day, to_day, of_filters) as table
    select account_days.*
    from main.account_days as account_days
    where
        struct_extract(of_filters, 'titles') is null
        and account_days.calendar = of_calendar
        and account_days.day >= from_day
        and account_days.day < to_day
        and all_chosen(account_days, of_filters);

-- Grain: one day of a month, by how many are before it, and its bit in a number of active days (active_months).
create macro month_days() as table
    select
        cast(range as integer) as days_before,
        cast(1 as bigint) << (30 - range) as day_bit
    from range(31);

-- Grain: one account, month, device type, kind, profile type and plan, with the days on which it was active
-- (active_months). Of any plan: which counts is for those to say who ask. For chosen titles, run lets the macro of the
-- same name in the schema titles_chosen take this one's place, too.
create macro filtered_active_months(of_calendar, from_day, to_day, of_filters) as table
    select active_months.*
    from cubes.active_months as active_months
    where
        struct_extract(of_filters, 'titles') is null
        and active_months.calendar = of_calendar
        and active_months.month_start >= period_of(from_day, 'month')
        and active_months.month_start < to_day
        and chosen(active_months.device_type, struct_extract(of_filters, 'devices'))
        and chosen(active_months.account_country, struct_extract(of_filters, 'countries'))
        and chosen(active_months.kind, struct_extract(of_filters, 'kinds'))
        and chosen(active_months.profile_type, struct_extract(of_filters, 'profile_types'));

-- Grain: one account and month, with the days on which it was active with something chosen, on any plan.
create macro active_months_of_accounts(of_calendar, from_day, to_day, of_filters) as table
    select
        account_number,
        month_start,
        bit_or(active_days) as active_days
    from filtered_active_months(of_calendar, from_day, to_day, of_filters)
    group by account_number, month_start;

-- Grain: the same as of filtered_active_months, of the months of the range and of what it is compared with, each with
-- so many days before. Of what lies between them nothing is read.
create macro compared_active_months(of_calendar, of_range, days_before, of_filters) as table
    select *
    from
        filtered_active_months(
            of_calendar,
            struct_extract(of_range, 'start_day') - days_before,
            struct_extract(of_range, 'end_day'),
            of_filters
        )
    union all
    select *
    from
        filtered_active_months(
            of_calendar,
            struct_extract(of_range, 'compare_start_day') - days_before,
            least(
                struct_extract(of_range, 'compare_end_day'),
                period_of(struct_extract(of_range, 'start_day') - days_before, 'month')
            ),
            of_filters
        );

-- The days from a month's start that lie between two days, as bits like those of active_months; the day before the
-- month is the bit above.
create macro days_of_month(month_start, from_day, to_day) as (
    (cast(1 as bigint) << (31 - greatest(from_day - month_start, -1)))
    - (cast(1 as bigint) << (31 - least(to_day - month_start, 31)))
);

-- Whether some of the days that active_months tells of a month lie between two days; false where these are null.
create macro has_days_between(active_days, month_start, from_day, to_day) as (
    case
        when month_start < to_day and month_start + 31 > from_day
            then active_days & days_of_month(month_start, from_day, to_day) <> 0
        else false
    end
);
