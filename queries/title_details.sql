-- Grain: one row: the title; none where there is no such title.
-- Answers: what is it called, what is it, how long is it, and when did it come out?
select
    name,
    kind,
    series_name,
    season_number,
    episode_number,
    runtime_ms,
    released_on,
from cubes.titles
where title_id = $of_title
