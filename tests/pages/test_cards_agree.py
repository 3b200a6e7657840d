"""Of every card of every page: the figure, the table, the CSV file and the Parquet file hold the same numbers."""

import io
import json
import math
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from dash import dcc

import app
from components.card import answer_of
from components.kpi import KpiStrip
from components.panel import Answer, View, declared_panels, panel_called
from components.survival import LIMIT
from tests.components.trees import rows, walk

SEARCHES = (
    "?period=last-7-days",
    "?period=all&granularity=month&not_device=tv",
    "?calendar=utc&compare=none&kind=film",
)
# The small world has no binge, hardly a season that is begun or finished, and fewer accounts than lift takes; a series
# has no films, in a few days hardly anybody is seen at both ends of a month of life, and too few end to fit a model. In
# its last weeks nobody begins.
SELDOM = (
    "viewing-binges",
    "viewing-binges-after-release",
    "viewing-completion",
    "viewing-finish",
    "devices-switches",
    "devices-adoption",
    "series-kpis",
    "series-funnel",
    "series-binges",
    "series-finish",
    "title-also-watched",
    "retention-ending-rate",
    "value-groups",
    "value-renewals",
    "value-forecast",
    "retention-cohorts",
    "retention-curves",
    "leaving-odds",
    "retention-rejoining",
    "leaving-accounts-at-risk",
)
# It has no player events, ratings or covers: test_title.py, test_artwork.py and test_customer_colours.py, and of
# tests/queries test_title_audience.py and test_brief.py, look at those of worlds that have.
NOT_TOLD = (
    "title-timeline",
    "title-drop-off",
    "title-ratings",
    "title-covers",
    *(panel.id for panel in declared_panels() if panel.id.startswith("customers-")),
    "artwork-cover",
    "compare-bins",
    "compare-distances",
    "compare-features",
    "compare-shelf",
    "audience-colours",
    "audience-effects",
    "audience-appeal",
    "audience-tests",
    "audience-variants",
    "catalogue-palettes",
    "catalogue-course",
    "catalogue-outliers",
    "catalogue-gaps",
    "brief-covers",
    "brief-colours",
    "brief-features",
)
WITHOUT_FIGURE = ("state state-no-data", "state state-zero", "state state-filtered-out")
# What has to be chosen before there is anything to show.
CHOSEN = {"retention-cell": "&cohort_before=kept&cell_cohort=before"}
PANELS = [panel.id for panel in declared_panels()]


@pytest.mark.parametrize("search", SEARCHES)
@pytest.mark.parametrize("panel_id", PANELS)
def test_all_forms_of_a_card_hold_the_same_numbers(panel_id: str, search: str, build_id: str) -> None:
    search += "&of_series=series-1" if panel_id.startswith("series-") else "&of_title=film-0"
    search += CHOSEN.get(panel_id, "")
    figure = answer_of(panel_id, View.FIGURE, search, build_id)
    table = answer_of(panel_id, View.TABLE, search, build_id)
    if panel_id in NOT_TOLD:
        assert figure.body.className == "state state-missing"
        return
    if figure.export is None:
        assert figure.body.className == "state state-not-compared"
        return
    csv, parquet = exported(figure, "csv"), exported(figure, "parquet")
    # A column without a value has no type in a CSV.
    parquet = parquet.fillna(dict.fromkeys(csv.columns[csv.isna().all()], float("nan")))
    pd.testing.assert_frame_equal(csv, parquet, check_dtype=False, check_exact=False, rtol=1e-12)

    is_strip = isinstance(panel_called(panel_id), KpiStrip)
    if "account_id" in csv and panel_called(panel_id).metrics[0] not in csv:
        assert_same_accounts(figure, table, list(csv["account_id"]))
        return
    measure = next(
        name for name in ("value", "change_hours", "effect", panel_called(panel_id).metrics[0]) if name in csv
    )
    in_file = sorted(csv[measure].dropna())
    if panel_id in SELDOM and getattr(figure.body, "className", None) in WITHOUT_FIGURE:
        # Said in words: there is nothing, or nothing but zeros.
        assert not any(in_file)
        return
    assert in_file, "there is something to compare"
    assert sorted(drawn(figure)) == pytest.approx(in_file)
    if is_strip:
        assert sorted(data_values(table.body)) == pytest.approx(in_file)
    else:
        position = list(csv).index(measure)
        shown = [row[position] for row in rows(table.body)[1:]]
        assert [number(text) for text in shown if text != "–"] == pytest.approx(list(csv[measure].dropna()), abs=0.005)
        assert len(shown) == len(csv)


def assert_same_accounts(figure: Answer, table: Answer, in_file: list[str]) -> None:
    """Compare a list that measures nothing, of which a figure shows the first hundred."""
    assert in_file, "there is something to compare"
    assert [row[0] for row in rows(figure.body)[1:]] == in_file[:100]
    assert [row[0] for row in rows(table.body)[1:]] == in_file


def exported(answer: Answer, form: str) -> pd.DataFrame:
    assert answer.export is not None
    response = app.server.test_client().get(answer.export.href(form))
    assert response.status_code == 200, response.text
    if form == "csv":
        return pd.read_csv(io.BytesIO(response.data))
    frame: pd.DataFrame = pq.read_table(io.BytesIO(response.data)).to_pandas()
    moments = [str(name) for name in frame.select_dtypes("datetime")]
    dates = [str(name) for name in frame if isinstance(frame[name].dropna().iloc[:1].squeeze(), date)]
    texts = {name: frame[name].astype("str") for name in dates}
    return frame.assign(**texts | {name: frame[name].dt.strftime("%Y-%m-%d %H:%M:%S.%f") for name in moments})


def drawn(answer: Answer) -> list[float]:
    """The numbers of a figure: of its marks, each once, or those kept beside the words of a table."""
    numbers: list[float] = []
    for figure in figures(answer.body):
        for trace in figure["data"]:
            if trace["type"] == "heatmap":
                numbers += [value for line in trace["z"] for value in line if value is not None]
                continue
            if trace["type"] == "bar":
                numbers += [
                    value for value in trace["x" if trace.get("orientation") == "h" else "y"] if value is not None
                ]
                continue
            if "text" in trace or trace.get("meta") == LIMIT:
                continue  # answers the pointer, and repeats what is drawn; or limits it
            if trace.get("orientation") == "h":
                numbers += [x for x in trace["x"] if x is not None]
                continue
            is_dashed = trace["line"].get("dash") == "dot"
            # The dashed line repeats its complete neighbours; its marked points are the incomplete periods themselves.
            keep = [size > 0 for size in trace["marker"]["size"]] if is_dashed else [True] * len(trace["y"])
            numbers += [y for y, kept in zip(trace["y"], keep, strict=True) if kept and y is not None]
    return numbers or data_values(answer.body)


def figures(body: Any) -> Iterator[dict[str, Any]]:
    for part in walk(body):
        if getattr(part, "data-figure", None):
            yield json.loads(getattr(part, "data-figure"))
        elif isinstance(part, dcc.Graph):
            yield part.figure.to_plotly_json()


def data_values(body: Any) -> list[float]:
    values = [float(getattr(part, "data-value")) for part in walk(body) if getattr(part, "data-value", None)]
    return [value for value in values if not math.isnan(value)]


def number(text: str) -> float:
    return float(text.replace(",", "").removesuffix("%")) / (100 if text.endswith("%") else 1)
