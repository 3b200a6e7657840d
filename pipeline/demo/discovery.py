"""How people find what they watch, in a part of a day: covers shown, browsing, searches, and the ratings they leave."""

from pathlib import Path
from typing import Any

import numpy as np

from definitions.tables import CONTRACT
from pipeline.demo.columns import Ints, choices, ids, masked, moments, write_table
from pipeline.demo.marketing import COVER_TESTS, cover_shown
from pipeline.demo.people import COUNTRIES, DEVICES, US_PER_DAY, account_ids, profile_ids
from pipeline.demo.people import PROFILES_MAX as PLACES
from pipeline.demo.settings import IDS_A_PART, Part
from pipeline.demo.viewing import ORIGINS, Plays, Viewing

ROWS = ("Trending now", "Top picks", "New this week", "Because you watched")
COVERS_BESIDE = 2
"""Covers shown beside the one that a visit takes or passes over, which nobody takes."""
RATING_SHARE = 0.02
TYPO_SHARE = 0.15
ZERO_RESULT_SHARE = 0.12
UNKNOWN_QUERIES = ("the office", "football live", "weather", "spiderman", "news", "karaoke", "anime dubbed", "opera")


def write_discovery(viewing: Viewing, folder: Path, part: Part, plays: Plays, passed: Plays, session: Ints) -> None:
    """Write a part's impressions, browse_events, searches and ratings; ``passed`` are covers that nobody took."""
    random = viewing.settings.random("discovery", part.key)
    _write_covers(viewing, folder, part, plays, passed, session, random)
    _write_searches(viewing, folder, part, plays, random)
    _write_ratings(viewing, folder, part, plays, session, random)


def part_file(folder: Path, table: str, viewing: Viewing, part: Part, name: str, days_later: int = 0) -> Path:
    """Return where a part's rows of a table go."""
    day = np.datetime64(viewing.settings.first_day) + part.day + days_later
    return folder / table / f"day={day}" / f"{name}-{part.number:03d}.parquet"


