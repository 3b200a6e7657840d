"""Key figures from a query's rows, by hand."""

from typing import Any, cast

import pandas as pd
import pytest

from queries import key_figures as module
from queries.db import Build
from queries.key_figures import COLUMNS, key_figures
from queries.run import QueryError
from tests.components.world import StubBuild, filters_of

ROWS = pd.DataFrame(
    {
        "span": ["current", "current", "comparison"],
        "period_start": [pd.NaT, pd.Timestamp("2023-06-30"), pd.NaT],
        "watch_hours": [3.0, 9.0, 4.0],
        "plays": [4, 9, 0],
        "completion_rate": [None, 0.5, 0.4],
        "rebuffer_ratio": [0.5, 0.5, 0.25],
    }
)


def _figures(monkeypatch: pytest.MonkeyPatch, rows: pd.DataFrame, *metrics: str) -> list[tuple[Any, ...]]:
    monkeypatch.setattr(module, "run_compared", lambda *_: rows)
    # No rebuffer_ms: the source does not have it.
    build = cast(Build, StubBuild("plays.watch_ms", "plays.play_id", "titles.runtime_ms", "plays.furthest_position_ms"))
    frame = key_figures([(metric, "viewing_summary") for metric in metrics], filters_of(), build)
    assert tuple(frame.columns) == COLUMNS
    values = frame[["metric", "value", "comparison_value", "change", "relative_change"]].astype(object)
    return list(values.where(values.notna(), None).itertuples(index=False, name=None))


def test_a_change_is_a_difference_and_a_share_of_what_was_before(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _figures(monkeypatch, ROWS, "watch_hours", "plays", "completion_rate", "rebuffer_ratio") == [
        ("watch_hours", 3.0, 4.0, -1.0, -0.25),
        ("plays", 4.0, 0.0, 4.0, None),
        ("completion_rate", None, 0.4, None, None),
        ("rebuffer_ratio", None, None, None, None),
    ]


def test_without_a_comparison_there_is_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    current = ROWS[ROWS["span"] == "current"]
    assert _figures(monkeypatch, current, "watch_hours") == [("watch_hours", 3.0, None, None, None)]


@pytest.mark.parametrize(
    ("columns", "words"), [(["watch_hours"], "no row for the whole range"), (["period_start"], "does not give")]
)
def test_a_query_that_gives_no_such_figure_is_told(
    monkeypatch: pytest.MonkeyPatch, columns: list[str], words: str
) -> None:
    with pytest.raises(QueryError, match=words):
        _figures(monkeypatch, ROWS[["span", *columns]], "watch_hours")
