"""Reading CSV and TSV files with nothing guessed but the delimiter, and their faults in words."""

import csv
import gzip
import re
import zlib
from pathlib import Path

import duckdb

from pipeline.errors import SourceError
from pipeline.validate import literal

_DELIMITERS = (",", ";", "\t")
_ERROR_LINE = re.compile(r"CSV Error on Line: (\d+)")
_COLUMN_COUNT = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")


def csv_relation(file: Path, *, tabs: bool) -> str:
    """Return the SQL relation that reads ``file`` as texts; raises SourceError when its first line is no header."""
    header = _header_line(file)
    delimiter = "\t" if tabs else max(_DELIMITERS, key=header.count)
    columns = ", ".join(f"{literal(name)}: 'varchar'" for name in _column_names(header, delimiter))
    return (
        f"read_csv({literal(str(file))}, auto_detect = false, columns = {{{columns}}}, delim = {literal(delimiter)}, "
        "header = true, quote = '\"', escape = '\"', comment = '', skip = 0)"
    )


def csv_error(file: Path, error: duckdb.Error) -> SourceError:
    """Say what DuckDB found wrong with the CSV file ``file``, and what to do."""
    text = str(error)
    line = _ERROR_LINE.search(text)
    place = f"{file}: line {line[1]}" if line else f"{file}"
    if "not utf-8" in text:
        return SourceError(f"{place} cannot be read: it is not UTF-8 text. Save the file as UTF-8.")
    if counts := _COLUMN_COUNT.search(text):
        return SourceError(f"{place} cannot be read: expected {counts[1]} values, found {counts[2]}. Mend that line.")
    if "unterminated quote" in text:
        return SourceError(f'{place} cannot be read: a quotation mark (") does not end. Mend that line.')
    return SourceError(f"{place} cannot be read: {text.splitlines()[0]} Save the file as a plain CSV file anew.")


def _header_line(file: Path) -> str:
    opened = gzip.open if file.suffix.lower() == ".gz" else open
    try:
        with opened(file, "rb") as raw:
            lines = raw.readline().splitlines()
        header = lines[0].decode("utf-8-sig") if lines else ""
    except UnicodeDecodeError:
        raise SourceError(f"{file}: cannot be read: it is not UTF-8 text. Save the file as UTF-8.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{file}: cannot be read ({error}). Check the file.") from None
    if not header.strip():
        raise SourceError(f"{file}: line 1 is empty; expected the names of the columns. Add or move them there.")
    return header


def _column_names(header: str, delimiter: str) -> list[str]:
    """Return the names in ``header``, each once: a repeated one gets a number, an empty one is called by its place."""
    names: list[str] = []
    for place, found in enumerate(next(csv.reader([header], delimiter=delimiter))):
        name, repeat = found or f"column{place}", 0
        while name.casefold() in map(str.casefold, names):
            repeat += 1
            name = f"{found}_{repeat}"
        names.append(name)
    return names
