-- Grain: one UTC day of the build before with plays or covers of an account or profile that is known differently now.
-- Not published.
with changed_accounts as (
    select
        account_id,
        account_country,
    from published.accounts
    except
    select
        account_id,
        account_country,
    from previous.accounts
),

profiles_before as (
    select
        profile_id,
        profile_type,
    from previous.profiles
),

profiles_now as (
    select
        profile_id,
        profile_type,
    from source.profiles
),

changed_profiles as (
    (
        select * from profiles_before
        except
        select * from profiles_now
    )
    union all
    (
        select * from profiles_now
        except
        select * from profiles_before
    )
)

select distinct known.utc_day,
from (
    select
        utc_day,
        account_id,
        profile_id,
    from previous.plays
    union all
    select
        utc_day,
        account_id,
        profile_id,
    from previous.impressions
) as known
where
    known.account_id in (select changed_accounts.account_id from changed_accounts)
    or known.profile_id in (select changed_profiles.profile_id from changed_profiles)
