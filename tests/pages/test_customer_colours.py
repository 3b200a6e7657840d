"""The cards of customers' colours over a service of a few accounts: what they say, show, export, and refuse."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import app
from components.card import answer_of
from components.panel import Answer, View
from definitions.segments import ACCOUNTS_FILE, Segment, segment_folder
from pipeline.build.segment import build_segment
from pipeline.progress import Silent
from tests.components.trees import of_class, rows, walk, words
from tests.pages.test_cards_agree import drawn, exported, number
from tests.queries.colour_world import write_colour_world
from tests.served import serving

SEGMENT, UNPREPARED = "abcd2345", "wxyz6789"
CARDS = ("average", "compared", "distance", "course", "change", "towards", "map", "clusters")
TWO = "colour_account=ann&other_account=bob"
OF_DE = "country=DE"


@pytest.fixture(scope="module")
def build_id(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The world's build, with the segment of bob alone, and one that is not prepared."""
    folder = tmp_path_factory.mktemp("colour-cards")
    whole = write_colour_world(folder)
    warehouse = folder / "warehouse"
    for segment_id, name in ((SEGMENT, "Only bob"), (UNPREPARED, "Later")):
        target = segment_folder(warehouse, segment_id)
        target.mkdir(parents=True)
        accounts = target / ACCOUNTS_FILE
        pq.write_table(pa.table({"account_id": ["bob"]}), accounts)
        Segment(segment_id, name, "2026-07-01T00:00:00+00:00", "table=plays", follows=False).write(warehouse)
        if segment_id == SEGMENT:
            build_segment(warehouse, whole.id, segment_id, accounts, Silent())
    with serving(warehouse) as served:
        yield served.current().id


def answer(card: str, search: str, build_id: str, view: View = View.FIGURE) -> Answer:
    assert app.server is not None
    return answer_of(f"customers-{card}", view, f"?calendar=utc&{search}", build_id)


def state(card: str, search: str, build_id: str) -> str:
    body = answer(card, search, build_id).body
    (shown,), (title,) = of_class(body, "state"), of_class(body, "state-title")
    return f"{str(shown.className).removeprefix('state state-')}: {words(title)}"


@pytest.mark.parametrize("card", CARDS)
def test_figure_table_and_files_hold_the_same(card: str, build_id: str) -> None:
    search = f"{TWO}&period=all"
    figure, table = (answer(card, search, build_id, view) for view in (View.FIGURE, View.TABLE))
    frame, parquet = exported(figure, "csv"), exported(figure, "parquet")
    # A column without a value has no type in a CSV.
    parquet = parquet.fillna(dict.fromkeys(frame.columns[frame.isna().all()], float("nan")))
    pd.testing.assert_frame_equal(frame, parquet, check_dtype=False, check_exact=False, rtol=1e-12)
    measure = {
        "distance": "colour_distance",
        "change": "colour_change",
        "towards": "cover_likeness",
        "map": "map_x",
        "clusters": "cluster_accounts",
    }.get(card, "colour_share")
    in_file = sorted(frame[measure].dropna())
    assert in_file
    if card == "map":
        assert sorted(x for trace in figures(figure) for x in trace["x"])[:1] == pytest.approx(in_file[:1])
    elif card == "average":
        strips = of_class(figure.body, "bin-bars")
        assert sum(len(list(walk(strip))) - 1 for strip in strips) == len(frame)
    elif card == "change":
        assert sorted(x for trace in figures(figure) for x in trace["x"]) == pytest.approx(in_file)
    else:
        assert sorted(map(abs, drawn(figure))) == pytest.approx(in_file)
    place = list(frame).index(measure)
    told = [row[place] for row in rows(table.body)[1:]]
    assert [number(text) for text in told if text != "–"] == pytest.approx(list(frame[measure].dropna()), abs=0.005)
    sql = answer(card, search, build_id, View.SQL)
    assert "select" in words(sql.body)


def figures(shown: Answer) -> list[dict[str, Any]]:
    return [
        trace for part in walk(shown.body) if hasattr(part, "figure") for trace in part.figure.to_plotly_json()["data"]
    ]


def test_titles_say_what_is_to_be_seen(build_id: str) -> None:
    def title(card: str, search: str = "") -> str:
        return answer(card, search, build_id).title.replace("\N{NO-BREAK SPACE}", " ")

    assert title("average") == "Everybody: red 66.7 %, blue 33.3 %"
    assert title("average", "colours_by=country") == "India: red 75 %, blue 25 %"
    assert title("average", "colour_account=ann") == "ann: red 75 %, blue 25 %"
    assert title("average", "country=DE") == "Everybody chosen: blue 50 %, red 50 %"
    assert title("average", f"segment={SEGMENT}") == "«Only bob»: blue 50 %, red 50 %"
    assert title("compared", TWO) == "bob: blue 50 %, ann: 25 %"
    assert title("compared", f"colour_account=ann&other_segment={SEGMENT}") == "«Only bob»: blue 50 %, ann: 25 %"
    assert (
        title("compared", "country=DE&other_segment=everybody")
        == "Everybody chosen: blue 50 %, Everybody, unfiltered: 33.3 %"
    )
    # 1 − cos of (0.75, 0.25) and (0.5, 0.5), as by hand in tests/queries.
    assert title("distance", TWO) == "ann and bob: different, cosine distance 0.11"
    assert title("distance", f"segment={SEGMENT}&other_segment=everybody").startswith(
        "«Only bob» and Everybody, unfiltered: rather alike"
    )
    assert title("change") == "Everybody: more red, less blue"
    covers = words(answer("towards", "", build_id).body)
    assert "likeness 0.71, most by #cc0000 (red) +66.7 pt" in covers
    assert "single bins decide, here most of all #cc0000 (red) +66.7 pt." in covers
    assert title("towards") == "Everybody: towards covers like Ember (0.71)"
    assert title("course", "period=all&granularity=month") == (
        "Everybody: blue grew from 20 % in the first half to 100 %"
    )
    assert title("map", "colour_account=ann") == "ann is in cluster 1"
    assert title("map", "colour_account=dan") == "2 accounts by colour; dan is not on the map"
    assert title("clusters") == "All accounts are of one taste in colour"


