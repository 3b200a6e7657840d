-- Grain: one profile of one account that played a film or episode, and one more for the plays of the account whose
-- profile is not known, with a number for each. Not published: numbers are several times faster to group by than texts.
with viewers as (
    select distinct
        account_id,
        profile_id,
    from published.plays
    where kind in ('film', 'episode')
),

accounts as (
    select distinct
        account_id,
        account_number,
    from derived.numbered_stretches
),

profile_numbers as (
    select
        viewers.account_id,
        viewers.profile_id,
        accounts.account_number,
        cast(row_number() over (order by viewers.account_id, viewers.profile_id) as integer) as profile_number,
    from viewers
    inner join accounts
        on viewers.account_id = accounts.account_id
)

select * from profile_numbers
