"""What an import refused, by reason, with a few of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.importers.report import ImportReport
from pipeline.source import connect, refused_by_imports
from pipeline.validate import literal, rule_sql

SHOWN_REASONS = 20
SHOWN_ROWS = 3


@dataclass(frozen=True, slots=True)
class Refused:
    """The rows of one table refused for one reason, and some of them: file, line and the row as JSON."""

    table: str
    reason: str
    rows: int
    samples: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class ImportTold:
    """The report of an import, with the rows it refused."""

    report: ImportReport
    refused: list[Refused]


def with_refused_rows(source: Path, report: ImportReport) -> ImportTold:
    """Return a report with the rows that ``source`` did not take."""
    return ImportTold(report, refused_rows(source, report))


def refused_rows(source: Path, report: ImportReport) -> list[Refused]:
    """Return what the import of ``report`` into ``source`` refused, the most frequent reasons first."""
    files = ", ".join(literal(counts.file) for counts in report.files)
    refused: list[Refused] = []
    for counts in report.tables:
        path = refused_by_imports(source, counts.table)
        if counts.rejected and files and path.is_file():
            refused += _of_table(counts.table, path, files)
    return refused


def _of_table(table: str, path: Path, files: str) -> Sequence[Refused]:
    # Grouped without the value found, so that one broken rule is one line.
    sql = f"""
        select
            {rule_sql("reason")} as rule, count(*) as rows,
            list({{'file': file, 'line': line, 'original': original}} order by file, line)[:{SHOWN_ROWS}] as samples
        from read_parquet({literal(str(path))}) where file in ({files})
        group by rule order by rows desc, rule limit {SHOWN_REASONS}
    """
    with connect() as connection:
        return [
            Refused(table, reason, rows, tuple((row["file"], row["line"], row["original"]) for row in samples))
            for reason, rows, samples in connection.execute(sql).fetchall()
        ]
