"""Gallery and Compare, over covers of flat halves: what is asked, what is shown, and what is said of images sent."""

from collections.abc import Iterator
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

import app
from components.card import answer_of
from components.compare import chooser, lanes_of
from components.gallery import gallery, gallery_facts
from components.panel import View, panel_called
from queries.covers import covers_in_order
from queries.db import Build
from queries.filters import parse_search
from queries.run import run
from serving import gallery as gallery_routes
from tests.components.trees import of_class, rows, walk, words
from tests.conftest import MadeOnce
from tests.pages.cover_world import BLACK, BLUE, RED, halves, write_cover_world
from tests.queries.cases import rows_of
from tests.served import serving

# Red and blue are 176.3 apart in CIE Lab: (53.24, 80.09, 67.20) and (32.30, 79.19, −107.86).
RED_TO_BLUE = 176.31
HALF = 0.5**0.5


@pytest.fixture(scope="module")
def build(made_once: MadeOnce) -> Iterator[Build]:
    with serving(made_once("cover-world", write_cover_world) / "warehouse") as warehouse:
        yield warehouse.current()


@pytest.fixture
def client() -> FlaskClient:
    return app.server.test_client()


def asked(build: Build, query: str, search: str = "") -> list[dict[str, Any]]:
    return rows_of(run(query, parse_search(search, build.manifest.spans), build))


def hash_of(build: Build, cover_name: str) -> str:
    (found,) = (row for row in asked(build, "covers_listed") if row["cover_name"] == cover_name)
    return str(found["image_hash"])


def hashes_of(build: Build, *cover_names: str) -> str:
    return ",".join(hash_of(build, name) for name in cover_names)


def names(build: Build, search: str) -> list[str]:
    return covers_in_order(parse_search(search, build.manifest.spans), build)["cover_name"].to_list()


def test_covers_are_listed_by_what_they_are_of(build: Build) -> None:
    listed = asked(build, "covers_listed")
    assert [(row["cover_name"], row["is_shown"], row["colour_family"]) for row in listed] == [
        ("Ash · A", True, "red"),
        ("Ash · B", False, "red"),
        ("Blue hour", True, "red"),
        ("Cold", True, "blue"),
    ]
    assert [row["brightness"] for row in listed] == pytest.approx([53.24, 26.62, 42.77, 32.30], abs=0.01)
    assert names(build, "genre=drama&cover_order=title") == ["Ash · A", "Ash · B", "Blue hour"]
    assert names(build, "find_title=HOUR") == ["Blue hour"]
    assert names(build, "kind=series") == []
    assert names(build, "title=title+Cold") == ["Cold"]


def test_an_image_of_several_titles_is_listed_once_and_found_by_each(build: Build) -> None:
    (cold,) = asked(build, "covers_listed", "title=title+Cold")
    (arc,) = asked(build, "covers_listed", "genre=mystery")
    assert (cold["image_hash"], cold["titles"]) == (arc["image_hash"], 2)
    assert (cold["cover_name"], arc["cover_name"]) == ("Cold", "arc")
    # Small letters are not after all the others.
    assert names(build, "not_title=title+Cold&cover_order=title") == ["arc", "Ash · A", "Ash · B", "Blue hour"]
    answer = answer_of("artwork-cover", View.FIGURE, f"?cover={cold['image_hash']}", build.id)
    assert answer.title == "Cold and 1 more"
    assert "The same image is the cover of 2 titles: Cold, arc." in words(answer.body)


def test_what_leaves_no_cover_is_told_by_its_name(build: Build, client: FlaskClient) -> None:
    def unmet(search: str) -> list[str]:
        return list(client.get(f"/covers/list?build={build.id}&{search}").get_json()["unmet"])

    assert unmet("genre=drama") == []
    assert unmet("genre=zzz&find_title=ash&country=XX") == ["genre"]
    assert unmet("kind=series&genre=drama") == ["kind"]
    # Each has covers, both together have none.
    assert unmet("genre=comedy&find_title=ash") == ["find_title", "genre"]
    assert unmet("genre=drama&colours=00ff00") == ["colours"]
    assert unmet("like=zzz") == ["like"]
    gone = answer_of("artwork-cover", View.FIGURE, "?cover=zzz&country=XX", build.id)
    assert words(gone.body) == "There is no cover «zzz» in these data. Choose another."


