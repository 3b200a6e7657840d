"""Importing the personal-data export of a streaming service's viewer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from definitions.contract import Table
from definitions.tables import CONTRACT
from pipeline.errors import SourceError
from pipeline.identity import load_identity
from pipeline.importers import netflix_rows
from pipeline.importers.catalogue import FILM, SERIES, CatalogueTitle, read_catalogue
from pipeline.importers.devices import OTHER, device_type_of
from pipeline.importers.export_files import ExportFile, ExportFormat, find_files, read_columns, read_csv
from pipeline.importers.load import PROVENANCE, Loaded, combine_files, load
from pipeline.importers.netflix_rows import Household, RawRow, TitleFinder
from pipeline.importers.report import ImportReport
from pipeline.progress import Progress, Silent
from pipeline.source import SourceUpdate, connect, require_free_space, scan_sql, table_files

VIEWING = ExportFormat(
    "ViewingActivity.csv",
    required=("Profile Name", "Start Time", "Duration", "Title", "Supplemental Video Type", "Device Type", "Country"),
    optional=("Attributes", "Bookmark"),
    ignored=("Latest Bookmark",),
)
PROFILES = ExportFormat(
    "Profiles.csv",
    required=("Profile Name",),
    optional=("Profile Creation Time", "Maturity Level", "Primary Lang"),
    ignored=(
        "Game Handle",
        "Has Auto Playback",
        "Max Stream Quality",
        "Profile Lock Enabled",
        "Profile Transferred",
        "Profile Transfer Time",
        "Profile Transferred From Account",
        "Profile Transferred To Account",
        "Date Of Birth",
        "Gender",
        "Opt-Out",
        "Privacy And Data Settings",
    ),
)
DEVICES = ExportFormat(
    "Devices.csv",
    required=("Profile Name", "Device Type"),
    optional=("Acct First Playback Date", "Acct Last Playback Date", "Deactivation Time"),
    ignored=(
        "Esn",
        "Acct First Playback Date For User Generated Plays",
        "Acct Last Playback Date For User Generated Plays",
        "Profile First Playback Date",
        "Profile Last Playback Date",
        "Profile First Playback Date For User Generated Plays",
        "Profile Last Playback Date For User Generated Plays",
    ),
)
SEARCHES = ExportFormat(
    "SearchHistory.csv",
    required=("Profile Name", "Query Typed", "Action", "Utc Timestamp"),
    optional=("Country Iso Code", "Device", "Displayed Name", "Section"),
    ignored=("Is Kids",),
)
CLICKS = ExportFormat(
    "Clickstream.csv",
    required=("Profile Name", "Navigation Level", "Click Utc Ts"),
    optional=("Source",),
    ignored=("Referrer Url", "Webpage Url"),
)
FORMATS = (VIEWING, PROFILES, DEVICES, SEARCHES, CLICKS)

SHORT_EXPORT = "NetflixViewingHistory.csv"
DEFAULT_ACCOUNT = "household"

# What an export never says about a title or account, and another import may have said.
_TITLE_FACTS = ("runtime_ms", "released_on", "original", "country", "language", "maturity", "cost_minor", "currency")
_PROFILE_FACTS = ("profile_type", "language", "created_at")
_DISK_BYTES_PER_INPUT_BYTE = 3

_numbers = count()


def import_netflix_export(
    folder: Path,
    source: Path,
    *,
    catalogue: Path | None = None,
    account_per: Literal["folder", "profile"] = "folder",
    account: str | None = None,
    keep_labels: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import the personal export in ``folder`` into ``source`` and return what became of every row.

    ``account`` names the household, so that several can share a source; its later exports need the same name. With
    ``account_per="profile"`` each profile is an account. ``catalogue`` is a CSV that adds runtimes, people and genres.
    Raises SourceError when the files cannot be used; the source is then unchanged.
    """
    progress = progress or Silent()
    paths = _find(folder)
    require_free_space(source, _DISK_BYTES_PER_INPUT_BYTE * sum(path.stat().st_size for path in paths.values()))
    files = {}
    for file_format in FORMATS:
        if path := paths.get(file_format.name):
            progress.step(f"reading {path.name}")
            files[file_format.name] = read_csv(path, file_format)
    progress.plan(sum(len(file.rows) for file in files.values()))
    known_titles = read_catalogue(catalogue) if catalogue else None
    identity = load_identity(source)
    household = Household(identity, account or DEFAULT_ACCOUNT, account_per == "profile")
    report = ImportReport(notes=[*_file_notes(files.values()), *identity.notes()])
    with SourceUpdate(source) as update, connect() as connection:
        if account is None and account_per == "folder":
            _require_same_household(connection, source, household, files.values())
        origin = f"netflix-export {identity.pseudonym('account_id', household.name)}"
        job = _Import(update, connection, report, progress, origin)
        titles = _import_plays(job, files.get(VIEWING.name), household)
        if known_titles:
            films = (str(title["name"]) for title in titles if title["kind"] == "film")
            series = (str(title["series_name"]) for title in titles if title["kind"] == "episode")
            matched_films, film_counts = known_titles.join(FILM, films)
            matched_series, series_counts = known_titles.join(SERIES, series)
            report.catalogue += [film_counts, series_counts]
            _add_facts(titles, matched_films, matched_series)
            _import_credits(job, titles, matched_films, matched_series)
        if titles:
            job.load("titles", titles, keep_when_null=_TITLE_FACTS)
        _import_people(job, files, household, keep_labels=keep_labels)
        _import_discovery(job, files, household, TitleFinder([*_stored_titles(connection, source), *titles]))
        report.files = combine_files(job.loads)
    return report


