-- Grain: one country and plan of accounts, by the number they have in numbered_stretches. Not published.
with account_groups as (
    select distinct
        group_number,
        account_country,
        account_plan,
    from derived.numbered_stretches
)

select * from account_groups