def test_covers_are_counted_with_what_is_wrong(build: Build) -> None:
    counted = run("covers_counted", parse_search("", build.manifest.spans), build)
    assert gallery_facts(counted) == (
        "4 covers of 4 films and series (1 more has the same image); 2 without an image that can be shown: 1 no such "
        "file and 1 not a JPEG, PNG, WebP, GIF or AVIF image"
    )
    assert gallery_facts(counted.assign(artworks=[6, 1, 1])).startswith("4 covers of 4 films and series (2 more have")


def test_they_are_ordered(build: Build) -> None:
    assert names(build, "cover_order=light") == ["Ash · A", "Blue hour", "Cold", "Ash · B"]
    assert names(build, "cover_order=dark") == ["Ash · B", "Cold", "Blue hour", "Ash · A"]
    # Blue comes after red, of whose three the darkest is first; two have hue 0, the halves the mean of red's own.
    assert names(build, "cover_order=hue")[-1] == "Cold"


def test_colours_are_looked_for_with_weights(build: Build) -> None:
    def matches(search: str) -> dict[str, float]:
        covers = covers_in_order(parse_search(search, build.manifest.spans), build)
        return dict(zip(covers["cover_name"], covers["colour_match"].astype(float), strict=True))

    # All red is met by red whole, by half of it as √½; black and blue have nothing of it.
    assert matches("colours=ff0000") == pytest.approx({"Ash · A": 1, "Ash · B": HALF, "Blue hour": HALF})
    # Half red and half blue: met by the halves whole, by one of them alone as √(1 · ½), by half of one as √(½ · ½).
    assert matches("colours=ff0000:30,0000ff:30") == pytest.approx(
        {"Blue hour": 1, "Ash · A": HALF, "Cold": HALF, "Ash · B": 0.5}
    )
    assert next(iter(matches("colours=ff0000:90,0000ff:10"))) == "Ash · A"
    # What cannot be read is left out; where nothing is left, nothing is looked for.
    assert matches("colours=ff0000:x,0000ff,zz:3") == pytest.approx({"Cold": 1, "Blue hour": HALF})
    assert len(names(build, "colours=red")) == 4


def test_look_alikes_are_the_nearest_others(build: Build) -> None:
    covers = covers_in_order(parse_search(f"like={hash_of(build, 'Cold')}", build.manifest.spans), build)
    # Blue is half of the halves: half a red moves; of red all, of half black half a red and half a black, (32.3, 79.2,
    # −107.9) long, 137.7.
    assert covers["cover_name"].to_list() == ["Blue hour", "Ash · B", "Ash · A"]
    assert covers["earth_movers_distance"].to_list() == pytest.approx(
        [RED_TO_BLUE / 2, (RED_TO_BLUE + 137.65) / 2, RED_TO_BLUE], abs=0.02
    )
    assert names(build, "like=unknown") == []


def test_one_cover_in_full(build: Build) -> None:
    palette = asked(build, "cover_details", f"cover={hash_of(build, 'Blue hour')}")
    # Of equal shares the earlier bin is first: blue is 5, red 180.
    assert [(row["bin"], row["share"], row["red"], row["blue"]) for row in palette] == [
        (5, 0.5, 0, 255),
        (180, 0.5, 255, 0),
    ]
    answer = answer_of("artwork-cover", View.FIGURE, f"?cover={hash_of(build, 'Blue hour')}", build.id)
    assert answer.title == "Blue hour"
    said = words(answer.body)
    assert "Film · drama, romance · shown by it" in said
    assert "#0000ff 50 % #ff0000 50 %" in said
    assert "Brightness 43" in said
    assert {getattr(part, "href", None) for part in walk(answer.body)} >= {"/titles/Blue%20hour"}
    other = answer_of("artwork-cover", View.FIGURE, f"?cover={hash_of(build, 'Ash · B')}", build.id)
    assert "another of its covers is shown" in words(other.body)
    assert "Choose a cover" in words(answer_of("artwork-cover", View.FIGURE, "", build.id).body)


