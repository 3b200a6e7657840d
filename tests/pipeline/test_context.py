"""What plays tell of where they ran, added up: by hand, and for drawn plays against a count in plain Python."""

import random
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest

from definitions.audience import AUDIENCE_CELLS
from definitions.values import CONTEXTS, CONTEXTS_ADDED_UP, POSTAL_AREA
from pipeline.build.build import BuildSummary, build_warehouse
from tests.sources import Row, read_source, write_source

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
COUNTRIES = ("DE", "FR")
TITLES: list[Row] = [
    {"title_id": "film", "kind": "film", "name": "Film", "runtime_ms": HOUR_MS},
    {"title_id": "trailer", "kind": "trailer", "name": "Trailer", "runtime_ms": HOUR_MS},
]


def play(number: int, account: str, at: datetime, watch_ms: int, title: str = "film", **told: object) -> Row:
    return {
        "play_id": f"p{number}",
        "account_id": account,
        "title_id": title,
        "started_at": at,
        "watch_ms": watch_ms,
        "utc_offset_min": 0,
        **told,
    }


def published(summary: BuildSummary, table: str) -> list[dict[str, Any]]:
    return read_source(summary.folder, table)


def built(folder: Path, tables: dict[str, list[Row]]) -> BuildSummary:
    return build_warehouse(write_source(folder / "source", tables), folder / "warehouse")


def cells(kind: str, device: str | None) -> int:
    (cell,) = [
        cell
        for cell in AUDIENCE_CELLS
        if (cell.counted_by, cell.kind, cell.device_type, cell.profile_type) == ("all", kind, device, None)
    ]
    return cell.mask_low


def rows_of(summary: BuildSummary, table: str, context: str) -> list[dict[str, Any]]:
    rows = published(summary, table)
    wanted = ("utc", context, "all", "day")
    return [row for row in rows if tuple(row[name] for name in ("calendar", "context", "split_by", "period")) == wanted]


