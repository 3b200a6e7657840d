"""Average colours by hand: of all, of groups and of accounts; compared, moving, clustered, and hidden where few."""

import math
from typing import Any

import numpy as np
import pytest

from definitions.colours.bins import BIN_DISTANCES
from definitions.colours.families import BINS
from queries.db import Build
from queries.filters import parse_search
from queries.run import run, select
from tests.queries.cases import rows_of
from tests.queries.colour_world import BLUE_BIN, RED_BIN, write_colour_world

AVERAGE, COMPARED, DISTANCES = "average_colour_by_group", "average_colour_compared", "colour_distances"


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return write_colour_world(tmp_path_factory.mktemp("colours"))


def asked(build: Build, query: str, search: str = "") -> list[dict[str, Any]]:
    filters = parse_search(f"calendar=utc&{search}", build.manifest.spans)
    assert not filters.problems
    return rows_of(run(query, filters, build))


def shares(rows: list[dict[str, Any]], of: str = "bin") -> dict[Any, Any]:
    return {row[of]: pytest.approx(row["colour_share"]) for row in rows}


def test_the_average_is_weighted_by_watch_time_and_leaves_out_what_has_no_cover(build: Build) -> None:
    # 30 minutes of red, 10 of blue, 20 of half and half: of 60 minutes, 40 red and 20 blue. 60 more have no cover.
    rows = asked(build, AVERAGE)
    assert shares(rows) == {RED_BIN: 2 / 3, BLUE_BIN: 1 / 3}
    assert [(row["group_name"], row["watch_hours"], row["covered_share"]) for row in rows] == [("all", 2, 0.5)] * 2
    assert [(row["colour_hex"], row["colour_family"]) for row in rows] == [("#cc0000", "red"), ("#0000cc", "blue")]
    # Two thirds do not cover 90 %: both are the palette.
    assert [row["palette_rank"] for row in rows] == [1, 2]


def test_groups_and_filters_are_averaged_alone(build: Build) -> None:
    rows = asked(build, AVERAGE, "colours_by=country")
    of_country = {name: [row for row in rows if row["group_id"] == name] for name in ("IN", "DE")}
    assert shares(of_country["IN"]) == {RED_BIN: 0.75, BLUE_BIN: 0.25}
    assert shares(of_country["DE"]) == {RED_BIN: 0.5, BLUE_BIN: 0.5}
    assert [row["group_rank"] for row in rows] == [1, 1, 2, 2]
    # Eve's country watched nothing, so that it has no colour.
    assert {row["group_id"] for row in asked(build, AVERAGE, "colours_by=country&colour_days=200")} == {"IN", "DE"}
    assert shares(asked(build, AVERAGE, "device=mobile")) == {RED_BIN: 0.5, BLUE_BIN: 0.5}
    assert shares(asked(build, AVERAGE, "title=title+ocean")) == {BLUE_BIN: 1}
    assert shares(asked(build, AVERAGE, "kind=trailer")) == {BLUE_BIN: 1}


def test_an_account_is_averaged_over_any_number_of_days(build: Build) -> None:
    rows = asked(build, AVERAGE, "colour_account=ann")
    assert shares(rows) == {RED_BIN: 0.75, BLUE_BIN: 0.25}
    assert {(row["group_kind"], row["group_name"]) for row in rows} == {("account", "ann")}
    # With the 60 minutes of blue of the days before, 30 red and 70 blue.
    assert shares(asked(build, AVERAGE, "colour_account=ann&colour_days=200")) == {BLUE_BIN: 0.7, RED_BIN: 0.3}
    # The last 49 days begin with the second of her two.
    assert shares(asked(build, AVERAGE, "colour_account=ann&colour_days=49")) == {BLUE_BIN: 1}
    assert asked(build, AVERAGE, "colour_account=ann&colour_days=48") == []
    assert asked(build, AVERAGE, "colour_account=ann&country=DE") == []
    assert asked(build, AVERAGE, "colour_account=nobody") == []
    assert asked(build, AVERAGE, "colour_account=cleo") == []
    # What only plays know: all were watched at noon.
    assert shares(asked(build, AVERAGE, "colour_account=ann&hour=12")) == {RED_BIN: 0.75, BLUE_BIN: 0.25}
    assert asked(build, AVERAGE, "colour_account=ann&hour=13") == []


