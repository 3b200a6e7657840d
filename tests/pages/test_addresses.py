"""Addresses: those of pages, and all others."""

import pytest

import app
from components.navigation import nav_links, part_links, unused_settings


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/explore", 200),
        ("/explore/", 200),
        ("/nowhere", 404),
        ("/explore/more", 404),
        ("/not-found-404", 404),
    ],
)
def test_only_a_page_answers_with_success(path: str, status: int, build_id: str) -> None:
    assert build_id
    with app.server.test_client().get(path) as answer:
        assert (answer.status_code, answer.mimetype) == (status, "text/html")


def test_a_page_says_which_settings_do_nothing_on_it() -> None:
    assert unused_settings("/explore") == ("compare", "granularity")
    assert unused_settings("/") == ()
    assert {"period", "device"} <= set(unused_settings("/artwork"))
    assert "kind" not in unused_settings("/artwork")
    assert unused_settings("/nowhere") == ()


@pytest.mark.parametrize(
    ("path", "page"),
    [("/", "Overview"), ("/titles", "Titles"), ("/titles/salt", "Titles"), ("/series/salt", "Titles"), ("/no", None)],
)
def test_the_page_that_one_is_on_or_in_is_marked(path: str, page: str | None) -> None:
    active = [link.children.children for link in nav_links(path, "") if link.children.active]
    assert active == ([page] if page else [])


def test_a_page_in_one_part_has_no_links_to_parts() -> None:
    assert [part_links(path, "") for path in ("/", "/titles", "/series/salt", "/no")] == [[], [], [], []]


def test_the_parts_of_a_page_are_linked_and_carry_its_filters() -> None:
    links = [link.children for link in part_links("/retention/value", "?plan=basic")]
    assert [(link.children, link.href) for link in links] == [
        ("Who stays", "/retention?plan=basic"),
        ("What they are worth", "/retention/value?plan=basic"),
        ("Who leaves", "/retention/leaving?plan=basic"),
    ]
    assert [link.active for link in links] == [False, True, False]
    assert [link.children.children for link in nav_links("/retention/value", "") if link.children.active] == [
        "Retention"
    ]
