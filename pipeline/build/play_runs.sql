-- Grain: one play and sort of run (run_of) that it is part of: a visit, or episodes of one series on end (binge).
-- Not published. Right for the runs that begin between $from_day and $to_day in some calendar.
-- A run goes on while less than $visit_gap_min, between episodes $binge_gap_min, lies between the end of what was
-- played of it and the start of the next; a visit that the source names, while it is less than a day. One that is still
-- going on two UTC days after its first goes on as another each day, so that none reaches further than into the next.

-- The plays of which the run is a stretch, by a number: those of a visit_id where there is one, else of a profile;
-- episodes of a profile and series. Plays of unknown profiles are the account's.
with chained as (
    select
        play_number,
        'visit' as run_of,
        account_number,
        hash(visit_id is null, coalesce(visit_id, profile_id)) as chain_number,
        case when visit_id is null then to_minutes($visit_gap_min) else to_days(1) end as ending_gap,
        play_id,
        utc_day,
        started_at,
        ended_at,
    from derived.run_plays
    union all
    select
        play_number,
        'binge' as run_of,
        account_number,
        hash(profile_id, show_id) as chain_number,
        to_minutes($binge_gap_min) as ending_gap,
        play_id,
        utc_day,
        started_at,
        ended_at,
    from derived.run_plays
    where kind = 'episode'
),

followed as (
    select
        play_number,
        run_of,
        account_number,
        chain_number,
        utc_day,
        row_number() over chain as place,
        coalesce(
            started_at >= ending_gap + max(ended_at) over (chain rows between unbounded preceding and 1 preceding),
            true
        ) as is_apart,
    from chained
    window chain as (partition by run_of, account_number, chain_number order by started_at, play_id)
),

begun as (
    select
        play_number,
        run_of,
        place,
        last_value(case when is_apart then play_number end ignore nulls) over so_far as run_number,
        utc_day - max(case when is_apart then utc_day end) over so_far as days_on,
    from followed
    window so_far as (
        partition by run_of, account_number, chain_number order by place
        rows unbounded preceding
    )
),

play_runs as (
    select
        play_number,
        run_of,
        run_number,
        case when days_on > 1 then days_on else 0 end as run_part,
        place,
    from begun
)

select * from play_runs
