-- Grain: one variant of one experiment that chose covers, with the accounts that it was drawn for, and the sums and
-- sums of squares over them that an interval by account takes.
-- What was drawn is what exposures say, else what the impressions say: of two variants, neither.
with tested as (
    select distinct experiment_id
    from published.cover_takes
    where experiment_id is not null
),

drawn as (
    select
        exposures.experiment_id,
        exposures.account_id,
        exposures.variant,
        true as told_by_exposures,
    from published.experiment_exposures as exposures
    inner join tested
        on exposures.experiment_id = tested.experiment_id
),

shown as (
    select
        experiment_id,
        account_id,
        min(variant) as variant,
        false as told_by_exposures,
    from published.cover_takes
    where
        experiment_id not in (select drawn.experiment_id from drawn)
        and variant is not null
    group by all
    having count(distinct variant) = 1
),

arms as (
    select * from drawn
    union all
    select * from shown
),

takes as (
    select
        experiment_id,
        account_id,
        sum(impressions) as impressions,
        sum(taken_impressions) as taken_impressions,
    from published.cover_takes
    where experiment_id is not null
    group by all
),

covers as (
    select
        arms.experiment_id,
        arms.variant,
        cover_takes.show_id,
        cover_takes.artwork_id,
        sum(cover_takes.impressions) as impressions,
    from arms
    inner join published.cover_takes as cover_takes
        on arms.experiment_id = cover_takes.experiment_id
        and arms.account_id = cover_takes.account_id
    group by all
),

-- The cover that a variant is: that which was shown most.
main_covers as (
    select
        experiment_id,
        variant,
        max(struct_pack(impressions := impressions, show_id := show_id, artwork_id := artwork_id)) as cover,
    from covers
    group by all
),

cover_tests as (
    select
        arms.experiment_id,
        arms.variant,
        main_covers.cover.show_id,
        main_covers.cover.artwork_id,
        arms.told_by_exposures,
        count(*) as drawn_accounts,
        count(takes.account_id) as shown_accounts,
        cast(coalesce(sum(takes.impressions), 0) as bigint) as impressions,
        cast(coalesce(sum(takes.taken_impressions), 0) as bigint) as taken_impressions,
        cast(coalesce(sum(takes.impressions * takes.impressions), 0) as bigint) as squared_impressions,
        cast(coalesce(sum(takes.taken_impressions * takes.taken_impressions), 0) as bigint) as squared_taken,
        cast(coalesce(sum(takes.impressions * takes.taken_impressions), 0) as bigint) as impressions_by_taken,
    from arms
    left join takes
        on arms.experiment_id = takes.experiment_id
        and arms.account_id = takes.account_id
    left join main_covers
        on arms.experiment_id = main_covers.experiment_id
        and arms.variant = main_covers.variant
    group by all
)

select * from cover_tests
