-- The average colours of what accounts watch: of all that are chosen, of groups of them, or of one account.

-- A colour as style sheets write it, of the means of its channels (0 to 255).
create macro hex_of(red, green, blue) as (
    printf(
        '#%02x%02x%02x', cast(round(red) as integer), cast(round(green) as integer), cast(round(blue) as integer)
    )
);

-- Grain: one film or series, day, device type, kind and profile type that one account watched.
create macro watching_of_account(of_calendar, of_account, from_day, to_day, of_filters) as table
    select shows.*
    from (
        select
            dated_shows.*,
            plan_periods.account_plan
        from (
            select
                * exclude (local_day, utc_day, service_day, month),
                case of_calendar when 'local' then local_day when 'service' then service_day else utc_day end as day
            from main.account_shows
            where
                -- No other row groups are read.
                account_number = account_number_of(of_account)
                and account_id = of_account
                -- No clock is a whole day off UTC's, so only these months' files are opened.
                and month >= strftime(from_day - 1, '%Y-%m')
                and month <= strftime(to_day, '%Y-%m')
        ) as dated_shows
        left join main.plan_periods as plan_periods
            on dated_shows.account_id = plan_periods.account_id
            and dated_shows.day >= plan_periods.from_day
            and dated_shows.day < plan_periods.to_day
    ) as shows
    where
        shows.day >= from_day
        and shows.day < to_day
        and all_chosen(shows, of_filters)
        and chosen(shows.show_id, struct_extract(of_filters, 'titles'));

-- The same where something is chosen that is known of single plays alone.
create macro plays_read.watching_of_account(of_calendar, of_account, from_day, to_day, of_filters) as table
    select *
    from filtered_plays(of_calendar, from_day, to_day, of_filters)
    where account_id = of_account;

-- Grain: one film or series, day, week or month and group: what is chosen. Where an account is named, run lets the
-- macro of the same name in the schema accounts_named take this one's place: to plan a look at what accounts watched
-- takes longer than to add up what all did.
create schema accounts_named;

create macro colour_watching(
    of_calendar, of_range, of_split, told_apart_by, of_account, of_min_accounts, of_filters
) as table
    select
        shows.day,
        group_of(shows, told_apart_by) as group_id,
        shows.show_id,
        shows.watch_ms
    from filtered_shows(of_calendar, of_range, of_split, of_filters) as shows;

-- The same, and of one account, where one is named. Where small groups are hidden (of_min_accounts), nothing is told of
-- one account.
create macro accounts_named.colour_watching(
    of_calendar, of_range, of_split, told_apart_by, of_account, of_min_accounts, of_filters
) as table
    select
        shows.day,
        group_of(shows, told_apart_by) as group_id,
        shows.show_id,
        shows.watch_ms
    from filtered_shows(of_calendar, of_range, of_split, of_filters) as shows
    where of_account = ''
    union all
    select
        shows.day,
        of_account as group_id,
        shows.show_id,
        shows.watch_ms
    from
        watching_of_account(
            of_calendar,
            of_account,
            least(struct_extract(of_range, 'start_day'), struct_extract(of_range, 'compare_start_day')),
            struct_extract(of_range, 'end_day'),
            of_filters
        ) as shows
    where
        of_account <> ''
        and of_min_accounts is null
        and is_in(shows.day, of_range);

-- Grain: one group of accounts that anything was watched by: how many they are. Nothing is counted where nothing is
-- hidden.
create macro counted_watchers(of_calendar, of_range, told_apart_by, of_account, of_min_accounts, of_filters) as table
    select
        group_id,
        accounts
    from
        counted_accounts_by_group(
            of_calendar,
            struct_extract(of_range, 'start_day'),
            struct_extract(of_range, 'end_day'),
            null,
            null,
            of_filters
        )
    where group_kind = told_apart_by
    union all
    select
        'all' as group_id,
        accounts
    from
        counted_accounts_by_period(
            of_calendar,
            struct_extract(of_range, 'start_day'),
            struct_extract(of_range, 'end_day'),
            null,
            null,
            'month',
            of_filters
        )
    where
        period_start is null
        and told_apart_by = 'none';

