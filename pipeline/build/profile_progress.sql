-- Grain: one profile (where it is not known, one account) and one film or episode, over all their plays. Not published.
-- What was reached by several plays is dated by the earliest moment, by either clock, of a play that had it.
with profile_progress as (
    select
        account_number,
        profile_number,
        title_id,
        max(play_number) as plays,
        bool_or(is_known) as is_known,
        bool_or(is_estimated) as is_estimated,
        max(covered_ms) as covered_ms,
        min(play_number) filter (where has_watched) as watched_number,
        min(started_at) filter (where has_watched) as watched_at,
        min(local_at) filter (where has_watched) as watched_local_at,
        min(play_number) filter (where has_completed) as completed_number,
        min(started_at) filter (where has_completed) as completed_at,
        min(local_at) filter (where has_completed) as completed_local_at,
        -- In a struct, since of several values arg_min passes over null.
        arg_min({'device_type': device_type}, play_number) filter (where has_completed) as completed_on,
        -- With the play that completed it.
        min(watch_ms_to_date) filter (where has_completed) as watch_ms_to_complete,
    from derived.play_progress
    group by account_number, profile_number, title_id
)

select * from profile_progress
