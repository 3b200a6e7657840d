"""Which covers did well with an audience, and what colours and features they have: worked out by hand."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from scipy.stats import binomtest

from components.brief import (
    how_many_did_well,
    how_much_more,
    what_ranges_are,
    what_the_evidence_is,
    which_colours_are_more,
    which_feature_differs,
)
from definitions.metrics import METRICS
from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.filters import FilterState, parse_search
from queries.run import SUPPRESSED, run
from tests.pages.cover_world import BLACK, BLUE, RED, halves
from tests.queries.cases import rows_of
from tests.sources import Row, write_source

WHITE = (255, 255, 255)
ACCOUNTS = 40
# Title, genre, left and right half of its cover, and how many of the forty that saw it took it.
FILMS = (
    ("Ash", "drama", RED, RED, 30),
    ("Blue", "drama", BLUE, BLUE, 10),
    ("Coal", "drama", BLACK, WHITE, 2),
    ("Dawn", "comedy", BLUE, RED, 39),
)
RED_BIN = 5 * 36


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("brief")
    source = folder / "source"
    impressions, plays = [*rows_shown()], [*rows_taken()]
    tables: dict[str, list[Row]] = {
        "titles": [{"title_id": name, "name": name, "kind": "film"} for name, *_ in FILMS],
        "title_tags": [{"title_id": name, "tag": genre, "tag_kind": "genre"} for name, genre, *_ in FILMS],
        "artworks": [{"artwork_id": name, "title_id": name, "path": f"{name}.png"} for name, *_ in FILMS],
        "accounts": [{"account_id": f"a{n}", "country": "IN" if n < 20 else "DE"} for n in range(ACCOUNTS)],
        "impressions": impressions,
        "plays": plays,
    }
    write_source(source, tables)
    for name, _, left, right, _ in FILMS:
        (source / f"{name}.png").write_bytes(halves(left, right))
    build_warehouse(source, folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def rows_shown() -> Iterator[Row]:
    """Each film is shown to each account once, on a day of its own."""
    for day, (name, *_) in enumerate(FILMS, start=1):
        for n in range(ACCOUNTS):
            yield {
                "impression_id": f"{name} {n}", "account_id": f"a{n}", "title_id": name, "artwork_id": name,
                "on_screen_ms": 2_000, "ts": datetime(2026, 6, day, 10),
            }  # fmt: skip


def rows_taken() -> Iterator[Row]:
    for day, (name, *_, taken) in enumerate(FILMS, start=1):
        for n in range(taken):
            yield {
                "play_id": f"{name} {n}", "account_id": f"a{n}", "title_id": name, "impression_id": f"{name} {n}",
                "started_at": datetime(2026, 6, day, 11), "watch_ms": 600_000, "utc_offset_min": 0,
            }  # fmt: skip
    # So that the days looked at are complete.
    yield {
        "play_id": "last", "account_id": "a0", "title_id": "Ash", "started_at": datetime(2026, 6, 9, 11),
        "watch_ms": 600_000, "utc_offset_min": 0,
    }  # fmt: skip


def asked(build: Build, search: str = "") -> FilterState:
    return parse_search(f"start_day=2026-06-01&end_day=2026-06-06&compare=none&{search}", build.manifest.spans)


def test_covers_that_did_well_are_above_the_cover_in_the_middle(build: Build) -> None:
    # Of dramas 30, 10 and 2 of 40 were taken; the middle one has 25 %. Wilson's interval of 30 of 40 begins at 59.8 %.
    rows = rows_of(run("take_rate_of_covers", asked(build, "genre=drama"), build))
    assert [(row["cover_name"], row["take_rate"], row["is_well_taken"]) for row in rows] == [
        ("Ash", 0.75, True),
        ("Blue", 0.25, False),
        ("Coal", 0.05, False),
    ]
    for row in rows:
        interval = binomtest(row["taken_impressions"], row["impressions"]).proportion_ci(method="wilson")
        assert (row["take_rate_low"], row["take_rate_high"]) == pytest.approx((interval.low, interval.high))
        assert (row["middle_take_rate"], row["impressions"]) == (0.25, ACCOUNTS)
    # Of all genres the middle lies between 25 % and 75 %: 50 %.
    rows = rows_of(run("take_rate_of_covers", asked(build), build))
    assert [row["cover_name"] for row in rows if row["is_well_taken"]] == ["Dawn", "Ash"]
    # Accounts 20 to 39 took Ash ten times, the others never: 50 % of 20 begins at 29.9 %, above the middle, which is 0.
    rows = rows_of(run("take_rate_of_covers", asked(build, "genre=drama&country=DE"), build))
    assert [(row["taken_impressions"], row["impressions"]) for row in rows] == [(10, 20), (0, 20), (0, 20)]
    assert run("take_rate_of_covers", asked(build, "genre=western"), build).empty


def test_colours_of_covers_that_did_well(build: Build) -> None:
    rows = rows_of(run("colours_of_well_taken_covers", asked(build, "genre=drama"), build))
    assert rows == [
        {
            "bin": RED_BIN, "colour_family": "red", "share": 1, "other_share": 0, "red": 255, "green": 0, "blue": 0,
            "palette_rank": 1,
        }
    ]  # fmt: skip
    # Dawn is half blue and half red, Ash red: 75 % and 25 %; of the others Blue is blue: 50 %.
    rows = rows_of(run("colours_of_well_taken_covers", asked(build), build))
    assert [(row["colour_family"], row["share"], row["other_share"], row["palette_rank"]) for row in rows] == [
        ("red", 0.75, 0, 1),
        ("blue", 0.25, 0.5, 2),
    ]


def test_features_of_covers_that_did_well(build: Build) -> None:
    # L* of red is 53.24, of blue 32.30, of the half black, half white one 50: the others' quartiles lie at a quarter,
    # a half and three quarters of the way from 32.30 to 50. Warmth is unknown of what has no hue.
    found = rows_of(run("features_of_well_taken_covers", asked(build, "genre=drama"), build))
    brightness, warmth = (next(row for row in found if row["feature"] == name) for name in ("brightness", "warmth"))
    places = ("low", "middle", "high")
    assert [brightness[f"well_taken_{place}"] for place in places] == pytest.approx([53.24] * 3, abs=0.01)
    assert [brightness[f"other_{place}"] for place in places] == pytest.approx([36.72, 41.15, 45.57], abs=0.01)
    assert (brightness["well_taken_covers"], brightness["other_covers"]) == (1, 2)
    assert (warmth["well_taken_middle"], warmth["other_middle"], warmth["other_covers"]) == (1, 0, 1)
    # The only comedy is the cover in the middle itself.
    assert run("features_of_well_taken_covers", asked(build, "genre=comedy"), build).empty


def test_what_few_saw_is_not_judged(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "30")
    search = asked(build, "genre=drama&country=DE")
    frame = run("take_rate_of_covers", search, build)
    assert frame[SUPPRESSED].all()
    assert not frame["is_well_taken"].any()
    for query in ("colours_of_well_taken_covers", "features_of_well_taken_covers"):
        assert run(query, search, build).empty
        assert len(run(query, asked(build, "genre=drama"), build)) > 0


def test_what_is_said_of_them(build: Build) -> None:
    filters = asked(build, "genre=drama")
    rate, palette = METRICS["take_rate"], METRICS["palette"]
    covers = run("take_rate_of_covers", filters, build)
    assert how_many_did_well(covers, rate, filters) == "1 of 3 drama covers did well"
    told = what_the_evidence_is(covers, rate, filters)
    assert "lies above 25\N{NO-BREAK SPACE}%" in told
    assert "shown 120 times to everybody" in told
    assert "Germany" in what_the_evidence_is(covers, rate, asked(build, "genre=drama&country=DE"))
    none = covers.assign(is_well_taken=False)
    assert how_many_did_well(none, rate, asked(build)) == "None of 3 covers stands out"
    assert "No cover did" in what_the_evidence_is(none, rate, filters)
    colours = run("colours_of_well_taken_covers", filters, build)
    assert which_colours_are_more(colours, palette, filters) == "More red than the others"
    assert (
        how_much_more(colours, palette, filters)
        == "Of the picture: red 100\N{NO-BREAK SPACE}% instead of 0\N{NO-BREAK SPACE}%."
    )
    alone = colours.assign(other_share=None)
    assert which_colours_are_more(alone, palette, filters) == "The colours of the covers that did well"
    assert how_much_more(alone, palette, filters) is None
    same = colours.assign(other_share=colours["share"])
    assert which_colours_are_more(same, palette, filters) == "The same colours as the others"
    features = run("features_of_well_taken_covers", filters, build)
    # Red against blue and black-and-white: L* 53 above 46, contrast 0 below, all of it saturated above, colourfulness
    # 85.5 within, warm above.
    assert which_feature_differs(features, METRICS["cover_features"], filters).startswith("They are lighter, lower in")
    assert what_ranges_are(features, METRICS["cover_features"], filters).startswith(
        "The cover in the middle, and in brackets the middle half, of 1 that did well and 2 others."
    )
    like = features.assign(other_low=features["well_taken_low"], other_high=features["well_taken_high"])
    assert which_feature_differs(like, METRICS["cover_features"], filters).endswith("like the others")