def test_bins_are_shared_or_distinct(build: Build) -> None:
    bins = asked(build, "bins_of_covers", f"covers={hashes_of(build, 'Blue hour', 'Ash · B', 'Ash · A')}")
    assert [(row["place"], row["bin"], row["share"], row["held_by"]) for row in bins] == [
        (1, 5, 0.5, "distinct"),
        (1, 180, 0.5, "shared"),
        (2, 0, 0.5, "distinct"),
        (2, 180, 0.5, "shared"),
        (3, 180, 1.0, "shared"),
    ]
    answer = answer_of("compare-bins", View.FIGURE, f"?covers={hashes_of(build, 'Blue hour', 'Ash · B')}", build.id)
    assert answer.title == "1 bin in all, 1 only in Blue hour, 1 only in Ash · B"
    assert len(of_class(answer.body, "bin-bars")) == 2
    assert "In all of them #ff0000 50 % / 50 %" in words(answer.body)


def test_three_distances_and_the_place_among_pairs(build: Build) -> None:
    pairs = asked(build, "distances_between_covers", f"covers={hashes_of(build, 'Ash · A', 'Blue hour', 'Cold')}")
    assert [(row["cover_name"], row["other_name"]) for row in pairs] == [
        ("Ash · A", "Blue hour"),
        ("Ash · A", "Cold"),
        ("Blue hour", "Cold"),
    ]
    red_half, red_blue, _ = pairs
    # Half of it has to move. cos = ½ ÷ √½. Between them lies (¾, ¼): ½·log₂(4⁄3) + ½·(½·log₂(2⁄3) + ½·log₂ 2) = 0.3113.
    assert red_half["earth_movers_distance"] == pytest.approx(RED_TO_BLUE / 2, abs=0.01)
    assert red_half["cosine_distance"] == pytest.approx(1 - HALF)
    assert red_half["jensen_shannon_distance"] == pytest.approx(0.3113**0.5, abs=1e-4)
    assert red_half["common_share"] == pytest.approx(0.5)
    assert (red_blue["cosine_distance"], red_blue["jensen_shannon_distance"]) == pytest.approx((1, 1))
    assert red_blue["common_share"] == 0
    # Three titles are shown by three covers, which make three pairs: two of them are nearer than red and blue.
    assert [row["nearer_share"] for row in pairs] == pytest.approx([0, 2 / 3, 0])
    assert {row["sampled_pairs"] for row in pairs} == {3}
    assert [row["nearer_share_low"] for row in pairs] == [None, None, None]
    told = answer_of("compare-distances", View.FIGURE, f"?covers={hashes_of(build, 'Ash · A', 'Cold')}", build.id)
    assert told.title == "Ash · A and Cold: more alike than 33.3\N{NO-BREAK SPACE}% of pairs"
    assert rows(told.body)[1][1:] == ["176.3", "1.00", "1.00", "0 %", "33.3 % of pairs"]
    alone = answer_of("compare-distances", View.FIGURE, f"?covers={hash_of(build, 'Cold')}", build.id)
    assert "Add another cover" in words(alone.body)


