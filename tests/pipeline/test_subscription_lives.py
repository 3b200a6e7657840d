"""How long subscriptions lasted, as a build holds it: by hand."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path

from pipeline.build.build import build_warehouse
from tests.sources import Row, read_source, write_source


def change(account: str, on: date, event: str, plan: str | None = None) -> Row:
    return {
        "event_id": f"{account} {on} {event}",
        "account_id": account,
        "ts": datetime(on.year, on.month, on.day, 12),
        "event": event,
        "plan": plan,
    }


def test_lives_by_split(tmp_path: Path) -> None:
    # Ann begins and ends; Bob, who signed up in 2025, is seen first by a renewal; of Cleo, seen so too, nobody knows.
    # Dan begins, does not pay on the 10th, and ends 30 days later; he rejoins.
    summary = build_warehouse(
        write_source(
            tmp_path / "source",
            {
                "accounts": [
                    {"account_id": "ann", "country": "IN", "acquisition_channel": "search"},
                    {"account_id": "bob", "country": "IN", "signed_up_at": datetime(2025, 6, 1, 8)},
                    {"account_id": "dan", "country": "FR", "acquisition_channel": "search"},
                ],
                "subscription_events": [
                    change("ann", date(2026, 1, 2), "start", "basic"),
                    change("ann", date(2026, 1, 5), "end"),
                    change("bob", date(2026, 1, 3), "renew", "basic"),
                    change("cleo", date(2026, 1, 4), "renew", "family"),
                    change("dan", date(2026, 1, 4), "start", "family"),
                    change("dan", date(2026, 1, 10), "payment_failed"),
                    change("dan", date(2026, 3, 1), "rejoin", "basic"),
                    change("zoe", date(2026, 3, 9), "start", "basic"),
                ],
            },
        ),
        tmp_path / "warehouse",
    )
    rows = [row for row in read_source(summary.folder, "subscription_lives") if row["calendar"] == "utc"]
    names = ("began_as", "start_day", "end_day", "ended_by", "account_country", "account_plan", "acquisition_channel")
    ann = ("start", date(2026, 1, 2), date(2026, 1, 5), "end")
    bob = ("before", date(2025, 6, 1), None, None)
    cleo = ("before", None, None, None)
    dan = ("start", date(2026, 1, 4), date(2026, 2, 9), "payment")
    again = ("rejoin", date(2026, 3, 1), None, None)
    zoe = ("start", date(2026, 3, 9), None, None)
    told = {
        split: Counter(
            {tuple(row[name] for name in names): row["subscriptions"] for row in rows if row["split_by"] == split}
        )
        for split in ("none", "country", "plan", "channel", "all")
    }
    lives = (ann, bob, cleo, dan, again, zoe)
    assert told["none"] == {(*life, None, None, None): 1 for life in lives}
    countries = ("IN", "IN", None, "FR", "FR", None)
    assert told["country"] == {(*life, country, None, None): 1 for life, country in zip(lives, countries, strict=True)}
    # The plan of the beginning: Dan's first was family.
    plans = ("basic", "basic", "family", "family", "basic", "basic")
    assert told["plan"] == {(*life, None, plan, None): 1 for life, plan in zip(lives, plans, strict=True)}
    channels = ("search", None, None, "search", "search", None)
    assert told["channel"] == {(*life, None, None, name): 1 for life, name in zip(lives, channels, strict=True)}
    together = zip(lives, countries, plans, channels, strict=True)
    assert told["all"] == {(*life, country, plan, name): 1 for life, country, plan, name in together}

    # As February begins, Bob and Dan run; as March begins Bob alone, since who begins that day does not yet; as April
    # begins Bob, Dan again and Zoe. Dan's break ends on 1 March, so it runs as March begins.
    ages = {
        spells: {
            tuple(row[name] for name in ("month_start", "age_days", "began_as", "running", "ended")): row[
                "ended_by_payment"
            ]
            for row in read_source(summary.folder, "subscription_ages")
            if (row["calendar"], row["split_by"], row["spells"]) == ("utc", "none", spells)
        }
        for spells in ("lives", "breaks")
    }
    february, march, april = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)
    assert ages["lives"] == {
        (february, 3, "start", 0, 1): 0,
        (february, 28, "start", 1, 0): 0,
        (february, 245, "before", 1, 0): 0,
        (march, 3, "start", 0, 1): 0,
        (march, 36, "start", 0, 1): 1,
        (march, 273, "before", 1, 0): 0,
        (april, 3, "start", 0, 1): 0,
        (april, 23, "start", 1, 0): 0,
        (april, 31, "rejoin", 1, 0): 0,
        (april, 36, "start", 0, 1): 1,
        (april, 304, "before", 1, 0): 0,
    }
    assert ages["breaks"] == {
        (february, 27, "start", 1, 0): 0,
        (march, 20, "start", 1, 0): 0,
        (march, 55, "start", 1, 0): 0,
        (april, 20, "start", 0, 1): 0,
        (april, 86, "start", 1, 0): 0,
    }

    # Ann ended on day 3, in the first month, Dan on day 36, in the second; of Cleo nobody knows when she began.
    lengths = [
        (row["began_as"], row["start_day"], row["end_month"], row["subscriptions"])
        for row in read_source(summary.folder, "subscription_lengths")
        if (row["calendar"], row["split_by"]) == ("utc", "all")
    ]
    assert Counter(lengths) == {
        ("start", date(2026, 1, 2), 1, 1): 1,
        ("before", date(2025, 6, 1), None, 1): 1,
        ("start", date(2026, 1, 4), 2, 1): 1,
        ("rejoin", date(2026, 3, 1), None, 1): 1,
        ("start", date(2026, 3, 9), None, 1): 1,
    }
