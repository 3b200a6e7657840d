-- Grain: one film or series chosen by the title filter, all when it is not set.
-- Answers: what is it called?
with show_names as (
    select
        show_id,
        min(show_name) as show_name,
    from shows
    where chosen(show_id, $titles)
    group by show_id
)

select * from show_names
order by show_id
