"""How viewers come to titles, added up: by hand, and for drawn covers and plays against a count in plain Python."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from definitions.values import SPLIT_COLUMNS, SPLITS
from pipeline.build.build import BuildSummary, build_warehouse
from tests.sources import Row, read_source, write_source

TITLES: list[Row] = [
    {"title_id": "film", "name": "Film", "kind": "film"},
    {"title_id": "pilot", "name": "Pilot", "kind": "episode", "series_id": "salt"},
    {"title_id": "second", "name": "Second", "kind": "episode", "series_id": "salt"},
]
SHOW_OF = {"film": "title film", "pilot": "series salt", "second": "series salt"}
MONTH_END = datetime(2026, 3, 31, 23, 50)
CoverSums = dict[tuple[Any, ...], tuple[int, int]]


def cover(impression_id: str, ts: datetime, **more: Any) -> Row:
    return {
        "impression_id": impression_id,
        "ts": ts,
        "account_id": "ann",
        "title_id": "film",
        "artwork_id": "a",
        "on_screen_ms": 1000,
        **more,
    }


def play(play_id: str, started_at: datetime, **more: Any) -> Row:
    return {
        "play_id": play_id,
        "started_at": started_at,
        "account_id": "ann",
        "title_id": "film",
        "watch_ms": 60_000,
        "utc_offset_min": 0,
        **more,
    }


def built(folder: Path, **tables: list[Row]) -> BuildSummary:
    artworks: list[Row] = [{"artwork_id": name, "title_id": "film", "path": f"{name}.jpg"} for name in "ab"]
    source = write_source(folder / "source", {"titles": TITLES, "artworks": artworks, **tables})
    return build_warehouse(source, folder / "warehouse")


def cover_sums(summary: BuildSummary, period: str, *columns: str, split_by: str = "none") -> CoverSums:
    """Return impressions and taken ones of the rows of a period and split by ``columns``."""
    sums: CoverSums = {}
    for row in read_source(summary.folder, "cover_cube"):
        if (row["period"], row["split_by"]) == (period, split_by):
            key = tuple(row[column] for column in columns)
            shown, taken = sums.get(key, (0, 0))
            sums[key] = (shown + row["impressions"], taken + row["taken_impressions"])
    return sums


def test_the_last_cover_is_taken_over_the_turn_of_a_month(tmp_path: Path) -> None:
    # March: "first" and, ten minutes later, "last" are shown; a play that tells none begins in April, 25 minutes after
    # "last": that is taken. "told" is taken by its id a day later, "late" would be two days later: too late. "far" is
    # shown 30 minutes and a second before its play. "short" is the last before its play, but counts nowhere, so "long"
    # before it is not taken either. April: "moment" and "same" at the same moment: the last by its id, "same".
    minutes = timedelta(minutes=1)
    april = datetime(2026, 4, 10, 12)
    summary = built(
        tmp_path,
        impressions=[
            cover("first", MONTH_END - 10 * minutes),
            cover("last", MONTH_END, artwork_id="b"),
            cover("told", datetime(2026, 3, 1), account_id="bob"),
            cover("late", datetime(2026, 3, 1), account_id="cleo"),
            cover("far", datetime(2026, 3, 2), account_id="dan"),
            cover("long", datetime(2026, 3, 3), account_id="eve"),
            cover("short", datetime(2026, 3, 3, 0, 1), account_id="eve", on_screen_ms=999),
            cover("moment", april),
            cover("same", april, artwork_id="b"),
            cover("other", april, title_id="pilot", artwork_id=None),
        ],
        plays=[
            play("1", MONTH_END + 25 * minutes),
            play("2", datetime(2026, 3, 2, 23), account_id="bob", impression_id="told"),
            play("3", datetime(2026, 3, 3), account_id="cleo", impression_id="late"),
            play("4", datetime(2026, 3, 2, 0, 30, 1), account_id="dan"),
            play("5", datetime(2026, 3, 3, 0, 2), account_id="eve"),
            play("6", april + 30 * minutes),
        ],
    )
    months = {
        (date(2026, 3, 1), "title film", "a"): (5, 1),
        (date(2026, 3, 1), "title film", "b"): (1, 1),
        (date(2026, 4, 1), "title film", "a"): (1, 0),
        (date(2026, 4, 1), "title film", "b"): (1, 1),
        (date(2026, 4, 1), "series salt", None): (1, 0),
    }
    assert cover_sums(summary, "month", "period_start", "show_id", "artwork_id") == months
    first_days = {day: sums for (day,), sums in cover_sums(summary, "day", "period_start").items() if day.month == 3}
    assert first_days == {
        date(2026, 3, 1): (2, 1),
        date(2026, 3, 2): (1, 0),
        date(2026, 3, 3): (1, 0),
        date(2026, 3, 31): (2, 1),
    }


def test_covers_of_a_month_without_plays_are_shown_and_not_taken(tmp_path: Path) -> None:
    shown = [cover("1", datetime(2026, 1, 5)), cover("2", datetime(2026, 5, 5))]
    summary = built(tmp_path, impressions=shown, plays=[play("1", datetime(2026, 3, 1))])
    assert cover_sums(summary, "month", "period_start") == {(date(2026, 1, 1),): (1, 0), (date(2026, 5, 1),): (1, 0)}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[BuildSummary, dict[str, list[Row]]]:
    """400 covers and 200 plays of 3 accounts in 12 hours around the turn of a month, so that many follow another."""
    rng = random.Random(7)

    def moment() -> datetime:
        return datetime(2026, 3, 31, 18) + timedelta(minutes=rng.randrange(12 * 60))

    def viewer() -> dict[str, Any]:
        account = rng.choice(["ann", "bob", "cleo"])
        return {
            "account_id": account,
            "profile_id": rng.choice([f"{account}-kid", f"{account}-big", None]),
            "title_id": rng.choice(list(SHOW_OF)),
            "device_type": rng.choice(["tv", "mobile", None]),
        }

    impressions: list[Row] = [
        {
            **cover(f"i{number:03}", moment(), artwork_id=rng.choice(["a", "b", None]), **viewer()),
            "on_screen_ms": rng.choice([None, 999, 1000, 5000]),
        }
        for number in range(400)
    ]
    plays: list[Row] = [
        {
            **play(str(number), moment(), **viewer()),
            "impression_id": rng.choice([None, None, f"i{rng.randrange(400):03}"]),
            "origin": rng.choice(["search", "recommendation", None]),
            "utc_offset_min": rng.choice([-300, 0, 330]),
        }
        for number in range(200)
    ]
    profiles: list[Row] = [
        {"profile_id": f"{account}-{name}", "account_id": account, "profile_type": sort}
        for account in ("ann", "bob", "cleo")
        for name, sort in (("kid", "kids"), ("big", "standard"))
    ]
    accounts: list[Row] = [
        {"account_id": "ann", "country": "IN", "plan": "basic"},
        {"account_id": "bob", "country": "NZ"},
    ]
    tables = {"impressions": impressions, "plays": plays, "profiles": profiles, "accounts": accounts}
    return built(tmp_path_factory.mktemp("discovery"), **tables), tables


def test_drawn_covers_are_counted_as_in_plain_python(drawn: tuple[BuildSummary, dict[str, list[Row]]]) -> None:
    summary, tables = drawn
    covers = {row["impression_id"]: row for row in tables["impressions"]}
    taken = set()
    for row in tables["plays"]:
        if (of_play := row["impression_id"]) is not None:
            if 0 <= (row["started_at"].date() - covers[of_play]["ts"].date()).days <= 1:
                taken.add(of_play)
            continue
        before = [
            (shown["ts"], shown["impression_id"])
            for shown in covers.values()
            if all(shown[name] == row[name] for name in ("account_id", "profile_id", "title_id"))
            and timedelta() <= row["started_at"] - shown["ts"] <= timedelta(minutes=30)
        ]
        if before:
            taken.add(max(before)[1])
    assert len(taken) > 40
    types = {row["profile_id"]: row["profile_type"] for row in tables["profiles"]}
    accounts = {row["account_id"]: row for row in tables["accounts"]}
    shown_covers = [
        {
            "day": row["ts"].date(),
            "month": row["ts"].date().replace(day=1),
            "of_cover": (SHOW_OF[row["title_id"]], row["artwork_id"], types.get(row["profile_id"])),
            "device": row["device_type"],
            "country": accounts.get(row["account_id"], {}).get("country"),
            "plan": accounts.get(row["account_id"], {}).get("plan"),
            "taken": name in taken,
        }
        for name, row in covers.items()
        if (row["on_screen_ms"] or 0) >= 1000
    ]
    splits = {split: split.split("+") for split in SPLITS} | {"none": [], "all": list(SPLIT_COLUMNS)}
    for split_by, told_apart in splits.items():
        for period in ("day", "month"):
            expected: CoverSums = {}
            for row in shown_covers:
                key = (row[period], *row["of_cover"], *(row[name] for name in told_apart))
                shown, taken_before = expected.get(key, (0, 0))
                expected[key] = (shown + 1, taken_before + row["taken"])
            columns = ("show_id", "artwork_id", "profile_type", *(SPLIT_COLUMNS[name] for name in told_apart))
            found = cover_sums(summary, period, "period_start", *columns, split_by=split_by)
            # Days are told apart by one column or all.
            assert found == ({} if period == "day" and "+" in split_by else expected)


def test_covers_of_each_split_by_hand(tmp_path: Path) -> None:
    # ann (IN, basic) sees the cover twice on a set and once on a phone, and bob (NZ, no plan) once on a phone; the play
    # takes ann's on the phone.
    summary = built(
        tmp_path,
        accounts=[{"account_id": "ann", "country": "IN", "plan": "basic"}, {"account_id": "bob", "country": "NZ"}],
        impressions=[
            cover("1", datetime(2026, 3, 5, 10), device_type="tv"),
            cover("2", datetime(2026, 3, 5, 11), device_type="tv"),
            cover("3", datetime(2026, 3, 5, 12), device_type="mobile"),
            cover("4", datetime(2026, 3, 6, 12), device_type="mobile", account_id="bob"),
        ],
        plays=[play("1", datetime(2026, 3, 5, 12, 1), impression_id="3")],
    )

    def months(split_by: str) -> CoverSums:
        return cover_sums(summary, "month", *SPLIT_COLUMNS.values(), split_by=split_by)

    assert months("none") == {(None, None, None): (4, 1)}
    assert months("device") == {("tv", None, None): (2, 0), ("mobile", None, None): (2, 1)}
    assert months("country") == {(None, "IN", None): (3, 1), (None, "NZ", None): (1, 0)}
    assert months("plan") == {(None, None, "basic"): (3, 1), (None, None, None): (1, 0)}
    of_both = {("tv", "IN", None): (2, 0), ("mobile", "IN", None): (1, 1), ("mobile", "NZ", None): (1, 0)}
    assert months("device+country") == of_both
    assert months("all") == {(*key[:2], "basic" if key[1] == "IN" else None): sums for key, sums in of_both.items()}


@pytest.mark.parametrize("period", ["day", "month"])
def test_drawn_origins_are_counted_as_in_plain_python(
    drawn: tuple[BuildSummary, dict[str, list[Row]]], period: str
) -> None:
    summary, tables = drawn
    expected: Counter[tuple[Any, ...]] = Counter()
    for row in tables["plays"]:
        day = (row["started_at"] + timedelta(minutes=row["utc_offset_min"])).date()
        start = day.replace(day=1) if period == "month" else day
        expected[start, SHOW_OF[row["title_id"]], row["origin"], row["device_type"]] += 1
    found: Counter[tuple[Any, ...]] = Counter()
    for row in read_source(summary.folder, "origin_cube"):
        if (row["calendar"], row["period"]) == ("local", period):
            found[row["period_start"], row["show_id"], row["origin"], row["device_type"]] += row["plays"]
            assert row["watch_ms"] == row["plays"] * 60_000
    assert found == expected