def _write_covers(
    viewing: Viewing, folder: Path, part: Part, plays: Plays, passed: Plays, session: Ints, random: np.random.Generator
) -> None:
    catalogue = viewing.catalogue
    linked = np.flatnonzero((plays.origin == ORIGINS.index("recommendation")) & (plays.step == 0))
    number = np.concatenate([session[linked], part.first_id + IDS_A_PART // 2 + np.arange(len(passed.title))])
    columns = [
        np.concatenate([getattr(plays, name)[linked], getattr(passed, name)])
        for name in ("account", "place", "visit", "device", "title", "artwork")
    ]
    started_us = np.concatenate([plays.playbacks.started_us[linked], passed.playbacks.started_us])
    midnight_us = viewing.settings.first_us + part.day * US_PER_DAY
    shown_us = np.maximum(started_us - random.integers(2_000_000, 40_000_000, len(number)), midnight_us)
    # The covers beside it: of any work, as the account would see it.
    beside = np.repeat(np.arange(len(number)), COVERS_BESIDE)
    account, place, visit, device, title, artwork = (np.concatenate([column, column[beside]]) for column in columns)
    out = np.flatnonzero(catalogue.released <= part.day)
    title[len(number) :] = random.choice(out, len(beside))
    artwork[len(number) :] = viewing.artworks(title[len(number) :], account[len(number) :])
    row = np.concatenate([number, number[beside]])
    step = np.concatenate([np.zeros(len(number), dtype=np.int64), 1 + np.arange(len(beside)) % COVERS_BESIDE])
    own: dict[str, Any] = {
        "ts": moments(np.concatenate([shown_us, shown_us[beside]])),
        "account_id": account_ids(account),
        "profile_id": profile_ids(account * PLACES + place),
        "visit_id": ids("v", part.first_id + visit, 10),
        "device_type": choices(device, DEVICES),
        "title_id": choices(title, catalogue.title_ids),
    }
    test = viewing.tested_cover(part.day, title, account)
    impressions = {
        **own,
        "impression_id": ids("i", row * (COVERS_BESIDE + 1) + step, 12),
        "artwork_id": choices(artwork, catalogue.artworks["artwork_id"]),
        "row_name": choices(row % len(ROWS), ROWS),
        "row_position": 1 + row % 9,
        "column_position": 1 + (row // 9 + step) % 8,
        "on_screen_ms": random.integers(400, 9000, len(row)),
        "origin": choices(np.zeros(len(row)), ("recommendation",)),
        "experiment_id": choices(test, list(COVER_TESTS), test < 0),
        "variant": choices(cover_shown(account, 2), ("A", "B"), test < 0),
    }
    write_table(CONTRACT["impressions"], impressions, part_file(folder, "impressions", viewing, part, "impressions"))
    some = np.flatnonzero(step == 0)
    browsing = {name: values.take(some) for name, values in own.items()} | {
        "event": choices(random.integers(0, 3, len(some)), ("scroll", "row_open", "title_open")),
        "depth": row[some] % 9,
    }
    write_table(CONTRACT["browse_events"], browsing, part_file(folder, "browse_events", viewing, part, "browse"))


def impression_ids(session: Ints) -> Any:
    """Return the id of the cover that led to each play."""
    return ids("i", session * (COVERS_BESIDE + 1), 12)


def _write_searches(viewing: Viewing, folder: Path, part: Part, plays: Plays, random: np.random.Generator) -> None:
    """Write the searches: those that led to a play, some with a typo, and some that found nothing."""
    catalogue = viewing.catalogue
    found = np.flatnonzero((plays.origin == ORIGINS.index("search")) & (plays.step == 0))
    if not len(found):
        return
    lost = random.choice(found, round(len(found) * ZERO_RESULT_SHARE))
    play = np.concatenate([found, lost])
    is_lost = np.arange(len(play)) >= len(found)
    words = [*viewing.queries, *UNKNOWN_QUERIES]
    work = catalogue.work_of_title[plays.title[play]]
    typo = random.random(len(play)) < TYPO_SHARE
    query = np.where(
        is_lost,
        len(viewing.queries) + random.integers(0, len(UNKNOWN_QUERIES), len(play)),
        work * 2 + typo,
    )
    midnight_us = viewing.settings.first_us + part.day * US_PER_DAY
    ts = np.maximum(plays.playbacks.started_us[play] - random.integers(8_000_000, 50_000_000, len(play)), midnight_us)
    searches = {
        "search_id": ids("q", part.first_id + np.arange(len(play)), 10),
        "ts": moments(ts),
        "account_id": account_ids(plays.account[play]),
        "query": choices(query, words),
        "profile_id": profile_ids(plays.account[play] * PLACES + plays.place[play]),
        "visit_id": ids("v", part.first_id + plays.visit[play], 10),
        "results": np.where(is_lost, 0, 1 + work % 12),
        "chosen_title_id": choices(plays.title[play], catalogue.title_ids, is_lost),
        "chosen_position": masked(1 + (work + play) % 3, is_lost),
        "device_type": choices(plays.device[play], DEVICES),
        "country": choices(viewing.people.country[plays.account[play]], COUNTRIES),
        "utc_offset_min": plays.offset_min[play],
    }
    write_table(CONTRACT["searches"], searches, part_file(folder, "searches", viewing, part, "searches"))


def _write_ratings(
    viewing: Viewing, folder: Path, part: Part, plays: Plays, session: Ints, random: np.random.Generator
) -> None:
    rated = np.flatnonzero(random.random(len(plays.title)) < RATING_SHARE)
    if not len(rated):
        return
    work = viewing.catalogue.work_of_title[plays.title[rated]]
    liked = random.random(len(rated)) < 0.55 + 0.35 * (work % 7) / 6
    ratings = {
        "rating_id": ids("r", session[rated], 10),
        "ts": moments(plays.playbacks.started_us[rated] + plays.playbacks.watch_ms[rated] * 1000),
        "account_id": account_ids(plays.account[rated]),
        "title_id": choices(plays.title[rated], viewing.catalogue.title_ids),
        "rating": liked.astype(np.int64),
        "scale": choices(np.zeros(len(rated)), ("thumbs",)),
        "profile_id": profile_ids(plays.account[rated] * PLACES + plays.place[rated]),
    }
    write_table(CONTRACT["ratings"], ratings, folder / "ratings" / f"{part.day:05d}-{part.number:03d}.parquet")
