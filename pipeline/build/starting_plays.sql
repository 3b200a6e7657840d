-- Grain: one account and film or episode: the play with which its watch time came to two minutes. Not published.
with first_long_plays as (
    select
        account_number,
        title_id,
        min(started_at) filter (where watch_ms >= $start_min_watch_ms) as started_at,
    from derived.title_plays
    group by account_number, title_id
),

-- None comes after the first that is long enough by itself, and few before.
early_plays as (
    select
        title_plays.*,
        sum(title_plays.watch_ms) over (
            partition by title_plays.account_number, title_plays.title_id
            order by title_plays.started_at, title_plays.play_id
            rows unbounded preceding
        ) as watch_ms_to_date,
    from derived.title_plays as title_plays
    inner join first_long_plays
        on title_plays.account_number = first_long_plays.account_number
        and title_plays.title_id = first_long_plays.title_id
    where
        first_long_plays.started_at is null
        or title_plays.started_at <= first_long_plays.started_at
),

-- No play lessens the sum, so there is one at most.
starting_plays as (
    select
        account_number,
        profile_number,
        title_id,
        started_at,
        local_at,
        kind,
        device_type,
        profile_type,
        account_country,
    from early_plays
    where
        watch_ms_to_date >= $start_min_watch_ms
        and watch_ms_to_date - watch_ms < $start_min_watch_ms
)

select * from starting_plays
