"""Writes a part of one day of the demo world: player events, covers shown, searches and browsing."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from definitions.tables import CONTRACT
from pipeline.demo.columns import Bools, Ints, choices, ids, masked, moments, write_table
from pipeline.demo.discovery import ROWS, impression_ids, part_file, write_discovery
from pipeline.demo.people import (
    COUNTRIES,
    DEVICES,
    US_PER_DAY,
    account_ids,
    app_versions,
    models_in_use,
    postal_codes,
    profile_ids,
    regions,
)
from pipeline.demo.people import PROFILES_MAX as PLACES
from pipeline.demo.player_events import START, Told, count_of, tell, within
from pipeline.demo.settings import Part
from pipeline.demo.viewing import CDNS, ISPS_A_COUNTRY, ORIGINS, Plays, Viewing, cdn_of

EVENTS_A_VISIT = 15
SPARE = 1.6
DUPLICATE_SHARE = 0.001
LATE_SHARE = 0.002
"""How many plays are told on the day after, by devices that were not connected."""
CLOCK_JUMP_SHARE = 0.001
CLOCK_JUMP_US = 1_800_000_000


def write_part(viewing: Viewing, folder: Path, part: Part) -> tuple[int, int]:
    """Write a part's player events, to within half a play; return the events and the duplicates among them."""
    random = viewing.settings.random("player events", part.key)
    visits = round(part.events / EVENTS_A_VISIT * SPARE) + 20
    while True:
        plays, passed = viewing.plays(part, visits)
        told = tell(plays.playbacks, random)
        if len(told.play) >= part.events:
            break
        # People watched less than usual: as many again.
        visits *= 2
    kept = _fitting(count_of(told, len(plays.title)), part.events)
    # Covers count up to the first visit that did not fit in.
    shown = plays.visit[np.argmin(kept)] if not kept.all() else plays.visit[-1] + 1
    told, plays, passed = within(told, kept), plays.take(kept), passed.take(passed.visit < shown)
    session = part.first_id + np.arange(len(plays.title))
    events, duplicates = _write_events(viewing, folder, part, plays, told, session, random)
    write_discovery(viewing, folder, part, plays, passed, session)
    return events, duplicates


def _fitting(counts: Ints, quota: int) -> Bools:
    """Choose the plays up to the quota, and the one later play that fits best into what is left of it."""
    total = np.cumsum(counts)
    whole = int(np.searchsorted(total, quota, side="right"))
    kept = np.arange(len(counts)) < whole
    left = quota - (int(total[whole - 1]) if whole else 0)
    if whole < len(counts):
        best = whole + int(np.argmin(np.abs(counts[whole:] - left)))
        kept[best] = abs(int(counts[best]) - left) < left
    return kept


def _write_events(
    viewing: Viewing, folder: Path, part: Part, plays: Plays, told: Told, session: Ints, random: np.random.Generator
) -> tuple[int, int]:
    people, catalogue = viewing.people, viewing.catalogue
    play, first = told.play, told.kind != START
    account = plays.account
    home, area = people.country[account], people.region[account]
    linked = (plays.origin == 0) & (plays.step == 0)
    columns: dict[str, Any] = {
        **told.columns(session),
        "ts": moments(_told_times(told, len(session), random)),
        "session_id": choices(play, ids("s", session, 10)),
        "account_id": choices(play, account_ids(account)),
        "title_id": choices(plays.title[play], catalogue.title_ids),
        "profile_id": choices(play, profile_ids(account * PLACES + plays.place)),
        "visit_id": choices(play, ids("v", part.first_id + plays.visit, 10)),
        "device_type": choices(plays.device[play], DEVICES, first),
        "device_model": models_in_use(viewing.settings, part.day, account, plays.device).take(
            pa.array(play, mask=first)
        ),
        "app_version": app_versions(part.day, account, plays.device).take(pa.array(play, mask=first)),
        "country": choices(home[play], COUNTRIES, first),
        "region": choices(play, regions(home, area).cast("string"), first),
        "postal_code": choices(play, postal_codes(home, area, account).cast("string"), first),
        "utc_offset_min": masked(plays.offset_min[play], first),
        "isp": choices(
            plays.isp[play],
            [f"{country}-net-{number + 1}" for country in COUNTRIES for number in range(ISPS_A_COUNTRY)],
            first,
        ),
        "cdn": choices(cdn_of(account)[play], CDNS, first),
        "origin": choices(plays.origin[play], ORIGINS, first),
        "artwork_id": choices(plays.artwork[play], catalogue.artworks["artwork_id"], first | ~linked[play]),
        "impression_id": choices(play, impression_ids(session), first | ~linked[play]),
        "row_name": choices(session[play] % len(ROWS), ROWS, first | ~linked[play]),
        "row_position": masked(1 + session[play] % 9, first | ~linked[play]),
        "autoplay": masked(plays.step[play] > 0, first),
    }
    # In the order they reach the service; what was sent twice stands twice.
    twice = np.flatnonzero(random.random(len(play)) < DUPLICATE_SHARE)
    order = np.concatenate([np.argsort(told.at_us, kind="stable"), twice])
    event_day = (told.at_us[order] - viewing.settings.first_us) // US_PER_DAY
    last_day = viewing.settings.days - 1
    late = (random.random(len(session)) < LATE_SHARE)[play[order]] & (part.day < last_day)
    written = 0
    for offset, name in ((0, "events"), (1, "overnight"), (1, "late")):
        rows = order[late if name == "late" else ~late & (event_day == part.day + offset)]
        if len(rows) and part.day + offset <= last_day:
            chosen = {
                column: values.take(rows)
                if hasattr(values, "take") and not isinstance(values, np.ndarray)
                else values[rows]
                for column, values in columns.items()
            }
            file = part_file(folder, "playback_events", viewing, part, name, days_later=offset)
            written += write_table(CONTRACT["playback_events"], chosen, file)
    return written, len(twice)


def _told_times(told: Told, plays: int, random: np.random.Generator) -> Ints:
    """Return when events happened by the devices' clocks, a few of which are set anew in the middle of a play."""
    jump_us = random.integers(-CLOCK_JUMP_US, CLOCK_JUMP_US, plays)
    jumps = random.random(plays) < CLOCK_JUMP_SHARE
    after = random.random(len(told.play)) < 0.1
    # From the first event drawn on, all of a play's.
    first = np.searchsorted(told.play, np.arange(plays))
    drawn = np.cumsum(after)
    set_anew = drawn > (drawn - after)[first][told.play]
    return told.at_us + np.where(set_anew & jumps[told.play], jump_us[told.play], 0)
