"""A link that somebody has tampered with gets the page, and a message or an empty state: never an error, never all."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.overview import Overview

Visit = Callable[..., Overview]


@pytest.mark.parametrize(
    ("search", "message"),
    [
        ("start_day=banana&end_day=7", "start_day is a date, YYYY-MM-DD; not «banana»."),
        ("start_day=2023-06-10&end_day=2023-06-01", "must come before end_day"),
        ("start_day=0001-01-01&end_day=9999-12-31", "reaches far outside the data's complete days"),
        ("start_day=2030-01-01&end_day=2030-02-01", "lies outside the data's complete days"),
        ("calendar=" + quote("local' or 1=1 --"), "calendar can be local, utc, service"),
        ("granularity=day&granularity=second", "granularity can be"),
        ("period=all&start_day=2023-01-01&end_day=2023-02-01", "Give either a period, or a start_day and an end_day"),
        ("country=" + "x" * 100_000, "at most 4,000 are read"),
        ("&".join(f"p{number}=1" for number in range(15_000)), "at most 4,000 are read"),
        ("&".join(f"plan=p{number}" for number in range(300)), "at most 200 are read"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_shown(visit: Visit, search: str, message: str) -> None:
    overview = visit(f"/?{search}")
    expect(overview.page.locator("#messages [role=alert]")).to_contain_text(message)
    expect(overview.page.locator(".state-unreadable")).to_have_count(4)
    expect(overview.key_figures).to_have_count(0)


@pytest.mark.parametrize(
    ("search", "chip"),
    [
        ("device=toaster", "Device: toaster"),
        ("device=", "Device: (empty)"),
        ("country=" + quote("IN'; drop table plays; --"), "Country: IN'; drop table plays; --"),
        ("plan=" + quote("<img src=x onerror=alert(1)>"), "Plan: <img src=x onerror=alert(1)>"),
        ("kind=%ff%fe%00", "Kind: \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}\x00"),
    ],
)
def test_what_matches_nothing_is_empty_and_can_be_removed(visit: Visit, search: str, chip: str) -> None:
    overview = visit(f"/?{search}")
    expect(overview.page.locator(".state-filtered-out")).to_have_count(4)
    expect(overview.key_figures).to_have_count(0)
    assert overview.chips.all_inner_texts() == [chip]
    overview.chips.first.click()
    expect(overview.key_figures).to_have_count(6)


def test_what_is_no_filter_is_left_out_and_said(visit: Visit) -> None:
    overview = visit("/?__class__=x&layout=1&self=2&pathname_=3")
    expect(overview.page.locator("#messages [role=status]")).to_contain_text("Not a filter, so left out: «__class__»")
    expect(overview.key_figures).to_have_count(6)
