"""A small made-up source with everything that the Overview's figures depend on, ties and gaps included."""

import random
from datetime import datetime, timedelta
from pathlib import Path

from tests.sources import Row, write_source

FIRST_MOMENT = datetime(2023, 9, 20, 3, 0)
DAYS = 170
COUNTRIES = ("IN", "US", "NZ", None)


def write_world(folder: Path, seed: int = 7) -> Path:
    """Write the source for a seed: 14 accounts, 9 titles, about 900 plays over 170 days, across a change of clocks."""
    rng = random.Random(seed)
    accounts = [f"account-{number}" for number in range(14)]
    return write_source(
        folder,
        {
            "titles": _titles(),
            "title_tags": _title_tags(),
            "accounts": [
                {"account_id": account, "country": COUNTRIES[number % 4], "plan": "Basic"}
                for number, account in enumerate(accounts[:10])
            ],
            "profiles": [
                {
                    "profile_id": f"{account}/{name}",
                    "account_id": account,
                    "profile_type": rng.choice(["standard", "kids", None]),
                }
                for account in accounts
                for name in ("a", "b")
            ],
            "plays": [_play(rng, number, accounts) for number in range(900)],
            "subscription_events": _subscription_events(rng, accounts[3:]),
        },
    )


def _titles() -> list[Row]:
    films = [
        {
            "title_id": f"film-{number}",
            "name": f"Film {number}",
            "kind": "film",
            "runtime_ms": 90 * 60_000,
            "released_on": (FIRST_MOMENT + timedelta(days=20 * number)).date() if number else None,
            "original": (True, False, None)[number],
        }
        for number in range(3)
    ]
    episodes = [
        {
            "title_id": f"episode-{number}",
            "name": f"Episode {number}",
            "kind": "episode",
            "series_id": f"series-{number // 2}",
            "series_name": f"Series {number // 2}",
            "episode_number": number % 2 + 1,
            "runtime_ms": 30 * 60_000 if number else None,
            "original": (None, True, None, False)[number],
            "released_on": (FIRST_MOMENT + timedelta(days=10 * number)).date() if number != 2 else None,
        }
        for number in range(4)
    ]
    trailer = {"title_id": "trailer", "name": "Film 0", "kind": "trailer", "runtime_ms": 120_000}
    live = {"title_id": "match", "name": "The match", "kind": "live"}
    return [*films, *episodes, trailer, live]


def _title_tags() -> list[Row]:
    """Tag titles and a series, some twice, some with what is no genre."""
    tags = [
        ("title_id", "film-0", "drama", "genre"),
        ("title_id", "film-1", "comedy", "genre"),
        ("title_id", "film-1", "drama", "genre"),
        ("title_id", "film-2", "wry", "mood"),
        ("title_id", "episode-0", "thriller", "genre"),
        ("title_id", "episode-1", "thriller", "genre"),
        ("series_id", "series-1", "comedy", "genre"),
    ]
    return [{of: name, "tag": tag, "tag_kind": kind} for of, name, tag, kind in tags]


def _play(rng: random.Random, number: int, accounts: list[str]) -> Row:
    account = rng.choice(accounts)
    title = rng.choice(_titles())
    watch_ms = rng.choice([5_000, 59_999, 60_000, 90_000, 119_999, 120_000, 20 * 60_000, 80 * 60_000])
    # Drawn apart: what is drawn above stays as it is.
    own = random.Random(number)
    return {
        "play_id": f"play-{number}",
        "account_id": account,
        "profile_id": rng.choice([f"{account}/a", f"{account}/b", None]),
        "title_id": title["title_id"],
        "started_at": FIRST_MOMENT + timedelta(seconds=rng.randrange(DAYS * 86_400)),
        "watch_ms": watch_ms,
        "furthest_position_ms": rng.choice([None, watch_ms, 27 * 60_000, 81 * 60_000 - 1, 81 * 60_000]),
        "distinct_ms": rng.choice([None, watch_ms - own.choice([0, watch_ms // 4])]),
        "paused_ms": own.choice([None, 0, 30_000, 5 * 60_000]),
        "pauses": own.choice([None, 0, 1, 3]),
        "resumes": own.choice([None, 0, 1, 2]),
        "seeks_back": own.choice([None, 0, 2]),
        "seeks_forward": own.choice([None, 0, 1]),
        "autoplay": own.choice([None, True, False]),
        "device_model": own.choice(["Vista 55", "Nova 3", None]),
        "app_version": own.choice(["9.1", "9.2", None]),
        "region": own.choice(["IN-KL", "US-NY", None]),
        "postal_code": own.choice(["695", "100", None]),
        "device_type": rng.choice(["tv", "mobile", "desktop", None]),
        "country": rng.choice(["IN", "US", "NZ", "FR", None]),
        "utc_offset_min": rng.choice([None, None, -600, 330, 765]),
        "origin": rng.choice(["recommendation", "search", None]),
        "rebuffer_ms": rng.choice([None, 0, 1_500]),
    }


def _subscription_events(rng: random.Random, accounts: list[str]) -> list[Row]:
    """Draw changes in any order: starts while running, ends of what ended, failures recovered and not."""
    events: list[Row] = []
    for account in accounts:
        # On whole days, so that some fall on the same instant, as in sources that have dates only.
        days = sorted(rng.choices(range(DAYS), k=rng.randrange(2, 12)))
        for number, day in enumerate(days):
            event = rng.choice(
                ["start", "renew", "change_plan", "cancel", "end", "rejoin", "payment_failed", "payment_recovered"]
            )
            events.append(
                {
                    "event_id": f"{account}/{number}",
                    "account_id": account,
                    "ts": FIRST_MOMENT + timedelta(days=day),
                    "event": event,
                    "plan": rng.choice([None, "Basic", "Premium"]),
                }
            )
    return events
