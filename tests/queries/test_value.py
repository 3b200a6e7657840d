"""Renewals, prices, values and who brings them: by hand, and against a count of lives in plain Python."""

import math
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.value import gini
from definitions.manifest import DaySpan
from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.filters import parse_search
from queries.lifetime import Renewals, fit, holdout
from queries.run import run
from tests.queries.test_survival import NEW_YEAR, ONE_DAY, SEED, random_build, random_lives
from tests.sources import Row, read_source, write_source

__all__ = ["random_build"]


def answer(name: str, build: Build, search: str) -> pd.DataFrame:
    return run(name, parse_search(f"calendar=utc&compare=none&{search}", build.manifest.spans), build)


def event(account: str, number: int, name: str, price_minor: int | None = None, currency: str | None = None) -> Row:
    """Return an event on a day of 2026, counted from 1 January as 1."""
    on = NEW_YEAR + (number - 1) * ONE_DAY
    return {
        "event_id": f"{account} {name} {number}",
        "account_id": account,
        "ts": datetime(on.year, on.month, on.day, 12),
        "event": name,
        "plan": "basic" if price_minor is not None else None,
        "price_minor": price_minor,
        "currency": currency,
    }


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build a few lives; the data end, incomplete, on 1 May, the 121st day, of which nothing is looked at.

    Ann lives from day 1 to 40, Ben from 11 on, Cy from 100 to 105, Dee from before the data (she signed up 45 days
    before day 1) to day 20. In France one pays in two currencies.
    """
    folder = tmp_path_factory.mktemp("value")
    events = [
        event("ann", 1, "start", 1000, "EUR"),
        event("ann", 31, "renew", 1000, "EUR"),
        event("ann", 40, "end", 1000, "EUR"),
        event("ben", 11, "start", 1000, "EUR"),
        event("ben", 41, "renew", 1300, "EUR"),
        event("ben", 71, "payment_failed", 1300, "EUR"),
        event("ben", 75, "payment_recovered", 1300, "EUR"),
        event("ben", 101, "change_plan", 1700, "EUR"),
        event("cy", 100, "start"),
        event("cy", 105, "end"),
        event("dee", 20, "end"),
        event("fay", 2, "start", 500, "EUR"),
        event("fay", 32, "renew", 700, "USD"),
        event("gus", 3, "start", 900, "USD"),
        event("later", 121, "start"),
    ]
    accounts: list[Row] = [
        {"account_id": name, "country": country, "acquisition_channel": "search"}
        for name, country in (("ann", "CA"), ("ben", "CA"), ("cy", "CA"), ("fay", "FR"), ("gus", "FR"))
    ]
    accounts.append({"account_id": "dee", "country": "CA", "signed_up_at": datetime(2025, 11, 17, 12)})
    write_source(folder / "source", {"accounts": accounts, "subscription_events": events})
    build_warehouse(folder / "source", folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def test_the_months_of_life_that_end_in_a_range(by_hand: Build) -> None:
    found = answer("renewals_by_month_of_life", by_hand, "period=all&country=CA")
    # Ann is there when months 1 (days 1 to 31) and 2 (to 61) begin, and ends in the second. Ben is there in months 1 to
    # 3 (to day 101); his fourth ends on day 131, after the data. Cy's first month ends on day 130: neither he nor his
    # end is counted. Dee's months end on days -15, 16 and 46: the third begins on day 16, the second before the data.
    assert found[["month_of_life", "at_risk", "ended_subscriptions"]].values.tolist() == [
        [1, 2, 0],
        [2, 2, 1],
        [3, 2, 1],
    ]
    assert found["survival"].to_list() == pytest.approx([1, 1 / 2, 1 / 4])
    # Of days 32 to 61 only Ben's first month (to day 41), Dee's third and Ann's second are.
    found = answer("renewals_by_month_of_life", by_hand, "start_day=2026-02-01&end_day=2026-03-03&country=CA")
    assert found[["month_of_life", "at_risk", "ended_subscriptions"]].values.tolist() == [
        [1, 1, 0],
        [2, 1, 1],
        [3, 1, 1],
    ]


@given(
    start=st.integers(0, 398),
    days=st.integers(1, 400),
    begun_as=st.sampled_from(["all", "first", "rejoined"]),
    is_split=st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_any_range_counts_the_months_that_end_in_it(
    random_build: Build, start: int, days: int, begun_as: str, is_split: bool
) -> None:
    lives, _ = random_lives(SEED)
    end = min(start + days, 400)
    start_day, end_day = NEW_YEAR + start * ONE_DAY, NEW_YEAR + end * ONE_DAY
    search = f"start_day={start_day}&end_day={end_day}&begun_as={begun_as}"
    found = answer("renewals_by_month_of_life", random_build, search + ("&survival_by=country" if is_split else ""))
    expected: dict[tuple[str, int], list[int]] = {}
    for life in lives:
        if begun_as != "all" and life["is_rejoined"] != (begun_as == "rejoined"):
            continue
        length = math.inf if life["end_day"] is None else (life["end_day"] - life["start_day"]).days
        for month in range(1, 15):
            began, over = (month - 1) * 30, month * 30
            # Who ends on a month's last day ends in it, and who ends on the first day of all in the first.
            is_there = length > began or month == 1
            if is_there and start_day <= life["start_day"] + over * ONE_DAY < end_day:
                counts = expected.setdefault((life["country"] if is_split else "all", month), [0, 0])
                counts[0] += 1
                counts[1] += length <= over
    told = found[["at_risk", "ended_subscriptions"]].values.tolist()
    assert dict(zip(zip(found["group_id"], found["month_of_life"], strict=True), told, strict=True)) == expected


def test_ranges_add_up(random_build: Build) -> None:
    columns = ["at_risk", "ended_subscriptions"]
    whole = answer("renewals_by_month_of_life", random_build, "period=all").set_index("month_of_life")[columns]
    parts = [
        answer("renewals_by_month_of_life", random_build, f"start_day={first}&end_day={end}")
        for first, end in (("2026-01-01", "2026-05-17"), ("2026-05-17", "2026-05-18"), ("2026-05-18", "2027-02-05"))
    ]
    added = pd.concat(parts).groupby("month_of_life")[columns].sum()
    pd.testing.assert_frame_equal(added, whole, check_dtype=False, check_index_type=False)


def test_what_the_model_says_is_filled_in(random_build: Build) -> None:
    months = answer("renewals_by_month_of_life", random_build, "period=all")
    renewals = Renewals.of(*(months[name].to_list() for name in ("month_of_life", "at_risk", "ended_subscriptions")))
    model, checked = fit(renewals), holdout(renewals)
    assert months["fitted_survival"].to_list() == pytest.approx(model.survival(renewals.months).tolist())
    assert months["forecast_survival"].notna().to_list() == [
        checked.fitted_months < month <= checked.last_month for month in months["month_of_life"]
    ]
    errors = answer("forecast_errors_by_group", random_build, "period=all").iloc[0]
    assert (errors["forecast_error"], errors["constant_rate_error"]) == (
        checked.model_error,
        checked.constant_rate_error,
    )
    held_out = months[months["forecast_survival"].notna()]
    assert (held_out["forecast_survival"] - held_out["survival"]).abs().mean() == pytest.approx(checked.model_error)
    value = answer("value_by_group", random_build, "period=all&discount_rate=20").iloc[0]
    assert value["lifetime_months"] == pytest.approx(model.months_of_payment(0.2))
    assert (value["lifetime_months_low"], value["lifetime_months_high"]) == pytest.approx(model.months_interval(0.2))
    # No price is known here.
    assert value[["currency", "mean_price_minor", "customer_lifetime_value"]].isna().all()


def test_what_a_group_pays_is_told_by_currency(by_hand: Build) -> None:
    found = answer("value_by_group", by_hand, "period=all&survival_by=country&margin=50")
    paid = found[["group_id", "currency", "payments", "mean_price_minor"]].values.tolist()
    # In Canada Ann pays twice 10, Ben 10, 13 and 13 once it is made good: neither the end, the failure nor the change
    # is a payment. In France 5 in euros, 7 and 9 in dollars.
    assert paid == [["CA", "EUR", 5, pytest.approx(5600 / 5)], ["FR", "USD", 2, 800], ["FR", "EUR", 1, 500]]
    canada = found.iloc[0]
    assert canada["customer_lifetime_value"] == pytest.approx(canada["lifetime_months"] * 1120 * 0.5)
    # In France nobody ended: there is no model, so no value.
    assert found["lifetime_months"].notna().to_list() == [True, False, False]
    # Of the days alone.
    later = answer("value_by_group", by_hand, "start_day=2026-02-01&end_day=2026-03-03&country=CA")
    assert later[["payments", "mean_price_minor"]].values.tolist() == [[1, 1300]]


def test_who_brings_how_much_of_it(by_hand: Build) -> None:
    found = answer("concentration_of_value", by_hand, "period=all&country=CA")
    # Ben paid 36, Ann 20: half of the accounts bring 36 of 56.
    assert found[["share_of_accounts", "value_share", "least_amount"]].fillna(-1).values.tolist() == [
        [0, 0, -1],
        [0.5, pytest.approx(36 / 56), 3600],
        [1, 1, 2000],
    ]
    assert set(found["counted_accounts"]) == {2}
    # Two of 36 and 20: the mean difference of all pairs, half of it over the mean, is 8 / 2 / 28.
    assert gini(found["share_of_accounts"], found["value_share"]) == pytest.approx(8 / 2 / 28)
    both = answer("concentration_of_value", by_hand, "period=last-7-days&country=FR")
    last = both[both["share_of_accounts"] == 1]
    assert last[["measured_in", "counted_accounts", "value_share"]].values.tolist() == [["USD", 2, 1], ["EUR", 1, 1]]
    nobody = answer("concentration_of_value", by_hand, "period=all&country=XX")
    assert nobody.empty


def test_small_groups_are_hidden_from_the_model_too(
    random_build: Build, by_hand: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = answer("renewals_by_month_of_life", random_build, "period=all")
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "40")
    found = answer("renewals_by_month_of_life", random_build, "period=all")
    few = (shown["at_risk"] < 40).to_list()
    assert any(few)
    assert found["is_suppressed"].to_list() == few
    assert found.loc[few, ["at_risk", "survival", "fitted_survival"]].isna().all(axis=None)
    many = shown[~pd.Series(few)]
    known = Renewals.of(*(many[name].to_list() for name in ("month_of_life", "at_risk", "ended_subscriptions")))
    assert found["fitted_survival"].dropna().to_list() == pytest.approx(fit(known).survival(known.months).tolist())
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "3")
    value = answer("value_by_group", by_hand, "period=all&country=CA")
    assert value[["lifetime_months", "mean_price_minor", "customer_lifetime_value"]].isna().all(axis=None)
    steps = answer("concentration_of_value", by_hand, "period=all&country=CA")
    assert steps.loc[steps["share_of_accounts"].fillna(1) > 0, "value_share"].isna().all()


def test_where_nothing_is_paid_hours_are_counted(tmp_path: Path) -> None:
    plays: list[Row] = [
        {
            "play_id": str(number),
            "account_id": account,
            "title_id": "t",
            "started_at": datetime(2026, 1, 1 + number, 12),
            "watch_ms": hours * 3_600_000,
            "utc_offset_min": 0,
        }
        for number, (account, hours) in enumerate([("ann", 3), ("ann", 4), ("ben", 2), ("cy", 1)])
    ]
    titles: list[Row] = [{"title_id": "t", "kind": "film", "name": "Tide"}]
    summary = build_warehouse(
        write_source(tmp_path / "source", {"plays": plays, "titles": titles}), tmp_path / "warehouse"
    )
    amounts: list[dict[str, Any]] = read_source(summary.folder, "account_amounts")
    assert sorted((row["measured"], row["amount"], row["accounts"]) for row in amounts) == [
        ("watched", 1, 1),
        ("watched", 2, 1),
        ("watched", 7, 1),
    ]
    assert read_source(summary.folder, "subscription_payments") == []
    found = answer("concentration_of_value", Warehouse(tmp_path / "warehouse").current(), "period=all")
    assert found["measured_in"].unique().tolist() == ["hours"]
    assert found["value_share"].to_list() == pytest.approx([0, 7 / 10, 9 / 10, 1])


def test_what_is_typed_has_to_be_a_number() -> None:
    spans = {"local": DaySpan(date(2026, 1, 1), date(2026, 5, 1))}
    filters = parse_search("discount_rate=7,5 %25&margin=80", spans)
    assert (filters.option("discount_rate"), filters.option("margin")) == ("7.5", "80")
    for typed in ("abc", "", "nan", "-3", "1e9", "0"):
        filters = parse_search(f"compare=none&discount_rate={typed}", spans)
        assert filters.option("discount_rate") == "10"
        assert filters.problems == ()
        (notice,) = filters.notices
        assert notice == f"Discount, % a year is a number from 1 to 100; not «{typed}», so it is 10."


def test_what_is_typed_has_to_be_whole_where_it_counts_something() -> None:
    spans = {"local": DaySpan(date(2026, 1, 1), date(2026, 5, 1))}
    for typed, whole in (("7", "7"), ("7.0", "7"), (" 12,0", "12"), ("400", "400")):
        filters = parse_search(f"compare=none&intervals_shown={typed}", spans)
        assert (filters.option("intervals_shown"), filters.notices) == (whole, ())
    for typed in ("7.5", "7,5", "0.5", "401", "inf", "seven"):
        filters = parse_search(f"compare=none&intervals_shown={typed}", spans)
        assert (filters.option("intervals_shown"), filters.problems) == ("auto", ())
        (notice,) = filters.notices
        assert notice == f"Last interval is a whole number from 1 to 400; not «{typed}», so it is auto."
