"""A published build with as many plays as wanted, in no time: every value follows from the play's number."""

from datetime import date
from pathlib import Path

import duckdb

from definitions.manifest import MANIFEST_FILE, POINTER_FILE, DaySpan, Manifest, build_folder
from definitions.warehouse import PUBLISHED, PUBLISHED_COLUMNS

BUILD_ID = "20260301-many"
DAYS = 28
WATCH_MS_BELOW = 7_200_000
# By number; nulls elsewhere.
VALUES = {
    "play_id": "'play-' || n",
    "account_id": "'account-' || n % 100_000",
    "title_id": "'title-' || n % 1_000",
    "started_at": "timestamp '2026-02-01' + to_days(cast(n % 28 as integer)) + to_seconds(n % 86_400)",
    "watch_ms": f"n % {WATCH_MS_BELOW}",
    "isp": """['Acme', 'Fibre, "North"', '=net', 'Größe' || chr(10) || '2'][1 + n % 4]""",
    "device_type": "['tv', 'mobile'][1 + n % 2]",
    "kind": "'film'",
    "local_day": "date '2026-02-01' + cast(n % 28 as integer)",
    "utc_day": "date '2026-02-01' + cast(n % 28 as integer)",
}


def write_many_plays(warehouse: Path, plays: int) -> Path:
    """Publish a build with ``plays`` plays in February 2026, numbered from 0, and return its file of plays."""
    folder = build_folder(warehouse, BUILD_ID)
    folder.mkdir(parents=True)
    file = folder / "plays.parquet"
    columns = ", ".join(
        f'cast({VALUES.get(column.name, "null")} as {column.type.sql_type}) as "{column.name}"'
        for column in PUBLISHED["plays"]
    )
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select {columns} from range({plays}) as numbers(n)) to '{file}' (row_group_size 65536)"
        )
    manifest = Manifest(
        build_id=BUILD_ID,
        built_at="2026-03-01T00:00:00+00:00",
        marquee_version="0",
        service_zone="UTC",
        data_through="2026-02-28T23:59:59+00:00",
        spans={"local": DaySpan(date(2026, 2, 1), date(2026, 3, 1))},
        source_counts={},
        rows=dict.fromkeys(PUBLISHED, 0) | {"plays": plays},
        filled=dict.fromkeys(PUBLISHED_COLUMNS, 0) | {f"plays.{name}": plays for name in VALUES},
    )
    (folder / MANIFEST_FILE).write_text(manifest.to_json(), encoding="utf-8")
    (warehouse / POINTER_FILE).write_text(BUILD_ID, encoding="utf-8")
    return file


def watch_ms_of(plays: int) -> int:
    """Return the watch time of the first ``plays`` plays together, in milliseconds."""
    whole_rounds, rest = divmod(plays, WATCH_MS_BELOW)
    return whole_rounds * (WATCH_MS_BELOW * (WATCH_MS_BELOW - 1) // 2) + rest * (rest - 1) // 2
