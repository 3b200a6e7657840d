-- Accounts, their profiles and subscriptions. Two in five were there before the data begin; one in thirty leaves each
-- month.
create table account_traits as
with numbered as (
    select 'account-' || lpad(cast(unnest(range(1, 801)) as varchar), 4, '0') as account_id
),

placed as (
    select
        account_id,
        pick(
            ['US', 'US', 'US', 'IN', 'IN', 'IN', 'GB', 'GB', 'DE', 'DE', 'BR', 'BR', 'FR', 'JP', 'ES'],
            'country',
            account_id
        ) as country,
        pick(['basic', 'standard', 'standard', 'standard', 'premium', 'premium'], 'plan', account_id) as plan,
        getvariable('first_day')
        + cast(floor((uniform('sign-up', account_id) * 1.7 - 0.7) * days_of_data()) as integer) as signed_up_on,
        1 + cast(floor(ln(1 - uniform('months', account_id)) / ln(1 - 0.033)) as integer) as months,
        30 + cast(floor(120 * uniform('months away', account_id)) as integer) as days_away,
        1 + cast(floor(9 * uniform('more months', account_id)) as integer) as more_months,
        uniform('rejoins', account_id) < 0.3 as rejoins,
        exp(0.9 * normal('appetite', account_id)) as appetite
    from numbered
)

select
    *,
    signed_up_on + minutes(1440 * uniform('sign-up time', account_id)) as signed_up_at,
    map {'basic': 799, 'standard': 1299, 'premium': 1799}[plan] as price_minor
from placed;

create table accounts as
select
    account_id,
    signed_up_at,
    country,
    plan,
    pick(['organic', 'organic', 'social', 'partner', 'referral', 'television'], 'channel', account_id)
        as acquisition_channel
from account_traits;

create table profiles as
with slots as (
    select
        accounts.*,
        unnest(range(1 + cast(floor(3 * uniform('profiles', accounts.account_id)) as integer))) as slot
    from accounts
)

select
    account_id || '-' || slot as profile_id,
    account_id,
    if(slot > 0 and uniform('kids', account_id || '/' || slot) < 0.4, 'kids', 'standard') as profile_type,
    map {
        'US': 'en-US', 'IN': 'en-IN', 'GB': 'en-GB', 'DE': 'de', 'BR': 'pt-BR', 'FR': 'fr', 'JP': 'ja', 'ES': 'es'
    }[country] as language,
    signed_up_at + slot * interval 3 day as created_at
from slots;

-- One unbroken subscription; it lasts a whole number of months.
create table spells as
select
    account_id,
    plan,
    price_minor,
    'start' as began_as,
    signed_up_at as began_at,
    months,
    signed_up_at + to_months(months) as ended_at
from account_traits
union all
select
    account_id,
    plan,
    price_minor,
    'rejoin' as began_as,
    signed_up_at + to_months(months) + to_days(days_away) as began_at,
    more_months as months,
    signed_up_at + to_months(months) + to_days(days_away) + to_months(more_months) as ended_at
from account_traits
where rejoins;

create table subscription_events as
with billings as (
    select
        *,
        unnest(generate_series(1, months - 1)) as month,
        account_id || '/' || began_as || '/' || month as billing
    from spells
),

failures as (
    select
        *,
        began_at + to_months(month) as failed_at
    from billings
    where uniform('payment fails', billing) < 0.02
),

changes as (
    select account_id, began_as, plan, price_minor, 0 as month, began_as as event, began_at as ts
    from spells
    union all
    select account_id, began_as, plan, price_minor, month, 'renew' as event, began_at + to_months(month) as ts
    from billings
    union all
    select account_id, began_as, plan, price_minor, month, 'payment_failed' as event, failed_at as ts
    from failures
    union all
    select
        account_id, began_as, plan, price_minor, month, 'payment_recovered' as event,
        failed_at + to_days(1 + cast(floor(9 * uniform('recovery', billing)) as integer)) as ts
    from failures
    union all
    select
        account_id, began_as, plan, price_minor, months as month, 'cancel' as event,
        ended_at - minutes(1440 * 25 * uniform('cancelled', account_id || '/' || began_as)) as ts
    from spells
    union all
    select account_id, began_as, plan, price_minor, months as month, 'end' as event, ended_at as ts
    from spells
)

select
    account_id || '-' || began_as || '-' || month || '-' || event as event_id,
    account_id,
    ts,
    event,
    plan,
    price_minor,
    'EUR' as currency
from changes
where ts >= getvariable('first_day') and ts < getvariable('end_day');
