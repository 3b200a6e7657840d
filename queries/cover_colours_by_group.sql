-- Grain: one group of films and series, and one colour on their covers.
-- Answers: what colours do the covers of a genre, a year, a country, or of originals have? A film or series counts by
-- the cover that it is shown by, and for each of its genres; its year is that in which the first of it came out. The
-- whole catalogue, whatever the range.
with years_and_countries as (
    select
        show_id,
        year(min(released_on)) as released_year,
        mode(country order by country asc) as country,
    from titles
    group by show_id
),

covers as (
    select
        shows.show_id,
        shows.image_hash,
        unnest(
            case $catalogue_by
                when 'year' then [cast(years_and_countries.released_year as varchar)]
                when 'country' then [years_and_countries.country]
                when 'original'
                    then [case when shows.original then 'original' when not shows.original then 'licensed' end]
                else coalesce(string_split(shows.genres, '; '), [null])
            end
        ) as group_id,
    from shows_with_colours() as shows
    inner join years_and_countries
        on shows.show_id = years_and_countries.show_id
    where is_kind_of_show_chosen(shows.show_kind, $kinds)
),

groups as (
    select
        known(group_id) as group_id,
        count(*) as titles,
    from covers
    group by group_id
),

areas as (
    select
        known(covers.group_id) as group_id,
        colour_bins.colour_family,
        sum(image_bins.share) as area,
        sum(image_bins.share * image_bins.red) / sum(image_bins.share) as red,
        sum(image_bins.share * image_bins.green) / sum(image_bins.share) as green,
        sum(image_bins.share * image_bins.blue) / sum(image_bins.share) as blue,
    from covers
    inner join image_bins
        on covers.image_hash = image_bins.image_hash
    inner join colour_bins
        on image_bins.bin = colour_bins.bin
    group by all
),

cover_colours_by_group as (
    select
        $catalogue_by as group_kind,
        areas.group_id,
        areas.group_id as group_name,
        groups.titles,
        areas.colour_family,
        areas.area / groups.titles as colour_area_share,
        cast(round(areas.red) as integer) as red,
        cast(round(areas.green) as integer) as green,
        cast(round(areas.blue) as integer) as blue,
    from areas
    inner join groups
        on areas.group_id = groups.group_id
)

select * from cover_colours_by_group
order by
    case when $catalogue_by = 'year' then group_id end desc,
    titles desc,
    group_id asc,
    colour_family asc
