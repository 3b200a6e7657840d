-- Grain: one account and one film or episode, over all its profiles. Not published. An account has got as far as that
-- of its profiles that got there first; of several that complete a title, the one that took least watch time tells it.
with account_progress as (
    select
        account_number,
        title_id,
        bool_or(is_known) as is_known,
        bool_or(is_estimated) as is_estimated,
        min(watched_at) as watched_at,
        min(watched_local_at) as watched_local_at,
        min(completed_at) as completed_at,
        min(completed_local_at) as completed_local_at,
        arg_min(completed_on, {'at': completed_at, 'profile_number': profile_number}) as completed_on,
        min(watch_ms_to_complete) as watch_ms_to_complete,
    from derived.profile_progress
    group by account_number, title_id
)

select * from account_progress
