-- Grain: one refused row, up to five of each table, refuser and broken rule; `row_count` counts all that break it.
with numbered as (
    select
        table_name,
        rule,
        rejected_by,
        file,
        line,
        -- Where small groups are hidden, nothing of a row is shown: it may name an account.
        case when $min_accounts is null then reason end as reason,
        case when $min_accounts is null then left(row_json, 400) end as row_start,
        count(*) over (partition by table_name, rule, rejected_by) as row_count,
        row_number() over (
            partition by table_name, rule, rejected_by
            order by file nulls last, line nulls last, row_json nulls last
        ) as sample_number,
    from rejected_rows
)

select * exclude (sample_number)
from numbered
where sample_number <= 5
order by table_name asc, row_count desc, rule asc, rejected_by asc, sample_number asc
limit 1000
