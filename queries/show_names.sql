-- Grain: one film or series chosen by the title filter, all when it is not set.
-- Answers: what is it called?
select
    show_id,
    show_name,
from shows
where chosen(show_id, $titles)
order by show_id
