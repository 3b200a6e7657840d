-- Grain: one column that says of a row whether something in it is estimated. Starts count once, in one calendar.
select
    'plays.offset_estimated' as column_name,
    count(*) as row_count,
    count_if(offset_estimated) as estimated_count,
from plays
union all
select
    'accounts.country_estimated' as column_name,
    count(*) as row_count,
    count_if(country_estimated) as estimated_count,
from accounts
union all
select
    'accounts.derived' as column_name,
    count(*) as row_count,
    count_if(derived) as estimated_count,
from accounts
union all
select
    'title_starts.coverage_estimated' as column_name,
    count(*) as row_count,
    count_if(coverage_estimated) as estimated_count,
from title_starts
where calendar = 'local'
