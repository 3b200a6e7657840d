"""Which covers are taken, and by whom, as a build holds it: by hand."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from PIL import Image

from definitions.taking import PARTS, PARTS_OF
from pipeline.build.build import BuildSummary, build_warehouse
from tests.sources import Row, read_source, write_source

RED, BLUE = (200, 10, 10), (10, 10, 200)
FILMS = ("a", "e", "b", "c", "d", "f")


def cover(number: int, account: str, film: str, day: date, **more: Any) -> Row:
    return {
        "impression_id": f"i{number}",
        "ts": datetime(day.year, day.month, day.day, 12) + timedelta(minutes=number),
        "account_id": account,
        "title_id": film,
        "artwork_id": f"art-{film}",
        "on_screen_ms": 2_000,
        **more,
    }


def played(shown: Row) -> Row:
    return {
        "play_id": f"p{shown['impression_id']}",
        "impression_id": shown["impression_id"],
        "account_id": shown["account_id"],
        "title_id": shown["title_id"],
        "started_at": shown["ts"] + timedelta(minutes=1),
        "watch_ms": 90_000,
    }


def built(folder: Path, shown: list[Row], taken: list[Row], **tables: list[Row]) -> BuildSummary:
    source = folder / "source"
    (source / "art").mkdir(parents=True)
    for number, film in enumerate(FILMS):
        Image.new("RGB", (20, 30), RED if number % 2 == 0 else BLUE).save(source / "art" / f"{film}.png")
    write_source(
        source,
        {
            "titles": [{"title_id": film, "name": film, "kind": "film"} for film in FILMS],
            "title_tags": [
                {"title_id": film, "tag": "comedy" if film in "ab" else "drama", "tag_kind": "genre"} for film in FILMS
            ],
            "artworks": [
                {"artwork_id": f"art-{film}", "title_id": film, "path": f"art/{film}.png", "variant": "A"}
                for film in FILMS
            ],
            "impressions": shown,
            "plays": [played(row) for row in taken],
            **tables,
        },
    )
    return build_warehouse(source, folder / "warehouse")


def sums(summary: BuildSummary, table: str, *columns: str, where: Callable[[dict[str, Any]], bool]) -> dict[Any, Any]:
    found: dict[Any, tuple[int, int]] = {}
    for row in read_source(summary.folder, table):
        if where(row):
            key = tuple(row[column] for column in columns)
            shown, taken = found.get(key, (0, 0))
            found[key] = (shown + row["impressions"], taken + row["taken_impressions"])
    return found


def is_of_sort(audience_by: str, parts_of: str, row: dict[str, Any]) -> bool:
    return (row["audience_by"], row["parts_of"]) == (audience_by, parts_of)


def test_covers_are_counted_by_account_and_place(tmp_path: Path) -> None:
    # In May ann is shown a in the second row twice, at the first and the seventh place, and takes the one of them; in
    # June, in the sixth row at an unknown place. Bob is shown it for too short, and b in an experiment.
    may, june = date(2026, 5, 5), date(2026, 6, 5)
    shown = [
        cover(1, "ann", "a", may, row_position=2, column_position=1),
        cover(2, "ann", "a", may, row_position=2, column_position=7),
        cover(3, "ann", "a", june, row_position=6),
        cover(4, "bob", "a", may, on_screen_ms=999),
        cover(5, "bob", "b", may, row_position=5, column_position=6, experiment_id="test", variant="B"),
    ]
    summary = built(tmp_path, shown, [shown[1]])
    columns = ("month_start", "account_id", "show_id", "row_band", "place_band", "experiment_id", "variant")
    assert sums(summary, "cover_takes", *columns, where=lambda _: True) == {
        (date(2026, 5, 1), "ann", "title a", "top", "first", None, None): (1, 0),
        (date(2026, 5, 1), "ann", "title a", "top", "later", None, None): (1, 1),
        (date(2026, 6, 1), "ann", "title a", "below", "unknown", None, None): (1, 0),
        (date(2026, 5, 1), "bob", "title b", "middle", "next", "test", "B"): (1, 0),
    }
    cells = sums(summary, "cover_cells", "month_start", "show_id", "accounts", where=lambda _: True)
    assert cells == {
        (date(2026, 5, 1), "title a", 1): (2, 1),
        (date(2026, 5, 1), "title b", 1): (1, 0),
        (date(2026, 6, 1), "title a", 1): (1, 0),
    }


def test_accounts_count_by_the_variant_drawn_for_them(tmp_path: Path) -> None:
    # Ann, bob and zoe were drawn for A, cleo for B, eve for none. Ann is shown covers of the test twice, once that of
    # B, and takes one; bob once; cleo twice, and takes both; zoe none.
    day = date(2026, 5, 5)
    of_test = {"experiment_id": "test"}
    shown = [
        cover(1, "ann", "a", day, variant="A", **of_test),
        cover(2, "ann", "b", day, variant="B", **of_test),
        cover(3, "bob", "a", day, variant="A", **of_test),
        cover(4, "cleo", "b", day, variant="B", **of_test),
        cover(5, "cleo", "b", day, variant="B", **of_test),
        cover(6, "eve", "b", day, variant="B", **of_test),
        # Not of the test.
        cover(7, "bob", "a", day),
    ]
    drawn = [("ann", "A"), ("bob", "A"), ("cleo", "B"), ("zoe", "A")]
    exposures: list[Row] = [
        {"experiment_id": "test", "account_id": account, "variant": variant, "ts": datetime(2026, 5, 1)}
        for account, variant in drawn
    ]
    experiments: list[Row] = [{"experiment_id": "test", "name": "Test", "kind": "artwork", "started_on": day}]
    summary = built(
        tmp_path, shown, [shown[0], shown[3], shown[4]], experiment_exposures=exposures, experiments=experiments
    )
    rows = {row["variant"]: row for row in read_source(summary.folder, "cover_tests")}
    names = ("drawn_accounts", "shown_accounts", "impressions", "taken_impressions", "squared_impressions")
    more = ("squared_taken", "impressions_by_taken", "artwork_id", "told_by_exposures")
    assert [rows["A"][name] for name in (*names, *more)] == [3, 2, 3, 1, 5, 1, 2, "art-a", True]
    assert [rows["B"][name] for name in (*names, *more)] == [1, 1, 2, 2, 4, 4, 4, "art-b", True]


def test_without_exposures_accounts_count_by_what_they_were_shown(tmp_path: Path) -> None:
    day = date(2026, 5, 5)
    shown = [
        cover(1, "ann", "a", day, experiment_id="test", variant="A"),
        cover(2, "bob", "b", day, experiment_id="test", variant="B"),
        cover(3, "eve", "a", day, experiment_id="test", variant="A"),
        cover(4, "eve", "b", day, experiment_id="test", variant="B"),
    ]
    summary = built(tmp_path, shown, [])
    rows = read_source(summary.folder, "cover_tests")
    assert [(row["variant"], row["drawn_accounts"], row["told_by_exposures"]) for row in rows] == [
        ("A", 1, False),
        ("B", 1, False),
    ]


def test_a_taste_is_told_by_one_half_of_the_films_and_judged_by_the_other(tmp_path: Path) -> None:
    # Six accounts take all red covers, six all blue ones, each shown five times; eve takes one, which tells no taste.
    shown = [
        cover(number, account, film, date(2026, 5, 5))
        for number, (account, film, _) in enumerate(
            (account, film, time)
            for account in (*(f"red-{n}" for n in range(6)), *(f"blue-{n}" for n in range(6)), "eve")
            for film in FILMS
            for time in range(5)
        )
    ]
    colours = dict(zip(FILMS, ("red", "blue") * 3, strict=True))
    halves = {film: hash_of(f"title {film}") % 2 for film in FILMS}
    # Each half has both colours: else it tells no taste.
    assert {(colours[film], halves[film]) for film in FILMS} == {(c, h) for c in ("red", "blue") for h in (0, 1)}
    taken = [row for row in shown if str(row["account_id"]).split("-")[0] == colours[str(row["title_id"])]]
    taken.append(next(row for row in shown if row["account_id"] == "eve"))
    accounts: list[Row] = [
        {"account_id": "red-0", "country": "FR", "signed_up_at": datetime(2026, 2, 1)},
        {"account_id": "red-1", "country": "FR", "signed_up_at": datetime(2025, 5, 1)},
        {"account_id": "red-2", "country": "IN", "signed_up_at": datetime(2025, 5, 2)},
        {"account_id": "red-3", "country": "IN", "signed_up_at": datetime(2026, 1, 31)},
    ]
    summary = built(tmp_path, shown, taken, accounts=accounts)
    for parts_of in PARTS_OF:
        of_parts = partial(sums, summary, "colour_audiences", "audience", "colour_family")
        found = of_parts(where=partial(is_of_sort, "colour", parts_of))
        # Six accounts and three films of a colour, five times; of eve, who is of unknown taste, the one taken.
        assert found == {
            ("red", "red"): (90, 90),
            ("red", "blue"): (90, 0),
            ("blue", "red"): (90, 0),
            ("blue", "blue"): (90, 90),
            ("unknown", "red"): (15, 1),
            ("unknown", "blue"): (15, 0),
        }
    # Each film was shown 65 times; the first was taken 31 times, each other 30 times. So of the 30 times that an
    # audience was shown each red film, 30 · (31 + 30 + 30) ÷ 65 = 42 were to be expected, of eve's five 7.
    expected: dict[str, float] = defaultdict(float)
    for row in read_source(summary.folder, "colour_audiences"):
        if is_of_sort("colour", "accounts", row) and row["colour_family"] == "red":
            expected[row["audience"]] += row["expected_taken"]
    assert expected == pytest.approx({"red": 42, "blue": 42, "unknown": 7}, abs=1e-4)
    # The halves that films are drawn into stand beside them.
    in_halves = sums(summary, "colour_audiences", "title_half", where=partial(is_of_sort, "colour", "titles"))
    assert {half: shown for half, (shown, _) in in_halves.items()} == {
        (half,): 65 * sum(of_film == half for of_film in halves.values()) for half in (0, 1)
    }
    # On 1 May an account of 1 February is 89 days old, one of 31 January 90, of 2 May 2025 364, of 1 May 2025 365.
    ages = sums(
        summary,
        "colour_audiences",
        "audience",
        where=partial(is_of_sort, "account_age", "accounts"),
    )
    assert {audience: counts[0] for audience, counts in ages.items()} == {
        ("new",): 30, ("recent",): 60, ("old",): 30, ("unknown",): 270,
    }  # fmt: skip
    countries = sums(
        summary,
        "colour_audiences",
        "audience",
        "genres",
        where=partial(is_of_sort, "country", "titles"),
    )
    assert countries["FR", "comedy"] == (20, 20)
    assert countries["IN", "drama"] == (40, 10)
    of_red = [
        row for row in read_source(summary.folder, "colour_audiences")
        if (row["audience_by"], row["audience"], row["parts_of"]) == ("colour", "red", "accounts")
    ]  # fmt: skip
    parts = {int(row["part"]) for row in of_red}
    assert parts == {hash_of(f"red-{number}") % PARTS for number in range(6)}


def hash_of(text: str) -> int:
    """DuckDB's own hash, by which accounts and titles are drawn into parts."""
    ((found,),) = duckdb.execute("select hash($text)", {"text": text}).fetchall()
    return int(found)
