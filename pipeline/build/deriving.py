"""Derives, of the rows that a build has written, everything else that it publishes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from definitions.tables import CONTRACT
from pipeline.build.adding_up import AddingUp
from pipeline.build.describe import Extent
from pipeline.build.load import TABLES_BY_DAY
from pipeline.build.previous import PreviousBuild
from pipeline.build.references import create_enums_of_data
from pipeline.build.statements import create
from pipeline.build.tables import derive_table, leave_empty, open_store, publish_table, view_table
from pipeline.progress import Progress

# What has no rows where nobody subscribes.
OF_SUBSCRIPTIONS = (
    "subscription_changes",
    "subscription_months",
    "subscription_lives",
    "subscription_payments",
    "subscription_breaks",
    "subscription_ages",
    "subscription_lengths",
    "ended_times",
)
LEAVING_CELLS = "leaving_cells"


@dataclass(frozen=True, slots=True)
class Deriving:
    """The deriving of one build's tables in ``folder``, whose days lie in ``extent``."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    service_zone: str
    extent: Extent
    progress: Progress

    def derive_all(
        self, show_covers: Callable[[], None], previous: PreviousBuild | None, changed_days: set[date]
    ) -> None:
        """Write every table but those of rows by day and the accounts, which are there.

        The schema ``source`` reads the contract's other tables; ``show_covers`` publishes what covers look like. What
        the ``previous`` build holds of all days but those ``changed_days`` is taken over.
        """
        open_store(self.connection, self.folder)
        for name in CONTRACT.keys() - {*TABLES_BY_DAY, "accounts", "titles"}:
            publish_table(self.connection, self.folder, name, f"source.{name}")
        publish_table(self.connection, self.folder, "audience_cells", "reference.audience_cells")
        show_covers()
        create(self.connection, "derived.posters", "posters", {"data_through": self.extent.data_through})
        for name in ("titles", "shows", "plan_periods"):
            self._derive(name)
        create_enums_of_data(self.connection)
        for name in ("subscriptions", "account_amounts"):
            self._derive(name)
        (events,) = self.connection.execute("select count(*) from source.subscription_events").fetchall()[0]
        derive_of_subscriptions = self._derive if events else self._leave_empty
        for name in OF_SUBSCRIPTIONS:
            derive_of_subscriptions(name)
        AddingUp(self.connection, self.folder, self.service_zone, self.extent.complete_days, self.progress).add_up(
            previous, changed_days
        )
        derive_of_subscriptions(LEAVING_CELLS)

    def _derive(self, name: str) -> None:
        """Write a published table from the statement of its name."""
        self.progress.step(f"Deriving {name}")
        spans = self.extent.complete_days.values()
        settings = {
            "first_day": min((span.first_day for span in spans), default=None),
            "end_day": max((span.end_day for span in spans), default=None),
            "service_zone": self.service_zone,
            "data_from": self.extent.data_from,
            "data_through": self.extent.data_through,
        }
        derive_table(self.connection, self.folder, name, settings)

    def _leave_empty(self, name: str) -> None:
        leave_empty(self.connection, self.folder, name)


def view_plays(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the schema ``published`` read the plays that were written, and count them by day in ``derived``."""
    for name in ("plays", "played_intervals"):
        view_table(connection, folder, name)
    create(connection, "derived.plays_by_day", "plays_by_day", {})