def test_features_beside_the_catalogue(build: Build) -> None:
    told = asked(build, "features_of_covers", f"covers={hashes_of(build, 'Cold', 'Ash · A')}")
    brightness = [row for row in told if row["feature"] == "brightness"]
    assert [row["feature_value"] for row in brightness] == pytest.approx([32.30, 53.24], abs=0.01)
    # Three covers are shown: 32.30, 42.77, 53.24. None is darker than the first, two than the last.
    assert [row["lower_share"] for row in brightness] == pytest.approx([0, 2 / 3])
    assert brightness[0]["catalogue_middle"] == pytest.approx(42.77, abs=0.01)
    answer = answer_of("compare-features", View.FIGURE, f"?covers={hashes_of(build, 'Cold', 'Ash · A')}", build.id)
    # Of the shown three, red is the brightest and blue the darkest: they fill the whole line, the first that is filled.
    assert answer.title == "They differ most in brightness: 32 in Cold and 53 in Ash · A"
    alike = answer_of("compare-features", View.FIGURE, f"?covers={hashes_of(build, 'Cold', 'Cold')}", build.id)
    assert alike.title == "Features"
    labels = [getattr(part, "aria-label", "") for part in of_class(answer.body, "feature-line")]
    assert labels[0].startswith("Brightness: Cold 32, higher than 0")


def test_dots_that_would_hide_each_other_lie_in_lanes() -> None:
    # The second is where the first is, the fourth too near to both, the third far from all.
    assert lanes_of([0.5, 0.5, 0.9, 0.52]) == [0, 1, 0, 2]
    assert lanes_of([0, 0.06, 0.12]) == [0, 0, 0]


def test_covers_that_are_not_there_are_named(build: Build) -> None:
    # Whatever else the address says, such as filters that Compare does not look at.
    for card in ("compare-bins", "compare-shelf"):
        nothing = answer_of(card, View.FIGURE, f"?covers={'5' * 64},no&country=ZZ&period=last-7-days", build.id)
        assert words(nothing.body) == f"There is no cover «{'5' * 20}…» or «no» in these data. Choose another."
    one = answer_of("compare-bins", View.FIGURE, f"?covers={hash_of(build, 'Cold')},no", build.id)
    assert "There is no cover «no» in these data." in words(one.body)
    removed = [getattr(part, "data-compare-remove", None) for part in walk(one.body)]
    assert [name for name in removed if name] == [hash_of(build, "Cold"), "no"]


def test_how_covers_stand_out_in_a_row(build: Build) -> None:
    # Of dramas there are two, shown by red and by the halves, half a red-to-blue apart; blue is one from red and half
    # of it from the halves.
    told = asked(build, "covers_on_shelf", f"covers={hash_of(build, 'Cold')}&shelf=drama")
    assert [(row["place"], row["shelf_place"], row["cover_name"]) for row in told] == [
        (1, 0, "Cold"),
        (None, 1, "Blue hour"),
        (None, 2, "Ash · A"),
    ]
    assert [row["mean_distance"] for row in told] == pytest.approx(
        [0.75 * RED_TO_BLUE, RED_TO_BLUE / 2, RED_TO_BLUE / 2], abs=0.02
    )
    answer = answer_of("compare-shelf", View.FIGURE, f"?covers={hash_of(build, 'Cold')}&shelf=drama", build.id)
    assert answer.title == "Cold stands out more than 2 of 2 in a row of drama"
    # Another cover of a title of the row is compared with the other titles' alone; the row is that of its own genre.
    own = asked(build, "covers_on_shelf", f"covers={hash_of(build, 'Ash · B')}")
    assert own[0]["mean_distance"] == pytest.approx(137.65 / 2, abs=0.02)
    assert {row["genre"] for row in own} == {"drama"}


def test_the_pages_are_laid_out(build: Build) -> None:
    assert build.id
    page = gallery(panel_called("artwork-cover"))
    assert "4 covers of 4 films and series" in words(page)
    assert [getattr(part, "data-total", None) for part in walk(page) if getattr(part, "id", None) == "gallery"] == [4]
    begin = words(chooser())
    assert "the 2 covers of Ash" in begin
    assert "the darkest and the brightest cover" in begin


