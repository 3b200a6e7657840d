-- Grain: one row of account_shows between $from_day and $to_day (UTC, exclusive), of accounts numbered from
-- $from_number to $to_number (inclusive), that counts for their average colour. Not published.
with recent_watching as (
    select
        account_shows.account_number,
        shows.show_position,
        account_shows.watch_ms,
    from published.account_shows as account_shows
    inner join derived.coloured_shows as shows
        on account_shows.show_id = shows.show_id
    where
        account_shows.utc_day >= $from_day
        and account_shows.utc_day < $to_day
        and account_shows.account_number between $from_number and $to_number
        and list_contains($default_kinds, account_shows.kind)
)

select * from recent_watching