def test_two_are_compared_by_three_distances(build: Build) -> None:
    search = "colour_account=ann&other_account=bob"
    rows = asked(build, COMPARED, search)
    assert shares([row for row in rows if row["side"] == "first"]) == {RED_BIN: 0.75, BLUE_BIN: 0.25}
    assert shares([row for row in rows if row["side"] == "second"]) == {RED_BIN: 0.5, BLUE_BIN: 0.5}
    # cos = (0.75 + 0.25) · 0.5 / (√0.625 · √0.5); the mean of both is (0.625, 0.375); a quarter moves from red to blue.
    middle = {0.75: 0.625, 0.25: 0.375}
    divergence = sum(
        share / 2 * math.log2(share / middle[0.75 if place == 0 else 0.25])
        for mixture in ((0.75, 0.25), (0.5, 0.5))
        for place, share in enumerate(mixture)
    )
    told = {row["distance_name"]: row["colour_distance"] for row in asked(build, DISTANCES, search)}
    assert told == {
        "cosine": pytest.approx(1 - 0.5 / math.sqrt(0.625 * 0.5)),
        "jensen_shannon": pytest.approx(math.sqrt(divergence)),
        "earth_movers": pytest.approx(0.25 * BIN_DISTANCES[RED_BIN, BLUE_BIN]),
    }
    assert [row["in_common_share"] for row in asked(build, DISTANCES, search)] == [pytest.approx(0.75)] * 3
    # With all: (0.75, 0.25) and (2/3, 1/3).
    cosine = 1 - (0.75 * 2 + 0.25) / 3 / (math.sqrt(0.625) * math.sqrt(5) / 3)
    assert asked(build, DISTANCES, "colour_account=ann")[0]["colour_distance"] == pytest.approx(cosine)
    assert asked(build, DISTANCES, "other_account=ann")[0]["colour_distance"] == pytest.approx(cosine)


@pytest.mark.parametrize("search", ["", "colour_account=ann&other_account=nobody", "other_account=nobody"])
def test_without_two_there_is_nothing_to_compare(build: Build, search: str) -> None:
    assert asked(build, COMPARED, search) == []
    assert asked(build, DISTANCES, search) == []


def test_families_move_from_period_to_period(build: Build) -> None:
    rows = asked(build, "colour_families_by_period", "period=all&granularity=month")
    told = {(row["period_start"].month, row["colour_family"]): row["colour_share"] for row in rows}
    # 20 February (day 50) all blue; 31 May (150): 30 red and 20 half and half; 1 June: blue.
    assert {month: told[month, "red"] for month in (2, 3, 5, 6)} == {2: 0, 3: None, 5: pytest.approx(0.8), 6: 0}
    assert {month: told[month, "blue"] for month in (2, 3, 5, 6)} == {2: 1, 3: None, 5: pytest.approx(0.2), 6: 1}
    of_bob = asked(build, "colour_families_by_period", "period=all&granularity=month&colour_account=bob")
    assert {row["colour_share"] for row in of_bob if row["period_start"].month == 5} == {0.5}


def test_what_grew_is_the_last_days_less_as_many_before(build: Build) -> None:
    rows = asked(build, "colour_change_by_family")
    # Before, all was blue; now two thirds are red.
    assert {row["colour_family"]: row["colour_change"] for row in rows} == {
        "red": pytest.approx(2 / 3),
        "blue": pytest.approx(-2 / 3),
    }
    # Of ann alone: three quarters red and a quarter blue, after nothing but blue. Of what only plays know, too.
    for search in ("colour_account=ann", "colour_account=ann&hour=12"):
        found = {row["colour_family"]: row["colour_change"] for row in asked(build, "colour_change_by_family", search)}
        assert found == {"red": pytest.approx(0.75), "blue": pytest.approx(-0.75)}
    assert asked(build, "colour_change_by_family", "colour_account=cleo") == []
    # The red cover has nothing of the blue that fell: cos = 1/√2. Half and half is across, blue is the other way.
    (towards,) = asked(build, "covers_trended_towards")
    assert (towards["show_id"], towards["cover_likeness"]) == ("title ember", pytest.approx(math.sqrt(0.5)))
    assert (towards["decisive_family"], towards["decisive_change"]) == ("red", pytest.approx(2 / 3))
    for query in ("colour_change_by_family", "covers_trended_towards"):
        # Nothing lies before the first of 200 days.
        assert asked(build, query, "colour_days=200") == []


