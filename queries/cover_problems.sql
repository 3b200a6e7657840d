-- Grain: one cover that has no thumbnail, up to five of each reason; `row_count` counts all of that reason.
with numbered as (
    select
        problem,
        artwork_id,
        path,
        count(*) over (partition by problem) as row_count,
        row_number() over (partition by problem order by path, artwork_id) as sample_number,
    from artwork_images
    where problem is not null
)

select * exclude (sample_number)
from numbered
where sample_number <= 5
order by row_count desc, problem asc, sample_number asc
