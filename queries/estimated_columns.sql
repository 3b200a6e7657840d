-- Grain: one column that says of a row whether something in it is estimated. Starts count once, in one calendar.
select
    'plays.offset_estimated' as column_name,
    count(*) as row_count,
    count(*) filter (where offset_estimated) as estimated_count,
from plays
union all
select
    'accounts.country_estimated' as column_name,
    count(*) as row_count,
    count(*) filter (where country_estimated) as estimated_count,
from accounts
union all
select
    'accounts.derived' as column_name,
    count(*) as row_count,
    count(*) filter (where derived) as estimated_count,
from accounts
union all
select
    'title_starts.coverage_estimated' as column_name,
    count(*) as row_count,
    count(*) filter (where coverage_estimated) as estimated_count,
from title_starts
where calendar = 'local'