-- Grain: one group and bin of its average colour, of the eight groups with most watch time; of a group of too few
-- accounts one row, without colours. The red, green and blue are the mean of the pixels in the bin; the palette is made
-- of the largest bins that cover 90 %.
create macro average_colours(
    of_calendar, of_range, of_split, told_apart_by, of_account, of_min_accounts, of_filters
) as table
    with watching as (
        select
            group_id,
            show_id,
            sum(watch_ms) as watch_ms
        from colour_watching(of_calendar, of_range, of_split, told_apart_by, of_account, of_min_accounts, of_filters)
        group by group_id, show_id
        -- Plays left at once, of no watch time, are of no colour either.
        having sum(watch_ms) > 0
    ),

    watching_groups as (
        select
            group_id,
            sum(watch_ms) as watch_ms,
            row_number() over (order by sum(watch_ms) desc, group_id asc) as group_rank
        from watching
        group by group_id
        qualify group_rank <= 8
    ),

    covered as (
        select
            watching.group_id,
            colours.image_hash,
            sum(watching.watch_ms) as watch_ms
        from watching
        inner join watching_groups
            on watching.group_id = watching_groups.group_id
        inner join cubes.shows as shows
            on watching.show_id = shows.show_id
        inner join cubes.image_colours as colours
            on shows.poster_hash = colours.image_hash
        group by watching.group_id, colours.image_hash
    ),

    covered_groups as (
        select
            group_id,
            sum(watch_ms) as watch_ms
        from covered
        group by group_id
    ),

    bins as (
        select
            covered.group_id,
            image_bins.bin,
            sum(covered.watch_ms * image_bins.share) as weight,
            sum(covered.watch_ms * image_bins.share * image_bins.red) / weight as red,
            sum(covered.watch_ms * image_bins.share * image_bins.green) / weight as green,
            sum(covered.watch_ms * image_bins.share * image_bins.blue) / weight as blue
        from covered
        inner join cubes.image_bins as image_bins
            on covered.image_hash = image_bins.image_hash
        group by covered.group_id, image_bins.bin
    ),

    shares as (
        select
            bins.* exclude (weight),
            bins.weight / covered_groups.watch_ms as share,
            watching_groups.group_rank,
            watching_groups.watch_ms / 3600000.0 as watch_hours,
            covered_groups.watch_ms / cast(watching_groups.watch_ms as double) as covered_share,
            counted.accounts,
            of_min_accounts is null or counted.accounts is null or counted.accounts >= of_min_accounts as is_told,
            row_number() over largest as bin_rank,
            sum(share) over (largest rows unbounded preceding) - share as share_before
        from bins
        inner join covered_groups
            on bins.group_id = covered_groups.group_id
        inner join watching_groups
            on bins.group_id = watching_groups.group_id
        left join
            counted_watchers(of_calendar, of_range, told_apart_by, of_account, of_min_accounts, of_filters) as counted
            on bins.group_id = counted.group_id
        window largest as (partition by bins.group_id order by bins.weight desc, bins.bin asc)
    )

    select
        shares.group_id,
        shares.group_rank,
        shares.watch_hours,
        shares.covered_share,
        shares.is_told,
        if(shares.is_told, shares.bin, null) as bin,
        if(shares.is_told, shares.share, null) as colour_share,
        if(shares.is_told, shares.red, null) as red,
        if(shares.is_told, shares.green, null) as green,
        if(shares.is_told, shares.blue, null) as blue,
        if(shares.is_told, colour_bins.colour_family, null) as colour_family,
        -- A sum of shares may be 0.9 but for its rounding.
        if(shares.is_told and shares.share_before < 0.9 - 1e-9, shares.bin_rank, null) as palette_rank,
        shares.accounts
    from shares
    inner join cubes.colour_bins as colour_bins
        on shares.bin = colour_bins.bin
    where
        shares.is_told
        or shares.bin_rank = 1
    union all
    -- Where nothing may be told of one account, one row that says so.
    select
        of_account as group_id,
        1 as group_rank,
        null as watch_hours,
        null as covered_share,
        false as is_told,
        null as bin,
        null as colour_share,
        null as red,
        null as green,
        null as blue,
        null as colour_family,
        null as palette_rank,
        1 as accounts
    where
        of_account <> ''
        and of_min_accounts is not null;

