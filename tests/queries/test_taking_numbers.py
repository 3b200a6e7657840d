"""Which covers are taken, and what those of a catalogue look like: by hand, through the pages' own queries."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.stats import binomtest, hypergeom, t

from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.run import run
from tests.queries.cases import rows_of
from tests.queries.test_title_audience import filters_of
from tests.sources import Row, write_source

RED, BLUE, DARK_BLUE = (220, 20, 20), (40, 60, 230), (0, 0, 150)
MINUTE_MS = 60_000
# Of each film: its cover's colour, genre, year, country, whether it is an original, how often its cover was shown and
# taken in May, and minutes watched.
FILMS: dict[str, tuple[tuple[int, int, int], str, int, str, bool | None, int, int, int]] = {
    "r1": (RED, "comedy", 2024, "FR", True, 40, 10, 60),
    "r2": (RED, "comedy", 2024, "FR", True, 20, 8, 120),
    "r3": (RED, "drama", 2025, "FR", False, 40, 12, 180),
    "b1": (BLUE, "drama", 2025, "IN", False, 50, 5, 30),
    "b2": (BLUE, "drama", 2025, "IN", None, 50, 15, 90),
    "d1": (DARK_BLUE, "drama", 2025, "IN", None, 0, 0, 0),
}
# r1 has a second cover, shown 50 times and taken 30.
SECOND = (BLUE, 50, 30)


def shown_of(film: str, artwork: str, count: int, taken: int, first: int) -> tuple[list[Row], list[Row]]:
    shown: list[Row] = [
        {
            "impression_id": f"{artwork}-{number}",
            "ts": datetime(2026, 5, 1, 12) + timedelta(minutes=first + number),
            "account_id": f"a{number % 7}",
            "title_id": film,
            "artwork_id": artwork,
            "on_screen_ms": 2_000,
        }
        for number in range(count)
    ]
    plays: list[Row] = [
        {
            "play_id": f"p-{row['impression_id']}",
            "impression_id": row["impression_id"],
            "account_id": row["account_id"],
            "title_id": film,
            "started_at": row["ts"] + timedelta(seconds=30),
            "watch_ms": 0,
            "utc_offset_min": 0,
        }
        for row in shown[:taken]
    ]
    return shown, plays


@pytest.fixture(scope="module")
def covers(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("covers")
    source = folder / "source"
    (source / "art").mkdir(parents=True)
    tables: dict[str, list[Row]] = {name: [] for name in ("titles", "title_tags", "artworks", "impressions", "plays")}
    for number, (film, (colour, genre, year, country, original, shown, taken, minutes)) in enumerate(FILMS.items()):
        tables["titles"].append(
            {"title_id": film, "name": film, "kind": "film", "released_on": date(year, 2, 1), "country": country}
            | {"original": original}
        )
        tables["title_tags"].append({"title_id": film, "tag": genre, "tag_kind": "genre"})
        tables["artworks"].append({"artwork_id": film, "title_id": film, "path": f"art/{film}.png", "variant": "A"})
        # Of one colour but for a pixel, so that no two films have the same image.
        image = Image.new("RGB", (20, 30), colour)
        image.putpixel((number, 0), (colour[0], colour[1], colour[2] + 1))
        image.save(source / "art" / f"{film}.png")
        of_film, plays = shown_of(film, film, shown, taken, 100 * number)
        tables["impressions"] += of_film
        tables["plays"] += plays
        tables["plays"].append(
            {"play_id": f"w-{film}", "account_id": "a0", "title_id": film, "watch_ms": minutes * MINUTE_MS}
            | {"started_at": datetime(2026, 5, 20, 12), "utc_offset_min": 0}
        )
    Image.new("RGB", (21, 30), SECOND[0]).save(source / "art" / "r1-b.png")
    # Shown from long ago on, it is not what the film is shown by.
    second = {"artwork_id": "r1-b", "title_id": "r1", "path": "art/r1-b.png", "variant": "B"}
    tables["artworks"].append({**second, "live_from": datetime(2020, 1, 1), "live_to": datetime(2026, 5, 19)})
    of_second, plays = shown_of("r1", "r1-b", SECOND[1], SECOND[2], 700)
    tables["impressions"] += of_second
    tables["plays"] += plays
    # The data reach past the end of May.
    tables["plays"].append(
        {"play_id": "last", "account_id": "a0", "title_id": "b1", "watch_ms": 0, "utc_offset_min": 0}
        | {"started_at": datetime(2026, 6, 2, 12)}
    )
    build_warehouse(write_source(source, tables), folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def asked(query: str, build: Build, search: str = "", days: str = "period=all") -> list[dict[str, Any]]:
    return rows_of(run(query, filters_of(build, f"{days}&{search}"), build))


def test_take_rates_and_watch_time_by_colour(covers: Build) -> None:
    rows = {row["colour_family"]: row for row in asked("take_rate_by_colour", covers)}
    # Red: of three films 10 of 40, 8 of 20, 12 of 40: 30 of 100. Deviations from 0.3 a cover: −2, 2, 0; the error is
    # √(8 · 3/2) ÷ 100. Blue: 5 of 50, 15 of 50, and the second cover of r1 30 of 50.
    red, blue = rows["red"], rows["blue"]
    assert (red["titles_shown"], red["impressions"], red["taken_impressions"], red["take_rate"]) == (3, 100, 30, 0.3)
    reach = t.ppf(0.975, 2) * np.sqrt(8 * 3 / 2) / 100
    assert [red["take_rate_low"], red["take_rate_high"]] == pytest.approx([0.3 - reach, 0.3 + reach], abs=1e-6)
    assert (blue["titles_shown"], blue["impressions"], blue["taken_impressions"]) == (3, 150, 50)
    # By the cover that a film is shown by: red 1, 2 and 3 hours, blue half an hour and one and a half, and none.
    assert (red["titles_watched"], red["watch_hours"], red["hours_per_title"]) == (3, 6, 2)
    assert red["watch_share"] == pytest.approx(6 / 8)
    reach = t.ppf(0.975, 2) * 1 / np.sqrt(3)
    assert red["hours_per_title_low"] == pytest.approx(max(0, 2 - reach), abs=1e-6)
    assert red["hours_per_title_high"] == pytest.approx(2 + reach, abs=1e-5)


def test_filters_hold_for_take_rates_by_colour(covers: Build) -> None:
    assert asked("take_rate_by_colour", covers, "kind=episode") == []
    rows = asked("take_rate_by_colour", covers, "title=title+b1")
    assert [(row["colour_family"], row["impressions"], row["watch_hours"]) for row in rows] == [("blue", 50, 0.5)]


def test_covers_of_one_title_are_compared_with_the_one_shown_most(covers: Build) -> None:
    # Shown most: B.
    first, second = asked("take_rate_by_variant", covers, days="start_day=2026-05-01&end_day=2026-06-01")
    assert [(row["cover"], row["impressions"], row["take_rate"]) for row in (first, second)] == [
        ("B", 50, 0.6),
        ("A", 40, 0.25),
    ]
    assert np.isnan(first["take_rate_difference"] or np.nan)
    assert second["take_rate_difference"] == pytest.approx(-0.35)
    # A success and a failure more of each: 31 of 52 and 11 of 42.
    shares = 11 / 42, 31 / 52
    error = np.sqrt(shares[0] * (1 - shares[0]) / 42 + shares[1] * (1 - shares[1]) / 52)
    limits = shares[0] - shares[1] + np.array([-1, 1]) * 1.959964 * error
    assert [second["take_rate_difference_low"], second["take_rate_difference_high"]] == pytest.approx(limits, abs=1e-6)
    assert second["is_clear"]
    assert not second["was_tested"]
    wilson = binomtest(10, 40).proportion_ci(method="wilson")
    assert second["take_rate_high"] == pytest.approx(wilson.high, abs=1e-6)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("genre", {("comedy", "red"): (2, 1.0), ("drama", "red"): (4, 0.25), ("drama", "blue"): (4, 0.75)}),
        ("year", {("2024", "red"): (2, 1.0), ("2025", "red"): (4, 0.25), ("2025", "blue"): (4, 0.75)}),
        ("country", {("FR", "red"): (3, 1.0), ("IN", "blue"): (3, 1.0)}),
        (
            "original",
            {
                ("original", "red"): (2, 1.0), ("licensed", "red"): (2, 0.5), ("licensed", "blue"): (2, 0.5),
                ("unknown", "blue"): (2, 1.0),
            },
        ),
    ],
)  # fmt: skip
def test_colours_of_groups(covers: Build, by: str, expected: dict[tuple[str, str], tuple[int, float]]) -> None:
    rows = asked("cover_colours_by_group", covers, f"catalogue_by={by}")
    found = {(row["group_id"], row["colour_family"]): (row["titles"], row["colour_area_share"]) for row in rows}
    assert {key: titles for key, (titles, _) in found.items()} == {key: titles for key, (titles, _) in expected.items()}
    for key, (_, share) in expected.items():
        assert found[key][1] == pytest.approx(share)
    if by == "country":
        assert [rows[0][name] for name in ("red", "green", "blue")] == list(RED)


def test_features_by_period(covers: Build) -> None:
    rows = asked("cover_features_by_period", covers, "cover_measure=cover_brightness")
    assert [(row["first_day"], row["dated_by"], row["titles"]) for row in rows] == [
        (date(2024, 1, 1), "quarter", 2),
        (date(2025, 1, 1), "quarter", 4),
    ]
    brightness = {row["image_hash"]: row["brightness"] for row in covers_with_brightness(covers)}
    later = [brightness[row["poster_hash"]] for row in shows(covers) if row["show_id"][6:] in ("r3", "b1", "b2", "d1")]
    mean, error = np.mean(later), np.std(later, ddof=1) / 2
    assert rows[1]["cover_brightness"] == pytest.approx(mean)
    assert rows[1]["feature_low"] == pytest.approx(mean - t.ppf(0.975, 3) * error, abs=1e-4)
    # Of red and three blue ones the mean warmth is ¼, its error ¼ too, and 3.18 errors to each side lie beyond 0 and 1.
    warmth = asked("cover_features_by_period", covers, "cover_measure=cover_warmth")[1]
    assert [warmth[name] for name in ("cover_warmth", "feature_low", "feature_high")] == pytest.approx([0.25, 0, 1])


def covers_with_brightness(build: Build) -> list[dict[str, Any]]:
    with build.cursor() as cursor:
        return rows_of(cursor.execute("select image_hash, brightness from image_colours").df())


def shows(build: Build) -> list[dict[str, Any]]:
    with build.cursor() as cursor:
        return rows_of(cursor.execute("select show_id, poster_hash from shows").df())


def test_gaps_are_what_chance_would_deal_out(covers: Build) -> None:
    # Six covers: three red, two blue and one dark blue; two comedies, both red. Of two of six, two thirds of a blue one
    # would be expected, which is fewer than one. Dramas, four of six, have one red one, where two are expected.
    (gap,) = asked("cover_gaps", covers)
    names = ("genre", "colour_family", "titles", "expected_titles", "cover_gap", "genre_titles")
    assert [gap[name] for name in names] == ["drama", "red", 1, 2, 1, 4]
    # Looked at are reds and blues of dramas: 4 · 3/6 = 2, 4 · 2/6 = 1.33; and reds of comedies, 2 · 3/6 = 1.
    assert gap["p_value"] == pytest.approx(min(1, 3 * hypergeom.cdf(1, 6, 3, 4)))
    assert not gap["is_clear"]


def test_outliers_need_ten_covers_of_a_genre(covers: Build) -> None:
    assert asked("cover_outliers", covers) == []


def test_the_cover_farthest_from_its_genre_comes_first(tmp_path: Path) -> None:
    # Eleven covers of a genre: ten in shades of red, one blue.
    source = tmp_path / "source"
    (source / "art").mkdir(parents=True)
    tables: dict[str, list[Row]] = {name: [] for name in ("titles", "title_tags", "artworks")}
    for number in range(11):
        name = f"f{number}"
        colour = (40, 60, 230) if number == 10 else (150 + 10 * number, 20, 20)
        Image.new("RGB", (20, 30), colour).save(source / "art" / f"{name}.png")
        tables["titles"].append({"title_id": name, "name": name, "kind": "film"})
        tables["title_tags"].append({"title_id": name, "tag": "drama", "tag_kind": "genre"})
        tables["artworks"].append({"artwork_id": name, "title_id": name, "path": f"art/{name}.png"})
    tables["plays"] = [
        {"play_id": "p", "account_id": "a", "title_id": "f0", "started_at": datetime(2026, 5, 1), "watch_ms": 1}
    ]
    build_warehouse(write_source(source, tables), tmp_path / "warehouse")
    build = Warehouse(tmp_path / "warehouse").current()
    rows = asked("cover_outliers", build)
    assert rows[0]["name"] == "f10"
    assert [rows[0][name] for name in ("genre", "genre_titles", "genre_titles_of_colour")] == ["drama", 11, 1]
    with build.cursor() as cursor:
        places = cursor.execute("select map_x, map_y from image_colours").df()
    distances = np.hypot(places["map_x"] - places["map_x"].median(), places["map_y"] - places["map_y"].median())
    assert rows[0]["genre_distance"] == pytest.approx(float(np.max(distances) / np.median(distances)))
