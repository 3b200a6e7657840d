"""How long subscriptions last: by hand, against lifelines on its own data sets, and against a count of days of life."""

import csv
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.datasets import load_leukemia, load_rossi, load_waltons
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import median_survival_times

from components.survival import log_rank, log_rank_statistic, median_days
from pipeline.build.build import build_warehouse
from pipeline.importers.table import import_table
from queries.db import Build, Warehouse
from queries.filters import parse_search
from queries.run import bound_parameters, macro_schemas, parsed_query, run
from tests.sources import Row, write_source

# lifelines calls pandas in ways that pandas 4 will no longer allow.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

ONE_DAY = timedelta(days=1)
LAST_DAY = date(2026, 6, 30)
NEW_YEAR = date(2026, 1, 1)
SEED = 6
COUNTRIES = ("CA", "FR")
CHANNELS = ("organic", "partner", "search")
STARTS = """
[columns]
event_id = "'start ' || id"
account_id = "id"
ts = "started_on"
event = "'start'"
plan = "group_name"
"""
ENDS = """
where = "ended = '1'"

[columns]
event_id = "'end ' || id"
account_id = "id"
ts = "last_day"
event = "'end'"
"""
ACCOUNTS = """
[columns]
account_id = "id"
country = "country"
"""
# Each by the country that stands for it.
DATA_SETS = {
    "US": load_waltons().rename(columns={"T": "duration", "E": "ended", "group": "group_name"}),
    "GB": load_rossi().rename(columns={"week": "duration", "arrest": "ended", "fin": "group_name"}),
    "IN": load_leukemia().rename(columns={"t": "duration", "status": "ended", "Rx": "group_name"}),
}


