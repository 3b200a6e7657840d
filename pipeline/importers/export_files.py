"""The CSV files of a personal export: found by name at any depth, read with their line numbers."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pipeline.errors import SourceError


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """What a file is called and which columns are read from it; ``ignored`` ones are known and of no use."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One row: the ``line`` it begins on, its values by column, and what is wrong with it as CSV, if anything."""

    line: int
    values: dict[str, str]
    problem: str | None


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file's rows, with the columns its format reads (an absent one is empty), and the names of unknown columns."""

    name: str
    rows: list[ExportRow]
    unknown_columns: tuple[str, ...]


def find_files(folder: Path, names: Sequence[str]) -> dict[str, Path]:
    """Return the files called ``names`` (in any case) at any depth of ``folder``, by name; absent ones are left out.

    Raises SourceError when ``folder`` is no folder or holds two files of one name.
    """
    if not folder.is_dir():
        raise SourceError(f"{folder}: expected the folder of an unpacked export. Unpack the archive first.")
    wanted = {name.casefold(): name for name in names}
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        name = wanted.get(path.name.casefold())
        if name is None or not path.is_file():
            continue
        if name in found:
            raise SourceError(
                f"{folder}: expected one {name}, found {found[name].relative_to(folder)} and "
                f"{path.relative_to(folder)}. Import each export from its own folder."
            )
        found[name] = path
    return found


def read_columns(path: Path) -> list[str]:
    """Return the column names in the first line of ``path``."""
    with _open(path) as text:
        return next(_records(path, text), (1, []))[1]


def read_csv(path: Path, file_format: ExportFormat) -> ExportFile:
    """Read ``path``; raises SourceError when it is no UTF-8 CSV or lacks a required column."""
    read = (*file_format.required, *file_format.optional)
    with _open(path) as text:
        records = _records(path, text)
        _, columns = next(records, (1, []))
        missing = [name for name in file_format.required if name not in columns]
        if missing:
            raise SourceError(
                f"{path}: expected the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}, "
                f"found {', '.join(columns) or 'an empty file'}. Use the file as it was downloaded."
            )
        rows = [_row(line, columns, values, read) for line, values in records if values]
    unknown = tuple(name for name in columns if name not in (*read, *file_format.ignored))
    return ExportFile(path.name, rows, unknown)


def _row(line: int, columns: list[str], values: list[str], read: tuple[str, ...]) -> ExportRow:
    problem = None
    if len(values) != len(columns):
        problem = f"expected {len(columns)} values, found {len(values)}"
    present = dict(zip(columns, map(str.strip, values), strict=False))
    return ExportRow(line, {name: present.get(name, "") for name in read}, problem)


def _open(path: Path) -> TextIO:
    return path.open(encoding="utf-8-sig", newline="")


def _records(path: Path, text: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins on, from 1."""
    reader = csv.reader(text)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except UnicodeDecodeError:
        raise SourceError(f"{path}: expected UTF-8 text near line {line}. Save the file as 'CSV UTF-8'.") from None
    except csv.Error as error:
        raise SourceError(f"{path}: line {line} cannot be read as CSV ({error}). Mend or remove that line.") from None
