"""The accounts of films and series over any days: by hand, and as plain Python counts them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.values import KINDS
from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.filters import FilterState, parse_search
from queries.run import bound_parameters, run, select
from tests.sources import Row, write_source

FILM, SERIES = "title film", "series salt"
TITLES: list[Row] = [
    {"title_id": "film", "name": "Low Tide", "kind": "film"},
    *(
        {"title_id": kind, "name": kind, "kind": kind, "series_id": "salt", "series_name": "The Salt Year"}
        for kind in ("episode", "trailer", "live")
    ),
]
COUNTRIES = {"ann": "IN", "bea": "FR", "cat": "IN", "dan": None}
FIRST_DAY = date(2026, 1, 20)
DAYS = 130


def played(number: int, account: str, title: str, day: date, watch_ms: int = 3_600_000, device: str = "tv") -> Row:
    return {
        "play_id": str(number),
        "account_id": account,
        "profile_id": None,
        "title_id": title,
        "device_type": device,
        "started_at": datetime(day.year, day.month, day.day, 12),
        "watch_ms": watch_ms,
        "utc_offset_min": 0,
    }


def accounts_of(build: Build, filters: FilterState, *schemas: str) -> dict[str, int]:
    """Return how many accounts were active with each film and series, by the macros of these schemas."""
    bound = bound_parameters("title_league", filters)
    names = ("calendar", "start_day", "end_day", "chosen_set", "filters")
    sql = f"select show_id, count(*) from accounts_of_shows({', '.join(f'${name}' for name in names)}) group by show_id"
    with build.cursor(macros_of=schemas) as cursor:
        return dict(cursor.execute(sql, {name: bound[name] for name in names}).fetchall())


def built(folder: Path, plays: Sequence[Row]) -> Build:
    accounts = [{"account_id": account, "country": country} for account, country in COUNTRIES.items()]
    source = write_source(folder / "source", {"titles": TITLES, "accounts": accounts, "plays": plays})
    build_warehouse(source, folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return built(
        tmp_path_factory.mktemp("by-hand"),
        [
            # Two devices on one day, the last of a month; the next month; then one without.
            played(1, "ann", "film", date(2026, 1, 31)),
            played(2, "ann", "film", date(2026, 1, 31), device="mobile"),
            played(3, "ann", "film", date(2026, 2, 10)),
            # Too short to be activity.
            played(4, "ann", "film", date(2026, 3, 10), watch_ms=59_999),
            played(5, "ann", "film", date(2026, 4, 3)),
            # A series and its trailer, of an account of another country.
            played(6, "bea", "episode", date(2026, 2, 5)),
            played(7, "bea", "trailer", date(2026, 2, 20)),
            played(8, "bea", "trailer", date(2026, 3, 1)),
            # Two months without.
            played(9, "cat", "live", date(2026, 1, 2)),
            played(10, "cat", "live", date(2026, 4, 30)),
            # The data are complete up to 1 May.
            played(11, "cat", "live", date(2026, 5, 2), watch_ms=59_999),
        ],
    )


def test_each_month_knows_the_last_day_before_it(by_hand: Build) -> None:
    # Day d of a month is 2 to the power of 31 - d. Of kinds, a film is 1, an episode 2, a trailer 4, live 16. Bea had
    # episodes and trailers, 6: her rows are of each alone, and of both together.
    sql = """
        select
            show_id,
            kinds_mask,
            known_kinds_mask,
            month_start,
            active_days,
            previous_active_day,
            account_country
        from show_account_months where calendar = 'utc' order by all
    """
    january, february, march, april = (date(2026, month, 1) for month in range(1, 5))
    assert [tuple(row.values()) for row in select(sql, by_hand).to_pylist()] == [
        (SERIES, 2, 6, february, 1 << 26, None, "FR"),
        (SERIES, 4, 6, february, 1 << 11, None, "FR"),
        (SERIES, 4, 6, march, 1 << 30, date(2026, 2, 20), "FR"),
        (SERIES, 6, 6, february, (1 << 26) + (1 << 11), None, "FR"),
        (SERIES, 6, 6, march, 1 << 30, date(2026, 2, 20), "FR"),
        (SERIES, 16, 16, january, 1 << 29, None, "IN"),
        (SERIES, 16, 16, april, 2, date(2026, 1, 2), "IN"),
        (FILM, 1, 1, january, 1, None, "IN"),
        (FILM, 1, 1, february, 1 << 21, date(2026, 1, 31), "IN"),
        (FILM, 1, 1, april, 1 << 28, date(2026, 2, 10), "IN"),
    ]


# The accounts of the film and of the series in a range; None where they were not even watched for less than a minute.
@pytest.mark.parametrize(
    ("search", "film", "series"),
    [
        # Ann on 31 January, 10 February and 3 April counts once; Bea by her episode, Cat by what was live.
        ("start_day=2026-01-31&end_day=2026-05-01&compare=none", 1, 2),
        # Up to the first active day of a month, and with it.
        ("start_day=2026-02-01&end_day=2026-02-10", None, 1),
        ("start_day=2026-02-01&end_day=2026-02-11", 1, 1),
        # From the middle of a month, after its last active day: 3 April is the first, and 10 February lies before.
        ("start_day=2026-02-11&end_day=2026-04-04", 1, None),
        ("start_day=2026-02-11&end_day=2026-04-03", 0, None),
        # Bea: the trailer alone; the episode or the trailer, once; after the episode.
        ("start_day=2026-02-05&end_day=2026-03-02&kind=trailer", None, 1),
        ("start_day=2026-02-05&end_day=2026-03-02&kind=trailer&kind=episode", None, 1),
        ("start_day=2026-02-06&end_day=2026-03-02&kind=episode", None, None),
        ("start_day=2026-02-06&end_day=2026-05-01&kind=trailer&kind=live", None, 2),
        ("start_day=2026-01-31&end_day=2026-05-01&country=IN", 1, 1),
        # On one device what single days know is counted.
        ("start_day=2026-01-31&end_day=2026-05-01&device=mobile", 1, None),
    ],
)
def test_the_accounts_of_a_range(by_hand: Build, search: str, film: int | None, series: int | None) -> None:
    filters = parse_search(f"{search}&calendar=utc&league_measure=active_accounts", by_hand.manifest.spans)
    frame = run("title_league", filters, by_hand).set_index("show_id")
    assert frame["active_accounts"].to_dict() == {
        show: of_show for show, of_show in ((FILM, film), (SERIES, series)) if of_show is not None
    }


def test_the_accounts_of_the_range_before(by_hand: Build) -> None:
    # 28 February to 3 April are 35 days; the 35 before them go from 24 January to 27 February. In these Ann had two
    # days of the film, and Bea an episode and a trailer; in the range Ann had one day, and Bea a trailer.
    search = "start_day=2026-02-28&end_day=2026-04-04&compare=previous&kind=film&kind=episode&kind=trailer"
    filters = parse_search(f"{search}&calendar=utc&league_measure=active_accounts", by_hand.manifest.spans)
    frame = run("title_league", filters, by_hand).set_index("show_id")
    assert frame["active_accounts"].to_dict() == {FILM: 1, SERIES: 1}
    assert frame["compare_active_accounts"].to_dict() == {FILM: 1, SERIES: 1}


@pytest.fixture(scope="module")
def plays() -> list[Row]:
    rng = Random(20261129)
    # The first day and the day after the last are there, so that all between are complete.
    ends = [played(60, "ann", "film", FIRST_DAY), played(61, "ann", "film", FIRST_DAY + timedelta(days=DAYS))]
    return ends + [
        played(
            number,
            rng.choice(list(COUNTRIES)),
            rng.choice([str(title["title_id"]) for title in TITLES]),
            FIRST_DAY + timedelta(days=rng.randrange(DAYS)),
            watch_ms=rng.choice([59_999, 60_000, 3_600_000]),
        )
        for number in range(60)
    ]


@pytest.fixture(scope="module")
def at_random(plays: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Build:
    return built(tmp_path_factory.mktemp("at-random"), plays)


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(st.integers(0, DAYS), min_size=2, max_size=2, unique=True).map(sorted),
    kinds=st.sets(st.sampled_from(KINDS)),
    country=st.sampled_from([None, "IN", "FR", "unknown"]),
    title=st.sampled_from([None, FILM, SERIES]),
)
def test_any_range_has_the_accounts_that_plain_python_counts(
    at_random: Build, plays: list[Row], days: list[int], kinds: set[str], country: str | None, title: str | None
) -> None:
    start_day, end_day = (FIRST_DAY + timedelta(days=number) for number in days)
    chosen = [*(f"kind={kind}" for kind in sorted(kinds))]
    chosen += [f"country={country}"] if country else []
    chosen += [f"title={title.replace(' ', '+')}"] if title else []
    search = "&".join([f"start_day={start_day}&end_day={end_day}&calendar=utc", *chosen])
    filters = parse_search(search, at_random.manifest.spans)
    kind_of = {str(row["title_id"]): str(row["kind"]) for row in TITLES}
    expected: dict[str, set[str]] = defaultdict(set)
    for row in plays:
        kind, account = kind_of[row["title_id"]], row["account_id"]
        show = FILM if kind == "film" else SERIES
        if (
            filters.start_day <= row["started_at"].date() < filters.end_day
            and row["watch_ms"] >= 60_000
            and kind in (kinds or {"film", "episode", "live"})
            and country in (None, COUNTRIES[account] or "unknown")
            and title in (None, show)
        ):
            expected[show].add(account)
    accounts = {show: len(of_show) for show, of_show in expected.items()}
    assert accounts_of(at_random, filters) == accounts
    # What counts them on chosen devices counts the same where none is.
    assert accounts_of(at_random, filters, "show_accounts_counted") == accounts
