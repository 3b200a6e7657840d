-- Grain: one day at whose beginning accounts are looked at, in one calendar: the last of the complete days' ends, and
-- every 28 days before it, as far as the data have all of the 112 days before. Not published.
with cuts as (
    select
        calendar,
        first_day,
        end_day,
        unnest(range(0, greatest(end_day - first_day, 0) // 28 + 1)) as cut_number,
    from reference.complete_days
),

risk_cuts as (
    select
        calendar,
        cut_number,
        end_day - cast(28 * cut_number as integer) as cut_day,
        -- Who leaves in the 28 days from the last cut on is not known yet.
        cut_number > 0 as is_settled,
    from cuts
    where end_day - cast(28 * cut_number as integer) - 112 >= first_day
)

select * from risk_cuts
