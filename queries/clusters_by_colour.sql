-- Grain: one cluster of accounts whose average colours are alike.
-- Answers: which tastes in colour are there, how large are they, and what do they watch? Of the days that the build
-- looked at, whatever the range. Sizes are of the countries and plans chosen; palettes and genres of all its accounts.
with sizes as (
    select
        cluster,
        count(*) as cluster_accounts,
        sum(watch_ms) / 3600000.0 as watch_hours,
        sum(watch_ms * brightness) / sum(watch_ms) as brightness,
        sum(watch_ms * saturation) / sum(watch_ms) as saturation,
        sum(watch_ms * warmth) / nullif(sum(watch_ms) filter (where warmth is not null), 0) as warmth,
    from cubes.account_colours
    where
        chosen(account_country, $countries)
        and chosen(account_plan, $plans)
    group by cluster
),

bins as (
    select
        watched.cluster,
        image_bins.bin,
        sum(watched.watch_ms * image_bins.share) as weight,
        sum(watched.watch_ms * image_bins.share * image_bins.red) / weight as red,
        sum(watched.watch_ms * image_bins.share * image_bins.green) / weight as green,
        sum(watched.watch_ms * image_bins.share * image_bins.blue) / weight as blue,
    from cubes.colour_cluster_shows as watched
    inner join cubes.shows as shows
        on watched.show_id = shows.show_id
    inner join cubes.image_bins as image_bins
        on shows.poster_hash = image_bins.image_hash
    group by watched.cluster, image_bins.bin
),

shares as (
    select
        *,
        weight / sum(weight) over (partition by cluster) as share,
        sum(weight) over (partition by cluster order by weight desc, bin asc rows unbounded preceding)
        / sum(weight) over (partition by cluster) - share as share_before,
    from bins
),

palettes as (
    select
        cluster,
        string_agg(
            printf('%s %.4f', hex_of(red, green, blue), share),
            '; ' order by share desc, bin asc
        ) as cluster_palette,
    from shares
    where share_before < 0.9 - 1e-9
    group by cluster
),

by_genre as (
    select
        cluster,
        unnest(string_split(shows.genres, '; ')) as genre,
        watched.watch_ms,
    from cubes.colour_cluster_shows as watched
    inner join cubes.shows as shows
        on watched.show_id = shows.show_id
),

genre_shares as (
    select
        cluster,
        genre,
        sum(watch_ms) / sum(sum(watch_ms)) over (partition by cluster) as own_share,
        sum(sum(watch_ms)) over (partition by genre) / sum(sum(watch_ms)) over () as all_share,
    from by_genre
    group by cluster, genre
),

genres as (
    select
        cluster,
        string_agg(genre, '; ' order by own_share / all_share desc, genre asc) as more_watched_genres,
    from (
        select *
        from genre_shares
        where
            -- A genre that is next to nothing of what they watch does not describe them.
            own_share >= 0.02
            and own_share / all_share >= 1.05
        qualify row_number() over (partition by cluster order by own_share / all_share desc, genre asc) <= 3
    ) as typical
    group by cluster
),

-- What tells of too few accounts says nothing but that there are some.
told_sizes as (
    select
        *,
        $min_accounts is null or cluster_accounts >= $min_accounts as is_told,
        cluster_accounts / cast(sum(cluster_accounts) over () as double) as account_share,
    from sizes
)

select
    clusters.cluster,
    sizes.cluster_accounts,
    sizes.account_share,
    if(sizes.is_told, sizes.watch_hours, null) as watch_hours,
    if(sizes.is_told, sizes.brightness, null) as brightness,
    if(sizes.is_told, sizes.saturation, null) as saturation,
    if(sizes.is_told, sizes.warmth, null) as warmth,
    if(sizes.is_told, palettes.cluster_palette, null) as cluster_palette,
    if(sizes.is_told, genres.more_watched_genres, null) as more_watched_genres,
    clusters.mean_silhouette,
    clusters.end_day,
    sizes.cluster_accounts as accounts,
from cubes.colour_clusters as clusters
inner join told_sizes as sizes
    on clusters.cluster = sizes.cluster
left join palettes
    on clusters.cluster = palettes.cluster
left join genres
    on clusters.cluster = genres.cluster
order by clusters.cluster asc