@dataclass(slots=True)
class _Import:
    """One import under way: where rows go, and what became of them so far."""

    update: SourceUpdate
    connection: duckdb.DuckDBPyConnection
    report: ImportReport
    progress: Progress
    origin: str
    loads: list[Loaded] = field(default_factory=list)

    def load(
        self, name: str, rows: Sequence[RawRow], *, keep_when_null: Sequence[str] = (), replace_by: Sequence[str] = ()
    ) -> Loaded:
        """Load ``rows`` into table ``name`` and note the counts."""
        self.progress.step(f"writing {name}")
        relation = f"raw_{next(_numbers)}"
        self.connection.register(relation, _as_arrow(CONTRACT[name], rows))
        loaded = load(
            self.update,
            self.connection,
            CONTRACT[name],
            relation,
            origin=self.origin,
            keep_when_null=keep_when_null,
            replace_by=replace_by,
        )
        self.loads.append(loaded)
        self.report.tables.append(loaded.table)
        self.report.notes += loaded.notes
        self.progress.done(sum(file.rows for file in loaded.files))
        return loaded


def _as_arrow(table: Table, rows: Sequence[RawRow]) -> pa.Table:
    """Return ``rows`` as texts in the columns they fill and those the contract requires, with their provenance."""
    filled = {name for row in rows for name in row} | {column.name for column in table if column.required}
    columns = {}
    for name in (*(name for name in table.column_names if name in (*filled, *table.one_of)), *PROVENANCE):
        values = [row.get(name) for row in rows]
        if name == "import_line":
            columns[name] = pa.array(values, pa.int64())
        else:
            columns[name] = pa.array([None if value is None else str(value) for value in values], pa.string())
    return pa.table(columns)


def _find(folder: Path) -> dict[str, Path]:
    paths = find_files(folder, [*(file_format.name for file_format in FORMATS), SHORT_EXPORT])
    short = paths.pop(SHORT_EXPORT, None)
    viewing = paths.get(VIEWING.name)
    if viewing and {name.casefold() for name in read_columns(viewing)} == {"title", "date"}:
        short = viewing
    elif viewing:
        short = None
    if short:
        raise SourceError(
            f"{short}: this is the short viewing history, with only a title and a date. It has no times, durations or "
            "devices. Ask for the full export at netflix.com/account/getmyinfo; it arrives by e-mail as an archive "
            f"that holds {VIEWING.name} under CONTENT_INTERACTION. Unpack it and import its folder."
        )
    if not paths:
        raise SourceError(
            f"{folder}: expected at least one of {', '.join(file_format.name for file_format in FORMATS)}, "
            "found none of them at any depth. Give the folder of an unpacked personal export."
        )
    return paths


def _file_notes(files: Iterable[ExportFile]) -> list[str]:
    notes = []
    unknown_devices: set[str] = set()
    for file in files:
        if file.unknown_columns:
            notes.append(f"{file.name}: columns not read: {', '.join(file.unknown_columns)}")
        for column in ("Device Type", "Device"):
            unknown_devices |= {row.values.get(column, "") for row in file.rows}
    unknown = sorted(name for name in unknown_devices if name and device_type_of(name) == OTHER)
    if unknown:
        notes.append(f"devices of unknown sort, counted as other: {', '.join(unknown)}")
    return notes


def _require_same_household(
    connection: duckdb.DuckDBPyConnection, source: Path, household: Household, files: Iterable[ExportFile]
) -> None:
    """Raise SourceError when the account is stored with profiles of which this export has none."""
    stored_files = table_files(source, "profiles")
    if not stored_files:
        return
    profiles = {household.profile_id(name) for file in files for name in _profile_names(file)}
    sql = f"select profile_id from {scan_sql(stored_files)} where account_id = ?"
    stored = {profile_id for (profile_id,) in connection.execute(sql, [household.account_id("")]).fetchall()}
    if stored and profiles and not stored & profiles:
        raise SourceError(
            f"{source}: an export with other profiles was imported before without the name of an account. If this is "
            f"another household, name it with --account; if it is the same one, use --account {DEFAULT_ACCOUNT}."
        )


