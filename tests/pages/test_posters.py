"""A warehouse of posters alone: what is about covers answers, the rest says what it lacks, and nothing fails."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import dash
import pytest
from PIL import Image

import app
from components.card import answer_of
from components.filter_bar import shown
from components.panel import View, declared_panels
from pipeline.posters import build_of_posters
from pipeline.progress import Silent
from queries.db import Build
from queries.filters import NO_DAYS, parse_search
from queries.run import run
from tests.components.trees import of_class, words
from tests.served import serving


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    folder = tmp_path_factory.mktemp("posters")
    write_posters(folder / "images")
    build_of_posters(folder / "images", folder / "warehouse", None, Silent())
    with serving(folder / "warehouse") as warehouse:
        yield warehouse.current()


def write_posters(folder: Path) -> None:
    folder.mkdir()
    for name, colour in (("a.png", "red"), ("b.png", "blue")):
        Image.new("RGB", (20, 30), colour).save(folder / name)


def test_covers_are_listed_and_every_card_says_what_it_lacks(build: Build) -> None:
    filters = parse_search("", build.manifest.spans)
    assert run("covers_listed", filters, build)["name"].to_list() == ["a", "b"]
    told = {panel.id: words(answer_of(panel.id, View.FIGURE, "", build.id).body) for panel in declared_panels()}
    # Nothing that went wrong on our side, of which an id is to be quoted.
    assert {name: text for name, text in told.items() if "quote" in text.lower()} == {}
    assert told["title-timeline"].startswith("Not in this source")


@pytest.mark.usefixtures("build")
def test_every_page_is_laid_out_without_days() -> None:
    client = app.server.test_client()
    for page in dash.page_registry.values():
        if page["path_template"] is None and not page["module"].endswith("not_found_404"):
            # The bare address leads elsewhere.
            assert client.get(f"{page['relative_path']}?period=all").status_code == HTTPStatus.OK, page["relative_path"]


def test_no_page_asks_for_days_where_there_are_covers_alone(build: Build) -> None:
    filters = parse_search("", build.manifest.spans)
    assert NO_DAYS in filters.notices
    for path in ("/", "/artwork"):
        bar = shown(filters, "", path, build)
        assert (bar["messages"], bar["summary"]) == (None, "")


def test_the_bare_address_leads_to_the_covers(build: Build) -> None:
    assert build.manifest.has_covers_alone
    client = app.server.test_client()
    assert client.get("/").location == "/artwork"
    # Whoever asks for the Overview by its filters gets it.
    assert client.get("/?period=all").status_code == HTTPStatus.OK


def test_a_page_without_anything_says_so_once_and_leads_to_what_there_is(build: Build) -> None:
    assert build.id
    overview = dash.page_registry["pages.overview"]["layout"]()
    assert words(overview) == (
        "How are we doing? Not in this source This page needs plays and subscription_events, which this source "
        "does not have. It has covers alone, of which these pages tell:  Gallery ,  Compare ,  Catalogue ."
    )
    assert not of_class(overview, "panel")
    assert of_class(dash.page_registry["pages.artwork_catalogue"]["layout"](), "panel")
