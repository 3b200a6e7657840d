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
from tests.components.trees import words
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
            assert client.get(page["relative_path"]).status_code == HTTPStatus.OK, page["relative_path"]


def test_only_pages_with_days_say_that_there_are_none(build: Build) -> None:
    filters = parse_search("", build.manifest.spans)
    overview, gallery = (shown(filters, "", path, build) for path in ("/", "/artwork"))
    assert NO_DAYS in words(overview["messages"])
    assert overview["summary"] == ""
    assert gallery["messages"] is None
