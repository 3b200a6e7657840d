"""How long the build takes to average the colours of so many accounts over 90 days, and the page those of one or all.

Writes what the step reads, made up: accounts that watched films on some of 90 days, covers of some bins each. Then runs
the step as a build does, on the machine's cores, and compares some accounts with a plain sum over their rows. Then asks
average_colour_by_group of single accounts and of all, over the same rows, warm, nothing from the cache.
``python -m tests.bench.customer_colours FOLDER [ACCOUNTS]``.
"""

import resource
import shutil
import statistics
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np

from definitions.colours.bins import BIN_RGB, FAMILY_OF_BIN
from definitions.colours.families import BINS, FAMILIES
from definitions.customer_colour_tables import COLOUR_DAYS
from definitions.manifest import DaySpan
from definitions.warehouse import PUBLISHED
from pipeline.build.customer_colours import derive_customer_colours
from pipeline.build.references import create_references
from pipeline.build.tables import close_store, open_store, view_table, write_months
from pipeline.build.workshop import connected
from pipeline.progress import Silent
from pipeline.validate import literal
from queries.db import MACROS
from queries.filters import FilterState, parse_search
from queries.run import bound_parameters, macro_schemas, parsed_query

ACCOUNTS = 1_000_000
ROWS_PER_ACCOUNT = 30
SHOWS = 10_000
BINS_PER_COVER = 40
END_DAY = date(2026, 6, 1)
CHECKED = 200
QUERY = "average_colour_by_group"
SOME_ACCOUNTS = "select account_id from published.account_colours order by hash(account_id, 3) limit 100"
ASKED_OF_ALL = 20
TOLERANCE = 1e-9

ROWS = """
select
    'account-' || lpad(cast(account as varchar), 9, '0') as account_id,
    cast(hash(account_id) >> 1 as bigint) as account_number,
    -- Some films are watched more than others.
    cast(pow(hash(account, number, 1) % 1000000 / 1e6, 2) * ($shows - 1) as integer) as film_number,
    'title film-' || lpad(cast(film_number as varchar), 6, '0') as show_id,
    'film' as kind,
    'tv' as device_type,
    'standard' as profile_type,
    'IN' as account_country,
    $end_day - 1 - cast(hash(account, number) % $days as integer) as utc_day,
    utc_day as local_day,
    utc_day as service_day,
    cast(60000 + hash(account, number, 2) % 7200000 as bigint) as watch_ms,
    strftime(utc_day, '%Y-%m') as month,
from range($accounts) as accounts(account)
cross join range($rows) as rows(number)
where utc_day >= $from_day and utc_day < $to_day
"""


def main() -> None:
    """Write the step's inputs in the folder that the command names, where they are not there yet, and measure."""
    folder = Path(sys.argv[1])
    accounts = int(sys.argv[2]) if len(sys.argv) > 2 else ACCOUNTS
    inputs = folder / f"inputs-{accounts}"
    if not inputs.is_dir():
        write_inputs(inputs, accounts)
    build = folder / "build"
    shutil.rmtree(build, ignore_errors=True)
    build.mkdir(parents=True)
    (build / "account_shows").symlink_to((inputs / "account_shows").resolve())
    with connected(build) as connection:
        create_references(connection, "UTC")
        connection.execute("create schema derived")
        open_store(connection, build)
        view_table(connection, build, "account_shows")
        view_inputs(connection, accounts)
        (rows,) = connection.execute("select count(*) from published.account_shows").fetchall()[0]
        before, before_s = time.perf_counter(), time.process_time()
        derive_customer_colours(connection, build, END_DAY, Silent())
        taken, worked = time.perf_counter() - before, time.process_time() - before_s
        check(connection)
        clusters = connection.execute("from published.colour_clusters order by cluster").fetchall()
        close_store(connection)
        told = ask_page(connection, inputs)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{accounts:,} accounts, {rows:,} rows of {COLOUR_DAYS} days, {SHOWS:,} covers of {BINS_PER_COVER} bins:")
    print(
        f"{taken:.1f} s by the clock, {worked:.1f} s of the processor, at most {peak_mb:,.0f} MB of memory; "
        f"{len(clusters)} clusters, {CHECKED} accounts checked"
    )
    for who, asked in told.items():
        clock_ms, processor_ms = zip(*asked, strict=True)
        print(
            f"{who}: median {statistics.median(clock_ms):.0f} ms by the clock, {statistics.median(processor_ms):.0f} "
            f"of the processor; at most {max(clock_ms):.0f} and {max(processor_ms):.0f} of {len(asked)}"
        )


