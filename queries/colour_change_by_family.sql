-- Grain: one family of colours.
-- Answers: which colours were watched more in the last $colour_days days of the range than in as many before them?
with colour_change_by_family as (
    select
        colour_family,
        sum(recent_share) as colour_share,
        sum(earlier_share) as earlier_share,
        sum(recent_share) - sum(earlier_share) as colour_change,
        cast($colour_days as integer) as colour_days,
        min(accounts) as accounts,
    from colour_changes($calendar, $colours_both_range, $split_by, $colour_account, $min_accounts, $filters)
    group by colour_family
)

select * from colour_change_by_family
-- What arithmetic leaves of no change puts nothing in order.
order by round(colour_change, 12) desc, colour_family asc
