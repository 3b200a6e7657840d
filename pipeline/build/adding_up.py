"""Adds up the plays of a build into the tables that pages read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from definitions.manifest import DaySpan
from definitions.values import TRAILING_DAYS, calendars
from pipeline.build.beside import run_beside
from pipeline.build.days import ONE_DAY, Days, months, reached, together
from pipeline.build.previous import PreviousBuild
from pipeline.build.statements import create, parsed, statement
from pipeline.build.tables import (
    derive_table,
    leave_empty,
    publish_table,
    store_month,
    view_table,
    write_months,
    write_table,
)
from pipeline.errors import SourceError
from pipeline.progress import Progress

BY_MONTH = (
    "counted_plays",
    "account_days",
    "active_months",
    "show_active_months",
    "account_shows",
    "title_cube",
    "show_cube",
    "interaction_cube",
    "origin_cube",
    "cover_cube",
    "cover_takes",
    "context_cube",
    "context_accounts",
    "visits",
    "visit_cube",
    "binge_sessions",
    "title_marks",
    "title_moments",
)
# On how many UTC days before a month, and after it, what is added up of it depends. A day by the viewer's clock can be
# the one beside the UTC day, and sittings reach further (run_plays).
DAYS_BEFORE_MONTH, DAYS_AFTER_MONTH = 4, 2
# The last day of what a row adds up: it belongs to that day's month.
LAST_DAYS_OF_SHOWS = {"show_periods": "case period when 'week' then period_start + 6 else period_start end"}
LAST_DAYS = {
    "viewing_cube": "case period when 'week' then day + 6 else day end",
    "active_accounts": "end_day - 1",
    "active_day_counts": "end_day - 1",
}
# How far accounts and profiles got: one pass over the plays, for all tables that tell of it.
FOLLOWED = (
    "profile_numbers",
    "title_plays",
    "starting_plays",
    "play_progress",
    "profile_progress",
    "account_progress",
)
# Which covers were taken, and by whom: what an account takes of some titles tells its taste for others.
OF_COVERS = ("cover_cells", "cover_tests", "colour_audiences")
OF_RISK = ("accounts_at_risk", "risk_bands", "risk_choices")
LAST_DAYS_OF_HOURS = {"hour_cube": "period_start", "hour_accounts": "period_start", "stream_peaks": "day"}


def refuse_shared_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise SourceError where two accounts have one account_number: cohorts and colours would count them as one.

    A chance of one in four million with three million accounts.
    """
    shared = connection.execute(
        "select min(account_id), max(account_id) from published.account_beginnings where calendar = 'utc' "
        "group by account_number having count(*) > 1 limit 1"
    ).fetchone()
    if shared:
        raise SourceError(
            f"accounts, column account_id: «{shared[0]}» and «{shared[1]}» have one number, which is made of the id "
            "and should tell accounts apart. It happens by chance: give one of the two another id everywhere."
        )