def write_inputs(folder: Path, accounts: int) -> None:
    """Write account_shows of the 90 days, by month and in order, as a build does."""
    folder.mkdir(parents=True)
    with connected(folder) as connection:
        connection.execute("create schema published")
        open_store(connection, folder)
        day = END_DAY - timedelta(days=COLOUR_DAYS)
        while day < END_DAY:
            next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            settings = {
                "accounts": accounts,
                "rows": ROWS_PER_ACCOUNT,
                "shows": SHOWS,
                "days": COLOUR_DAYS,
                "end_day": END_DAY,
                "from_day": day,
                "to_day": min(next_month, END_DAY),
            }
            write_months(connection, folder, "account_shows", f"({ROWS})", [f"{day:%Y-%m}"], settings)
            day = next_month
        close_store(connection)


def view_inputs(connection: duckdb.DuckDBPyConnection, accounts: int) -> None:
    """Make ``published`` read made-up accounts, films and covers."""
    connection.execute(
        "create table published.accounts as select 'account-' || lpad(cast(range as varchar), 9, '0') as account_id, "
        f"'IN' as account_country from range({accounts})"
    )
    connection.execute(
        "create table published.plan_periods as select account_id, 'basic' as account_plan, date '1900-01-01' as "
        "from_day, date '9999-12-31' as to_day from published.accounts"
    )
    connection.execute(
        "create table published.shows as select 'title film-' || lpad(cast(range as varchar), 6, '0') as show_id, "
        f"cast(range as varchar) as poster_hash from range({SHOWS})"
    )
    connection.execute(
        "create table published.image_colours as select poster_hash as image_hash, random() * 100 as brightness, "
        "random() as saturation, random() as warmth from published.shows"
    )
    random = np.random.default_rng(7)
    # Covers of some families' bins, so that there is something to find.
    bins = np.argsort(random.random((SHOWS, BINS)) ** 4, axis=1)[:, :BINS_PER_COVER]
    shares = random.dirichlet(np.full(BINS_PER_COVER, 0.3), SHOWS)
    covers = {
        "image_hash": np.repeat(np.arange(SHOWS).astype(str), BINS_PER_COVER).astype(object),
        "bin": bins.ravel(),
        "share": shares.ravel(),
        **dict(zip(("red", "green", "blue"), BIN_RGB[bins.ravel()].T.astype(np.int64), strict=True)),
    }
    connection.register("covers", covers)
    connection.execute("create table published.image_bins as select * from covers")


