import json
from datetime import date

import pandas as pd
import plotly.graph_objects as go
import pytest

from components.bars import distribution, funnel, ranking_bars
from components.chart_parts import kept_points
from components.graph import graph
from components.heatmap import heatmap
from components.kpi import key_figure
from components.series import band, by_category
from definitions.metrics import METRICS
from tests import gallery
from tests.components.trees import of_class, words
from tests.components.world import filters_of

HOURS = METRICS["watch_hours"]
FILTERS = filters_of("start_day=2023-06-10&end_day=2023-06-13")
MOST_BYTES = 560_000
IN_COLOURS_OF_COVERS = {"Take rate by colour", "Colours of groups"}


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("name", sorted(gallery.FIGURES.keys() - {"Key figure"}))
def test_every_figure_takes_nothing_one_point_and_ten_thousand(name: str) -> None:
    draw, frame_of = gallery.FIGURES[name]
    empty, one, many = (
        draw(frame_of("filled").head(0)),
        draw(frame_of("one point")),
        draw(frame_of("ten thousand points")),
    )
    assert isinstance(empty, go.Figure)
    assert isinstance(one, go.Figure)
    assert isinstance(many, go.Figure)
    assert not any(trace.y for trace in empty.data)
    assert len(one.data) >= 1
    sent = many.update_layout(template=None).to_json()
    assert len(sent) < MOST_BYTES
    # What is drawn in the colours of covers is drawn in no token's.
    assert ("#" in sent) == (name in IN_COLOURS_OF_COVERS), "colours by token only"


def test_a_key_figure_takes_nothing_one_point_and_ten_thousand() -> None:
    frame_of = gallery.key_figure_of
    # 25,200 h after 21,420 h: 3,780 ÷ 21,420 = 17.6 %.
    assert "25.2k h ▲ +18 %" in plain(words(key_figure(frame_of(1), HOURS)))
    assert words(key_figure(frame_of(28).head(0), HOURS)).startswith("Watch time –")
    (course,) = of_class(key_figure(frame_of(10_000), HOURS), "sparkline")
    assert len(course.style["maskImage"]) < 5_000


def test_ranked_bars_tell_value_share_and_what_is_left_out() -> None:
    frame = pd.DataFrame({"device_type": ["tv", "mobile", "tablet"], "watch_hours": [30.0, 60.0, None]})
    figure = ranking_bars(frame, HOURS, FILTERS, by="device_type", dimension="device")
    (bars,) = figure.data
    assert bars.x == (60.0, 30.0)
    assert bars.marker.color == ("var(--category-2)", "var(--category-1)")
    assert plain(bars.hovertext[0]) == "<b>60 h</b><br>Phone<br>66.7 % of all"
    assert bars.customdata == (["device=mobile", "Phone"], ["device=tv", "TV"])
    assert figure.layout.yaxis.ticktext == ("Phone", "TV")
    many = ranking_bars(gallery.titles_of(40), HOURS, FILTERS)
    assert (len(many.data[0].x), many.layout.annotations[0].text) == (15, "the 15 largest of 40")


def test_a_heatmap_tells_zero_from_missing() -> None:
    frame = pd.DataFrame(
        {"weekday": ["Mon", "Mon", "Tue", "Tue"], "hour": [0, 1, 0, 1], "watch_hours": [0.0, None, 2.0, 4.0]}
    ).iloc[:3]
    (cells,) = heatmap(frame, HOURS, FILTERS).data
    assert list(cells.z) == [[0.0, None], [2.0, None]]
    assert cells.hoverongaps is False
    assert (cells.zmin, cells.zmax) == (0, 2)
    assert plain(cells.text[1][0]) == "<b>2 h 00 min</b><br>Tue, 0"


def test_a_distribution_has_round_bins_and_its_median() -> None:
    frame = pd.DataFrame({"watch_hours": [0.5, 1.5, 1.6, 4.5, None]})
    figure = distribution(frame, HOURS, FILTERS, counted="Accounts")
    (bars,) = figure.data
    assert list(bars.x) == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert list(bars.y) == [1, 2, 0, 0, 1]
    assert figure.layout.shapes[0].x0 == pytest.approx(1.55)
    assert plain(figure.layout.annotations[0].text) == "median 1 h 33 min"


def test_a_funnel_tells_the_share_of_the_step_before_and_of_the_first() -> None:
    frame = pd.DataFrame({"step": ["Seen", "Opened", "Played"], "plays": [200, 100, 25]})
    (bars,) = funnel(frame, METRICS["plays"], FILTERS).data
    assert [plain(text) for text in bars.text] == [
        "200",
        "100<br>50 % of the step before",
        "25<br>25 % of the step before",
    ]
    assert plain(bars.hovertext[2]) == "<b>25</b><br>Played<br>25 % of the step before<br>12.5 % of the first"


def test_a_band_breaks_where_a_value_is_missing() -> None:
    days = pd.to_datetime(["2023-06-10", "2023-06-11", "2023-06-12", "2023-06-13"])
    frame = pd.DataFrame(
        {
            "first_day": days,
            "end_day": days + pd.Timedelta(days=1),
            "low": [0.1, None, 0.3, 0.4],
            "high": [0.3, None, 0.5, 0.6],
            "completion_rate": [0.2, None, 0.4, 0.5],
        }
    )
    *outlines, line = band(frame, METRICS["completion_rate"], FILTERS).data
    assert [outline.y for outline in outlines] == [(0.1,), (0.3,), (0.3, 0.4), (0.5, 0.6)]
    assert line.y == (0.2, None, 0.4, 0.5)
    assert line.customdata[0] == ["start_day=2023-06-10&end_day=2023-06-11", "10 Jun 2023"]
    assert type(graph(band(frame, METRICS["completion_rate"], FILTERS), "A band", 200).children).__name__ == "Graph"


@pytest.mark.parametrize("stacked", [True, False])
def test_what_has_no_colour_of_its_own_is_summed_to_other(stacked: bool) -> None:
    countries = tuple("ABCDEFGH")
    frame = pd.DataFrame(
        {"first_day": date(2023, 6, 10), "country": list(countries), "watch_hours": [8.0, 7, 6, 5, 4, 3, 2, 0.5]}
    )
    figure = by_category(frame, HOURS, FILTERS, by="country", dimension="country", ranked=countries, stacked=stacked)
    assert [trace.name for trace in figure.data] == ["A", "B", "C", "D", "E", "F", "Other"]
    assert figure.data[-1].y == (2.5,)
    assert figure.data[0].meta == {"pick": "country=A", "label": "A"}
    assert figure.data[-1].meta is None
    if not stacked:
        assert [label.text for label in figure.layout.annotations] == ["Other", "F", "E", "D", "C", "B", "A"]


def test_fewer_points_keep_peaks_troughs_and_gaps() -> None:
    values: list[float | None] = [1.0] * 10_000
    values[4_321], values[7_654], values[5_000] = 9.0, -9.0, None
    kept = kept_points(values)
    assert {0, 4_321, 5_000, 7_654, 9_999} <= set(kept)
    assert len(kept) <= 800
    assert kept_points([1.0, None]) == [0, 1]


def test_a_figure_of_lines_with_labels_goes_to_plotly() -> None:
    figure = go.Figure(go.Scatter(x=[1], y=[1])).add_annotation(text="A")
    assert json.loads(graph(figure, "A line", 200).children.figure.to_json())["layout"]["annotations"][0]["text"] == "A"