def test_what_the_build_found_of_late_is_a_plain_mean(build: Build) -> None:
    rows = select("from account_colours order by account_id", build).to_pylist()
    covers = {
        row["show_id"]: row
        for row in select(
            "select show_id, brightness from shows inner join image_colours on poster_hash = image_hash", build
        ).to_pylist()
    }
    red, blue = (covers[name]["brightness"] for name in ("title ember", "title ocean"))
    assert [(row["account_id"], row["account_country"], row["account_plan"]) for row in rows] == [
        ("ann", "IN", "basic"),
        ("bob", "DE", "basic"),
    ]
    assert [row["watch_ms"] / 60_000 for row in rows] == [40, 20]
    assert [(row["red_share"], row["blue_share"]) for row in rows] == [(0.75, 0.25), (0.5, 0.5)]
    assert rows[0]["brightness"] == pytest.approx(0.75 * red + 0.25 * blue)
    # Two are too few to tell clusters.
    (cluster,) = asked(build, "clusters_by_colour")
    assert (cluster["cluster_accounts"], cluster["account_share"], cluster["mean_silhouette"]) == (2, 1, None)
    assert cluster["cluster_palette"] == "#cc0000 0.6667; #0000cc 0.3333"
    watched = select("from colour_cluster_shows order by show_id", build).to_pylist()
    assert [(row["show_id"], row["watch_ms"] / 60_000) for row in watched] == [
        ("title ember", 30),
        ("title half", 20),
        ("title ocean", 10),
    ]
    mapped = asked(build, "colour_map", "colour_account=bob")
    assert [(row["account_id"], row["is_named"]) for row in mapped] == [("ann", False), ("bob", True)]
    # Two lie on either side of the middle.
    assert mapped[0]["map_x"] == pytest.approx(-mapped[1]["map_x"])
    assert asked(build, "clusters_by_colour", "country=DE")[0]["cluster_accounts"] == 1


@pytest.mark.parametrize(
    ("query", "search"),
    [
        (AVERAGE, "colour_account=ann"),
        (AVERAGE, ""),
        (COMPARED, "colour_account=ann"),
        (DISTANCES, "other_account=ann"),
        ("colour_change_by_family", "colour_account=ann"),
        ("covers_trended_towards", "colour_account=ann"),
        ("covers_trended_towards", ""),
        ("colour_map", ""),
        ("clusters_by_colour", ""),
    ],
)
def test_nothing_is_told_of_few(build: Build, query: str, search: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "4")
    rows = asked(build, query, search)
    assert rows
    assert all(row["is_suppressed"] for row in rows)
    told = (
        "bin",
        "colour_hex",
        "colour_share",
        "colour_distance",
        "cover_likeness",
        "decisive_hex",
        "decisive_change",
        "show_id",
        "account_id",
        "cluster_palette",
    )
    assert {row.get(name) for row in rows for name in told} == {None}


def test_enough_are_told_of(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "3")
    # Ann, bob and cleo watched.
    assert shares(asked(build, AVERAGE)) == {RED_BIN: 2 / 3, BLUE_BIN: 1 / 3}


def test_average_of_a_group_is_the_weighted_mean_of_its_members(planted_world: Build) -> None:
    """Of a few accounts by the page's own query of each, and of all by a plain sum over rows."""
    chosen = "country=IN&device=mobile&colour_days=3"
    filters = parse_search(chosen, planted_world.manifest.spans)
    group = run(AVERAGE, filters, planted_world).set_index("bin")["colour_share"]
    assert group.sum() == pytest.approx(1)
    rows = f"""
        from account_shows inner join shows using (show_id)
        where local_day >= date '{filters.end_day}' - 3 and local_day < date '{filters.end_day}'
        and account_country = 'IN' and device_type = 'mobile' and kind in ('film', 'episode', 'live')
        and poster_hash is not null
    """
    weights = select(
        f"select account_id, cast(sum(watch_ms) as double) as watch_ms {rows} group by account_id", planted_world
    ).to_pylist()
    assert len(weights) > 5
    summed = np.zeros(BINS)
    for member in weights:
        search = f"{chosen}&colour_account={member['account_id']}"
        own = run(AVERAGE, parse_search(search, planted_world.manifest.spans), planted_world)
        assert own["colour_share"].sum() == pytest.approx(1)
        summed[own["bin"]] += member["watch_ms"] * own["colour_share"]
    mean = summed / sum(member["watch_ms"] for member in weights)
    assert mean == pytest.approx(group.reindex(range(BINS), fill_value=0).to_numpy())


def test_palette_is_the_smallest_set_that_covers_nine_tenths(planted_world: Build) -> None:
    rows = run(AVERAGE, parse_search("", planted_world.manifest.spans), planted_world)
    in_palette = rows[rows["palette_rank"].notna()]["colour_share"]
    assert in_palette.sum() >= 0.9 - 1e-9
    assert in_palette.sum() - in_palette.min() < 0.9
    assert in_palette.min() >= rows[rows["palette_rank"].isna()]["colour_share"].max()