@pytest.fixture(scope="module")
def data_sets(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build lifelines' data sets as subscriptions whose last day seen is the data's last, or their own end."""
    folder = tmp_path_factory.mktemp("data-sets")
    rows = [
        {
            "id": f"{country} {number}",
            "country": country,
            "group_name": f"group {subject.group_name}",
            "started_on": LAST_DAY - int(subject.duration) * ONE_DAY,
            "last_day": LAST_DAY,
            "ended": int(subject.ended),
        }
        for country, subjects in DATA_SETS.items()
        for number, subject in enumerate(subjects.itertuples())
    ]
    # The day of the last event is not complete, and not looked at.
    rows.append(rows[0] | {"id": "later", "started_on": LAST_DAY + ONE_DAY, "ended": 0})
    with (folder / "lives.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    for name, table, mapping in (
        ("accounts", "accounts", ACCOUNTS),
        ("starts", "subscription_events", STARTS),
        ("ends", "subscription_events", ENDS),
    ):
        (folder / f"{name}.toml").write_text(mapping)
        report = import_table(table, [folder / "lives.csv"], folder / f"{name}.toml", folder / "source")
        assert report.table(table).rejected == 0
    build_warehouse(folder / "source", folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def survival(build: Build, search: str) -> pd.DataFrame:
    return run("survival_by_group", parse_search(f"calendar=utc&compare=none&{search}", build.manifest.spans), build)


@pytest.mark.parametrize("country", DATA_SETS)
def test_curves_and_bands_are_those_of_lifelines(data_sets: Build, country: str) -> None:
    found = survival(data_sets, f"period=all&country={country}").set_index("age_days")
    subjects = DATA_SETS[country]
    expected = KaplanMeierFitter().fit(subjects["duration"], subjects["ended"])
    ended = expected.event_table[expected.event_table["observed"] > 0]
    assert len(ended) > 10
    for age, row in ended.iterrows():
        own = found.loc[int(age)]
        assert (own["at_risk"], own["ended_subscriptions"]) == (row["at_risk"], row["observed"])
        limits = expected.confidence_interval_.loc[age].to_list()
        assert own["survival"] == pytest.approx(expected.survival_function_.loc[age].iloc[0], abs=1e-9)
        assert [own["survival_low"], own["survival_high"]] == pytest.approx(limits, abs=1e-9)


@pytest.mark.parametrize("country", DATA_SETS)
def test_medians_and_log_rank_are_those_of_lifelines(data_sets: Build, country: str) -> None:
    found = survival(data_sets, f"period=all&country={country}&survival_by=plan")
    subjects = DATA_SETS[country]
    test = multivariate_logrank_test(subjects["duration"], subjects["group_name"], subjects["ended"])
    statistic, degrees = log_rank_statistic(found)
    assert degrees == 1
    assert statistic == pytest.approx(test.test_statistic, abs=1e-9)
    assert log_rank(found) == pytest.approx(test.p_value, abs=1e-9)
    for name, group in subjects.groupby("group_name"):
        expected = KaplanMeierFitter().fit(group["duration"], group["ended"])
        limits = median_survival_times(expected.confidence_interval_).iloc[0]
        own = found[found["group_id"] == f"group {name}"]
        told = [None if value == float("inf") else value for value in (expected.median_survival_time_, *limits)]
        assert list(median_days(own)) == told


def event(account: str, on: date, name: str, number: int = 0) -> Row:
    return {
        "event_id": f"{account} {name} {number}",
        "account_id": account,
        "ts": datetime(on.year, on.month, on.day, 12),
        "event": name,
    }


def by_hand(folder: Path) -> Build:
    """Build what two tests look at, each by its country; the data end, incomplete, on 1 May."""

    def day(number: int) -> date:
        return NEW_YEAR + (number - 1) * ONE_DAY

    lives: dict[str, list[Row]] = {
        "CA": [
            event("a", day(5), "start"),
            event("a", day(12), "end"),
            event("b", day(8), "start"),
            event("c", day(10), "start"),
            event("c", day(12), "end"),
            event("d", day(1), "start"),
            event("d", day(9), "end"),
            event("e", day(10), "start"),
            event("e", day(20), "end"),
        ],
        "FR": [
            *(event(account, day(1), "start") for account in ("p", "q", "r", "s", "t")),
            # Not recovered in 30 days: it ends on 1 February.
            event("p", day(2), "payment_failed"),
            event("q", day(32), "end"),
            event("r", day(42), "end"),
        ],
    }
    accounts = {str(row["account_id"]): country for country, rows in lives.items() for row in rows}
    write_source(
        folder / "source",
        {
            "accounts": [{"account_id": account, "country": country} for account, country in accounts.items()],
            "subscription_events": [
                *(row for rows in lives.values() for row in rows),
                event("later", day(121), "start"),
            ],
        },
    )
    build_warehouse(folder / "source", folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def test_a_range_and_two_ways_to_end_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = by_hand(tmp_path)
    # Of 10 to 19 January: a is seen from day 5 of its life and ends on day 7; b from day 2 on, up to day 11, the last
    # of the range; c from its first day, and ends on day 2; e likewise, up to day 9. d ended before.
    # On day 2 b, c and e are at risk, and one ends: 2/3 remain. On day 7 a, b and e are: 2/3 · 2/3 remain.
    found = survival(build, "start_day=2026-01-10&end_day=2026-01-20&country=CA")
    assert found[["age_days", "at_risk", "ended_subscriptions"]].values.tolist() == [
        [0, 2, 0],
        [2, 3, 1],
        [7, 3, 1],
        [11, 1, 0],
    ]
    assert found["survival"].to_list() == pytest.approx([1, 2 / 3, 4 / 9, 4 / 9])
    assert set(found["subscriptions"]) == {4}
    # Of all the data: of five, one ends for want of payment and one by decision on day 31, so 1/5 and 1/5 have; of the
    # three that remain one ends by decision on day 41: 3/5 · 1/3 more.
    found = survival(build, "period=all&country=FR").set_index("age_days")
    told = found.loc[[31, 41], ["survival", "chosen_end_incidence", "payment_end_incidence"]]
    assert told.to_numpy().ravel().tolist() == pytest.approx([3 / 5, 1 / 5, 1 / 5, 2 / 5, 2 / 5, 1 / 5])
    found_at_risk = found["at_risk"].to_list()
    # Months of life are days 1 to 30, 31 to 60 and so on: none of five ends in the first, three of them in the second.
    filters = parse_search("calendar=utc&period=all&country=FR", build.manifest.spans)
    rates = run("ending_rate_by_month_of_life", filters, build).head(3)
    assert rates[
        ["month_of_life", "at_risk", "ended_subscriptions", "payment_ended_subscriptions"]
    ].values.tolist() == [
        [1, 5, 0, 0],
        [2, 5, 3, 1],
        [3, 2, 0, 0],
    ]
    assert rates["ending_rate"].to_list() == pytest.approx([0, 3 / 5, 0])
    # Where three accounts at least may be told of, two at risk are not, and five are.
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "3")
    hidden = run("ending_rate_by_month_of_life", filters, build).head(3)
    assert hidden["is_suppressed"].to_list() == [False, False, True]
    assert pd.isna(hidden["ending_rate"].iloc[2])
    days = survival(build, "period=all&country=FR")
    assert days["is_suppressed"].to_list() == [at_risk < 3 for at_risk in found_at_risk]
    assert log_rank(days) is None


@cache
def random_lives(seed: int) -> tuple[list[dict[str, Any]], list[Row]]:
    """Return some 300 subscriptions of random lives, some of them after another, and their events.

    Half of the accounts are of either country, and a third won in each way.
    """
    rng = random.Random(seed)
    lives: list[dict[str, Any]] = []
    events: list[Row] = [event("later", NEW_YEAR + 400 * ONE_DAY, "start")]
    for number in range(250):
        account = f"account {number}"
        start = NEW_YEAR + (rng.randrange(399) if number else 0) * ONE_DAY
        for spell in range(rng.choice([1, 1, 1, 2])):
            end = start + rng.choice([0, 1, 30, 30, 60, rng.randrange(1, 300)]) * ONE_DAY
            by_payment = rng.random() < 0.3 and (end - start).days > 30
            is_told = end < NEW_YEAR + 400 * ONE_DAY
            events.append(event(account, start, "rejoin" if spell else "start", spell))
            if is_told and by_payment:
                events.append(event(account, end - 30 * ONE_DAY, "payment_failed", spell))
            elif is_told and rng.random() < 0.8:
                events.append(event(account, end, "end", spell))
            else:
                is_told = False
            lives.append(
                {
                    "country": COUNTRIES[number % 2],
                    "channel": CHANNELS[number % 3],
                    "is_rejoined": spell > 0,
                    "start_day": start,
                    "end_day": end if is_told else None,
                    "by_payment": by_payment,
                }
            )
            start = end + rng.randrange(1, 100) * ONE_DAY
            if not is_told or start >= NEW_YEAR + 400 * ONE_DAY:
                break
    return lives, events


@pytest.fixture(scope="module")
def random_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build them."""
    folder = tmp_path_factory.mktemp("random-lives")
    accounts = [
        {
            "account_id": f"account {number}",
            "country": COUNTRIES[number % 2],
            "acquisition_channel": CHANNELS[number % 3],
        }
        for number in range(250)
    ]
    events = [{**row, "plan": f"plan {index % 4}"} for index, row in enumerate(random_lives(SEED)[1])]
    write_source(folder / "source", {"accounts": accounts, "subscription_events": events})
    build_warehouse(folder / "source", folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def observed(lives: list[dict[str, Any]], start_day: date, end_day: date) -> Iterator[tuple[int, int, str]]:
    """Give of each life seen in a range its first and last day of life seen, and how it ended: "", "end", "payment"."""
    for life in lives:
        ended = life["end_day"] is not None and life["end_day"] < end_day
        last = min(life["end_day"] or date.max, end_day - ONE_DAY)
        first = max(life["start_day"], start_day)
        if first <= last:
            how = ("payment" if life["by_payment"] else "end") if ended else ""
            yield (first - life["start_day"]).days, (last - life["start_day"]).days, how


@given(
    start=st.integers(0, 398),
    days=st.integers(1, 400),
    begun_as=st.sampled_from(["all", "first", "rejoined"]),
    told_by=st.sampled_from(["none", "country", "channel"]),
    is_filtered=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_any_range_is_a_count_of_days_of_life(
    random_build: Build, start: int, days: int, begun_as: str, told_by: str, is_filtered: bool
) -> None:
    lives, _ = random_lives(SEED)
    end = min(start + days, 400)
    start_day, end_day = NEW_YEAR + start * ONE_DAY, NEW_YEAR + end * ONE_DAY
    search = f"start_day={start_day}&end_day={end_day}&begun_as={begun_as}&survival_by={told_by}"
    found = survival(random_build, search + "&country=CA" * is_filtered)
    chosen = [
        life
        for life in lives
        if (begun_as == "all" or life["is_rejoined"] == (begun_as == "rejoined"))
        and (life["country"] == "CA" or not is_filtered)
    ]
    for group in {"none": ("all",), "country": COUNTRIES, "channel": CHANNELS}[told_by]:
        own = found[found["group_id"] == group]
        seen = list(observed([life for life in chosen if group in ("all", life.get(told_by))], start_day, end_day))
        assert len(seen) == (own["subscriptions"].iloc[0] if len(own) else 0)
        survived, by_decision, by_payment = 1.0, 0.0, 0.0
        for row in own.to_dict("records"):
            age = row["age_days"]
            at_risk = sum(first <= age <= last for first, last, _ in seen)
            ended = [how for _, last, how in seen if how and last == age]
            assert (row["at_risk"], row["ended_subscriptions"]) == (at_risk, len(ended))
            by_decision += survived * ended.count("end") / at_risk
            by_payment += survived * ended.count("payment") / at_risk
            survived *= 1 - len(ended) / at_risk
            assert [row["survival"], row["chosen_end_incidence"], row["payment_end_incidence"]] == pytest.approx(
                [survived, by_decision, by_payment]
            )
        assert {last for _, last, how in seen if how} <= set(own["age_days"])
        assert own["survival"].is_monotonic_decreasing
        whole = own["survival"] + own["chosen_end_incidence"] + own["payment_end_incidence"]
        assert whole.to_list() == pytest.approx([1.0] * len(own))


@given(
    start=st.integers(0, 399),
    days=st.integers(1, 400),
    begun_as=st.sampled_from(["all", "first", "rejoined"]),
    told_by=st.sampled_from(["none", "country", "plan", "channel"]),
    chosen=st.sampled_from(["", "&{}={}", "&not_{}={}"]),
    query=st.sampled_from(["survival_by_group", "ending_rate_by_month_of_life", "rejoining_by_group"]),
)
@settings(max_examples=60, deadline=None)
def test_ages_at_the_beginnings_of_months_tell_what_pairs_of_days_tell(
    random_build: Build, start: int, days: int, begun_as: str, told_by: str, chosen: str, query: str
) -> None:
    start_day, end_day = (NEW_YEAR + number * ONE_DAY for number in (start, min(start + days, 400)))
    search = f"calendar=utc&compare=none&start_day={start_day}&end_day={end_day}&begun_as={begun_as}"
    # One column of both is chosen and told apart; more than one are never read from ages.
    column, value = ("plan", "plan 1") if told_by == "plan" else ("country", "CA")
    if told_by != "channel":
        search += chosen.format(column, value)
    filters = parse_search(f"{search}&survival_by={told_by}&churn_by={told_by}", random_build.manifest.spans)
    parameters = bound_parameters(query, filters)
    assert "spells_counted" not in macro_schemas(parameters)
    with random_build.cursor(macros_of=["spells_counted"]) as cursor:
        expected = cursor.execute(parsed_query(query), parameters).df().drop(columns="accounts")
    pd.testing.assert_frame_equal(run(query, filters, random_build), expected, rtol=1e-12)


def test_incidence_without_ties_is_that_of_lifelines(tmp_path: Path) -> None:
    rng = random.Random(60)
    lengths = rng.sample(range(31, 300), 40)
    hows = [rng.choice(["end", "payment_failed", "runs"]) for _ in lengths]
    first_day = NEW_YEAR - ONE_DAY
    events: list[Row] = [event("later", first_day + 301 * ONE_DAY, "start")]
    for number, (length, how) in enumerate(zip(lengths, hows, strict=True)):
        # Who runs on is cut off at the data's end, on a day of life of its own.
        start = first_day + (300 - length) * ONE_DAY if how == "runs" else first_day
        events.append(event(str(number), start, "start"))
        if how != "runs":
            told = start + (length - (30 if how == "payment_failed" else 0)) * ONE_DAY
            events.append(event(str(number), told, how))
    write_source(tmp_path / "source", {"subscription_events": events})
    build_warehouse(tmp_path / "source", tmp_path / "warehouse")
    found = survival(Warehouse(tmp_path / "warehouse").current(), "period=all").set_index("age_days")
    codes = [{"runs": 0, "end": 1, "payment_failed": 2}[how] for how in hows]
    for code, column in ((1, "chosen_end_incidence"), (2, "payment_end_incidence")):
        curve = (
            AalenJohansenFitter(calculate_variance=False)
            .fit(lengths, codes, event_of_interest=code)
            .cumulative_density_
        )
        ages = [length for length, own in zip(lengths, codes, strict=True) if own]
        assert len(ages) > 20
        assert found.loc[ages, column].to_list() == pytest.approx(curve.loc[ages].iloc[:, 0].to_list(), abs=1e-9)
