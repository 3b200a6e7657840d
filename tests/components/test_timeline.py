"""The timeline's figure and the moments it names."""

import pytest

from components.timeline import audience_figure, clock, most_notable, notable_moments, timeline
from definitions.metrics import METRICS
from tests.components.trees import of_class, words
from tests.components.world import filters_of
from tests.gallery import timeline_of

CURVE = METRICS["audience_curve"]
FILTERS = filters_of("period=all")


def test_scenes_side_by_side_are_one_moment() -> None:
    # Of 540 tens of seconds those above 162 and below 183.6 are watched again, and at 324 people leave.
    frame = timeline_of(540)
    assert [(moment.lane.moment, moment.from_s, moment.to_s) for moment in notable_moments(frame)] == [
        ("Watched again", 1630, 1840),
        ("Left", 3240, 3250),
    ]
    assert most_notable(frame, CURVE, FILTERS) == "Watched again at 27:10 to 30:40 · Left at 54:00 to 54:10"


def test_moments_are_numbered_on_the_curve_and_listed_with_how_sure_they_are() -> None:
    frame = timeline_of(540)
    figure = audience_figure(frame, CURVE, notable_moments(frame))
    (marked,) = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "markers+text"]
    assert list(marked.text) == ["1", "2"]
    # Plays there: 300 × (0.9 − 0.1 × 0.302) at the first, 300 × (0.6 − 0.1 × 0.6) at the second.
    listed = [words(item) for item in of_class(timeline(frame, CURVE, FILTERS), "moments")[0].children]
    assert listed == [
        "Watched again, 27:10 to 30:40  34.5 repeats for every 100 plays there, at least 22.5 allowing for chance",
        "Left, 54:00 to 54:10  43.2 exits for every 100 plays there, at least 17.5 allowing for chance",
    ]


def test_nothing_that_stands_out_is_said() -> None:
    frame = timeline_of(540).assign(replays_stand_out=False, exits_stand_out=False)
    assert "Nothing in it stands out beyond chance." in words(timeline(frame, CURVE, FILTERS))


def test_a_long_title_keeps_its_peaks() -> None:
    figure = audience_figure(timeline_of(10_000), CURVE)
    (curve,) = [trace for trace in figure.data if trace.meta]
    assert len(curve.x) <= 800
    assert max(curve.y) == pytest.approx(timeline_of(10_000)["audience_curve"].max())


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (1260, "21:00"), (3790, "1:03:10")])
def test_places_are_told_as_players_tell_them(seconds: float, text: str) -> None:
    assert clock(seconds) == text
