"""Suggesting how files fill the contract: their columns, their first rows, and a mapping to start from."""

import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import duckdb

from definitions.contract import Column, Table, ValueType
from definitions.conversions import AS_IS
from definitions.tables import CONTRACT
from pipeline.errors import SourceError
from pipeline.importers import catalogue
from pipeline.importers.csv_text import csv_error
from pipeline.importers.dates import DayOrder, day_order, parse_duration_ms
from pipeline.importers.export_files import read_columns
from pipeline.importers.netflix_export import FORMATS, SHORT_EXPORT
from pipeline.importers.table import PLACE, scan_file
from pipeline.source import connect
from pipeline.validate import quoted

SHOWN_ROWS = 6
SHOWN_SAMPLES = 3
SAMPLED_ROWS = 1_000
SHOWN_MAX_CHARS = 120
ALIKE = 0.8
SYNONYM_SCORE = 0.95

Choice = dict[str, str]

# Words that other systems use for the contract's columns; a column name is also compared as it is spelt.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "account_id": ("customer", "customer id", "customer no", "user", "user id", "subscriber", "member", "household"),
    "profile_id": ("profile", "viewer", "viewer id"),
    "title_id": ("product", "product code", "content id", "asset id", "video id", "movie id", "show id"),
    "play_id": ("order no", "order id", "session", "session id", "stream id", "view id", "id"),
    "event_id": ("id", "event no"),
    "rating_id": ("id", "rating no"),
    "search_id": ("id", "search no"),
    "started_at": ("start", "start time", "ordered at", "watched at", "played at", "begin", "date", "timestamp"),
    "watch_ms": (
        "duration", "watch time", "watched", "minutes watched", "seconds watched", "hours watched", "watch minutes",
        "watch seconds", "watched minutes", "watched seconds", "view time", "viewing time",
    ),
    "name": ("title", "title name", "product name", "movie", "film"),
    "kind": ("type", "content type"),
    "runtime_ms": ("runtime", "running minutes", "running time", "runtime minutes", "length", "duration"),
    "released_on": ("release date", "released", "premiere"),
    "device_type": ("device", "screen", "platform"),
    "device_model": ("screen", "device name", "model"),
    "country": ("country code", "territory", "market"),
    "plan": ("package", "tier", "subscription", "product plan"),
    "signed_up_at": ("joined on", "created at", "registered at", "sign up", "signup date", "joined"),
    "ts": ("timestamp", "time", "date", "given at", "event time", "happened at", "created at"),
    "price_minor": ("price", "monthly price", "amount", "fee"),
    "cost_minor": ("cost", "budget", "spend"),
    "rating": ("stars", "score", "value"),
    "query": ("search", "search term", "query typed", "term"),
}  # fmt: skip