def test_covers_are_listed_a_page_at_a_time(build: Build, client: FlaskClient) -> None:
    answer = client.get(f"/covers/list?cover_order=title&build={build.id}&from=1&count=2").get_json()
    assert answer["total"] == 4
    assert [cover["cover_name"] for cover in answer["covers"]] == ["Ash · B", "Blue hour"]
    compared = client.get(f"/covers/list?covers={hash_of(build, 'Cold')}&count=0").get_json()
    assert ([cover["cover_name"] for cover in compared["compared"]], compared["like"]) == (["Cold"], None)
    alike = client.get(f"/covers/list?like={hash_of(build, 'Cold')}&genre=drama&count=1").get_json()
    assert (alike["like"]["cover_name"], alike["total"]) == ("Cold", 3)
    assert client.get("/covers/list?from=-1").status_code == HTTPStatus.BAD_REQUEST
    assert client.get("/covers/list?device=tv&period=never").status_code == HTTPStatus.BAD_REQUEST
    assert client.get("/covers/list?build=20200101-000000-000000").status_code == HTTPStatus.GONE


def test_the_map_shows_one_cover_a_cell(build: Build, client: FlaskClient) -> None:
    assert build.id
    whole = client.get("/covers/map?step=1&columns=14&rows=6").get_json()["covers"]
    assert sum(1 + cover["others"] for cover in whole) == 4
    first = client.get("/covers/map?step=1&columns=7&rows=6").get_json()["covers"]
    assert {cover["column"] < 7 for cover in first} <= {True}
    assert len(first) < len(whole)


def test_an_image_is_looked_at_and_forgotten(build: Build, client: FlaskClient) -> None:
    answer = client.post(f"/covers/like?build={build.id}", data=halves(RED, BLACK, "WEBP")).get_json()
    # WebP loses a little; which are nearest is the same as of the cover itself.
    assert [cover["cover_name"] for cover in answer["covers"]][:2] == ["Ash · B", "Ash · A"]
    assert answer["covers"][0]["earth_movers_distance"] == pytest.approx(0, abs=5)
    exact = client.post("/covers/like?genre=comedy", data=halves(BLUE, BLUE)).get_json()
    assert exact["palette"] == [{"hex": "#0000ff", "share": 1.0}]
    assert [(cover["cover_name"], cover["earth_movers_distance"]) for cover in exact["covers"]] == [("Cold", 0)]


def animated() -> bytes:
    written = BytesIO()
    frames = [Image.new("RGB", (4, 4), colour) for colour in (RED, BLUE, BLACK)]
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    return written.getvalue()


def transparent() -> bytes:
    written = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "This is no JPEG, PNG, WebP, GIF or AVIF image."),
        (b"hello", "This is no JPEG, PNG, WebP, GIF or AVIF image."),
        (halves(RED, BLUE)[:-40], "This image is broken or cut off."),
        (animated(), "This image is animated. Choose a still one."),
        (transparent(), "This image is transparent, so it has no colours."),
    ],
    ids=["empty", "no image", "cut off", "animated", "transparent"],
)
def test_what_cannot_be_looked_at_is_told_in_plain_words(
    build: Build, client: FlaskClient, content: bytes, told: str
) -> None:
    assert build.id
    answer = client.post("/covers/like", data=content)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.text.startswith(told)


def test_images_that_are_too_large_are_refused(
    build: Build, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build.id
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 500)
    assert client.post("/covers/like", data=halves(RED, BLUE)).text.startswith("This image has too many pixels.")
    monkeypatch.setattr(gallery_routes, "UPLOAD_MAX_BYTES", 50)
    answer = client.post("/covers/like", data=halves(RED, BLUE))
    assert (answer.status_code, answer.text[:20]) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This image is larger")


def test_another_site_cannot_send_images(build: Build, client: FlaskClient) -> None:
    assert build.id
    answer = client.post("/covers/like", data=halves(RED, BLUE), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_a_source_without_covers_says_so(build: Build, small_warehouse: Path) -> None:
    assert build.id
    with serving(small_warehouse) as warehouse:
        assert "The source names no covers." in words(gallery(panel_called("artwork-cover")))
        assert "To begin with" not in words(chooser())
        answer = answer_of("compare-bins", View.FIGURE, "", warehouse.current().id)
        assert answer.body.className == "state state-missing"
