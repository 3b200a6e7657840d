-- Grain: one playback of which events may contradict each other, or two are told alike, so that more has to be compared
-- to put them in order. Not published.
select session_number
from derived.event_sessions
where has_doubtful_start
union
select session_number
from derived.event_sequence
where
    (is_end and next_order is not null)
    or to_ms < from_ms - $position_tolerance_ms
    or next_order = event_order