_UNIT_WORDS = (
    (re.compile(r"(^| )(min|mins|minutes?)( |$)"), "minutes"),
    (re.compile(r"(^| )(s|sec|secs|seconds?)( |$)"), "seconds"),
    (re.compile(r"(^| )(h|hrs?|hours?)( |$)"), "hours"),
)
_EPOCH = re.compile(r"\d{10}(\d{3})?")
_DECIMAL = re.compile(r"\d+\.\d{1,2}")


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of someone's file: its name, its type as DuckDB reads it, and a few of its values as texts."""

    name: str
    type: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableSuggestion:
    """How files could fill a table: for each column a choice as in a mapping; ``missing`` names required ones without.

    ``score`` is from 0 to 1 and only good for comparing tables.
    """

    table: str
    score: float
    columns: dict[str, Choice]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Files with the same columns, their first rows as texts, and the tables they look like, the likeliest first."""

    files: tuple[str, ...]
    columns: tuple[FileColumn, ...]
    rows: tuple[tuple[str | None, ...], ...]
    tables: tuple[TableSuggestion, ...]


@dataclass(slots=True)
class Look:
    """What files are: ``export`` names those of a personal export, ``catalogues`` the CSVs that describe titles."""

    export: list[str] = field(default_factory=list)
    catalogues: list[str] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def look_at(files: Sequence[Path]) -> Look:
    """Read the first rows of ``files``; a file that cannot be read is told in ``problems`` and left out."""
    look = Look()
    shapes: dict[tuple[str, ...], list[Path]] = {}
    read: dict[Path, tuple[list[FileColumn], list[tuple[str | None, ...]]]] = {}
    for file in files:
        try:
            if _is_of_export(file):
                look.export.append(file.name)
            columns, rows = _first_rows(file)
        except SourceError as error:
            look.problems.append(str(error))
            continue
        names = tuple(column.name for column in columns)
        if set(catalogue.FORMAT.required) <= set(names):
            look.catalogues.append(file.name)
        read[file] = columns, rows
        shapes.setdefault(names, []).append(file)
    for same in shapes.values():
        columns, rows = read[same[0]]
        suggestions = sorted((suggest(table, columns) for table in CONTRACT.values()), key=lambda found: -found.score)
        shown = tuple(replace(column, samples=column.samples[:SHOWN_SAMPLES]) for column in columns)
        look.groups.append(Group(tuple(map(str, same)), shown, tuple(rows), tuple(suggestions)))
    return look


def as_json(look: Look) -> str:
    """Return all of a look as JSON, for a program."""
    return json.dumps(asdict(look), ensure_ascii=False)


def starting_mapping(look: Look, table: str | None) -> str:
    """Return a mapping onto ``table``, or the likeliest one, as TOML; raises SourceError when files differ in shape."""
    if table is not None and table not in CONTRACT:
        raise SourceError(f"'{table}' is no table of the contract; expected one of {', '.join(CONTRACT)}.")
    if look.problems:
        raise SourceError("\n".join(look.problems))
    if len(look.groups) != 1:
        raise SourceError(
            "The files have different columns, so one mapping cannot fit them all. Look at them one by one."
        )
    (group,) = look.groups
    suggestion = next(found for found in group.tables if table in (None, found.table))
    return as_toml(suggestion, group.columns)


def suggest(table: Table, columns: Sequence[FileColumn]) -> TableSuggestion:
    """Match the contract's columns to those of a file by name, each used once, the surest matches first."""
    pairs = sorted(
        (
            (score, -place, target, column)
            for target in table
            for place, column in enumerate(columns)
            if (score := _likeness(target, column)) >= ALIKE
        ),
        key=lambda pair: (pair[0], pair[1]),
        reverse=True,
    )
    matched: dict[str, FileColumn] = {}
    used: set[str] = set()
    total = 0.0
    for score, _, target, column in pairs:
        if target.name not in matched and column.name not in used:
            matched[target.name] = column
            used.add(column.name)
            total += score * (3 if target.required else 1)
    missing = tuple(target.name for target in table if target.required and target.name not in matched)
    required = sum(target.required for target in table)
    chosen = {target.name: _choice(target, matched[target.name]) for target in table if target.name in matched}
    # A file looks like a table when it fills what the table needs, and when little of the file is left over.
    covered = 1 - len(missing) / required if required else 0.5
    score = 0.7 * covered + 0.3 * min(1.0, total / (3 * max(1, len(columns))))
    return TableSuggestion(table.name, round(score, 4), chosen, missing)


def as_toml(suggestion: TableSuggestion, columns: Sequence[FileColumn]) -> str:
    """Return a mapping to start from: what was matched, what is still required, and what the file has besides."""
    table = CONTRACT[suggestion.table]
    lines = [f"# A mapping onto {table.name}, each row {table.grain}. Check every line.", "", "[columns]"]
    for column in table:
        if choice := suggestion.columns.get(column.name):
            parts = ", ".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in choice.items())
            lines.append(f"{column.name} = {{ {parts} }}")
        elif column.required:
            lines.append(f'# {column.name} = ""  # required: {column.meaning}')
    used = {choice.get("column") for choice in suggestion.columns.values()}
    lines += [
        f"# not used: {json.dumps(column.name, ensure_ascii=False)}" for column in columns if column.name not in used
    ]
    return "\n".join(lines) + "\n"


