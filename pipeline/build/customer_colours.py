"""Derives the colours that each account has watched of late, and which accounts watch alike: clusters and a map."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import csr_array, vstack

from definitions.colours.bins import FAMILY_OF_BIN
from definitions.colours.families import BINS, FAMILIES
from definitions.customer_colour_tables import (
    COLOUR_DAYS,
    COLOUR_SAMPLE_ACCOUNTS,
)
from pipeline.build.colour_clusters import ColourMap
from pipeline.build.statements import create, statement
from pipeline.build.tables import derive_table, leave_empty, publish_table
from pipeline.progress import Progress

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

OF_CUSTOMERS = ("account_colours", "colour_clusters", "colour_cluster_shows")
FEATURES = ("brightness", "saturation", "warmth")
ROWS_AT_ONCE = 2_000_000
# Accounts are numbered by a hash of 63 bits.
_NUMBERS = 1 << 63


@dataclass(frozen=True, slots=True)
class CoverColours:
    """The colours of the films and series that have a cover, by their number: shares of bins, and features.

    ``shares`` is shows × 216, ``features`` shows × FEATURES, NaN where there is none.
    """

    show_ids: list[str]
    shares: Floats
    features: Floats


@dataclass(frozen=True, slots=True)
class Watched:
    """What some accounts watched: their numbers, sorted, and their watch time in ms, accounts × shows."""

    account_numbers: Ints
    watch_ms: csr_array

    def average_colours(self, covers: CoverColours) -> Floats:
        """Return the watch-time-weighted mean of the covers' shares for each account: accounts × 216."""
        averages: Floats = self.watch_ms @ covers.shares
        averages /= self.watch_ms.sum(axis=1)[:, None]
        return averages

    def average_features(self, covers: CoverColours) -> Floats:
        """Return the same of their features, accounts × FEATURES; NaN where no cover has one."""
        known = ~np.isnan(covers.features)
        sums: Floats = self.watch_ms @ np.where(known, covers.features, 0.0)
        weights: Floats = self.watch_ms @ known.astype(np.float64)
        return np.divide(sums, weights, out=np.full_like(sums, np.nan), where=weights > 0)


def derive_customer_colours(
    connection: duckdb.DuckDBPyConnection, folder: Path, end_day: date | None, progress: Progress
) -> None:
    """Write the tables of the accounts' average colours over the last COLOUR_DAYS days before ``end_day`` (UTC).

    ``published`` reads ``account_shows``, ``shows``, ``image_colours`` and ``image_bins``. The tables are empty where
    nobody watched anything with a cover, or there is no complete day (``end_day`` is None).
    """
    progress.step("Averaging the colours that accounts watch")
    create(connection, "derived.coloured_shows", "coloured_shows", {})
    covers = _cover_colours(connection)
    chunks = None if end_day is None else _Chunks.of(connection, end_day)
    sample = None
    if chunks is not None and chunks.rows and covers.show_ids:
        sample = chunks.first(COLOUR_SAMPLE_ACCOUNTS, len(covers.show_ids))
    if chunks is None or sample is None or not len(sample.account_numbers):
        for name in OF_CUSTOMERS:
            leave_empty(connection, folder, name)
        return
    colour_map = ColourMap.of(sample.average_colours(covers))
    progress.step("Finding clusters of accounts by colour")
    _write(connection, folder, covers, chunks, sample, colour_map)