def test_notes_say_over_which_days_and_what_is_left_out(build_id: str) -> None:
    shown = words(answer("average", "colour_days=49", build_id).body)
    assert "in the last 49 days, 1 Jun – 19 Jul 2026, weighted by watch time" in shown
    assert "50 % of the watch time or less has no cover" in words(answer("average", "", build_id).body)
    assert "75 % of their colours they have in common" in words(answer("distance", TWO, build_id).body)
    # Days that the data do not have are not told of.
    assert "the last 150 days, 20 Feb" in words(answer("average", "colour_days=3000", build_id).body)


@pytest.mark.parametrize("card", ["average", "course", "change", "towards"])
def test_an_account_that_is_not_there_is_told_in_words(card: str, build_id: str) -> None:
    found = state(card, "colour_account=nobody", build_id)
    assert found == "not-found: Nothing matches account «nobody» in these days."


def test_without_anybody_to_compare_with_the_cards_ask_for_one(build_id: str) -> None:
    for card in ("compared", "distance"):
        assert state(card, "", build_id).startswith("not-chosen: Name an account")
        assert state(card, "other_account=nobody", build_id) == (
            "not-found: Nothing matches other account «nobody» in these days."
        )


@pytest.mark.parametrize("card", ["compared", "distance"])
def test_the_same_on_both_sides_is_not_compared(card: str, build_id: str) -> None:
    same = "not-chosen: Both sides would be the same: "
    assert state(card, "other_segment=everybody", build_id).startswith(f"{same}Everybody. Name an account")
    assert state(card, f"segment={SEGMENT}&other_segment={SEGMENT}", build_id).startswith(f"{same}«Only bob».")
    assert state(card, "colour_account=ann&other_account=ann", build_id).startswith(f"{same}ann.")


def test_the_file_of_the_last_days_is_called_by_them(build_id: str) -> None:
    def file(card: str, search: str) -> Any:
        export = answer(card, search, build_id).export
        assert export is not None
        return export

    client = app.server.test_client()
    of_days = client.get(file("average", "colour_days=49").href("csv")).headers["Content-Disposition"]
    assert of_days.endswith('"marquee-average_colour_by_group-2026-06-01-2026-07-19.csv"')
    told = client.get(file("average", "colour_days=49").href("json")).get_json()["filters"]
    assert told[0] == "Days: 2026-06-01 to 2026-07-19"
    # The map is as the build left it, whatever the range.
    assert client.get(file("map", "").href("csv")).headers["Content-Disposition"].endswith('"marquee-colour_map.csv"')


def test_another_segment_that_cannot_be_asked_is_told_in_words(build_id: str) -> None:
    assert state("compared", f"other_segment={UNPREPARED}", build_id).startswith("preparing: «Later»")
    for gone in ("gone1234", "..%2F..", "%3Cb%3E"):
        assert state("distance", f"other_segment={gone}", build_id) == "no-segment: The other segment is not there."


def test_days_that_are_no_whole_number_are_ninety(build_id: str) -> None:
    expected = answer("average", "", build_id).title
    for typed in ("", "0", "1.5", "many", "99999"):
        assert answer("average", f"colour_days={typed}", build_id).title == expected


@pytest.mark.parametrize(
    ("card", "search"),
    [
        (card, search)
        for card in CARDS
        if card not in ("clusters", "map")
        for search in (TWO, f"{OF_DE}&other_segment=everybody")
    ]
    + [("map", ""), ("clusters", "")],
)
def test_where_small_groups_are_hidden_nothing_is_told_of_few(
    card: str, search: str, build_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "5")
    shown = answer(card, f"period=all&{search}", build_id)
    assert getattr(shown.body, "className", "") == "state state-suppressed"
    if shown.export is not None:
        file = app.server.test_client().get(shown.export.href("csv"))
        told = pd.read_csv(io.BytesIO(file.data))
        measures = ["bin", "colour_hex", "colour_share", "colour_distance", "colour_change", "name", "cluster_palette"]
        assert told.reindex(columns=measures).isna().all(axis=None)


def test_the_page_is_there(build_id: str) -> None:
    assert build_id
    assert Path("pages/artwork_customers.py").is_file()
    assert app.server.test_client().get("/artwork/customers").status_code == 200