def _is_of_export(file: Path) -> bool:
    if file.name.casefold() == SHORT_EXPORT.casefold():
        return True
    formats = [known for known in FORMATS if known.name.casefold() == file.name.casefold()]
    return bool(formats) and set(formats[0].required) <= set(read_columns(file))


def _first_rows(file: Path) -> tuple[list[FileColumn], list[tuple[str | None, ...]]]:
    """Return the columns of a file with sample values, and its first rows; raises SourceError when it is unreadable."""
    scan = scan_file(file)
    with connect() as connection:
        try:
            connection.execute(f"create temp table first as select * from ({scan}) limit {SAMPLED_ROWS}")
            described = connection.execute("describe first").fetchall()
            kinds = [(name, kind) for name, kind, *_ in described if name not in PLACE]
            texts = ", ".join(f"left({quoted(name)}::varchar, {SHOWN_MAX_CHARS})" for name, _ in kinds)
            rows = connection.execute(f"select {texts} from first order by import_line").fetchall()
        except duckdb.Error as error:
            if "read_csv(" in scan:
                raise csv_error(file, error) from None
            raise SourceError(f"{file}: cannot be read: {str(error).splitlines()[0]}") from None
    columns = []
    for place, (name, kind) in enumerate(kinds):
        values = dict.fromkeys(row[place] for row in rows if row[place])
        columns.append(FileColumn(name, kind, tuple(" ".join(value.split()) for value in values)))
    return columns, rows[:SHOWN_ROWS]


def _likeness(target: Column, column: FileColumn) -> float:
    """Return from 0 to 1 how much the name of a file's column says that it is ``target``."""
    if target.allowed and not {text.strip().lower() for text in column.samples} <= set(target.allowed):
        # Rows with other values would all be rejected.
        return 0.0
    found, wanted = _words(column.name), _words(target.name)
    bare = _words(re.sub(r"_(id|ms|min|kbps|minor|at|on)$", "", target.name))
    if found == wanted:
        return 1.0
    if found in (bare, *SYNONYMS.get(target.name, ())):
        return SYNONYM_SCORE
    # Short names are alike by chance.
    return difflib.SequenceMatcher(None, found, wanted).ratio() * 0.9 if min(len(found), len(wanted)) > 4 else 0.0


def _words(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[a-z]+|\d+", spaced.lower()))


def _choice(target: Column, column: FileColumn) -> Choice:
    conversion = _conversion(target, column)
    return {"column": column.name} | ({} if conversion == AS_IS else {"as": conversion})


def _conversion(target: Column, column: FileColumn) -> str:
    """Return how the values look to be written, by the unit in the name and by the values themselves."""
    samples = column.samples
    if target.unit == "ms":
        if samples and all(parse_duration_ms(text) is not None for text in samples):
            return "h:mm:ss"
        return next((unit for pattern, unit in _UNIT_WORDS if pattern.search(_words(column.name))), AS_IS)
    if target.unit == "minor units" and any(_DECIMAL.fullmatch(text) for text in samples):
        return "major units"
    if target.type in (ValueType.TIMESTAMP, ValueType.DATE) and samples:
        if target.type is ValueType.TIMESTAMP and all(_EPOCH.fullmatch(text) for text in samples):
            return "unix ms" if len(samples[0]) == 13 else "unix seconds"
        if any(re.match(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", text) for text in samples):
            try:
                order = day_order(enumerate(text.replace(".", "-") for text in samples), column.name)
            except SourceError:
                return AS_IS
            return "day first" if order is DayOrder.DAY_FIRST else "month first"
    if target.type is ValueType.COUNTRY and any(text.islower() for text in samples):
        return "upper case"
    return "lower case" if target.allowed and any(text != text.lower() for text in samples) else AS_IS