def test_each_context_is_the_whole_of_a_day(tmp_path: Path) -> None:
    noon = datetime(2026, 6, 1, 12)
    # a plays an hour on a television of version 1, half an hour on a phone of version 2, and 59 s on a television of
    # which neither the model nor the version is told. b plays a trailer for an hour, on a device that is not told.
    plays = [
        play(1, "a", noon, HOUR_MS, device_type="tv", device_model="Vista", app_version="1", country="DE"),
        play(2, "a", noon, HOUR_MS // 2, device_type="mobile", device_model="Nova", app_version="2", country="FR"),
        play(3, "a", noon, 59_999, device_type="tv", country="DE", region="DE-BE", postal_code="10115"),
        play(4, "b", noon, HOUR_MS, "trailer", app_version="2", country="DE"),
        play(5, "b", noon + timedelta(days=1), 0),
    ]
    summary = built(tmp_path, {"titles": TITLES, "plays": plays})
    expected: dict[str, dict[tuple[str | None, str], tuple[int, int]]] = {
        "device": {("tv", "film"): (2, HOUR_MS + 59_999), ("mobile", "film"): (1, HOUR_MS // 2)},
        "model": {("Vista", "film"): (1, HOUR_MS), ("Nova", "film"): (1, HOUR_MS // 2), (None, "film"): (1, 59_999)},
        "app_version": {("1", "film"): (1, HOUR_MS), ("2", "film"): (1, HOUR_MS // 2), (None, "film"): (1, 59_999)},
        "place": {("DE", "film"): (2, HOUR_MS + 59_999), ("FR", "film"): (1, HOUR_MS // 2)},
        "region": {(None, "film"): (2, HOUR_MS + HOUR_MS // 2), ("DE-BE", "film"): (1, 59_999)},
        "postal_area": {(None, "film"): (2, HOUR_MS + HOUR_MS // 2), ("DE 10115", "film"): (1, 59_999)},
    }
    of_trailer = {"device": None, "model": None, "app_version": "2", "place": "DE", "region": None, "postal_area": None}
    for context, sums in expected.items():
        found: dict[tuple[str | None, str], tuple[int, int]] = {}
        for row in rows_of(summary, "context_cube", context):
            if row["day"] == noon.date():
                # Of several sorts of device, several rows.
                plays_before, ms_before = found.get((row["value"], row["kind"]), (0, 0))
                found[row["value"], row["kind"]] = (plays_before + row["plays"], ms_before + row["watch_ms"])
        assert found == sums | {(of_trailer[context], "trailer"): (1, HOUR_MS)}, context
    # Less than a minute is no activity. b's trailer sets another bit.
    film_on_tv, film_on_mobile, trailer = cells("film", "tv"), cells("film", "mobile"), ("trailer", None)
    (cell,) = [
        cell
        for cell in AUDIENCE_CELLS
        if (cell.counted_by, cell.kind, cell.device_type, cell.profile_type) == ("all", *trailer, None)
    ]
    versions = {
        (row["value"], row["mask_low"], row["mask_high"], row["account_days"])
        for row in rows_of(summary, "context_accounts", "app_version")
    }
    assert versions == {
        ("1", film_on_tv, 0, 1),
        ("2", film_on_mobile, 0, 1),
        ("2", cell.mask_low, cell.mask_high, 1),
    }


@pytest.fixture(scope="module")
def drawn_plays(tmp_path_factory: pytest.TempPathFactory) -> tuple[BuildSummary, list[Row]]:
    """300 plays of 8 accounts in 40 days, over the turn of a month and, by the viewer's clock, of days."""
    rng = random.Random(11)
    plays: list[Row] = [
        {
            **play(
                number,
                f"account-{rng.randrange(8)}",
                datetime(2026, 3, 10) + timedelta(minutes=rng.randrange(40 * 1440)),
                rng.choice([0, 59_999, 60_000, HOUR_MS]),
                rng.choice(["film", "trailer"]),
            ),
            "utc_offset_min": rng.choice([-600, 0, 765]),
            "device_type": rng.choice(["tv", "mobile", None]),
            "device_model": rng.choice(["Vista", "Nova", None]),
            "app_version": rng.choice(["1", "2", None]),
            "country": rng.choice(["DE", "FR"]),
            "region": rng.choice(["DE-BE", None]),
            "postal_code": rng.choice(["10115", "75001", None]),
        }
        for number in range(300)
    ]
    accounts: list[Row] = [{"account_id": f"account-{number}", "country": COUNTRIES[number % 2]} for number in range(8)]
    changes: list[Row] = [
        {"event_id": f"{plan}{number}", "account_id": f"account-{number}", "event": event, "plan": plan, "ts": at}
        for number in range(0, 8, 3)
        for plan, event, at in (
            ("Basic", "start", datetime(2026, 3, 1)),
            ("Premium", "change_plan", datetime(2026, 4, 10)),
        )
    ]
    tables = {"titles": TITLES, "plays": plays, "accounts": accounts, "subscription_events": changes}
    return built(tmp_path_factory.mktemp("context"), tables), plays


def account_values(row: Row, day: date) -> tuple[str | None, str | None]:
    """Return country and plan of the account of a drawn play, on its day."""
    number = int(row["account_id"].removeprefix("account-"))
    plan = None if number % 3 else "Basic" if day < date(2026, 4, 10) else "Premium"
    return COUNTRIES[number % 2], plan


@pytest.mark.parametrize("period", ["day", "month"])
@pytest.mark.parametrize(
    ("context", "split"),
    [*product((*CONTEXTS, POSTAL_AREA), ["all"]), *product(CONTEXTS_ADDED_UP, ["none"])],
)
def test_drawn_plays_are_counted_as_in_plain_python(
    drawn_plays: tuple[BuildSummary, list[Row]], context: str, split: str, period: str
) -> None:
    summary, plays = drawn_plays
    sums: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    sets: dict[tuple[Any, ...], set[tuple[str, Any]]] = defaultdict(set)
    for row in plays:
        day = (row["started_at"] + timedelta(minutes=row["utc_offset_min"])).date()
        start = day.replace(day=1) if period == "month" else day
        of_account = account_values(row, day) if split == "all" else (None, None)
        postal_area = row["postal_code"] and f"{row['country']} {row['postal_code']}"
        value = postal_area if context == POSTAL_AREA else row[CONTEXTS[context]]
        cell = sums[start, value, *of_account, row["title_id"], row["device_type"]]
        cell["plays"] += 1
        cell["watch_ms"] += row["watch_ms"]
        if row["watch_ms"] >= MINUTE_MS:
            key = (start, value, *of_account, day, row["account_id"])
            sets[key].add((row["title_id"], row["device_type"]))
    wanted = ("local", context, split, period)
    found = {
        tuple(row[name] for name in ("day", "value", "account_country", "account_plan", "kind", "device_type")): {
            "plays": row["plays"],
            "watch_ms": row["watch_ms"],
        }
        for row in published(summary, "context_cube")
        if tuple(row[name] for name in ("calendar", "context", "split_by", "period")) == wanted
    }
    assert found == sums
    counted: Counter[tuple[Any, ...]] = Counter((*cell, frozenset(things)) for (*cell, _, _), things in sets.items())
    bits = {
        (cell.mask_low, cell.mask_high): (cell.kind, cell.device_type)
        for cell in AUDIENCE_CELLS
        if cell.counted_by == "all" and cell.profile_type is None
    }
    accounts = {
        (
            *(row[name] for name in ("day", "value", "account_country", "account_plan")),
            frozenset(things_of(row, bits)),
        ): row["account_days"]
        for row in published(summary, "context_accounts")
        if tuple(row[name] for name in ("calendar", "context", "split_by", "period")) == wanted
    }
    assert accounts == counted


def things_of(row: Row, bits: dict[tuple[int, int], tuple[str, str | None]]) -> set[tuple[str, str | None]]:
    return {thing for (low, high), thing in bits.items() if row["mask_low"] & low or row["mask_high"] & high}


def test_a_title_is_completed_on_the_device_of_the_play_that_covered_it(tmp_path: Path) -> None:
    noon, day = datetime(2026, 6, 1, 12), timedelta(days=1)
    # a begins on the phone and gets to the end on television. b does all in a play whose device is not told. c's first
    # profile completes it on television, its second later on the phone: the first counts. d does not complete it.
    plays = [
        play(1, "a", noon, HOUR_MS // 2, device_type="mobile", distinct_ms=HOUR_MS // 2),
        play(2, "a", noon + day, HOUR_MS // 2, device_type="tv", distinct_ms=HOUR_MS // 2),
        play(3, "b", noon, HOUR_MS, distinct_ms=HOUR_MS),
        play(4, "c", noon, HOUR_MS, device_type="tv", distinct_ms=HOUR_MS, profile_id="c1"),
        play(5, "c", noon + day, HOUR_MS, device_type="mobile", distinct_ms=HOUR_MS, profile_id="c2"),
        play(6, "d", noon, HOUR_MS // 2, device_type="tv", distinct_ms=HOUR_MS // 2),
    ]
    profiles: list[Row] = [{"profile_id": name, "account_id": "c"} for name in ("c1", "c2")]
    summary = built(tmp_path, {"titles": TITLES, "plays": plays, "profiles": profiles})
    starts = {
        row["account_id"]: (row["device_type"], row["completed_device_type"])
        for row in published(summary, "title_starts")
        if row["calendar"] == "utc"
    }
    assert starts == {"a": ("mobile", "tv"), "b": (None, None), "c": ("tv", "tv"), "d": ("tv", None)}
    finished = {
        (row["day"], row["completed_day"], row["device_type"], row["completed_device_type"]): row["completed_titles"]
        for row in published(summary, "finished_days")
        if row["calendar"] == "utc"
    }
    first = noon.date()
    assert finished == {
        (first, first + day, "mobile", "tv"): 1,
        (first, first, None, None): 1,
        (first, first, "tv", "tv"): 1,
    }


def test_the_sums_are_those_of_the_other_cubes(small_warehouse: Path) -> None:
    (folder,) = (small_warehouse / "builds").iterdir()
    with duckdb.connect() as connection:
        parted = "hive_partitioning = true"
        contexts = connection.execute(
            f"select context, sum(watch_ms) from read_parquet('{folder}/context_cube/*/*.parquet', {parted}) "
            "where calendar = 'local' and split_by = 'all' and period = 'month' group by context"
        ).fetchall()
        ((whole,),) = connection.execute(
            f"select sum(watch_ms) from read_parquet('{folder}/viewing_cube/*/*.parquet', {parted}) "
            "where calendar = 'local' and period = 'day' and split_by = 'none'"
        ).fetchall()
    assert dict(contexts) == dict.fromkeys((*CONTEXTS, POSTAL_AREA), whole)
