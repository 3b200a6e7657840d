"""The Explore page as the callback answers it, over a whole small warehouse."""

import pytest

import app
from components.rows import show_rows
from definitions.warehouse import PUBLISHED
from pages import explore
from queries.db import served_warehouse
from tests.components.trees import of_class, walk, words


def test_the_page_is_laid_out_without_arguments_and_with_any() -> None:
    assert words(explore.layout()) == words(explore.layout(table="<b>", where="'; drop table plays"))
    assert "What are the rows behind the numbers?" in words(explore.layout())


def test_the_page_is_served(build_id: str) -> None:
    assert build_id
    with app.server.test_client().get("/explore") as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize("table", sorted(PUBLISHED))
def test_every_table_shows_its_rows_or_why_there_are_none(table: str, build_id: str) -> None:
    shown = show_rows(f"?period=all&table={table}", build_id, None, None, None)
    assert words(shown["table"]).startswith(f"{table} {PUBLISHED[table].grain}")
    grids = of_class(shown["body"], "rows-grid")
    reasons = of_class(shown["body"], "state-missing") + of_class(shown["body"], "state-no-data")
    assert len(grids) + len(reasons) == 1
    assert bool(grids) == bool(served_warehouse().build(build_id).manifest.rows[table])


def test_the_count_and_the_downloads_are_those_of_the_link(build_id: str) -> None:
    # The small world has nine titles, of which one is a trailer.
    shown = show_rows("?table=titles&where=kind+is+film", build_id, None, None, None)
    assert shown["count"] == "3 of 9 rows"
    assert shown["columns"][:2] == ["title_id", "name"]
    assert [words(link) for link in shown["downloads"]] == ["CSV", "Parquet", "Manifest"]
    assert words(shown["conditions"]) == "kind = film"


def test_a_link_that_cannot_be_read_shows_why_and_offers_no_files(build_id: str) -> None:
    shown = show_rows("?table=titles&where=runtime_ms+is+long", build_id, None, None, None)
    assert "runtime_ms is a whole number; not «long»." in words(shown["body"])
    assert (shown["count"], shown["downloads"], shown["notices"]) == ("", [], [])
    assert [link.href for link in walk(shown["body"]) if hasattr(link, "href")] == ["?table=titles"]


def test_a_table_of_single_accounts_is_closed_where_small_groups_are(
    build_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "5")
    shown = show_rows("", build_id, None, None, None)
    assert "shows no rows of fewer than 5 accounts, so plays is closed" in words(shown["body"])
    assert shown["downloads"] == []
    assert not of_class(shown["body"], "rows-grid")


def test_a_build_that_is_gone_is_said_and_the_editor_left(build_id: str) -> None:
    shown = show_rows("", f"{build_id}-gone", None, None, None)
    assert of_class(shown["body"], "state-replaced")
