"""A build after a change takes over what still holds, and equals a build from nothing."""

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from definitions.store import STORE_FILE
from pipeline.build.build import BuildSummary, build_warehouse
from tests.pipeline.builds import FIRST, assert_equal, days_of_plays, play, written
from tests.sources import Row, read_source

moments = st.integers(0, 6 * 24).map(lambda hour: FIRST + timedelta(hours=hour))
accounts = st.sampled_from(("ann", "bob", "cleo"))
titles = st.sampled_from(("film", "other", "late"))


def _row(**columns: Any) -> Row:
    return columns


def _event(number: int, ts: datetime, kind: str, place_s: int, session: str, title: str) -> Row:
    return {
        "event_id": f"e{number}",
        "ts": ts,
        "session_id": session,
        "account_id": "ann",
        "title_id": title,
        "event": kind,
        "position_ms": place_s * 1000,
        "profile_id": "p1",
    }


def _change(number: int, account: str, ts: datetime, event: str, plan: str | None) -> Row:
    return {"event_id": f"c{number}", "account_id": account, "ts": ts, "event": event, "plan": plan}


events = st.builds(
    _event,
    st.integers(0, 5),
    moments,
    st.sampled_from(("start", "first_frame", "heartbeat", "pause", "stop")),
    st.integers(0, 400),
    st.sampled_from("ab"),
    titles,
)
# Some run on into the next month.
watch_s = st.one_of(st.integers(-1, 200), st.just(20 * 3600))
plays = st.builds(
    play, st.sampled_from("abcd"), moments, accounts, titles, watch_s, st.sampled_from(("IN", "FR", None))
)
changes = st.builds(
    _change,
    st.integers(0, 4),
    accounts,
    moments,
    st.sampled_from(("start", "renew", "change_plan", "end")),
    st.sampled_from(("Basic", "Premium", None)),
)
covers = st.builds(
    _row,
    impression_id=st.sampled_from("ijk"),
    ts=moments,
    account_id=st.sampled_from(("ann", "bob")),
    profile_id=st.sampled_from(("p1", None)),
    title_id=titles,
    on_screen_ms=st.sampled_from((900, 2_000)),
    artwork_id=st.sampled_from(("red", "none", None)),
    row_position=st.sampled_from((1, 4, None)),
    experiment_id=st.sampled_from(("test", None)),
    variant=st.sampled_from(("A", "B")),
)
catalogues = st.lists(
    st.builds(
        _row,
        title_id=titles,
        name=st.just("The Salt Year"),
        kind=st.sampled_from(("film", "trailer")),
        runtime_ms=st.sampled_from((100_000, 300_000)),
        series_id=st.sampled_from((None, "salt")),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row["title_id"],
)
profiles = st.lists(
    st.builds(
        _row,
        profile_id=st.sampled_from(("p1", "p2")),
        account_id=st.just("ann"),
        profile_type=st.sampled_from(("standard", "kids")),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda row: row["profile_id"],
)
worlds: st.SearchStrategy[dict[str, list[Row]]] = st.fixed_dictionaries(
    {
        "titles": catalogues,
        "profiles": profiles,
        "playback_events": st.lists(events, min_size=1, max_size=8),
        "plays": st.lists(plays, min_size=1, max_size=8),
        "subscription_events": st.lists(changes, min_size=1, max_size=4),
        "impressions": st.lists(covers, min_size=1, max_size=4),
        "artworks": st.just([_row(artwork_id=name, title_id="film", path=f"{name}.png") for name in ("red", "none")]),
        "experiments": st.just([_row(experiment_id="test", name="Test", kind="artwork")]),
    }
)


@st.composite
def changed_worlds(draw: st.DrawFn) -> list[dict[str, list[Row]]]:
    """Draw a source, and four times the one before with rows of some tables added, taken away or replaced."""
    drawn = [draw(worlds)]
    for _ in range(4):
        before, other = drawn[-1], draw(worlds)
        after = dict(before)
        for name in draw(st.sets(st.sampled_from(sorted(before.keys() - {"artworks", "experiments"})), min_size=1)):
            by_day = name in ("playback_events", "plays", "subscription_events", "impressions")
            after[name] = [*before[name][draw(st.integers(0, 2)) :], *other[name][:2]] if by_day else other[name]
        # The simplest world in place of the simplest changes nothing.
        assume(after != before)
        drawn.append(after)
    return drawn


def assert_changes_give_what_builds_from_nothing_give(folder: Path, worlds: list[dict[str, list[Row]]]) -> None:
    for number, world in enumerate(worlds):
        source = written(folder / "source", world)
        Image.new("RGB", (20, 30), "red").save(source / "red.png")
        built = build_warehouse(source, folder / "warehouse")
        if number:
            assert_equal(built, build_warehouse(source, folder / f"fresh-{number}"))


# Two sources with four changes each.
@given(changed_worlds())
@settings(max_examples=2, deadline=None)
def test_a_change_gives_what_a_build_from_nothing_gives(
    tmp_path_factory: pytest.TempPathFactory, worlds: list[dict[str, list[Row]]]
) -> None:
    assert_changes_give_what_builds_from_nothing_give(tmp_path_factory.mktemp("world"), worlds)


@pytest.mark.verify
@given(changed_worlds())
@settings(max_examples=75, deadline=None)
def test_any_change_gives_what_a_build_from_nothing_gives(
    tmp_path_factory: pytest.TempPathFactory, worlds: list[dict[str, list[Row]]]
) -> None:
    assert_changes_give_what_builds_from_nothing_give(tmp_path_factory.mktemp("world"), worlds)


def shared_days(one: BuildSummary, other: BuildSummary) -> list[int]:
    """Return the days of plays, counted from the first, whose files both builds share."""
    inodes = {file.stat().st_ino for file in one.folder.glob("plays/*/*.parquet")}
    files = [file for file in sorted(other.folder.glob("plays/*/*.parquet")) if file.stat().st_ino in inodes]
    found = [file.parent.name.removeprefix("utc_day=") for file in files]
    return [(datetime.fromisoformat(day) - FIRST).days for day in found]


def test_a_new_day_leaves_the_files_of_the_others_as_they_are(tmp_path: Path) -> None:
    # Of ten days the tenth is new: a session can reach three days, so the days 0 to 6 cannot depend on day 9.
    first = build_warehouse(written(tmp_path / "source", days_of_plays(9)), tmp_path / "warehouse")
    second = build_warehouse(written(tmp_path / "source", days_of_plays(10)), tmp_path / "warehouse")
    assert shared_days(first, second) == [0, 1, 2, 3, 4, 5, 6]
    assert second.manifest.rows["plays"] == 10


def test_a_new_day_may_lack_a_column_that_an_older_one_has(tmp_path: Path) -> None:
    # Only the first of ten days told the ISP; the tenth is read without it.
    def source(count: int) -> dict[str, list[Row]]:
        first, *others = (tables := days_of_plays(count))["plays"]
        return tables | {"plays": [{**first, "isp": "North Net"}, *others]}

    build_warehouse(written(tmp_path / "source", source(9)), tmp_path / "warehouse")
    whole = written(tmp_path / "source", source(10))
    grown = build_warehouse(whole, tmp_path / "warehouse")
    assert_equal(grown, build_warehouse(whole, tmp_path / "fresh"))
    told = [row["isp"] for row in read_source(grown.folder, "plays")]
    assert told == ["North Net", *[None] * 9]


@pytest.fixture(scope="module")
def nine_days(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildSummary]:
    """A source of nine days and a build of it; only to be copied."""
    folder = tmp_path_factory.mktemp("nine-days")
    source = written(folder / "source", days_of_plays(9))
    return source, build_warehouse(source, folder / "warehouse")


@pytest.mark.parametrize("harm", ["truncated", "gone", "inputs", "store"])
def test_a_build_before_that_is_not_whole_is_not_built_upon(
    nine_days: tuple[Path, BuildSummary], tmp_path: Path, harm: str
) -> None:
    source, whole = nine_days
    warehouse = shutil.copytree(whole.folder.parents[1], tmp_path / "warehouse")
    harmed = replace(whole, folder=warehouse / "builds" / whole.folder.name)
    victims = {"inputs": harmed.folder / "inputs.json", "store": harmed.folder / STORE_FILE}
    victim = victims.get(harm) or next(harmed.folder.glob("plays/*/*.parquet"))
    if harm in ("gone", "store"):
        victim.unlink()
    else:
        victim.write_bytes(victim.read_bytes()[:-20])
    second = build_warehouse(source, warehouse)
    assert shared_days(harmed, second) == []
    assert_equal(second, whole)


def test_a_title_that_is_gone_takes_its_events_of_any_session_along(tmp_path: Path) -> None:
    # The session is a play of «film»; its event on the day after names a title that is then taken out of the catalogue.
    events = [
        _event(1, FIRST + timedelta(hours=23), "first_frame", 0, "s", "film"),
        _event(2, FIRST + timedelta(hours=25), "heartbeat", 60, "s", "other"),
        _event(3, FIRST + timedelta(days=9), "first_frame", 0, "t", "film"),
    ]
    tables = {"titles": [_row(title_id=name, name=name, kind="film") for name in ("film", "other")]}
    build_warehouse(written(tmp_path / "source", tables | {"playback_events": events}), tmp_path / "warehouse")
    source = written(tmp_path / "source", {"titles": tables["titles"][:1], "playback_events": events})
    second = build_warehouse(source, tmp_path / "warehouse")
    assert second.manifest.source_counts["playback_events"].rejected == 1
    assert_equal(second, build_warehouse(source, tmp_path / "fresh"))


def test_a_month_knows_of_a_change_long_before_it(tmp_path: Path) -> None:
    # Ann played on 28 and 31 March and on 12 June. That she did on the 31st turns out to be wrong, of which the plays
    # of June know nothing.
    tables = days_of_plays(77)
    first, second, last = (tables["plays"][day] for day in (0, 3, 76))
    before = {**tables, "plays": [first, second, last]}
    build_warehouse(written(tmp_path / "source", before), tmp_path / "warehouse")
    after = {**tables, "plays": [first, last]}
    built = build_warehouse(written(tmp_path / "source", after), tmp_path / "warehouse")
    months = [row for row in read_source(built.folder, "show_account_months") if row["calendar"] == "utc"]
    assert [(row["month_start"], row["previous_active_day"]) for row in months] == [
        (date(2026, 3, 1), None),
        (date(2026, 6, 1), date(2026, 3, 28)),
    ]


def test_another_service_zone_makes_everything_again(tmp_path: Path) -> None:
    source = written(tmp_path / "source", days_of_plays(3))
    build_warehouse(source, tmp_path / "warehouse")
    auckland: dict[str, Any] = {"service_zone": "Pacific/Auckland"}
    second = build_warehouse(source, tmp_path / "warehouse", **auckland)
    assert_equal(second, build_warehouse(source, tmp_path / "fresh", **auckland))
