"""A service of five accounts and four films with covers of one or two flat colours, by which colours are derived."""

from datetime import date, datetime, timedelta
from pathlib import Path

from PIL import Image

from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from tests.sources import Row, write_source

MINUTE_MS = 60_000
FIRST_DAY = date(2026, 1, 1)
# The last event, on day 200, is not of a complete day.
DAYS = 200
RED, BLUE = (204, 0, 0), (0, 0, 204)
# 36·r + 6·g + b of levels: 204 is the fourth.
RED_BIN, BLUE_BIN = 4 * 36, 4
# Days of the last 90 (110 to 199), and of the 90 before (20 to 109).
LATE, EARLY = 150, 50


def play(account: str, title: str, day_number: int, minutes: int, **more: object) -> Row:
    moment = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 12) + timedelta(days=day_number)
    return {
        "play_id": f"{account}-{title}-{day_number}",
        "account_id": account,
        "title_id": title,
        "started_at": moment,
        "watch_ms": minutes * MINUTE_MS,
        "utc_offset_min": 0,
        "device_type": "tv",
        **more,
    }


PLAYS = (
    # Of late: ann 30 minutes of red and 10 of blue; bob 20 of half and half; cleo what has no cover.
    play("ann", "ember", LATE, 30),
    play("ann", "ocean", LATE + 1, 10),
    play("bob", "half", LATE, 20, device_type="mobile"),
    play("cleo", "bare", LATE, 60),
    # Before: ann and bob 60 minutes of blue each.
    play("ann", "ocean", EARLY, 60),
    play("bob", "ocean", EARLY, 60),
    # Eve left at once, and watched nothing.
    play("eve", "ember", EARLY, 0),
    # A trailer is no film; the last event makes the day before it complete.
    play("ann", "trailer", LATE, 500),
    play("dan", "bare", DAYS, 1),
)
TITLES: tuple[Row, ...] = (
    {"title_id": "ember", "name": "Ember", "kind": "film"},
    {"title_id": "ocean", "name": "Ocean", "kind": "film"},
    {"title_id": "half", "name": "Half and half", "kind": "film"},
    {"title_id": "bare", "name": "Without a cover", "kind": "film"},
    {"title_id": "trailer", "name": "Blue trailer", "kind": "trailer"},
)


def write_colour_world(folder: Path) -> Build:
    """Write the source below ``folder``, and build it."""
    countries = {"ann": "IN", "bob": "DE", "cleo": "IN", "dan": "IN", "eve": "FR"}
    source = write_source(
        folder / "source",
        {
            "titles": TITLES,
            "title_tags": [
                {"title_id": "ember", "tag_kind": "genre", "tag": "Drama"},
                {"title_id": "ocean", "tag_kind": "genre", "tag": "Comedy"},
            ],
            "accounts": [
                {"account_id": account, "country": country, "plan": "basic"} for account, country in countries.items()
            ],
            "artworks": [
                {"artwork_id": f"of-{title}", "title_id": title, "path": f"art/{title}.png"}
                for title in ("ember", "ocean", "half", "trailer")
            ],
            "plays": PLAYS,
        },
    )
    (source / "art").mkdir()
    for title, color in (("ember", RED), ("ocean", BLUE), ("trailer", BLUE)):
        Image.new("RGB", (20, 30), color).save(source / f"art/{title}.png")
    half = Image.new("RGB", (20, 30), RED)
    half.paste(BLUE, (0, 15, 20, 30))
    half.save(source / "art/half.png")
    build_warehouse(source, folder / "warehouse")
    return Warehouse(folder / "warehouse").current()