def ask_page(made: duckdb.DuckDBPyConnection, inputs: Path) -> dict[str, list[tuple[float, float]]]:
    """Return how many ms the page's query takes, by the clock and of the processor, by whom it asks of.

    The rows made lie as those of a served build.
    """
    covers = {
        name: made.sql(f"from published.{name}").to_arrow_table() for name in ("shows", "image_colours", "image_bins")
    }
    files = [str(file) for file in sorted(inputs.glob("account_shows/*/*.parquet"))]
    with duckdb.connect() as connection:
        connection.execute(
            "set timezone = 'UTC'; set threads = 2; set global parquet_metadata_cache = true; create schema cubes"
        )
        for name, table in PUBLISHED.items():
            columns = ", ".join(f'"{column.name}" {column.type.sql_type}' for column in table)
            connection.execute(f'create table cubes."{name}" ({columns})')
        connection.execute("drop table cubes.account_shows")
        connection.execute(
            f"create view cubes.account_shows as from read_parquet([{', '.join(map(literal, files))}], "
            "hive_partitioning = true)"
        )
        for name in PUBLISHED:
            connection.execute(f'create view main."{name}" as from cubes."{name}"')
        for name, rows in covers.items():
            connection.register("rows_of_covers", rows)
            connection.execute(f"insert into cubes.{name} by name from rows_of_covers")
            connection.unregister("rows_of_covers")
        bins = [
            (number, red, green, blue, FAMILY_OF_BIN[number])
            for number, (red, green, blue) in enumerate(BIN_RGB.tolist())
        ]
        connection.executemany(
            "insert into cubes.colour_bins (bin, red, green, blue, colour_family) values (?, ?, ?, ?, ?)", bins
        )
        connection.execute(
            "insert into cubes.show_cube by name select 'utc' as calendar, 'none' as split_by, utc_day as day, "
            "show_id, kind, sum(watch_ms) as watch_ms, month from main.account_shows group by all"
        )
        connection.execute(MACROS)
        spans = {"utc": DaySpan(END_DAY - timedelta(days=COLOUR_DAYS), END_DAY)}
        accounts = [account for (account,) in made.execute(SOME_ACCOUNTS).fetchall()]
        of_one = [f"&colour_account={account}" for account in accounts]
        whom = {"one account": of_one, "everybody": [""] * ASKED_OF_ALL}
        return {
            who: [_asked_ms(connection, parse_search(f"calendar=utc{search}", spans)) for search in searches]
            for who, searches in whom.items()
        }


def _asked_ms(connection: duckdb.DuckDBPyConnection, filters: FilterState) -> tuple[float, float]:
    parameters = bound_parameters(QUERY, filters)
    before, before_s = time.perf_counter(), time.process_time()
    cursor = connection.cursor()
    cursor.execute(f"set search_path = {literal(','.join((*macro_schemas(parameters), 'main')))}")
    rows = cursor.execute(parsed_query(QUERY), parameters).df()
    taken, worked = time.perf_counter() - before, time.process_time() - before_s
    if not abs(rows["colour_share"].sum() - 1) < TOLERANCE:
        raise SystemExit(f"{filters.options}: the shares sum to {rows['colour_share'].sum()}")
    return taken * 1000, worked * 1000


def check(connection: duckdb.DuckDBPyConnection) -> None:
    """Compare some accounts' shares of families with a plain weighted mean over their rows."""
    family = ", ".join(f"'{name}'" for name in FAMILY_OF_BIN)
    plain = {
        (account, name): share
        for account, name, share in connection.execute(
            f"""
            with chosen as (select account_id from published.account_colours order by account_id limit {CHECKED})
            select account_id, list_extract([{family}], cast(bin as integer) + 1) as family,
                sum(watch_ms * share) / any_value(total) as family_share
            from (
                select *, sum(watch_ms) over (partition by account_id) as total
                from published.account_shows where account_id in (from chosen)
            ) as rows
            inner join published.shows using (show_id)
            inner join published.image_bins on poster_hash = image_hash
            group by all
            """
        ).fetchall()
    }
    columns = ", ".join(f"{name}_share" for name in FAMILIES)
    rows = connection.execute(
        f"select account_id, {columns} from published.account_colours order by account_id limit {CHECKED}"
    ).fetchall()
    for account, *shares in rows:
        for name, share in zip(FAMILIES, shares, strict=True):
            if abs(share - plain.get((account, name), 0.0)) > TOLERANCE:
                raise SystemExit(f"{account}: {name} is {share}, by a plain sum {plain.get((account, name))}")


if __name__ == "__main__":
    main()
