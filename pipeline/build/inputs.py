"""What a build was made from: by this the next one finds out which days have changed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipeline.build.days import Days, FileDays
from pipeline.build.load import DayCount

INPUTS_FILE = "inputs.json"
# Changing these changes what a build makes of the same rows.
_ROOT = Path(__file__).parents[2]
_CODE = ("definitions/**/*.py", "pipeline/build/*", "pipeline/source.py", "pipeline/validate.py")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One Parquet file of a table by day: what tells whether it has changed, and the days of its first and last row."""

    size_bytes: int
    changed_ns: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build was made from: the code and settings, and by table its files and what was read of each day.

    ``files`` are named by their path in the source. ``tables`` are those that the source has.
    """

    code: str
    service_zone: str
    built_on: date
    tables: tuple[str, ...]
    files: dict[str, dict[str, SourceFile]]
    day_counts: dict[str, dict[date, DayCount]]

    def same_rules(self, other: "Inputs") -> bool:
        """Tell whether both make the same of the same rows."""
        rules = (self.code, self.service_zone, self.tables)
        return rules == (other.code, other.service_zone, other.tables)

    def changed_days(self, before: "Inputs") -> set[date]:
        """Return the days whose rows may be others than they were ``before``."""
        changed = set()
        for table in self.files.keys() | before.files.keys():
            now, then = self.files.get(table, {}), before.files.get(table, {})
            for path in now.keys() | then.keys():
                if now.get(path) != then.get(path):
                    for file in filter(None, (now.get(path), then.get(path))):
                        changed |= set(Days(file.first_day, file.last_day + timedelta(days=1)))
        # A day that was in the future then may have come since.
        days = {day for counts in before.day_counts.values() for day in counts}
        return changed | {day for day in days if day >= before.built_on}

    def to_json(self) -> str:
        """Return the inputs as JSON text."""
        fields = asdict(self)
        fields["day_counts"] = {
            table: {str(day): count for day, count in counts.items()} for table, counts in fields["day_counts"].items()
        }
        return json.dumps(fields, sort_keys=True, default=lambda moment: moment.isoformat())

    @classmethod
    def from_json(cls, text: str) -> "Inputs":
        """Read what ``to_json`` wrote; raises ValueError, KeyError or TypeError for any other text."""
        fields = json.loads(text)
        return cls(
            code=fields["code"],
            service_zone=fields["service_zone"],
            built_on=date.fromisoformat(fields["built_on"]),
            tables=tuple(fields["tables"]),
            files={
                table: {
                    path: SourceFile(
                        file["size_bytes"],
                        file["changed_ns"],
                        date.fromisoformat(file["first_day"]),
                        date.fromisoformat(file["last_day"]),
                    )
                    for path, file in files.items()
                }
                for table, files in fields["files"].items()
            },
            day_counts={
                table: {
                    date.fromisoformat(day): DayCount(
                        count["rows_in"], count["duplicates"], _moment(count["first_at"]), _moment(count["last_at"])
                    )
                    for day, count in counts.items()
                }
                for table, counts in fields["day_counts"].items()
            },
        )


def source_files(source: Path, files: Mapping[str, Sequence[FileDays]]) -> dict[str, dict[str, SourceFile]]:
    """Return what tells whether each file has changed, by table and path in the source."""
    found: dict[str, dict[str, SourceFile]] = {}
    for table, of_table in files.items():
        for file in of_table:
            told = file.path.stat()
            found.setdefault(table, {})[file.path.relative_to(source).as_posix()] = SourceFile(
                told.st_size, told.st_mtime_ns, file.first_at.date(), file.last_at.date()
            )
    return found


@cache
def code_version() -> str:
    """Return a text that is different when the code that builds, or DuckDB, is."""
    digest = hashlib.sha256(version("duckdb").encode())
    for pattern in _CODE:
        for file in sorted(_ROOT.glob(pattern)):
            if file.suffix in (".py", ".sql"):
                digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
