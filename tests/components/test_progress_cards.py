"""What cards of how far people get say and draw."""

import pandas as pd

from components.bars import funnel
from components.progress import (
    binge_racers,
    completers_of_starters,
    estimated_coverage,
    finish_speeds,
    what_completion_leaves_out,
)
from components.shares import share_of_range
from definitions.metrics import METRICS
from tests.components.trees import words
from tests.components.world import filters_of

FILTERS = filters_of("start_day=2023-06-10&end_day=2023-06-13")
STEPS = METRICS["title_accounts"]
FINISHED = METRICS["finished_seasons"]
RATE = METRICS["abandonment_rate"]


def steps(starters: int, watchers: int, completers: int, **more: float) -> pd.DataFrame:
    counts = [starters, watchers, completers]
    left_out = {"unknown_starters": 0, "open_starters": 0, "estimated_starters": 0} | more
    return pd.DataFrame(
        {
            "step": ["Starters", "Watchers", "Completers"],
            "title_accounts": counts,
            "share_of_starters": [count / starters if starters else None for count in counts],
            **left_out,
        }
    )


def test_the_funnel_says_which_share_completes() -> None:
    frame = steps(200, 150, 50)
    assert words(completers_of_starters(frame, STEPS, FILTERS)) == "25 % of what is begun is completed"
    (bars,) = funnel(frame, STEPS, FILTERS).data
    assert bars.x == (200.0, 150.0, 50.0)
    assert completers_of_starters(steps(0, 0, 0), STEPS, FILTERS) == "Starters, watchers and completers"


def test_what_is_not_known_or_not_over_is_said() -> None:
    assert what_completion_leaves_out(steps(200, 150, 50), STEPS, FILTERS) is None
    frame = steps(200, 150, 50, unknown_starters=1_200, open_starters=12, estimated_starters=100)
    assert words(what_completion_leaves_out(frame, STEPS, FILTERS)) == (
        "1,200 more began what has no known runtime or position, and are left out. "
        "12 began something whose days since release are not over. "
        "Coverage is an estimate for 50 % of these: from the furthest position, or over several plays, which may "
        "overlap."
    )


def rates(current: list[tuple[int | None, int]], comparison: list[tuple[int | None, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "span": span,
                "abandoned": abandoned,
                "settled_titles": settled,
                "estimated_titles": settled // 2,
                "abandonment_rate": None if abandoned is None else abandoned / settled,
            }
            for span, rows in (("current", current), ("comparison", comparison))
            for abandoned, settled in rows
        ]
    )


def test_a_rate_is_that_of_the_sums_and_its_change_in_points() -> None:
    # 3 + 1 of 10 + 30 are 10 %, not the mean of 30 and 3.3 %; before, 2 of 10: 10 points more.
    frame = rates([(3, 10), (1, 30)], [(2, 10)])
    assert words(share_of_range(frame, RATE, FILTERS)) == "Abandonment rate 10 %, down 10 pt"
    assert words(share_of_range(rates([(3, 10), (None, 30)], []), RATE, FILTERS)) == "Abandonment rate 30 %"
    assert share_of_range(rates([(None, 30)], [(2, 10)]), RATE, FILTERS) == "Abandonment rate"
    # 5 + 15 of 40, of this range alone.
    assert words(estimated_coverage(frame, RATE, FILTERS)).startswith("Coverage is an estimate for 50 % of these")


def test_seasons_are_counted_by_how_fast_they_are_finished() -> None:
    frame = pd.DataFrame(
        {
            "hours_from": [0.0, 2.0],
            "step": ["0.0 to 0.25 h a day", "2.0 to 2.25 h a day"],
            "finished_seasons": [30, 10],
            "binge_racers": [0, 8],
            "release_known_seasons": [30, 2],
            "estimated_seasons": [0, 0],
        }
    )
    assert words(binge_racers(frame, FINISHED, FILTERS)) == "40 seasons finished, 25 % on the day of release"
    unknown = frame.head(1).assign(finished_seasons=1, release_known_seasons=0)
    assert words(binge_racers(unknown, FINISHED, FILTERS)) == "1 season finished"
    assert estimated_coverage(frame, FINISHED, FILTERS) is None
    figure = finish_speeds(frame, FINISHED, FILTERS)
    (bars,) = figure.data
    assert (bars.x, bars.y) == ((0.125, 2.125), (30, 10))
    assert "8 by binge racers" in bars.hovertext[1]
    assert not finish_speeds(frame.head(0), FINISHED, FILTERS).data
