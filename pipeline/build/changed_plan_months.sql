-- Grain: one month with plays of accounts whose plan then is another than the build before knew. Not published.
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

select distinct cast(date_trunc('month', unnest([plays.local_day, plays.utc_day, plays.service_day])) as date) as month,
from published.plays as plays
inner join changed_accounts
    on plays.account_id = changed_accounts.account_id
    -- The trailing 28 days of a month's first day reach into the month before.
    and plays.utc_day >= changed_accounts.from_day - 29
