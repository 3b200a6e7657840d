-- Grain: one month with plays or covers of accounts whose plan then is another than the build before knew. Not
-- published.
with told_once as (
    (
        select * from published.plan_periods
        except
        select * from previous.plan_periods
    )
    union all
    (
        select * from previous.plan_periods
        except
        select * from published.plan_periods
    )
),

-- A stretch that only became longer or shorter is the same up to the earlier of its two ends.
changes as (
    select
        account_id,
        case when count(*) > 1 then min(to_day) else min(from_day) end as from_day,
    from told_once
    group by account_id, from_day, account_plan
),

changed_accounts as (
    select
        account_id,
        min(from_day) as from_day,
    from changes
    group by account_id
)

select distinct cast(date_trunc('month', unnest(dated.days)) as date) as month,
from (
    select
        account_id,
        utc_day,
        [local_day, utc_day, service_day] as days,
    from published.plays
    union all
    select
        account_id,
        utc_day,
        [utc_day] as days,
    from published.impressions
) as dated
inner join changed_accounts
    on dated.account_id = changed_accounts.account_id
    -- The trailing 28 days of a month's first day reach into the month before.
    and dated.utc_day >= changed_accounts.from_day - 29