-- Grain: one bin of the average colour of the range, and of the days that it is compared with, which both have to have
-- one; where either tells of too few accounts, the shares are null.
create macro colour_changes(of_calendar, of_range, of_split, of_account, of_min_accounts, of_filters) as table
    with watching as (
        select
            span_of(day, struct_extract(of_range, 'start_day')) as span,
            show_id,
            sum(watch_ms) as watch_ms
        from colour_watching(of_calendar, of_range, of_split, 'none', of_account, of_min_accounts, of_filters)
        group by span, show_id
        -- Plays left at once, of no watch time, are of no colour either.
        having sum(watch_ms) > 0
    ),

    covered as (
        select
            watching.span,
            colours.image_hash,
            sum(watching.watch_ms) as watch_ms
        from watching
        inner join cubes.shows as shows
            on watching.show_id = shows.show_id
        inner join cubes.image_colours as colours
            on shows.poster_hash = colours.image_hash
        group by watching.span, colours.image_hash
    ),

    covered_spans as (
        select
            covered.span,
            sum(covered.watch_ms) as watch_ms,
            max(counted.accounts) as accounts,
            coalesce(max(counted.accounts) >= of_min_accounts, true) as is_told
        from covered
        left join
            counted_accounts_by_period(
                of_calendar,
                struct_extract(of_range, 'start_day'),
                struct_extract(of_range, 'end_day'),
                struct_extract(of_range, 'compare_start_day'),
                struct_extract(of_range, 'compare_end_day'),
                'month',
                of_filters
            ) as counted
            on covered.span = counted.span and counted.period_start is null
        group by covered.span
    ),

    bins as (
        select
            covered.span,
            image_bins.bin,
            sum(covered.watch_ms * image_bins.share) as weight
        from covered
        inner join cubes.image_bins as image_bins
            on covered.image_hash = image_bins.image_hash
        group by covered.span, image_bins.bin
    ),

    shares as (
        select
            covered_spans.span,
            covered_spans.is_told,
            covered_spans.accounts,
            if(covered_spans.is_told, bins.bin, null) as bin,
            if(covered_spans.is_told, colour_bins.colour_family, null) as colour_family,
            bins.weight / covered_spans.watch_ms as share
        from bins
        inner join covered_spans
            on bins.span = covered_spans.span
        inner join cubes.colour_bins as colour_bins
            on bins.bin = colour_bins.bin
        union all
        -- Where nothing may be told of one account, one row that says so.
        select
            unnest(['current', 'comparison']) as span,
            false as is_told,
            1 as accounts,
            null as bin,
            null as colour_family,
            null as share
        where
            of_account <> ''
            and of_min_accounts is not null
    ),

    whole as (
        select
            bool_and(is_told) as all_told,
            min(accounts) as accounts
        from shares
        having min(span) <> max(span)
    )

    select
        shares.bin,
        shares.colour_family,
        whole.all_told as is_told,
        if(whole.all_told, sum(if(shares.span = 'current', shares.share, 0)), null) as recent_share,
        if(whole.all_told, sum(if(shares.span = 'current', 0, shares.share)), null) as earlier_share,
        whole.accounts
    from shares
    cross join whole
    group by shares.bin, shares.colour_family, whole.all_told, whole.accounts;
