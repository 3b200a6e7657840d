-- Titles: films, seasons of episodes, and trailers. A third was there before the data begin; the rest comes out along
-- the way.
create table titles as
with film_titles as (
    select
        'film-' || number as title_id,
        name,
        'film' as kind,
        null as subtype,
        null as series_id,
        null as series_name,
        null as season_number,
        null as episode_number,
        round(if(for_kids, 82, 108) + 12 * normal('film length', number)) as runtime_min,
        getvariable('first_day')
        + cast(floor((uniform('film release', number) * 1.5 - 0.5) * days_of_data()) as integer) as released_on,
        country,
        language,
        genre,
        for_kids
    from films
),

seasons as (
    select
        series.*,
        unnest(generate_series(1, seasons)) as season_number,
        getvariable('first_day')
        + cast(floor((uniform('series release', number) * 0.8 - 0.4) * days_of_data()) as integer) as premiere
    from series
),

episodes as (
    select
        *,
        unnest(generate_series(1, episodes)) as episode_number
    from seasons
),

episode_titles as (
    select
        'series-' || number || '-' || season_number || '-' || episode_number as title_id,
        'Episode ' || episode_number as name,
        'episode' as kind,
        null as subtype,
        'series-' || number as series_id,
        name as series_name,
        season_number,
        episode_number,
        round(
            episode_min
            * (1 + 0.05 * normal('episode length', number || '/' || season_number || '/' || episode_number))
        ) as runtime_min,
        -- Half of the series come out a week at a time, the others a season at a time.
        premiere
        + cast(200 * (season_number - 1) + if(number % 2 = 0, 7 * (episode_number - 1), 0) as integer) as released_on,
        country,
        language,
        genre,
        for_kids
    from episodes
),

trailer_titles as (
    select
        'trailer-' || films.number as title_id,
        films.name || ': trailer' as name,
        'trailer' as kind,
        trailer_subtypes.subtype,
        null as series_id,
        null as series_name,
        null as season_number,
        null as episode_number,
        2 as runtime_min,
        film_titles.released_on - 21 as released_on,
        films.country,
        films.language,
        films.genre,
        films.for_kids
    from films
    inner join film_titles on film_titles.title_id = 'film-' || films.number
    inner join trailer_subtypes on trailer_subtypes.number = 1 + films.number % 3
    where films.number % 4 = 0
),

all_titles as (
    select * from film_titles
    union all by name
    select * from episode_titles
    union all by name
    select * from trailer_titles
)

select
    *,
    cast(runtime_min * 60000 as bigint) as runtime_ms,
    uniform('original', coalesce(series_id, title_id)) < 0.4 as original,
    if(for_kids, 'all', pick(['7+', '13+', '16+', '18+'], 'maturity', coalesce(series_id, title_id))) as maturity
from all_titles
where released_on < getvariable('end_day');

create table works as
select distinct
    if(series_id is null, title_id, null) as title_id,
    series_id,
    coalesce(series_id, title_id) as work_id,
    genre
from titles
where kind in ('film', 'episode');

create table title_people as
with credits as (
    select
        *,
        unnest(range(5)) as credit
    from works
)

select
    credits.title_id,
    credits.series_id,
    people.name as person,
    case
        when credits.credit = 0 then if(credits.series_id is null, 'director', 'creator')
        when credits.credit = 4 then 'writer'
        else 'cast'
    end as role,
    if(credits.credit between 1 and 3, credits.credit, 1) as billing
from credits
inner join people
    -- Seven and thirty have no common divisor: nobody is credited twice on one work.
    on people.number
    = 1 + (cast(floor(30 * uniform('first credit', credits.work_id)) as integer) + 7 * credits.credit) % 30;

create table title_tags as
select
    title_id,
    series_id,
    genre as tag,
    'genre' as tag_kind,
    1.0 as weight
from works
union all
select
    title_id,
    series_id,
    pick(['tense', 'tender', 'wry', 'bleak', 'uplifting', 'dreamlike'], 'mood', work_id) as tag,
    'mood' as tag_kind,
    round(0.5 + uniform('mood weight', work_id) / 2, 2) as weight
from works;
