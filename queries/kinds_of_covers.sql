-- Grain: one kind of the films and series that have a cover.
-- Answers: what kinds of them can be chosen, the one with most covers first?
with kinds_of_covers as (
    select
        kind as value,
        count(*) as covers,
    from covers_of_titles()
    where kind is not null
    group by kind
)

select value from kinds_of_covers
order by covers desc, value asc
