"""Covers shown and taken under any filters and ranges: through the pages' query, against a count in plain Python."""

import random
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.filters import parse_search
from queries.run import run
from tests.sources import Row, write_source

FIRST, DAYS = datetime(2026, 1, 20), 100
ACCOUNTS: dict[str, dict[str, str]] = {
    "ann": {"country": "IN", "plan": "basic"},
    "bob": {"country": "NZ", "plan": "premium"},
    "cleo": {"country": "IN"},
    "dan": {},
}
RANGES = (
    ("2026-01-25", "2026-04-10"),
    ("2026-02-10", "2026-02-20"),
    ("2026-02-01", "2026-04-01"),
    ("2026-03-30", "2026-04-03"),
    ("2026-01-20", "2026-04-30"),
)
# What the address says, and which values it leaves.
CHOICES: dict[str, dict[str, tuple[str | None, ...]]] = {
    "device": {"device=tv": ("tv",), "not_device=mobile": ("tv", None)},
    "country": {"country=IN": ("IN",), "not_country=IN&not_country=NZ": (None,)},
    "plan": {"plan=basic&plan=premium": ("basic", "premium"), "plan=unknown": (None,)},
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, list[Row]]:
    """600 covers of two films, of which every third is taken, over a hundred days."""
    rng = random.Random(11)
    covers: list[Row] = [
        {
            "impression_id": str(number),
            "ts": FIRST + timedelta(minutes=rng.randrange(DAYS * 24 * 60)),
            "account_id": rng.choice(list(ACCOUNTS)),
            "title_id": (title := rng.choice(["film", "other"])),
            "artwork_id": f"{title}-{rng.choice('ab')}",
            "device_type": rng.choice(["tv", "mobile", None]),
            "on_screen_ms": 1000,
        }
        for number in range(600)
    ]
    plays: list[Row] = [
        {
            "play_id": cover["impression_id"],
            "started_at": cover["ts"],
            **{name: cover[name] for name in ("impression_id", "account_id", "title_id")},
            "watch_ms": 60_000,
            "utc_offset_min": 0,
        }
        for cover in covers[::3]
    ]
    # The data reach from before the first cover to after the last.
    plays += [
        {**plays[0], "play_id": str(day), "impression_id": None, "started_at": FIRST + timedelta(day)}
        for day in (-1, DAYS + 1)
    ]
    titles: list[Row] = [{"title_id": name, "name": name, "kind": "film"} for name in ("film", "other")]
    accounts: list[Row] = [{"account_id": name, **told} for name, told in ACCOUNTS.items()]
    tables = {"titles": titles, "accounts": accounts, "impressions": covers, "plays": plays}
    folder: Path = tmp_path_factory.mktemp("shown")
    build_warehouse(write_source(folder / "source", tables), folder / "warehouse")
    return Warehouse(folder / "warehouse").current(), covers


@pytest.mark.parametrize(("from_day", "to_day"), RANGES)
def test_covers_under_any_filters_are_those_counted_in_plain_python(
    shown: tuple[Build, list[Row]], from_day: str, to_day: str
) -> None:
    build, covers = shown
    told = [
        {
            "artwork_id": cover["artwork_id"],
            "is_taken": number % 3 == 0,
            "device": cover["device_type"],
            "country": ACCOUNTS[cover["account_id"]].get("country"),
            "plan": ACCOUNTS[cover["account_id"]].get("plan"),
        }
        for number, cover in enumerate(covers)
        if date.fromisoformat(from_day) <= cover["ts"].date() < date.fromisoformat(to_day)
    ]
    for chosen in product(*(["", *of_filter] for of_filter in CHOICES.values())):
        left = {name: CHOICES[name][of_filter] for name, of_filter in zip(CHOICES, chosen, strict=True) if of_filter}
        kept = [cover for cover in told if all(cover[name] in values for name, values in left.items())]
        search = "&".join([f"start_day={from_day}&end_day={to_day}&calendar=utc", *filter(None, chosen)])
        frame = run("take_rate_by_cover", parse_search(search, build.manifest.spans), build)
        found = {row.artwork_id: (row.impressions, row.taken_impressions) for row in frame.itertuples()}
        assert found == {
            artwork: (len(of_cover), sum(cover["is_taken"] for cover in of_cover))
            for artwork in {cover["artwork_id"] for cover in kept}
            if (of_cover := [cover for cover in kept if cover["artwork_id"] == artwork])
        }