@dataclass(frozen=True, slots=True)
class _Chunks:
    """The watch time of accounts in ``days`` (from, to), of so many ``rows``, a few million rows at once."""

    connection: duckdb.DuckDBPyConnection
    days: tuple[date, date]
    rows: int

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, end_day: date) -> "_Chunks":
        """Look at the last COLOUR_DAYS days before ``end_day``."""
        days = (end_day - timedelta(days=COLOUR_DAYS), end_day)
        rows = connection.execute(
            "select count(*) from published.account_shows where utc_day >= ? and utc_day < ?", list(days)
        ).fetchall()
        return cls(connection, days, int(rows[0][0]))

    def all(self, shows: int) -> Iterator[Watched]:
        """Give all accounts, in the order of their numbers."""
        chunks = -(-self.rows // ROWS_AT_ONCE)
        bounds = [_NUMBERS * chunk // chunks for chunk in range(chunks + 1)]
        for first, end in pairwise(bounds):
            watched = self._between(first, end - 1, shows)
            if len(watched.account_numbers):
                yield watched

    def first(self, accounts: int, shows: int) -> Watched:
        """Give so many accounts, or all: those with the lowest numbers, which is as good as by lot."""
        found: list[Watched] = []
        for watched in self.all(shows):
            found.append(watched)
            if sum(len(part.account_numbers) for part in found) >= accounts:
                break
        if not found:
            return Watched(np.empty(0, dtype=np.int64), csr_array((0, shows)))
        numbers = np.concatenate([part.account_numbers for part in found])
        watch_ms = csr_array(vstack([part.watch_ms for part in found], format="csr"))
        return Watched(numbers[:accounts], watch_ms[:accounts])

    def _between(self, first: int, last: int, shows: int) -> Watched:
        settings = {"from_day": self.days[0], "to_day": self.days[1], "from_number": first, "to_number": last}
        found = self.connection.execute(*statement("recent_watching", settings)).fetchnumpy()
        numbers, places = np.unique(np.asarray(found["account_number"]), return_inverse=True)
        size = (len(numbers), shows)
        watch_ms = np.asarray(found["watch_ms"], dtype=np.float64)
        # Of several rows of an account and show, the sum; whole numbers, so in any order the same.
        matrix = csr_array((watch_ms, (places, np.asarray(found["show_position"]))), shape=size)
        matrix.sum_duplicates()
        return Watched(numbers, matrix)


def _cover_colours(connection: duckdb.DuckDBPyConnection) -> CoverColours:
    shows = connection.execute(
        f"select show_id, {', '.join(FEATURES)} from derived.coloured_shows order by show_position"
    ).fetchnumpy()
    bins = connection.execute(
        "select shows.show_position, bins.bin, bins.share from derived.coloured_shows as shows "
        "inner join published.image_bins as bins on shows.poster_hash = bins.image_hash"
    ).fetchnumpy()
    show_ids = [str(show_id) for show_id in shows["show_id"]]
    shares = np.zeros((len(show_ids), BINS))
    shares[np.asarray(bins["show_position"]), np.asarray(bins["bin"])] = np.asarray(bins["share"])
    columns = [np.ma.filled(np.ma.asarray(shows[name], dtype=np.float64), np.nan) for name in FEATURES]
    return CoverColours(show_ids, shares, np.column_stack(columns))


def _write(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    covers: CoverColours,
    chunks: _Chunks,
    sample: Watched,
    colour_map: ColourMap,
) -> None:
    """Write the tables: every account's colours and cluster, the clusters, and what each watched."""
    of_family = np.array([[family == name for name in FAMILIES] for family in FAMILY_OF_BIN], dtype=np.float64)
    places = colour_map.places()
    accounts = np.zeros(colour_map.clusters, dtype=np.int64)
    watched_by_cluster = np.zeros((colour_map.clusters, len(covers.show_ids)))
    tables = []
    for watched in chunks.all(len(covers.show_ids)):
        averages = watched.average_colours(covers)
        cluster = colour_map.nearest(averages)
        features = watched.average_features(covers)
        families = averages @ of_family
        members = csr_array((np.ones(len(cluster)), (cluster, np.arange(len(cluster)))), (len(accounts), len(cluster)))
        watched_by_cluster += (members @ watched.watch_ms).toarray()
        accounts += np.bincount(cluster, minlength=len(accounts))
        columns = {
            "account_number": watched.account_numbers,
            "watch_ms": watched.watch_ms.sum(axis=1).astype(np.int64),
            **dict(zip(FEATURES, features.T, strict=True)),
            **{f"{name}_share": share for name, share in zip(FAMILIES, families.T, strict=True)},
            "cluster": cluster,
            **_map_columns(watched.account_numbers, sample.account_numbers, places),
        }
        tables.append(pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()}))
    # 1 has the most accounts.
    order = np.argsort(-accounts, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(1, len(order) + 1)
    _write_accounts(connection, folder, pa.concat_tables(tables), rank, chunks.days[1])
    _write_clusters(connection, folder, covers, accounts[order], watched_by_cluster[order], colour_map, chunks.days[1])


def _map_columns(numbers: Ints, sampled: Ints, places: Floats) -> dict[str, Floats]:
    """Return where the accounts of some numbers lie on the map; NaN for those that are not on it."""
    at = np.searchsorted(sampled, numbers)
    is_sampled = np.zeros(len(numbers), dtype=np.bool_)
    inside = at < len(sampled)
    is_sampled[inside] = sampled[at[inside]] == numbers[inside]
    found = np.full((len(numbers), 2), np.nan)
    found[is_sampled] = places[at[is_sampled]]
    return {"map_x": found[:, 0], "map_y": found[:, 1]}


def _write_accounts(
    connection: duckdb.DuckDBPyConnection, folder: Path, found: pa.Table, rank: Ints, to_day: date
) -> None:
    cluster = pa.array(rank[found["cluster"].to_numpy()])
    found = found.set_column(found.column_names.index("cluster"), "cluster", cluster)
    connection.register("colours_found", found)
    connection.execute("create or replace view derived.colours_by_number as from colours_found")
    derive_table(connection, folder, "account_colours", {"to_day": to_day})
    connection.execute("drop view derived.colours_by_number")
    connection.unregister("colours_found")


def _write_clusters(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    covers: CoverColours,
    accounts: Ints,
    watched: Floats,
    colour_map: ColourMap,
    end_day: date,
) -> None:
    """Write the clusters and what they watched; both are in order, the largest first."""
    inhabited = int((accounts > 0).sum())
    clusters = pa.table(
        {
            "cluster": pa.array(range(1, inhabited + 1), pa.int64()),
            "accounts": pa.array(accounts[:inhabited], pa.int64()),
            "watch_ms": pa.array(watched[:inhabited].sum(axis=1).astype(np.int64), pa.int64()),
            "mean_silhouette": pa.array([colour_map.mean_silhouette] * inhabited, pa.float64()),
            "end_day": pa.array([end_day] * inhabited, pa.date32()),
        }
    )
    cluster, show = np.nonzero(watched)
    shows = pa.table(
        {
            "cluster": pa.array(cluster + 1, pa.int64()),
            "show_id": pa.array(covers.show_ids, pa.string()).take(pa.array(show)),
            "watch_ms": pa.array(watched[cluster, show].astype(np.int64), pa.int64()),
        }
    )
    for name, rows in (("colour_clusters", clusters), ("colour_cluster_shows", shows)):
        connection.register(f"{name}_found", rows)
        publish_table(connection, folder, name, f"{name}_found")
        connection.unregister(f"{name}_found")
