"""The words and figures of which covers are taken, of tests, and of a catalogue's covers."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from components.catalogue_colours import (
    gaps_table,
    how_covers_changed,
    how_many_stand_out,
    most_unlike_group,
    palette_bars,
    surest_gap,
    unlike,
)
from components.chart_parts import records
from components.colour_audience import (
    appeal_cells,
    colour_dots,
    colour_odds,
    most_and_least,
    strongest_appeal,
    strongest_effect,
    what_appeal_means,
    what_effects_compare,
)
from components.cover_names import cover_row_name
from components.cover_tests import how_tests_are_judged, variants_told, verdicts_told
from components.families import FAMILY_HEX
from components.odds import times_text
from components.whole_months import shown_told
from definitions.colours.bins import FAMILY_OF_BIN
from definitions.colours.families import FAMILIES
from definitions.metrics import METRICS
from definitions.taking import COLOUR_FEATURES
from queries.filters import FilterState
from tests.components.world import filters_of
from tests.gallery_taking import appeals_of, colours_of, cover_tests_of, effects_of, gaps_of, outliers_of, palettes_of

FILTERS = filters_of("start_day=2023-05-01&end_day=2023-07-01")
MAY = {"first_month": pd.Timestamp("2023-05-01"), "last_month": pd.Timestamp("2023-05-01")}


def said(say: Any, frame: pd.DataFrame, metric: str, filters: FilterState = FILTERS) -> Any:
    return say(frame, METRICS[metric], filters)


def test_each_family_is_drawn_in_a_colour_of_its_own() -> None:
    for family, color in FAMILY_HEX.items():
        levels = [int(color[at : at + 2], 16) // 51 for at in (1, 3, 5)]
        assert FAMILY_OF_BIN[36 * levels[0] + 6 * levels[1] + levels[2]] == family
    assert tuple(COLOUR_FEATURES["family"].bands) == FAMILIES


def test_the_colours_with_most_and_least_are_said_where_their_intervals_lie_apart() -> None:
    # Of red 0.07 to 0.14, of white 0.224 to 0.448.
    frame = colours_of(12)
    assert said(most_and_least, frame, "take_rate") == (
        "Take rate is highest of white (32 %) covers, lowest of red (10 %) ones"
    ).replace(" %", "\N{NO-BREAK SPACE}%")
    near = frame.head(4)
    assert said(most_and_least, near, "take_rate") == "Take rate of no colour lies clearly above that of another"


def test_dots_have_the_colours_of_what_they_stand_for() -> None:
    figure = said(colour_dots, colours_of(3), "take_rate")
    (trace,) = figure.data
    assert list(trace.x) == pytest.approx([0.10, 0.12, 0.14])
    assert list(trace.marker.color) == [FAMILY_HEX[name] for name in ("red", "orange", "yellow")]
    # Of one whose interval is unknown, none is drawn.
    assert list(trace.error_x.array) == pytest.approx([0.04, 0, 0.056])


def test_an_effect_is_said_as_an_association_where_it_is_clear() -> None:
    frame = effects_of(4).assign(is_clear=[False, False, True, False], adjusted_for="genre, row", **MAY)
    # Twice the odds to the power 2 % 5 − 2: 1; the third band is yellow.
    frame.loc[2, ["colour_effect", "colour_effect_low", "colour_effect_high"]] = [2.0, 1.5, 2.7]
    assert said(strongest_effect, frame, "colour_effect") == (
        "Yellow covers had 2.0 times the odds of being taken (1.5 to 2.7), other things equal: "
        "an association, not a cause"
    )
    unclear = frame.assign(is_clear=False)
    assert (
        said(strongest_effect, unclear, "colour_effect")
        == "No colour goes clearly with being taken, other things equal"
    )
    assert "Other things equal: genre and row." in said(what_effects_compare, frame, "colour_effect")
    figure = said(colour_odds, frame, "colour_effect")
    assert [note.text for note in figure.layout.annotations] == ["too few titles to tell"]


@pytest.mark.parametrize(
    ("feature", "band", "words"),
    [
        ("Brightness", "Dark", "Dark covers"),
        ("Warmth", "Of both", "Covers in both warm and cold colours"),
        ("Contrast", "Strong", "Covers of strong contrast"),
    ],
)
def test_bands_of_features_are_said_as_people_do(feature: str, band: str, words: str) -> None:
    frame = effects_of(1).assign(feature_name=feature, feature_band=band, is_clear=True, adjusted_for="")
    frame[["colour_effect", "colour_effect_low", "colour_effect_high"]] = [2.0, 1.5, 2.7]
    assert said(strongest_effect, frame, "colour_effect").startswith(f"{words} had 2.0 times")


@pytest.mark.parametrize(
    ("audience_by", "audience", "words"),
    [
        ("colour", "blue", "Accounts that take most blue covers"),
        ("genre", "comedy", "Accounts that take most comedy"),
        ("country", "IN", "Accounts in India"),
        ("account_age", "new", "Accounts aged under 90 days"),
        ("country", "other", "Other accounts"),
    ],
)
def test_the_strongest_appeal_is_said_of_whom(audience_by: str, audience: str, words: str) -> None:
    frame = appeals_of(3).assign(audience_by=audience_by, audience=audience)
    assert said(strongest_appeal, frame, "colour_appeal") == f"{words} took red covers 1.9 times as often (1.5 to 2.5)"


@pytest.mark.parametrize(
    ("is_clear", "others_clear", "words"),
    [
        (True, 1, "1.9 times as often (1.5 to 2.5); of single colours 1 is clear"),
        (True, 0, "1.9 times as often (1.5 to 2.5); of single colours none is clear"),
        (False, 1, "no more often beyond chance (1.5 to 2.5 times)"),
    ],
)
def test_own_colours_are_said_first_and_not_drawn(is_clear: bool, others_clear: int, words: str) -> None:
    frame = appeals_of(3).assign(audience_by="colour")
    own = frame.iloc[:1].assign(audience="all", colour_family="own colour", is_clear=is_clear)
    frame.loc[0, "is_clear"] = bool(others_clear)
    both = pd.concat([frame, own], ignore_index=True)
    assert said(strongest_appeal, both, "colour_appeal") == f"Accounts took covers in their own colour {words}"
    figure = said(appeal_cells, both, "colour_appeal")
    assert isinstance(figure, go.Figure)
    assert "Own colour" not in figure.layout.xaxis.ticktext


def test_cells_are_numbered_where_they_are_clear() -> None:
    frame = appeals_of(24)
    figure = said(appeal_cells, frame, "colour_appeal")
    assert isinstance(figure, go.Figure)
    assert [note.text for note in figure.layout.annotations] == ["<b>1.9</b>", "<b>1.9</b>"]
    drawn = [value for line in figure.data[0].z for value in line if value is not None]
    assert sorted(drawn) == pytest.approx(sorted(frame["colour_appeal"].dropna()))
    nothing = frame.assign(is_clear=False)
    assert said(strongest_appeal, nothing, "colour_appeal") == "No colour appeals to an audience beyond chance"
    note = said(what_appeal_means, frame.assign(audience_by="colour", **MAY), "colour_appeal")
    assert "told by one half of the titles and judged by the other" in note


def test_months_are_told_and_why_they_lie_outside_the_range() -> None:
    frame = pd.DataFrame([MAY])
    assert shown_told(frame, FILTERS) == "Covers shown in May 2023."
    later = filters_of("start_day=2023-06-10&end_day=2023-06-20")
    assert shown_told(frame, later) == (
        "Covers shown in May 2023 (no whole month lies in the range, so those before its end)."
    )


def test_what_tests_found_is_said() -> None:
    frame = cover_tests_of(2)
    told = said(verdicts_told, frame, "experiment_effect").replace("\N{NO-BREAK SPACE}", " ")
    assert told == "The Salt Year: variant B changed the take rate by +50 % (+20 % to +90 %)"
    assert said(verdicts_told, frame.assign(verdict="none"), "experiment_effect") == (
        "2 tests of covers, none with a difference beyond chance"
    )
    exposed = said(how_tests_are_judged, frame.assign(told_by_exposures=True), "experiment_effect")
    assert exposed.startswith("Accounts count by the variant drawn for them")
    shown = said(how_tests_are_judged, frame.assign(told_by_exposures=False), "experiment_effect")
    assert shown.startswith("Where no exposures tell what was drawn")


def test_titles_with_clearly_different_covers_are_counted() -> None:
    frame = pd.DataFrame({"show_id": ["a", "a", "b", "b"], "is_clear": [False, True, False, False]})
    assert (
        said(variants_told, frame, "take_rate")
        == "Of 2 titles with several covers, 1 has one taken clearly more or less"
    )


def test_the_group_that_is_most_unlike_the_others_is_said() -> None:
    rows = [("comedy", 5, "yellow", 0.5), ("comedy", 5, "blue", 0.5), ("drama", 4, "blue", 1.0), ("war", 2, "red", 1.0)]
    frame = pd.DataFrame(rows, columns=["group_id", "titles", "colour_family", "colour_area_share"])
    # Of the groups of three titles and more, yellow has 0.25 in the mean, of which comedies have twice as much.
    told = said(most_unlike_group, frame.assign(group_kind="genre"), "colour_area_share")
    assert told.replace("\N{NO-BREAK SPACE}", " ") == "Comedy: 50 % yellow, where groups have 25 % in the mean"


def test_bars_of_groups_are_as_wide_as_their_shares() -> None:
    figure = said(palette_bars, palettes_of(3), "colour_area_share")
    widths = np.zeros(3)
    for trace in figure.data:
        np.add.at(widths, list(trace.y), list(trace.x))
    assert widths == pytest.approx([1, 1, 1])


def test_a_change_of_covers_is_said_where_intervals_lie_apart() -> None:
    frame = pd.DataFrame(
        {
            "first_day": [date(2020, 1, 1), date(2021, 1, 1)],
            "dated_by": "year",
            "cover_brightness": [30.0, 50.0],
            "feature_low": [25.0, 45.0],
            "feature_high": [35.0, 55.0],
        }
    )
    assert said(how_covers_changed, frame, "cover_brightness").startswith("Brightness rose from 30")
    assert said(how_covers_changed, frame.iloc[::-1], "cover_brightness").startswith("Brightness fell from 50")
    same = frame.assign(feature_low=20.0)
    assert said(how_covers_changed, same, "cover_brightness") == "Brightness of covers has not clearly changed"


def test_the_surest_gap_is_said() -> None:
    frame = gaps_of(1)
    assert said(surest_gap, frame, "cover_gap") == "No dark red comedy cover, where 8.0 would be expected"
    unclear = frame.assign(is_clear=False)
    assert said(surest_gap, unclear, "cover_gap") == (
        "No gap is beyond chance; the surest: no dark red comedy cover, where 8.0 would be expected"
    )
    black = frame.assign(colour_family="black", titles=2, is_clear=True)
    assert said(surest_gap, black, "cover_gap") == "2 black comedy covers, where 8.0 would be expected"
    assert "table-scroll" in said(gaps_table, frame, "cover_gap").className


def test_outliers_are_said_with_what_is_unlike() -> None:
    frame = outliers_of(40)
    assert said(how_many_stand_out, frame, "genre_distance").endswith(
        "The Salt Year lies 5.0 times as far from science fiction as its median"
    )
    first = records(frame.head(1))[0]
    assert unlike(first) == "purple, as 2 of 40; darker (20, its genre 42)"
    assert unlike(first | {"brightness": 40.0}) == "purple, as 2 of 40"


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"audience": "FR", "colour_family": "red"}, "FR, red"),
        ({"group_name": "comedy", "colour_family": "red", "group_kind": "genre"}, "comedy, red"),
        ({"name": "Salt", "cover": "A"}, "Salt, cover A"),
        ({"group_kind": "device", "group_id": "tv"}, None),
    ],
)
def test_rows_about_covers_are_named(row: dict[str, Any], name: str | None) -> None:
    assert cover_row_name(row) == name


def test_ratios_are_told_with_two_digits() -> None:
    assert [times_text(ratio) for ratio in (0.456, 1.25, 99.0, 1_234.0, None)] == ["0.46", "1.2", "99.0", "1,234", "–"]
