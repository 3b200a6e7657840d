"""The page of a title: what its cards show of a film whose timeline is worked out by hand."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from dash import dcc
from PIL import Image

import app
from components import title_head as title_head_module
from components.card import answer_of
from components.definitions import sections
from components.panel import View
from components.title_head import series_of, title_head, title_of, unknown_series, unknown_title
from components.title_links import title_href
from definitions.artwork_tables import THUMBNAILS_FOLDER
from definitions.manifest import MANIFEST_FILE, POINTER_FILE, build_folder
from pages import title
from queries.db import Build
from queries.explore import matching_rows, parse_rows
from queries.filters import parse_search
from queries.run import TooMuchError, run
from tests.components.trees import of_class, walk, words
from tests.conftest import MadeOnce
from tests.pages.title_world import write_title_world
from tests.served import serving

OF = "?period=all&of_title=salt"


@pytest.fixture(scope="module")
def title_build(made_once: MadeOnce) -> Iterator[Build]:
    with serving(made_once("title-world", write_title_world) / "warehouse") as warehouse:
        yield warehouse.current()


def timeline_of(build: Build, search: str = OF) -> pd.DataFrame:
    return run("audience_by_position", parse_search(search, build.manifest.spans), build)


def test_the_timeline_by_hand(title_build: Build) -> None:
    frame = timeline_of(title_build)
    # Four plays. All four play the first 20 s; from 20 to 30 s Dan is missing, and Bob plays twice; from 30 to 40 s
    # there are Ann and Bob; then Dan is back. Cleo leaves at 30 s, of three who were there at 20 s.
    assert frame["audience_curve"].to_list() == [1, 1, 1, 0.5, 0.75, 0.75]
    assert frame["replays"].to_list() == [0, 0, 1, 0, 0, 0]
    assert frame["skips"].to_list() == [0, 0, 1, 1, 0, 0]
    assert frame["pauses"].to_list() == [0, 0, 1, 0, 0, 0]
    assert frame["exits"].to_list() == [0, 0, 1, 0, 0, 3]
    assert frame["exit_hazard"].round(3).to_list() == [0, 0, 0.333, 0, 0, 1]
    # Who got beyond 30 s: all but Cleo.
    assert frame["reached_share"].to_list() == [1, 1, 1, 0.75, 0.75, 0.75]
    assert set(frame["followed_plays"]) == {4}
    assert set(frame["plays"]) == {5}
    assert (frame["audience_low"] < frame["audience_curve"]).all()
    assert (frame["audience_high"] > frame["audience_curve"]).all()


def test_the_cards_say_what_they_show(title_build: Build) -> None:
    answer = answer_of("title-timeline", View.FIGURE, OF, title_build.id)
    assert answer.title == "Nothing in it stands out beyond chance"
    (graph,) = [part for part in walk(answer.body) if isinstance(part, dcc.Graph)]
    (curve,) = [trace for trace in graph.figure.data if trace.meta]
    assert list(curve.y) == [1, 1, 1, 0.5, 0.75, 0.75]
    said = words(answer.body)
    assert "4 of 5 plays are in it: those that player events tell." in said
    assert "Fewer than 5 titles of the same kind and similar length" in said
    drop_off = answer_of("title-drop-off", View.FIGURE, OF, title_build.id)
    assert drop_off.title == "75\N{NO-BREAK SPACE}% of plays get half way, 75\N{NO-BREAK SPACE}% to the last tenth"
    figures = of_class(answer_of("title-kpis", View.FIGURE, OF, title_build.id).body, "kpi")
    # Watched: 60 + 70 + 30 + 40 s that events tell, and 60 s. Of four minutes, 60 + 60 + 30 + 40 s were played, and 10
    # of the 200 s again.
    assert [words(tile.children[2]) for tile in figures] == ["5", "4 min", "79.2 %", "5 %"]


@pytest.mark.parametrize("view", list(View))
def test_every_card_answers_in_every_view(title_build: Build, view: View) -> None:
    for panel in (card.id for card in title.CARDS):
        answer = answer_of(panel, view, OF, title_build.id)
        assert not of_class(answer.body, "state-failed")


def test_by_percent_of_the_runtime(title_build: Build) -> None:
    # Of the minute a percent is 0.6 s. Ann, Bob and Cleo play up to 30 s, half of it; Dan misses 20 to 40 s.
    frame = timeline_of(title_build, f"{OF}&timeline_by=percent")
    assert len(frame) == 100
    assert (frame["from_s"].iloc[50], frame["to_s"].iloc[50]) == (30, 30.6)
    assert frame["exits"].iloc[49] == 1
    assert frame["audience_curve"].iloc[[0, 50, 99]].to_list() == [1, 0.5, 0.75]
    answer = answer_of("title-timeline", View.FIGURE, f"{OF}&timeline_by=percent", title_build.id)
    (graph,) = [part for part in walk(answer.body) if isinstance(part, dcc.Graph)]
    (curve,) = [trace for trace in graph.figure.data if trace.meta]
    assert len(curve.x) == 100


def test_open_the_rows_leads_to_the_plays_of_the_title_under_the_same_filters(title_build: Build) -> None:
    for search, plays in ((OF, 5), (f"{OF}&device=mobile", 1)):
        for card in title.CARDS:
            rows = answer_of(card.id, View.FIGURE, search, title_build.id).rows_href
            assert rows is not None
            path, _, asked = rows.partition("?")
            query = parse_rows(asked, title_build.manifest)
            assert (path, query.problems, matching_rows(query, title_build)) == ("/explore", (), plays)
            assert set(timeline_of(title_build, search)["plays"]) == {plays}


def test_one_play_and_none(title_build: Build) -> None:
    one = answer_of("title-timeline", View.FIGURE, f"{OF}&device=mobile", title_build.id)
    assert "1 of 1 plays" in words(one.body)
    filtered_out = answer_of("title-timeline", View.FIGURE, f"{OF}&kind=episode", title_build.id)
    assert of_class(filtered_out.body, "state-filtered-out")
    nobody = answer_of("title-timeline", View.FIGURE, "?period=all&of_title=part", title_build.id)
    assert of_class(nobody.body, "state-no-data")


def test_what_the_page_is_about_is_no_filter_to_take_back(title_build: Build) -> None:
    about = answer_of("title-also-watched", View.FIGURE, OF, title_build.id)
    assert of_class(about.body, "state-no-data")
    # Nor is a title in the address that the page does not look at.
    other = answer_of("title-also-watched", View.FIGURE, f"{OF}&title=title+other", title_build.id)
    assert of_class(other.body, "state-no-data")
    filtered = answer_of("title-also-watched", View.FIGURE, f"{OF}&device=console", title_build.id)
    assert words(filtered.body).startswith(
        "Nothing to tell of Device: Console. No other film or series has 20 accounts"
    )
    figures = answer_of("series-kpis", View.FIGURE, "?period=all&of_series=Harbour+Lights", title_build.id)
    assert not of_class(figures.body, "state-filtered-out")


def test_what_was_looked_for_and_is_not_there_is_said(title_build: Build) -> None:
    search = "?period=all&find_title=zebra&device=console"
    answer = answer_of("titles-league", View.FIGURE, search, title_build.id)
    (said,) = of_class(answer.body, "state-not-found")
    assert "Nothing matches find a title «zebra» and Device: Console in these days." in words(said)


def test_few_accounts_are_hidden(title_build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "6")
    for panel in ("title-kpis", "title-timeline", "title-drop-off"):
        assert of_class(answer_of(panel, View.FIGURE, OF, title_build.id).body, "state-suppressed"), panel


@pytest.mark.usefixtures("title_build")
def test_the_head_names_the_title() -> None:
    film, episode = title_of("salt"), title_of("part")
    assert film is not None
    assert episode is not None
    assert words(title_head(film)) == "The Salt Year Film · 1 min · released 1 Jun 2026"
    assert words(title_head(episode)) == "Part 2 Episode S1E2 of Harbour Lights"
    assert title_of("nowhere") is None
    assert app.server.test_client().get("/titles/salt").status_code == 200
    assert "There is no title «nowhere»." in words(unknown_title("nowhere"))


@pytest.mark.usefixtures("title_build")
def test_a_name_that_cannot_be_asked_leaves_the_page_standing(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_slow(name: str, *_: object) -> pd.DataFrame:
        raise TooMuchError(f"{name} took longer than allowed and was stopped.")

    monkeypatch.setattr(title_head_module, "run", too_slow)
    for told in (title_of("salt"), series_of("lights")):
        assert told is not None
        assert told.facts == ("What it is called could not be found out just now.",)
    assert not list(of_class(title.layout("salt"), "state-unknown-title"))


@pytest.mark.usefixtures("title_build")
def test_a_series_is_named_with_its_seasons() -> None:
    series = series_of("Harbour Lights")
    assert series is not None
    assert words(title_head(series)) == "Harbour Lights Series · 1 season · 1 episode"
    assert series_of("salt") is None
    assert "There is no series «salt»." in words(unknown_series("salt"))


@pytest.mark.usefixtures("title_build")
def test_a_title_is_shown_by_its_cover() -> None:
    film, other = title_of("salt"), title_of("other")
    assert film is not None
    assert other is not None
    poster = film.poster
    assert poster is not None
    # The room is kept before the image is there: 400 × 600.
    assert (poster.alt, poster.style) == ("Cover of The Salt Year", {"aspectRatio": "0.6667"})
    assert other.poster is None
    client = app.server.test_client()
    found = client.get(poster.src)
    assert (found.status_code, found.mimetype) == (200, "image/webp")
    assert found.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert Image.open(BytesIO(found.data)).size == (300, 450)
    # Only what the build knows by name is served, never what a name leads to.
    image_hash = poster.src.removeprefix("/covers/").removesuffix(".webp")
    for name in (image_hash[:-1], image_hash.upper(), "0" * 64, "%", "..", "' or true --"):
        refused = client.get(f"/covers/{name}.webp")
        assert (refused.status_code, refused.mimetype) == (404, "text/plain"), name


def test_a_page_of_an_older_build_still_gets_its_covers(title_build: Build, tmp_path: Path) -> None:
    warehouse, newer = tmp_path / "warehouse", "20990101-000000-000000"
    for build_id in (title_build.id, newer, "20990102-unreadable"):
        shutil.copytree(title_build.folder, build_folder(warehouse, build_id))
    manifest = build_folder(warehouse, newer) / MANIFEST_FILE
    manifest.write_text(manifest.read_text().replace(title_build.id, newer))
    (build_folder(warehouse, "20990102-unreadable") / MANIFEST_FILE).write_text("{}")
    (warehouse / POINTER_FILE).write_text(newer)
    client = app.server.test_client()
    with serving(warehouse):
        (image,) = (build_folder(warehouse, newer) / THUMBNAILS_FOLDER).iterdir()
        image.unlink()
        assert client.get(f"/covers/{image.name}").status_code == 200
        (build_folder(warehouse, title_build.id) / THUMBNAILS_FOLDER / image.name).unlink()
        assert client.get(f"/covers/{image.name}").status_code == 404
        (warehouse / POINTER_FILE).unlink()
        assert client.get(f"/covers/{image.name}").status_code == 503


def test_a_cover_that_cannot_be_shown_is_told_by_name(title_build: Build) -> None:
    (section,) = [part for part in walk(sections(title_build)) if getattr(part, "id", None) == "covers"]
    said = words(section)
    assert said.startswith("Covers 1 of 2 covers have a thumbnail.")
    assert "1  no such file a2 art/<b>.png" in said


def test_any_id_is_found_at_the_address_that_leads_to_it(title_build: Build) -> None:
    filters = parse_search("period=all", title_build.manifest.spans)
    address = title_href("title 50% / über?", filters)
    assert address == "/titles/50%25%20%2F%20%C3%BCber%3F?period=all"
    path = address.partition("?")[0]
    laid_out = title.layout(path.removeprefix("/titles/"))
    assert "Half and half" in words(laid_out)
    assert {getattr(part, "data-of-title", None) for part in walk(laid_out)} == {None, "50% / über?"}
    assert app.server.test_client().get(path).status_code == 200


def test_nothing_is_asked_of_no_title(title_build: Build) -> None:
    filters = parse_search("period=all", title_build.manifest.spans)
    assert run("audience_by_position", replace(filters, of_title=None), title_build).empty


def test_a_file_says_what_was_chosen_of_a_list_that_comes_from_the_data(title_build: Build) -> None:
    search = f"build={title_build.id}&period=all&view=hours&genre=drama&find_title=salt"
    facts = app.server.test_client().get(f"/export/title_league.json?{search}").get_json()
    chosen = ["What counts as a view: View: hours ÷ runtime", "Genre: drama", "Find a title: salt"]
    assert [words for words in facts["filters"] if words in chosen] == chosen
    facts = app.server.test_client().get(f"/export/title_league.json?build={title_build.id}").get_json()
    assert not [words for words in facts["filters"] if words.startswith(("Genre", "Find a title"))]
