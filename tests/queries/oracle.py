"""The Overview's numbers a second time, in plain Python over the source's rows; shares no code with the build."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from definitions.countries import MAIN_ZONES
from definitions.dimensions import DIMENSIONS
from queries.filters import FilterState
from tests.sources import read_source
from tests.tracing import untraced

MS_PER_HOUR = 3_600_000
ONE_DAY = timedelta(days=1)
OF_PLAYS = {dimension.name for dimension in DIMENSIONS if dimension.of_plays}


def but_plays(filters: FilterState) -> FilterState:
    """Return the filters without what is known of single plays alone."""
    return replace(filters, selections=tuple(pair for pair in filters.selections if pair[0] not in OF_PLAYS))


@dataclass(frozen=True)
class Play:
    """One play with what the filters look at."""

    row: dict[str, Any]
    title: dict[str, Any]
    country: str | None
    profile_type: str | None
    at: dict[str, datetime]

    @cached_property
    def day_in(self) -> dict[str, date]:
        return {calendar: moment.date() for calendar, moment in self.at.items()}

    @property
    def watch_ms(self) -> int:
        return int(self.row["watch_ms"])


class Oracle:
    """Answers what the pages' queries answer, slowly and obviously."""

    @untraced
    def __init__(self, source: Path, service_zone: str = "UTC") -> None:
        self.service_zone = service_zone
        self.titles = {row["title_id"]: row for row in read_source(source, "titles")}
        self.accounts = {row["account_id"]: row for row in read_source(source, "accounts")}
        self.tags = read_source(source, "title_tags")
        self.profiles = {row["profile_id"]: row for row in read_source(source, "profiles")}
        self.changes = sorted(read_source(source, "subscription_events"), key=lambda row: (row["ts"], row["event_id"]))
        self.genres_of_show = self._genres(source)
        self.changes_of: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.plans_of: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.changes:
            self.changes_of[row["account_id"]].append(row)
            if row.get("plan"):
                self.plans_of[row["account_id"]].append(row)
        rows = read_source(source, "plays")
        self.data_through: datetime = max(row["started_at"] for row in rows)
        self.account_country = self._account_countries(rows)
        self.plays = [self._play(row) for row in rows]
        self.plays_on: dict[tuple[str, date], list[Play]] = defaultdict(list)
        for play in self.plays:
            for calendar, day in play.day_in.items():
                self.plays_on[calendar, day].append(play)

    def _genres(self, source: Path) -> dict[str, set[str]]:
        """Return the genres of films and series, by ``show_id``."""
        titles_of: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
        for title in self.titles.values():
            for name in {title["title_id"], title.get("series_id")} - {None}:
                titles_of[name].append(title)
        genres: dict[str, set[str]] = defaultdict(set)
        for tag in read_source(source, "title_tags"):
            for title in (*titles_of[tag.get("title_id")], *titles_of[tag.get("series_id")]):
                if tag["tag_kind"] == "genre":
                    genres[show_id(title)].add(tag["tag"])
        return genres

    def _account_countries(self, rows: list[dict[str, Any]]) -> dict[str, str | None]:
        watched: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in rows:
            if row.get("country"):
                watched[row["account_id"]][row["country"]] += row["watch_ms"]
        named = {row["account_id"] for row in (*rows, *self.changes, *self.accounts.values())}
        countries: dict[str, str | None] = {}
        for account in named:
            own = self.accounts.get(account, {}).get("country")
            most = sorted(watched[account].items(), key=lambda item: (-item[1], item[0]))
            countries[account] = own or (most[0][0] if most else None)
        return countries

    def _play(self, row: dict[str, Any]) -> Play:
        started_at: datetime = row["started_at"]
        country = row.get("country") or self.account_country[row["account_id"]]
        offset_min = row.get("utc_offset_min")
        if offset_min is not None:
            local_at = started_at + timedelta(minutes=offset_min)
        else:
            local_at = _in_zone(started_at, MAIN_ZONES.get(country or "", "UTC"))
        profile = self.profiles.get(row.get("profile_id") or "", {})
        return Play(
            row=row,
            title=self.titles[row["title_id"]],
            country=self.account_country[row["account_id"]],
            profile_type=profile.get("profile_type"),
            at={
                "local": local_at,
                "utc": started_at,
                "service": _in_zone(started_at, self.service_zone),
            },
        )

    def plan_on(self, account: str, day: date) -> str | None:
        changes = self.plans_of.get(account)
        if not changes:
            return self.accounts.get(account, {}).get("plan")
        plans = [row["plan"] for row in changes if row["ts"].date() <= day]
        return plans[-1] if plans else None

    @untraced
    def passes(self, play: Play, filters: FilterState, plan_day: date | None = None) -> bool:
        # Of kinds some are left out where none is chosen.
        looked_at = {"kind", *(name for name, _ in filters.selections)}
        return all(_chosen(filters, name, self._value(play, name, filters.calendar, plan_day)) for name in looked_at)

    def _value(self, play: Play, dimension: str, calendar: str, plan_day: date | None) -> str | None:
        values: dict[str, Callable[[], str | None]] = {
            "device": lambda: play.row.get("device_type"),
            "country": lambda: play.country,
            "plan": lambda: self.plan_on(play.row["account_id"], plan_day or play.day_in[calendar]),
            "kind": lambda: play.title["kind"],
            "profile_type": lambda: play.profile_type,
            "weekday": lambda: f"{play.at[calendar]:%A}".lower(),
            "hour": lambda: str(play.at[calendar].hour),
            "model": lambda: play.row.get("device_model"),
            "app_version": lambda: play.row.get("app_version"),
            "place": lambda: play.row.get("country") or play.country,
            "region": lambda: play.row.get("region"),
            "title": lambda: show_id(play.title),
        }
        return values[dimension]()

    @untraced
    def plays_between(
        self, first_day: date, end_day: date, filters: FilterState, plan_day: date | None = None
    ) -> list[Play]:
        return [
            play
            for number in range((end_day - first_day).days)
            for play in self.plays_on[filters.calendar, first_day + number * ONE_DAY]
            if self.passes(play, filters, plan_day)
        ]

    @untraced
    def viewing(self, first_day: date, end_day: date, filters: FilterState) -> dict[str, float | None]:
        plays = self.plays_between(first_day, end_day, filters)
        active_account_days = {
            (play.row["account_id"], play.day_in[filters.calendar]) for play in plays if play.watch_ms >= 60_000
        }
        watch_ms = sum(play.watch_ms for play in plays)
        known = [play for play in plays if play.row.get("origin")]
        known_ms = sum(play.watch_ms for play in known)
        recommended_ms = sum(play.watch_ms for play in known if play.row["origin"] == "recommendation")
        measured = [play for play in plays if play.row.get("rebuffer_ms") is not None]
        stalled_ms = sum(play.row["rebuffer_ms"] for play in measured)
        trailing_day = end_day - 28 * ONE_DAY
        monthly = {
            play.row["account_id"]
            for play in self.plays_between(trailing_day, end_day, filters, plan_day=end_day - ONE_DAY)
            if play.watch_ms >= 60_000
        }
        return {
            "watch_hours": watch_ms / MS_PER_HOUR,
            "plays": len(plays),
            "views": sum(play.watch_ms >= 120_000 for play in plays),
            "mean_daily_active_accounts": len(active_account_days) / (end_day - first_day).days,
            "monthly_active_accounts": len(monthly) if trailing_day >= filters.data_start_day else None,
            "hours_per_active_account_day": _ratio(watch_ms / MS_PER_HOUR, len(active_account_days)),
            "recommendation_share": _ratio(recommended_ms, known_ms),
            "unknown_origin_share": _ratio(watch_ms - known_ms, watch_ms),
            "rebuffer_ratio": _ratio(stalled_ms, stalled_ms + sum(play.watch_ms for play in measured)),
        }

    @untraced
    def completion(self, first_day: date, end_day: date, filters: FilterState) -> dict[str, float | None]:
        filters = but_plays(filters)
        started = [
            dones
            for play, dones in self.title_starts
            if first_day <= play.day_in[filters.calendar] < end_day and self.passes(play, filters)
        ]
        completed = [dones for dones in started if any(done.day_in[filters.calendar] < end_day for done in dones)]
        return {
            "started_titles": len(started),
            "completed_titles": len(completed),
            "completion_rate": _ratio(len(completed), len(started)),
        }

    @cached_property
    @untraced
    def title_starts(self) -> list[tuple[Play, list[Play]]]:
        """The play by which an account started a film or episode, and those after which it had seen nine tenths."""
        by_account_title: dict[tuple[str, str], list[Play]] = defaultdict(list)
        for play in sorted(self.plays, key=lambda play: (play.row["started_at"], play.row["play_id"])):
            if play.title["kind"] in ("film", "episode"):
                by_account_title[play.row["account_id"], play.row["title_id"]].append(play)
        starts = []
        for plays in by_account_title.values():
            runtime_ms = plays[0].title.get("runtime_ms")
            covered = [(play, _covered_ms(plays[: number + 1], play)) for number, play in enumerate(plays)]
            if not runtime_ms or all(covered_ms is None for _, covered_ms in covered):
                continue
            watched_ms = 0
            for play in plays:
                watched_ms += play.watch_ms
                if watched_ms >= 120_000:
                    break
            else:
                continue
            dones = [
                done for done, covered_ms in covered if covered_ms is not None and covered_ms * 10 >= runtime_ms * 9
            ]
            starts.append((play, dones))
        return starts

    @cached_property
    @untraced
    def subscriptions(self) -> dict[str, list[dict[str, Any]]]:
        """The subscriptions in each calendar: each account's changes in order, and lapses as they fall due."""
        spells: dict[str, list[dict[str, Any]]] = {"local": [], "utc": [], "service": []}
        for account in sorted(self.changes_of):
            zone = MAIN_ZONES.get(self.account_country[account] or "", "UTC")
            for calendar, days_in in (("local", zone), ("utc", "UTC"), ("service", self.service_zone)):
                spells[calendar].extend(self._spells_of(account, days_in))
        return spells

    def _spells_of(self, account: str, zone: str) -> list[dict[str, Any]]:
        events = self.changes_of[account]
        timeline = [(row["ts"], row["event"]) for row in events]
        for row in events:
            due = row["ts"] + 30 * ONE_DAY
            answered = any(
                row["ts"] <= other["ts"] <= due
                and other["event"] in ("payment_recovered", "renew", "start", "rejoin", "end")
                for other in events
            )
            if row["event"] == "payment_failed" and not answered and due <= self.data_through:
                timeline.append((due, "lapse"))
        spells: list[dict[str, Any]] = []
        running: dict[str, Any] | None = None
        for ts in sorted({ts for ts, _ in timeline}):
            day = _in_zone(ts, zone).date()
            now = [event for at, event in timeline if at == ts]
            ends = [event for event in now if event in ("end", "lapse")]
            starts = [event for event in now if event in ("start", "rejoin")]
            others = [event for event in now if event not in (*ends, *starts)]
            first = ts == min(at for at, _ in timeline)
            if running is not None:
                ordered = [*others, *ends, *starts]
            elif first:
                rejoins = [event for event in starts if event == "rejoin"]
                ordered = [*(event for event in starts if event == "start"), *others, *ends, *rejoins]
            else:
                ordered = [*starts, *others, *ends]
            for event in ordered:
                if event in ("end", "lapse"):
                    if running is None and not spells:
                        running = {"account": account, "began_as": "before", "start": None, "cancelled": None}
                    if running is not None:
                        spells.append({**running, "end": day})
                        running = None
                elif running is None and (first or event not in ("change_plan", "cancel", "payment_failed")):
                    seen_before = bool(spells) or not first
                    began_as = event if event in ("start", "rejoin") else "rejoin" if seen_before else "before"
                    start = None if began_as == "before" else day
                    running = {"account": account, "began_as": began_as, "start": start, "cancelled": None}
                if event == "cancel" and running is not None:
                    running["cancelled"] = day
        if running is not None:
            spells.append({**running, "end": None})
        return spells

    @untraced
    def subscription_changes(self, first_day: date, end_day: date, filters: FilterState) -> dict[str, int]:
        counts = dict.fromkeys(
            ("new_subscriptions", "rejoined_subscriptions", "ended_subscriptions", "cancellation_decisions"), 0
        )
        for spell in self.subscriptions[filters.calendar]:
            for name, day in (
                ("new_subscriptions", spell["start"] if spell["began_as"] == "start" else None),
                ("rejoined_subscriptions", spell["start"] if spell["began_as"] == "rejoin" else None),
                ("ended_subscriptions", spell["end"]),
                ("cancellation_decisions", spell["cancelled"]),
            ):
                if day and first_day <= day < end_day and self._account_passes(spell["account"], day, filters):
                    counts[name] += 1
        return counts

    @untraced
    def retention(self, month: date, filters: FilterState) -> dict[str, float | None]:
        next_month = (month + 32 * ONE_DAY).replace(day=1)
        there = ended = 0
        for spell in self.subscriptions[filters.calendar]:
            if (spell["start"] is None or spell["start"] < month) and (spell["end"] is None or spell["end"] >= month):
                there += self._account_passes(spell["account"], month - ONE_DAY, filters)
            if spell["end"] and month <= spell["end"] < next_month:
                ended += self._account_passes(spell["account"], spell["end"], filters)
        lost = _ratio(ended, there)
        return {
            "subscriptions_at_start": there,
            "ended_subscriptions": ended,
            "retention_rate": None if lost is None else 1 - lost,
        }

    @untraced
    def watch_ms_by(
        self, key: Callable[[Play], Any], first_day: date, end_day: date, filters: FilterState
    ) -> dict[Any, int]:
        total: dict[Any, int] = defaultdict(int)
        for play in self.plays_between(first_day, end_day, filters):
            total[key(play)] += play.watch_ms
        return total

    @untraced
    def group_watch_ms(self, first_day: date, end_day: date, filters: FilterState) -> dict[tuple[str, str, str], int]:
        """Watch time by (kind of group, id, name) over everything that «What moved» looks at."""
        calendar = filters.calendar
        keys: dict[str, Callable[[Play], str | None]] = {
            "device": lambda play: play.row.get("device_type"),
            "country": lambda play: play.country,
            "plan": lambda play: self.plan_on(play.row["account_id"], play.day_in[calendar]),
            "kind": lambda play: play.title["kind"],
            "profile_type": lambda play: play.profile_type,
        }
        total: dict[tuple[str, str, str], int] = defaultdict(int)
        for play in self.plays_between(first_day, end_day, filters):
            for kind, key in keys.items():
                value = key(play) or "unknown"
                total[kind, value, value] += play.watch_ms
            total["title", show_id(play.title), play.title.get("series_name") or play.title["name"]] += play.watch_ms
        return total

    def _account_passes(self, account: str, day: date, filters: FilterState) -> bool:
        return _chosen(filters, "country", self.account_country[account]) and _chosen(
            filters, "plan", self.plan_on(account, day)
        )