def _profile_names(file: ExportFile) -> set[str]:
    return {row.values["Profile Name"] for row in file.rows} - {""}


def _import_plays(job: _Import, viewing: ExportFile | None, household: Household) -> list[RawRow]:
    """Load the plays; return the raw rows of the titles they name."""
    if viewing is None:
        return []
    plays = job.load("plays", netflix_rows.play_rows(viewing, household))
    played = {
        title_id for (title_id,) in job.connection.execute(f"select distinct title_id from {plays.kept}").fetchall()
    }
    return [title for title in netflix_rows.title_rows(viewing) if title["title_id"] in played]


def _stored_titles(connection: duckdb.DuckDBPyConnection, source: Path) -> list[RawRow]:
    """Return the id, name and subtype of the titles that earlier imports stored."""
    files = table_files(source, "titles")
    if not files:
        return []
    stored = connection.sql(f"select title_id, name, subtype from {scan_sql(files)}").to_arrow_table()
    rows: list[RawRow] = stored.to_pylist()
    return rows


def _add_facts(titles: Sequence[RawRow], films: dict[str, CatalogueTitle], series: dict[str, CatalogueTitle]) -> None:
    for title in titles:
        if title["kind"] == "film" and (found := films.get(str(title["name"]))):
            title |= {"runtime_ms": found.runtime_ms, "maturity": found.maturity, "country": found.country}
        elif title["kind"] == "episode" and (found := series.get(str(title["series_name"]))):
            title |= {"maturity": found.maturity, "country": found.country}


def _import_credits(
    job: _Import,
    titles: Sequence[RawRow],
    films: dict[str, CatalogueTitle],
    series: dict[str, CatalogueTitle],
) -> None:
    """Load the people and genres of the films and series that were found in the catalogue."""
    film_ids = {str(title["name"]): title["title_id"] for title in titles if title["kind"] == "film"}
    series_ids = {str(title["series_name"]): title["series_id"] for title in titles if title["kind"] == "episode"}
    found: list[tuple[RawRow, CatalogueTitle]] = [({"title_id": film_ids[name]}, film) for name, film in films.items()]
    found += [({"series_id": series_ids[name]}, show) for name, show in series.items()]
    people = [
        owner | {"person": person, "role": role, "billing": billing}
        for owner, title in found
        for role, names in (("director", title.directors), ("cast", title.cast))
        for billing, person in enumerate(names, start=1)
    ]
    tags = [owner | {"tag": genre, "tag_kind": "genre"} for owner, title in found for genre in title.genres]
    job.load("title_people", people, replace_by=("title_id", "series_id"))
    job.load("title_tags", tags, replace_by=("title_id", "series_id"))


def _import_people(job: _Import, files: dict[str, ExportFile], household: Household, *, keep_labels: bool) -> None:
    """Load accounts, profiles and devices; profiles that only other files name are added with nothing but an id."""
    described = files.get(PROFILES.name)
    profiles = netflix_rows.profile_rows(described, household, keep_labels=keep_labels) if described else []
    names = {name for file in files.values() for name in _profile_names(file)}
    bare = names - (_profile_names(described) if described else set())
    profiles += netflix_rows.bare_profile_rows(bare, household, keep_labels=keep_labels)
    kept = job.load("profiles", profiles, keep_when_null=_PROFILE_FACTS).kept
    accounts = job.connection.execute(f"select account_id, min(created_at) from {kept} group by all").fetchall()
    facts = [name for name in CONTRACT["accounts"].column_names if name != "account_id"]
    rows: list[RawRow] = [{"account_id": account_id, "signed_up_at": created_at} for account_id, created_at in accounts]
    job.load("accounts", rows, keep_when_null=facts)
    if devices := files.get(DEVICES.name):
        job.load("devices", netflix_rows.device_rows(devices, household), replace_by=("account_id",))


def _import_discovery(job: _Import, files: dict[str, ExportFile], household: Household, titles: TitleFinder) -> None:
    """Load searches, and the browsing that search history and clickstream record."""
    browse_events: list[RawRow] = []
    if history := files.get(SEARCHES.name):
        searches, browse_events = netflix_rows.search_rows(history, household, titles)
        job.load("searches", searches, keep_when_null=("chosen_title_id",))
    if clicks := files.get(CLICKS.name):
        browse_events += netflix_rows.click_rows(clicks, household)
    if history or clicks:
        # A newer export may know the title of an event that an older one could not resolve.
        job.load("browse_events", browse_events, replace_by=("profile_id", "ts", "event", "device_type"))
