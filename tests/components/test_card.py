"""Every state of a card, with what its query returns put in by hand."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from dash import html

import components.card
import components.kpi
import components.panel
import queries.chosen_values
import queries.shown
from components.card import Card, answer_of, total_change
from components.figures import trend
from components.kpi import Kpi, KpiStrip
from components.panel import Answer, View, declare, frame_of, menu
from components.summary import summary
from definitions.metrics import METRICS
from definitions.segments import Segment
from queries.db import WarehouseError
from queries.filters import FilterError
from queries.run import QueryError
from tests.components.trees import of_class, rows, walk, words
from tests.components.world import StubBuild, by_period, filters_of

CARD = Card("a-card", "Watch time", "watch_hours_by_period", trend, "watch_hours", compared=True, headline=total_change)
MOVED = Card(
    "moved", "Moved", "watch_hours_change_by_group", lambda *_: html.P("drawn"), "watch_hours", needs_comparison=True
)
BUILD: Any = StubBuild("plays.watch_ms", "plays.play_id")

TWO_DAYS = pd.concat(
    [by_period("current", date(2023, 6, 29), [3.0, 3.6]), by_period("comparison", date(2023, 6, 27), [3.0, 3.0])]
)
WATCHED = pd.DataFrame({"dimension": ["device", "device", "country"], "value": ["tv", "mobile", "IN"]})


@pytest.fixture
def returning(monkeypatch: pytest.MonkeyPatch) -> Callable[[pd.DataFrame], None]:
    """Let every query return a frame."""

    def put_in(frame: pd.DataFrame) -> None:
        for module in (components.card, components.kpi):
            for name in ("run", "run_compared"):
                monkeypatch.setattr(module, name, lambda *_: frame, raising=False)
        monkeypatch.setattr(queries.chosen_values, "run", lambda *_: WATCHED)

    return put_in


def test_a_card_draws_its_rows_under_a_title_that_speaks(returning: Callable[[pd.DataFrame], None]) -> None:
    returning(TWO_DAYS)
    answer = CARD.answer(View.FIGURE, filters_of(), BUILD)
    assert answer.title.replace("\N{NO-BREAK SPACE}", " ") == "Watch time grew 10 %"
    (chart,) = of_class(answer.body, "lines")
    assert "Watch time grew" in getattr(chart, "aria-label")
    assert json.loads(getattr(chart, "data-figure"))["data"][-1]["y"] == [3.0, 3.6]


def test_a_figure_is_told_in_words(returning: Callable[[pd.DataFrame], None]) -> None:
    returning(TWO_DAYS)
    (told,) = of_class(CARD.answer(View.FIGURE, filters_of(), BUILD).body, "visually-hidden")
    assert words(told) == (
        "Watch time over 2 days; highest 3 h 36 min (Fri 30 Jun 2023); lowest 3 h 00 min (Thu 29 Jun 2023); "
        "last 3 h 36 min, up 20 %, better on the first."
    )


def test_months_are_told_as_months_and_states_by_name_whatever_steps_are_chosen() -> None:
    months = [date(2026, 4, 1), date(2026, 5, 1)]
    churn = pd.DataFrame({"period_start": months, "first_day": months, "gross_churn_rate": [0.064, 0.05]})
    assert words(summary(churn, METRICS["gross_churn_rate"], filters_of())).startswith(
        "Gross churn rate over 2 months; highest 6.4 % (April 2026); lowest 5 % (May 2026); last 5 %"
    )
    weeks = [date(2026, 4, 6), date(2026, 4, 6), date(2026, 4, 13), date(2026, 4, 13)]
    states = ["returning", "first_seen"] * 2
    accounts = pd.DataFrame({"period_start": weeks, "first_day": weeks, "state": states, "lifecycle": [7, 1, 5, 2]})
    told = words(summary(accounts, METRICS["lifecycle"], filters_of()))
    assert told.endswith("over 2 weeks; in the last (week of 13 Apr 2026) Returning 5, First seen 2.")


def test_a_figure_of_several_lines_is_told_by_where_they_end() -> None:
    hours_by_device: dict[str, list[float | None]] = {"tv": [3.0, 1.0], "mobile": [1.0, 2.5]}
    lines = [
        by_period("current", date(2023, 6, 29), hours).assign(group_kind="device", group_name=device)
        for device, hours in hours_by_device.items()
    ]
    told = summary(pd.concat(lines), METRICS["watch_hours"], filters_of())
    assert words(told) == "Watch time over 2 days; in the last (Fri 30 Jun 2023) Phone 2 h 30 min, TV 1 h 00 min."


def test_the_table_and_the_csv_file_hold_what_the_figure_draws(returning: Callable[[pd.DataFrame], None]) -> None:
    returning(TWO_DAYS)
    card = Card("x", "Watch time", "watch_hours_by_period", trend, "watch_hours", True, columns=("span", "watch_hours"))
    answer = card.answer(View.TABLE, filters_of("device=tv"), BUILD)
    assert rows(answer.body)[1:] == [
        ["This period", "3.00"],
        ["This period", "3.60"],
        ["Comparison", "3.00"],
        ["Comparison", "3.00"],
    ]
    assert answer.export is not None
    assert answer.export.href("parquet") == (
        "/export/watch_hours_by_period.parquet"
        "?device=tv&build=20230701-000000-aaaa&column=span&column=watch_hours&compared=1"
    )
    assert answer.rows_href == "/explore?table=plays&device=tv"


def test_the_menu_offers_views_exports_a_picture_and_the_rows(returning: Callable[[pd.DataFrame], None]) -> None:
    returning(TWO_DAYS)
    shown = menu(CARD, View.TABLE, CARD.answer(View.TABLE, filters_of(), BUILD))
    assert words(shown) == (
        "Show as Figure Table SQL Take away Download CSV Download Parquet Download Manifest Picture (PNG) Open the rows"
    )
    pressed = [words(part) for part in walk(shown) if getattr(part, "aria-pressed", None) == "true"]
    assert pressed == ["Table"]


def test_the_menu_of_a_list_of_accounts_offers_to_save_them(returning: Callable[[pd.DataFrame], None]) -> None:
    returning(TWO_DAYS)
    card = Card("a-list", "Accounts", "accounts_at_risk", lambda *_: html.P("drawn"), "watch_hours", rows=None)
    shown = menu(card, View.FIGURE, card.answer(View.FIGURE, filters_of("country=IN"), BUILD))
    (save,) = [part for part in walk(shown) if hasattr(part, "data-save-segment")]
    assert words(save) == "Save as a segment…"
    assert getattr(save, "data-save-segment") == "query=accounts_at_risk&country=IN"


def test_nothing_matches_the_segment_is_told_by_its_name(
    returning: Callable[[pd.DataFrame], None], saved: Segment
) -> None:
    returning(TWO_DAYS.assign(watch_hours=None))
    told = CARD.answer(View.FIGURE, filters_of(f"segment={saved.id}&device=tv"), BUILD).body
    assert words(told).startswith("Nothing matches Segment: Night <owls>; Device: TV in these days.")
    (everything,) = [part.href for part in walk(told) if type(part).__name__ == "A"]
    assert everything == "?"


def test_the_sql_comes_with_the_values_bound_to_it() -> None:
    body = CARD.answer(View.SQL, filters_of("device=tv"), BUILD).body
    assert "watch_hours_by_period.sql" in words(body)
    assert "$filters {devices: {chosen_values: ['tv'], excluded: False}, kinds: {" in words(body)
    assert "filtered_viewing(" in words(body)


def test_a_missing_column_is_told_in_a_plain_sentence() -> None:
    body = CARD.answer(View.FIGURE, filters_of(), StubBuild()).body  # type: ignore[arg-type]
    assert of_class(body, "state-missing")
    assert words(body).endswith(
        "Watch time needs plays.watch_ms (time with the playhead advancing), which this source does not have."
    )


class TestNothingToShow:
    """The six reasons for which there is nothing to see are told apart; the sixth is a failure, below."""

    def body(self, search: str = "", card: Card = CARD) -> Any:
        return card.answer(View.FIGURE, filters_of(search), BUILD).body

    def test_no_data(self, returning: Callable[[pd.DataFrame], None]) -> None:
        returning(by_period("current", date(2023, 6, 24), [None, None]))
        assert of_class(self.body(), "state-no-data")

    def test_zero(self, returning: Callable[[pd.DataFrame], None]) -> None:
        returning(by_period("current", date(2023, 6, 24), [0.0, None]))
        assert of_class(self.body(), "state-zero")
        assert "Watch time: 0" in words(self.body())

    @pytest.mark.parametrize(
        ("search", "sentence"),
        [
            ("device=mobile", "Nothing matches Device: Phone in these days. Show without filters"),
            # Console there can be, but toasters and ZZ cannot, whatever else is chosen.
            ("device=console", "Nothing matches Device: Console in these days."),
            ("device=toaster", "Nothing was watched with device toaster. There are TV and Phone. Show without it"),
            ("device=tv&country=ZZ", "Nothing was watched with country ZZ. There are India. Show without it"),
            ("country=ZZ&country=IN", "Nothing matches Country: ZZ, India in these days."),
            ("not_country=IN&device=tv", "Nothing matches Device: TV; Country: not India in these days."),
        ],
    )
    def test_filtered_out(self, search: str, sentence: str, returning: Callable[[pd.DataFrame], None]) -> None:
        returning(by_period("current", date(2023, 6, 24), [0.0, None]))
        assert of_class(self.body(search), "state-filtered-out")
        assert sentence in words(self.body(search))

    def test_a_rate_of_nought_is_no_want_of_a_match(self, returning: Callable[[pd.DataFrame], None]) -> None:
        # Subscriptions there were in the segment's month, of which none ended.
        returning(by_period("current", date(2023, 6, 24), [0.0]).rename(columns={"watch_hours": "gross_churn_rate"}))
        card = Card("churn", "Churn", "watch_hours_by_period", trend, "gross_churn_rate")
        build: Any = StubBuild("subscription_events.event")
        body = card.answer(View.FIGURE, filters_of("device=tv"), build).body
        assert of_class(body, "state-zero")
        assert "Gross churn" in words(body)

    def test_nought_is_shown_where_something_stands_beside_it(self, returning: Callable[[pd.DataFrame], None]) -> None:
        # Three subscribed and none ended, which is an answer; of nobody there is none.
        card = replace(CARD, told_beside=("subscriptions_at_start",), nothing="Nobody subscribed.")
        frame = by_period("current", date(2023, 6, 24), [0.0, 0.0])
        returning(frame.assign(subscriptions_at_start=[3, 0]))
        assert not of_class(self.body("device=tv", card), "state")
        returning(frame.assign(subscriptions_at_start=[0, 0]))
        assert words(self.body("device=tv", card)).startswith("Nothing to tell of Device: TV. Nobody subscribed.")

    def test_why_there_is_nothing_is_told_whatever_is_chosen(self, returning: Callable[[pd.DataFrame], None]) -> None:
        card = replace(CARD, nothing="Too few months have passed.")
        returning(by_period("current", date(2023, 6, 24), [None, None]))
        assert words(self.body(card=card)) == "Nothing to tell. Too few months have passed."
        told = words(self.body("device=tv", card))
        assert told == "Nothing to tell of Device: TV. Too few months have passed. Show without filters"

    def test_suppressed(self, returning: Callable[[pd.DataFrame], None], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "5")
        hidden = by_period("current", date(2023, 6, 24), [None, None]).assign(is_suppressed=[True, False])
        returning(hidden)
        assert of_class(self.body(), "state-suppressed")
        assert "fewer than 5 accounts" in words(self.body())
        # One of two periods is hidden: the other is drawn, and the gap explained.
        returning(hidden.assign(watch_hours=[float("nan"), 3.0]))
        assert "1 not shown: fewer than 5 accounts." in words(self.body())

    def test_missing_table(self) -> None:
        body = CARD.answer(View.FIGURE, filters_of(), StubBuild()).body  # type: ignore[arg-type]
        assert of_class(body, "state-missing")


@pytest.mark.parametrize(
    ("search", "reason"),
    [("compare=none", "No comparison is chosen."), ("period=all", "The data do not reach back far enough.")],
)
def test_a_card_of_changes_says_why_nothing_is_compared(
    search: str, reason: str, returning: Callable[[pd.DataFrame], None]
) -> None:
    returning(pd.DataFrame({"watch_hours": []}))
    assert (
        words(MOVED.answer(View.FIGURE, filters_of(search), BUILD).body)
        == f" Nothing to compare with. {reason}".strip()
    )


def test_a_fall_to_nothing_is_still_a_change(returning: Callable[[pd.DataFrame], None]) -> None:
    returning(pd.DataFrame({"watch_hours": [0.0], "compare_watch_hours": [4.0]}))
    assert words(MOVED.answer(View.FIGURE, filters_of(), BUILD).body).startswith("drawn")


class TestWhatGoesWrong:
    """Whatever goes wrong becomes a state of the card."""

    @pytest.fixture(autouse=True)
    def _declared(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(components.panel, "_panels", {})

    def answer(self, monkeypatch: pytest.MonkeyPatch, error: Exception, *, opening: bool = False) -> Answer:
        class Failing(Card):
            def answer(self, *_: Any) -> Answer:
                raise error

        declare(Failing("failing", "A card", "q", trend, "plays"))

        class Warehouse:
            def build(self, _build_id: str) -> Any:
                if opening:
                    raise error
                return BUILD

        for module in (components.card, queries.shown):
            monkeypatch.setattr(module, "served_warehouse", Warehouse)
        return answer_of("failing", View.FIGURE, "?device=tv", BUILD.id)

    def test_a_pruned_build_asks_for_a_reload(self, monkeypatch: pytest.MonkeyPatch) -> None:
        body = self.answer(monkeypatch, WarehouseError("gone"), opening=True).body
        assert of_class(body, "state-replaced")
        assert "Reload the page" in words(body)

    def test_unreadable_filters_show_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert of_class(self.answer(monkeypatch, FilterError("no")).body, "state-unreadable")

    @pytest.mark.parametrize("error", [QueryError("Catalog Error: secret"), ZeroDivisionError("secret")])
    def test_a_failure_is_logged_under_the_id_that_people_can_quote(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
    ) -> None:
        with caplog.at_level(logging.ERROR):
            body = self.answer(monkeypatch, error).body
        (incident,) = [words(part) for part in walk(body) if type(part).__name__ == "Code"]
        assert incident in caplog.text
        assert "secret" in caplog.text
        assert "secret" not in words(body)
        assert "Traceback" not in words(body)


def test_a_card_is_laid_out_with_its_buttons_before_its_first_answer() -> None:
    section = frame_of(CARD)
    labels = [getattr(part, "aria-label") for part in walk(section) if type(part).__name__ == "Summary"]
    assert labels == ["About Watch time", "Options for Watch time"]
    body = of_class(section, "card-body")[0]
    assert body.style["--height"] == "320px", "nothing jumps when the figure arrives"
    assert of_class(body, "state-loading")


def test_two_cards_cannot_share_an_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components.panel, "_panels", {})
    declare(CARD)
    declare(CARD)
    with pytest.raises(ValueError, match="a-card"):
        declare(Card("a-card", "Another", "q", trend, "plays"))


SUMMARY = pd.DataFrame(
    {
        "span": ["current", "current", "current", "comparison", "comparison"],
        "period_start": pd.to_datetime(pd.Series([None, "2023-06-29", "2023-06-30", None, "2023-06-27"])),
        "is_complete": [True, True, False, True, True],
        "watch_hours": [6.0, 3.0, 3.0, 4.0, 4.0],
        "plays": [12, 6, 6, 0, 0],
        "completion_rate": [0.410, None, 0.41, 0.414, 0.414],
    }
)
STRIP = KpiStrip(
    "kpis",
    "Key figures",
    (
        Kpi("watch_hours", "viewing_summary"),
        Kpi("plays", "viewing_summary", lambda row: f"of {row['plays']:.0f}"),
        Kpi("new_subscriptions", "subscription_summary"),
        Kpi("ended_subscriptions", "subscription_summary"),
        Kpi("rebuffer_ratio", "viewing_summary"),
    ),
)


def test_key_figures_show_value_change_course_and_what_the_source_lacks(
    returning: Callable[[pd.DataFrame], None],
) -> None:
    returning(SUMMARY)
    body = STRIP.answer(View.FIGURE, filters_of(), BUILD).body
    watch_time, plays = of_class(body, "kpi")
    assert words(watch_time) == "Watch time 6 h 00 min ▲ +50 %  from 4 h 00 min"
    assert words(plays) == "Plays 12 from 0 of 12", "no per cent of nothing"
    assert len(of_class(body, "sparkline")) == 2
    assert [words(part) for part in walk(of_class(body, "not-in-source")[0]) if type(part).__name__ == "P"] == [
        "New subscriptions and ended subscriptions need subscription_events.event (what changed), which this source "
        "does not have.",
        "Rebuffer ratio needs plays.rebuffer_ms (time stalled, not counting start-up and stalls caused by seeking), "
        "which this source does not have.",
    ]


def test_where_less_is_better_the_verdict_is_written_out(returning: Callable[[pd.DataFrame], None]) -> None:
    returning(SUMMARY.assign(ended_subscriptions=[12, 6, 6, 10, 10]))
    strip = KpiStrip("kpis", "Key figures", (Kpi("ended_subscriptions", "subscription_summary"),))
    build: Any = StubBuild("subscription_events.event")
    assert "▲ +20 % (worse)  from 10" in words(strip.answer(View.FIGURE, filters_of(), build).body)


def test_key_figures_as_a_table_and_as_csv(returning: Callable[[pd.DataFrame], None]) -> None:
    returning(SUMMARY)
    assert rows(STRIP.answer(View.TABLE, filters_of(), BUILD).body) == [
        ["Figure", "This period", "Comparison", "Change"],
        ["Watch time", "6 h 00 min", "4 h 00 min", "▲ +50 %"],
        ["Plays", "12", "0", "–"],
    ]
    assert STRIP.export_of("plays", filters_of(), BUILD).href("csv") == (
        "/export/viewing_summary.csv?period=last-7-days&build=20230701-000000-aaaa"
        "&column=period_start&column=is_complete&column=plays&compared=1"
    )


def test_key_figures_of_nothing_are_empty_not_zero(returning: Callable[[pd.DataFrame], None]) -> None:
    returning(SUMMARY.assign(watch_hours=0.0, plays=0))
    assert of_class(STRIP.answer(View.FIGURE, filters_of("device=toaster"), BUILD).body, "state-filtered-out")
    assert of_class(STRIP.answer(View.FIGURE, filters_of(), BUILD).body, "state-zero")


def test_key_figures_that_the_source_lacks_altogether() -> None:
    build: Any = StubBuild()
    assert of_class(STRIP.answer(View.FIGURE, filters_of(), build).body, "state-missing")


def test_without_a_comparison_a_headline_says_the_total() -> None:
    frame = by_period("current", date(2023, 6, 29), [3.0, 3.5])
    metric = METRICS["watch_hours"]
    assert words(total_change(frame, metric, filters_of())) == "Watch time: 6 h 30 min"
    steady = pd.concat([frame, frame.assign(span="comparison")])
    assert total_change(steady, metric, filters_of()) == "Watch time held steady"
