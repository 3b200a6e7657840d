-- Grain: one account that any table of the source names.
-- Its country is its own; where missing, the country of most of its watch time (the first in the alphabet when equal).
with named_accounts as (
    select account_id from source.accounts
    union
    select account_id from source.profiles
    union
    select account_id from source.devices
    union
    select account_id from source.subscription_events
    union
    select account_id from derived.all_plays
    union
    select account_id from published.impressions
    union
    select account_id from published.browse_events
    union
    select account_id from published.searches
    union
    select account_id from source.ratings
    union
    select account_id from source.campaign_touches
    union
    select account_id from source.experiment_exposures
),

watch_by_country as (
    select
        account_id,
        country,
        sum(watch_ms) as watch_ms,
    from derived.all_plays
    where country is not null
    group by account_id, country
),

ranked_countries as (
    select
        account_id,
        country,
        row_number() over (partition by account_id order by watch_ms desc, country asc) as country_rank,
    from watch_by_country
),

accounts as (
    select
        named_accounts.account_id,
        source_accounts.signed_up_at,
        source_accounts.country,
        source_accounts.region,
        source_accounts.postal_code,
        source_accounts.plan,
        source_accounts.acquisition_channel,
        coalesce(source_accounts.country, ranked_countries.country) as account_country,
        source_accounts.country is null and ranked_countries.country is not null as country_estimated,
        source_accounts.account_id is null as derived,
    from named_accounts
    left join source.accounts as source_accounts
        on named_accounts.account_id = source_accounts.account_id
    left join ranked_countries
        on named_accounts.account_id = ranked_countries.account_id
        and ranked_countries.country_rank = 1
)

select * from accounts