def periods(filters: FilterState) -> Iterable[tuple[date, date, date, bool]]:
    """Yield each period's start, its first and end day within the range, and whether it is whole."""
    starts: dict[str, Callable[[date], date]] = {
        "day": lambda day: day,
        "week": lambda day: day - day.weekday() * ONE_DAY,
        "month": lambda day: day.replace(day=1),
    }
    start_of = starts[filters.granularity]
    days: dict[date, list[date]] = defaultdict(list)
    for number in range(filters.days):
        day = filters.start_day + number * ONE_DAY
        days[start_of(day)].append(day)
    for start, inside in days.items():
        next_start = start_of(inside[0] + {"day": 1, "week": 7, "month": 31}[filters.granularity] * ONE_DAY)
        whole = inside[0] == start and (
            inside[-1] + ONE_DAY == next_start or start_of(inside[-1] + ONE_DAY) == inside[-1] + ONE_DAY
        )
        yield start, inside[0], inside[-1] + ONE_DAY, whole


def _covered_ms(plays_to_date: list[Play], last: Play) -> int | None:
    own = [play.row for play in plays_to_date if play.row.get("profile_id") == last.row.get("profile_id")]
    distinct: list[int | None] = [row.get("distinct_ms") for row in own]
    if None not in distinct:
        return sum(ms for ms in distinct if ms is not None)
    furthest: list[int | None] = [row.get("furthest_position_ms") for row in own]
    return max((ms for ms in furthest if ms is not None), default=None)


def show_id(title: dict[str, Any]) -> str:
    series = title.get("series_id") or title.get("series_name")
    return f"series {series}" if series else f"title {title['title_id']}"


def _chosen(filters: FilterState, dimension: str, value: str | None) -> bool:
    selection = filters.chosen(dimension)
    if dimension == "kind" and (selection is None or selection.excluded) and value not in ("film", "episode", "live"):
        return False
    return selection is None or ((value or "unknown") in selection.values) != selection.excluded


def _in_zone(moment: datetime, zone: str) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
