-- Grain: one account on the map of colours, at most 2,000 of those chosen, as good as by lot, and the account named.
-- Answers: who watches alike? Accounts of like colours lie near each other; of the days that the build looked at,
-- whatever the range.
with mapped as (
    select
        account_id,
        account_country,
        account_plan,
        cluster,
        map_x,
        map_y,
        watch_ms / 3600000.0 as watch_hours,
        brightness,
        saturation,
        warmth,
        account_id = $colour_account as is_named,
    from cubes.account_colours
    where
        map_x is not null
        and chosen(account_country, $countries)
        and chosen(account_plan, $plans)
        -- Single accounts are not for those who may see no small groups.
        and $min_accounts is null
    order by is_named desc, account_number_of(account_id) asc
    limit 2000
),

colour_map as (
    select
        *,
        1 as accounts,
    from mapped
    union all by name
    -- Where it may not be shown, one row that says so.
    select 1 as accounts
    where
        $min_accounts is not null
        and exists (select 1 from cubes.account_colours)
)

select * from colour_map
order by cluster asc, account_id asc
