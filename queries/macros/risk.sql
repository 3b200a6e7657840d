-- Accounts whose activity has fallen below their own habit, and what became of those of earlier days.

-- Grain: one cut day and share of the habit lost: how many of the accounts chosen ended in the 28 days from the cut on,
-- and which share of the same band had ended after all cuts before that one, whose 28 days were over by then.
create macro settled_risk_bands(of_calendar, to_day, of_countries, of_plans) as table
    with settled as (
        select
            bands.cut_day,
            bands.risk_band,
            cast(sum(bands.accounts) as bigint) as accounts,
            cast(coalesce(sum(bands.accounts) filter (where bands.outcome = 'ended'), 0) as bigint) as ended_accounts
        from main.risk_bands as bands
        where
            bands.calendar = of_calendar
            and bands.outcome <> 'open'
            and bands.cut_day + 28 <= to_day
            and chosen(bands.account_country, of_countries)
            and chosen(bands.account_plan, of_plans)
        group by bands.cut_day, bands.risk_band
    ),

    added_up as (
        select
            *,
            sum(accounts) over before_it as accounts_before,
            sum(ended_accounts) over before_it as ended_before
        from settled
        window before_it as (
            partition by risk_band order by cut_day rows between unbounded preceding and 1 preceding
        )
    )

    select
        cut_day,
        risk_band,
        accounts,
        ended_accounts,
        ended_before / cast(accounts_before as double) as expected_share
    from added_up;
