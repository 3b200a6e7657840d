-- Grain: one day, week or month of the range and family of colours in the average colour of what was watched in it.
-- Answers: how do the colours that people watch, or one account, move?
with watching as (
    select
        period_of(day, $granularity) as period_start,
        show_id,
        sum(watch_ms) as watch_ms,
    from colour_watching($calendar, $chart_range, $split_by, 'none', $colour_account, $min_accounts, $filters)
    group by period_start, show_id
),

family_shares as (
    select
        image_bins.image_hash,
        colour_bins.colour_family,
        sum(image_bins.share) as share,
    from cubes.image_bins as image_bins
    inner join cubes.colour_bins as colour_bins
        on image_bins.bin = colour_bins.bin
    group by image_bins.image_hash, colour_bins.colour_family
),

covered as (
    select
        watching.period_start,
        colours.image_hash,
        watching.watch_ms,
        sum(watching.watch_ms) over (partition by watching.period_start) as period_watch_ms,
    from watching
    inner join cubes.shows as shows
        on watching.show_id = shows.show_id
    inner join cubes.image_colours as colours
        on shows.poster_hash = colours.image_hash
),

moved as (
    select
        covered.period_start,
        family_shares.colour_family,
        sum(covered.watch_ms * family_shares.share / covered.period_watch_ms) as colour_share,
    from covered
    inner join family_shares
        on covered.image_hash = family_shares.image_hash
    group by covered.period_start, family_shares.colour_family
),

families as (
    select distinct colour_family
    from moved
),

told as (
    select distinct period_start
    from moved
),

colour_families_by_period as (
    select
        periods.period_start,
        periods.first_day,
        periods.is_complete,
        families.colour_family,
        if(told.period_start is null, null, coalesce(shares.colour_share, 0)) as colour_share,
        if($colour_account = '', counted.accounts, null) as accounts,
    from periods_between($start_day, $end_day, $granularity) as periods
    cross join families
    left join told
        on periods.period_start = told.period_start
    left join moved as shares
        on periods.period_start = shares.period_start
        and families.colour_family = shares.colour_family
    left join
        counted_accounts_by_period($calendar, $start_day, $end_day, null, null, $granularity, $filters) as counted
        on periods.period_start = counted.period_start
    union all by name
    -- Where nothing may be told of one account, one row that says so.
    select 1 as accounts
    where
        $colour_account <> ''
        and $min_accounts is not null
)

select * from colour_families_by_period
order by period_start asc, colour_family asc
