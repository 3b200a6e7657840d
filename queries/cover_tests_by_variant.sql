-- Grain: one variant of one experiment that chose covers.
-- Answers, once compared (queries/cover_verdicts.py): what did tests of covers find? Each over all its days, whatever
-- the range.
with cover_tests_by_variant as (
    select
        cover_tests.experiment_id,
        coalesce(experiments.name, cover_tests.experiment_id) as experiment_name,
        experiments.started_on,
        experiments.ended_on,
        cover_tests.show_id,
        shows.show_name as name,
        cover_tests.variant,
        artwork_images.image_hash,
        cover_tests.told_by_exposures,
        cover_tests.drawn_accounts,
        cover_tests.shown_accounts,
        cover_tests.impressions,
        cover_tests.taken_impressions,
        cover_tests.squared_impressions,
        cover_tests.squared_taken,
        cover_tests.impressions_by_taken,
    from cover_tests
    left join experiments
        on cover_tests.experiment_id = experiments.experiment_id
    left join shows
        on cover_tests.show_id = shows.show_id
    left join artwork_images
        on cover_tests.artwork_id = artwork_images.artwork_id
    where chosen(cover_tests.show_id, $titles)
)

select * from cover_tests_by_variant
order by started_on desc nulls last, experiment_id asc, variant asc