@dataclass(slots=True)
class AddingUp:
    """The adding up of one build: what is written goes to ``folder``; ``complete_days`` are the data's, by calendar."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    service_zone: str
    complete_days: Mapping[str, DaySpan]
    progress: Progress
    _gathered: set[str] = field(default_factory=set)

    def add_up(self, previous: PreviousBuild | None, changed_days: set[date]) -> None:
        """Write the tables by month: anew the months of days that have changed, or of plans that have."""
        first, last = self.connection.execute(
            "select min(utc_day) - 1, max(utc_day) + 1 "
            "from (select utc_day from derived.plays_by_day union all select utc_day from published.impressions)"
        ).fetchall()[0]
        all_months = months(first, last) if first else []
        changed_months = {month.first_day for month in all_months}
        if previous:
            reached_days = {
                day + near * ONE_DAY for day in changed_days for near in (-DAYS_AFTER_MONTH, DAYS_BEFORE_MONTH)
            }
            changed_months = {day.replace(day=1) for day in reached_days}
            sql, _ = statement("changed_plan_months", {})
            changed_months |= {month for (month,) in self.connection.execute(sql).fetchall()}
            for month in all_months:
                if month.first_day not in changed_months:
                    for name in BY_MONTH:
                        previous.link_part(self.folder, name, f"month={month.first_day:%Y-%m}")
        for name in ("numbered_stretches", "account_groups"):
            create(self.connection, f"derived.{name}", name, {})
        self._tell_complete_days()
        # A play begun late on a month's last day runs on into the next.
        hour_months = months(first, last + ONE_DAY) if first else []
        plays_by_month = (
            "select cast(date_trunc('month', utc_day) as date) as month, cast(sum(plays) as bigint) "
            "from derived.plays_by_day group by month"
        )
        plays = dict(self.connection.execute(plays_by_month).fetchall())
        later_months = reached(all_months, changed_months, plays)
        run_beside(
            self.connection,
            lambda cursor: self._on(cursor).add_up_plays(hour_months, reached(hour_months, changed_months, plays)),
            lambda: self._add_up_days(all_months, together(all_months, changed_months, plays), later_months),
        )
        run_beside(
            self.connection,
            lambda cursor: self._on(cursor).write_periods(LAST_DAYS_OF_SHOWS, all_months, later_months),
            lambda: self._finish_accounts(all_months, later_months),
        )

    def _finish_accounts(self, all_months: Sequence[Days], later_months: Sequence[Days]) -> None:
        self.write_periods(LAST_DAYS, all_months, later_months)
        self._follow_accounts()

    def _add_up_days(
        self, all_months: Sequence[Days], new_months: Sequence[Days], later_months: Sequence[Days]
    ) -> None:
        """Write what is added up over titles and accounts by day, and over those days."""
        beginning = {span.first_day: span for span in new_months}
        new_days = {day for span in new_months for day in span}
        for month in all_months:
            if month.first_day in beginning:
                self._add_up_months(beginning[month.first_day])
            elif month.first_day not in new_days:
                for name in BY_MONTH:
                    store_month(self.connection, name, f"{month.first_day:%Y-%m}")
        for name in BY_MONTH:
            view_table(self.connection, self.folder, name)
        # What a row says of the days before its month any of these may change; all of them together take seconds.
        for name in ("title_curves", "show_account_months"):
            self.progress.step(f"Deriving {name}")
            derive_table(self.connection, self.folder, name, {})
        self._tell_who_takes_covers()
        # A week may begin in the month before, and trailing days reach into it.
        for span in later_months:
            self._add_up_periods(span)

    def _tell_who_takes_covers(self) -> None:
        self.progress.step("Telling who takes which covers")
        if not self._number("select count(*) from published.cover_takes"):
            for name in OF_COVERS:
                leave_empty(self.connection, self.folder, name)
            return
        create(self.connection, "derived.account_tastes", "account_tastes", {})
        for name in OF_COVERS:
            derive_table(self.connection, self.folder, name, {})
        self.connection.execute("drop table derived.account_tastes")

    def add_up_plays(self, hour_months: Sequence[Days], later_months: Sequence[Days]) -> None:
        """Write what is added up over the plays themselves: by hour, and by account and title."""
        for span in later_months:
            self._add_up_hours(span)
        self.write_periods(LAST_DAYS_OF_HOURS, hour_months, later_months)
        settings = {"service_zone": self.service_zone}
        self.progress.step("Following every title")
        for name in FOLLOWED:
            create(self.connection, f"derived.{name}", name, settings)
        self.connection.execute("drop table derived.title_plays")
        for name in (
            "title_starts",
            "start_cube",
            "finished_days",
            "title_progress",
            "profile_titles",
            "settled_days",
            "rewatch_days",
        ):
            self.progress.step(f"Deriving {name}")
            derive_table(self.connection, self.folder, name, settings)
        for name in ("starting_plays", "play_progress", "profile_progress", "account_progress"):
            self.connection.execute(f"drop table derived.{name}")

    def write_periods(
        self, last_days: Mapping[str, str], all_months: Sequence[Days], new_months: Sequence[Days]
    ) -> None:
        """Write what was kept of the months added up, with what the build before held of others."""
        new_days = {day for span in new_months for day in span}
        first_days = ", ".join(f"date '{month.first_day}'" for month in all_months if month.first_day not in new_days)
        for name, last_day in last_days.items():
            if first_days:
                select = f"from previous.{name} where date_trunc('month', {last_day}) in ({first_days})"
                self._gather(name, select)
            rows = 0
            if first_days or new_months:
                rows = write_table(self.connection, self.folder, name, f"derived.{name}")
                self.connection.execute(f"drop table derived.{name}")
            view_table(self.connection, self.folder, name, is_empty=not rows)

    def _add_up_months(self, span: Days) -> None:
        self.progress.step(f"Adding up the days from {span.first_day:%B %Y}")
        settings = {"from_day": span.first_day, "to_day": span.end_day}
        for name in (
            "play_days",
            "title_cube",
            "show_active_months",
            "run_plays",
            "play_runs",
            "visits",
            "title_marks",
        ):
            create(self.connection, f"derived.{name}", name, settings)
        # Covers are shown in months without plays, too.
        create(self.connection, "derived.shown_covers", "shown_covers", settings)
        if self._number("select count(*) from derived.shown_covers"):
            for name, day in (("cover_cube", "period_start"), ("cover_takes", "month_start")):
                create(self.connection, f"derived.{name}", name, settings)
                if covers := self._months_in(f"derived.{name}", day):
                    write_months(self.connection, self.folder, name, f"derived.{name}", list(covers))
        play_days = self._months_in("derived.play_days", "day")
        written = list(play_days)
        if written:
            for name in ("title_cube", "show_active_months", "visits", "title_marks"):
                write_months(self.connection, self.folder, name, f"derived.{name}", written)
            for name in (
                "counted_plays",
                "account_days",
                "account_shows",
                "active_months",
                "show_cube",
                "interaction_cube",
                "origin_cube",
                "context_cube",
                "context_accounts",
                "visit_cube",
                "binge_sessions",
                "title_moments",
            ):
                select, parameters = statement(name, settings)
                write_months(self.connection, self.folder, name, f"({select})", written, parameters)
        self.progress.done(sum(play_days.values()) // len(calendars(self.service_zone)))

    def _months_in(self, relation: str, day: str) -> dict[str, int]:
        """Return the months (such as 2024-03) of a relation's days, in order, each with its rows."""
        months_of = f"select strftime({day}, '%Y-%m') as month_of_day, count(*) from {relation} group by 1 order by 1"
        return dict(self.connection.execute(months_of).fetchall())

    def _add_up_periods(self, span: Days) -> None:
        """Keep what is added up over the days, weeks and trailing days that end in whole months, and over them."""
        self.progress.step(f"Counting the accounts from {span.first_day:%B %Y}")
        settings = {"from_day": span.first_day, "to_day": span.end_day}
        for name in ("show_days", "period_shows", "active_days", "period_accounts"):
            create(self.connection, f"derived.{name}", name, settings)
        active_accounts = "from derived.period_accounts"
        for period, days in TRAILING_DAYS.items():
            window = {"period": period, "days": days, "days_before": days - 1}
            create(self.connection, f"derived.{period}_accounts", "trailing_accounts", settings | window)
            active_accounts += f" union all by name from derived.{period}_accounts"
        for name in ("show_periods", "viewing_cube"):
            self._gather(name, *statement(name, settings))
        self._gather("active_accounts", active_accounts)
        self._gather("active_day_counts", *statement("active_day_counts", settings))

    def _add_up_hours(self, span: Days) -> None:
        self.progress.step(f"Adding up the hours from {span.first_day:%B %Y}")
        settings = {"from_day": span.first_day, "to_day": span.end_day, "service_zone": self.service_zone}
        for name in ("month_plays", "play_hours", "account_hours", "hour_sets", "hour_sums"):
            create(self.connection, f"derived.{name}", name, settings)
        for name in LAST_DAYS_OF_HOURS:
            self._gather(name, *statement(name, settings))

    def _follow_accounts(self) -> None:
        """Write which accounts came, stayed, went and came back; an account's whole past decides."""
        self.progress.step("Following the accounts")
        derive_table(self.connection, self.folder, "account_beginnings", {"service_zone": self.service_zone})
        refuse_shared_numbers(self.connection)
        derive_table(self.connection, self.folder, "cohort_days", {})
        create(self.connection, "derived.active_periods", "active_periods", {})
        for name in ("lifecycle_cube", "cohort_cube"):
            create(self.connection, f"derived.{name}", name, {})
            publish_table(self.connection, self.folder, name, f"derived.{name}")
        if not self._number("select count(*) from published.subscriptions"):
            for name in OF_RISK:
                leave_empty(self.connection, self.folder, name)
            return
        for name in ("risk_cuts", "risk_accounts"):
            create(self.connection, f"derived.{name}", name, {})
        for name in OF_RISK:
            derive_table(self.connection, self.folder, name, {})
        self.connection.execute("drop table derived.risk_accounts")

    def _tell_complete_days(self) -> None:
        self.connection.execute("create table reference.complete_days (calendar varchar, first_day date, end_day date)")
        rows = [[calendar, span.first_day, span.end_day] for calendar, span in self.complete_days.items()]
        if rows:
            self.connection.executemany("insert into reference.complete_days values (?, ?, ?)", rows)

    def _on(self, connection: duckdb.DuckDBPyConnection) -> "AddingUp":
        """Return the same on another connection to its database, for use in another thread."""
        return replace(self, connection=connection)

    def _gather(self, name: str, select: str, parameters: Mapping[str, object] | None = None) -> None:
        """Add rows to those of other months in ``derived.<name>``."""
        # Planning takes longer than a small source's rows: the first rows make the table.
        begun = f"insert into derived.{name} by name" if name in self._gathered else f"create table derived.{name} as"
        self.connection.execute(parsed(f"{begun} {select}"), parameters)
        self._gathered.add(name)

    def _number(self, sql: str) -> int:
        row = self.connection.execute(sql).fetchone()
        return int(row[0] or 0) if row else 0
