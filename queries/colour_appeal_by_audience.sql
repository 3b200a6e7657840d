-- Grain: one audience of the sort chosen ($appeal_by), colour of covers, stratum (a number of the genres and the half
-- of the titles), and part of the accounts or titles.
-- Answers, once compared (queries/colour_appeal.py), which gives a row for each audience and colour: which colours
-- appeal to whom? Over the range's whole months; where none lies in it, the last twelve before it.
with months as (
    from whole_months($start_day, $end_day)
),

colour_appeal_by_audience as (
    select
        $appeal_by as audience_by,
        colour_audiences.audience,
        colour_audiences.colour_family,
        -- Grouped, put in order and handed on in a third less time than texts.
        cast(hash(colour_audiences.genres, colour_audiences.title_half) >> 1 as bigint) as stratum,
        colour_audiences.parts_of,
        colour_audiences.part,
        cast(sum(colour_audiences.impressions) as bigint) as impressions,
        cast(sum(colour_audiences.taken_impressions) as bigint) as taken_impressions,
        sum(colour_audiences.expected_taken) as expected_taken,
        min(colour_audiences.month_start) as first_month,
        max(colour_audiences.month_start) as last_month,
        max(colour_audiences.accounts) as shown_accounts,
    from cubes.colour_audiences as colour_audiences
    inner join months
        on colour_audiences.month_start >= months.first_month
        and colour_audiences.month_start < months.month_after
    where colour_audiences.audience_by = $appeal_by
    group by all
)

select * from colour_appeal_by_audience
order by all
