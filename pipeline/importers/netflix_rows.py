"""The rows of a personal export as raw rows of the contract's tables."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.identity import Identity
from pipeline.importers.dates import DayOrder, day_order, is_unset, parse_duration_ms, parse_utc
from pipeline.importers.devices import device_type_of
from pipeline.importers.export_files import ExportFile, ExportRow
from pipeline.importers.titles import name_id, normalised, parse_title

RawRow = dict[str, str | int | None]

_COUNTRY = re.compile(r"([A-Z]{2}) \(.*\)")
_EPISODE_SUFFIX = re.compile(r"\(Episode \d+\)$")
_TRAILERS = ("trailer", "teaser_trailer")
_HASH_CHARS = 24


@dataclass(frozen=True, slots=True)
class Household:
    """Whose export it is: ``name`` tells one household from another; each profile can be an account of its own."""

    identity: Identity
    name: str
    account_per_profile: bool

    def account_id(self, profile: str) -> str:
        """Return the pseudonym of the account that the profile called ``profile`` belongs to."""
        return self.identity.pseudonym(
            "account_id", f"{self.name}/{profile}" if self.account_per_profile else self.name
        )

    def profile_id(self, profile: str) -> str:
        """Return the pseudonym of the profile called ``profile``."""
        return self.identity.pseudonym("profile_id", f"{self.name}/{profile}")

    def ids(self, profile: str) -> RawRow:
        """Return both pseudonyms as columns."""
        return {"account_id": self.account_id(profile), "profile_id": self.profile_id(profile)}


class _Reading:
    """Reads the values of one row and collects what is wrong with them."""

    def __init__(self, file: ExportFile, row: ExportRow) -> None:
        self.file, self.row = file, row
        self.problems = [row.problem] if row.problem else []

    def optional(self, column: str) -> str | None:
        return self.row.values[column] or None

    def required(self, column: str, expected: str) -> str:
        value = self.row.values[column]
        if not value:
            self.problems.append(f"{column}: expected {expected}, found nothing")
        return value

    def moment(self, column: str, order: DayOrder, *, required: bool = True) -> str | None:
        """Return the moment in ``column`` as UTC text; None, with a problem, when there is none to be read."""
        expected = "a date and time such as 2022-04-28 16:08:56"
        value = self.required(column, expected) if required else self.optional(column)
        if not value:
            return None
        moment = parse_utc(value, order)
        if moment is None:
            self.problems.append(f"{column}: expected {expected}, found '{value}'")
            return None
        return None if is_unset(moment) and not required else moment.isoformat(sep=" ")

    def duration_ms(self, column: str, *, required: bool) -> int | None:
        expected = "a duration H:MM:SS"
        value = self.required(column, expected) if required else self.optional(column)
        if not value:
            return None
        duration_ms = parse_duration_ms(value)
        if duration_ms is None:
            self.problems.append(f"{column}: expected {expected}, found '{value}'")
        return duration_ms

    def provenance(self) -> RawRow:
        return {
            "import_file": self.file.name,
            "import_line": self.row.line,
            "import_original": json.dumps(_without_names(self.row), ensure_ascii=False),
            "import_problem": "; ".join(self.problems) or None,
        }


def play_rows(file: ExportFile, household: Household) -> list[RawRow]:
    """Return one raw row of ``plays`` for each row of the viewing activity.

    A play's id is the hash of (profile, start, title, device, country, ordinal among equals). Equals are numbered by
    duration and attributes, which a newer export repeats, and by bookmark, which it may change, only last: so a
    changed bookmark can at most swap two plays that are the same in everything else.
    """
    order = _order(file, "Start Time")
    ordinals = _Ordinals()
    by_stable_values = sorted(
        file.rows, key=lambda row: [row.values[name] for name in ("Duration", "Attributes", "Bookmark")]
    )
    rows = []
    for row in by_stable_values:
        reading = _Reading(file, row)
        profile = reading.required("Profile Name", "the name of a profile")
        started_at = reading.moment("Start Time", order)
        title = reading.required("Title", "a title")
        subtype = row.values["Supplemental Video Type"].lower()
        device, country = reading.optional("Device Type"), country_code(row.values["Country"])
        identity = (household.profile_id(profile), started_at, title, subtype, device, country)
        rows.append(
            household.ids(profile)
            | {
                "play_id": ordinals.hash(identity),
                "title_id": name_id(title, subtype),
                "started_at": started_at,
                "watch_ms": reading.duration_ms("Duration", required=True),
                "furthest_position_ms": reading.duration_ms("Bookmark", required=False),
                "autoplay": str("autoplayed" in row.values["Attributes"].casefold()).lower(),
                "ended_by": "unknown",
                "device_type": device_type_of(device) if device else None,
                "device_model": device,
                "country": country,
            }
            | reading.provenance()
        )
    return rows


def title_rows(file: ExportFile) -> list[RawRow]:
    """Return one raw row of ``titles`` for each title of the viewing activity; its name is the source's whole text."""
    texts = {(row.values["Title"], row.values["Supplemental Video Type"].lower()) for row in file.rows}
    rows: list[RawRow] = []
    for title, subtype in sorted(texts):
        row: RawRow = {"title_id": name_id(title, subtype), "name": title, "subtype": subtype or None}
        parsed = parse_title(title)
        if subtype:
            row["kind"] = "trailer" if subtype in _TRAILERS else "supplemental"
        elif parsed.series_name is None:
            row["kind"] = "film"
        else:
            row |= {
                "kind": "episode",
                "series_id": name_id(parsed.series_name, "series"),
                "series_name": parsed.series_name,
                "season_number": parsed.season_number,
                "episode_number": parsed.episode_number,
            }
        rows.append(row)
    return rows


def profile_rows(file: ExportFile, household: Household, *, keep_labels: bool) -> list[RawRow]:
    """Return one raw row of ``profiles`` for each row of the profiles file."""
    order = _order(file, "Profile Creation Time")
    rows = []
    for row in file.rows:
        reading = _Reading(file, row)
        profile = reading.required("Profile Name", "the name of a profile")
        maturity = reading.optional("Maturity Level")
        rows.append(
            household.ids(profile)
            | {
                "profile_type": ("kids" if "kids" in maturity.casefold() else "standard") if maturity else None,
                "language": reading.optional("Primary Lang"),
                "created_at": reading.moment("Profile Creation Time", order, required=False),
                "label": profile if keep_labels else None,
            }
            | reading.provenance()
        )
    return rows


def device_rows(file: ExportFile, household: Household) -> list[RawRow]:
    """Return one raw row of ``devices`` for each row of the devices file; the serial number (Esn) is not read."""
    columns = {
        "first_play_at": "Acct First Playback Date",
        "last_play_at": "Acct Last Playback Date",
        "deactivated_at": "Deactivation Time",
    }
    orders = {column: _order(file, column) for column in columns.values()}
    rows = []
    for row in file.rows:
        reading = _Reading(file, row)
        profile = reading.required("Profile Name", "the name of a profile")
        device = reading.required("Device Type", "the name of a device")
        described: RawRow = {
            "account_id": household.account_id(profile),
            "device_type": device_type_of(device),
            "device_model": device,
        }
        moments = {name: reading.moment(column, orders[column], required=False) for name, column in columns.items()}
        rows.append(described | moments | reading.provenance())
    return rows


def search_rows(file: ExportFile, household: Household, titles: "TitleFinder") -> tuple[list[RawRow], list[RawRow]]:
    """Return the raw rows of ``searches`` (a query was typed) and of ``browse_events`` (a suggestion was taken)."""
    order = _order(file, "Utc Timestamp")
    ordinals = _Ordinals()
    searches: list[RawRow] = []
    browse_events: list[RawRow] = []
    for row in file.rows:
        reading = _Reading(file, row)
        profile = reading.required("Profile Name", "the name of a profile")
        moment = reading.moment("Utc Timestamp", order)
        device, query = reading.optional("Device"), reading.optional("Query Typed")
        common = household.ids(profile) | {"ts": moment, "device_type": device_type_of(device) if device else None}
        chosen = titles.find(row.values["Displayed Name"])
        if query is None:
            event = reading.required("Action", "what the viewer did")
            browse_events.append(common | {"event": event, "title_id": chosen} | reading.provenance())
            continue
        identity = (household.profile_id(profile), moment, *_without_names(row).values())
        searches.append(
            common
            | {
                "search_id": ordinals.hash(identity),
                "query": query,
                "chosen_title_id": chosen,
                "country": country_code(row.values["Country Iso Code"]),
            }
            | reading.provenance()
        )
    return searches, browse_events


def click_rows(file: ExportFile, household: Household) -> list[RawRow]:
    """Return one raw row of ``browse_events`` for each row of the clickstream."""
    order = _order(file, "Click Utc Ts")
    rows = []
    for row in file.rows:
        reading = _Reading(file, row)
        profile = reading.required("Profile Name", "the name of a profile")
        source = reading.optional("Source")
        rows.append(
            household.ids(profile)
            | {
                "ts": reading.moment("Click Utc Ts", order),
                "event": reading.required("Navigation Level", "what the viewer opened"),
                "device_type": device_type_of(source) if source else None,
            }
            | reading.provenance()
        )
    return rows


def bare_profile_rows(names: Iterable[str], household: Household, *, keep_labels: bool) -> list[RawRow]:
    """Return one raw row of ``profiles`` for each of ``names``, of which no more is known."""
    return [household.ids(name) | {"label": name if keep_labels else None} for name in sorted(names)]


class TitleFinder:
    """Finds the title that a search result such as ``Manifest: Season 1: "Pilot"`` names, when only one does."""

    def __init__(self, titles: Iterable[RawRow]) -> None:
        self._ids: dict[str, set[str]] = defaultdict(set)
        for title in titles:
            if title["subtype"] is None:
                self._ids[normalised(_EPISODE_SUFFIX.sub("", str(title["name"])))].add(str(title["title_id"]))

    def find(self, displayed_name: str) -> str | None:
        """Return the id of the one title called ``displayed_name``; None when there is none or more than one."""
        ids = self._ids.get(normalised(displayed_name), set()) if displayed_name else set()
        return next(iter(ids)) if len(ids) == 1 else None


class _Ordinals:
    """Hashes identities, numbering those that occur more than once."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str | None, ...]] = Counter()

    def hash(self, identity: tuple[str | None, ...]) -> str:
        self._seen[identity] += 1
        text = json.dumps([*identity, self._seen[identity]], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:_HASH_CHARS]


def _without_names(row: ExportRow) -> dict[str, str]:
    return {column: value for column, value in row.values.items() if column != "Profile Name"}


def country_code(text: str) -> str | None:
    """Return ``IN`` for ``IN (India)``; any other text as it is; None for an empty one."""
    match = _COUNTRY.fullmatch(text)
    return match[1] if match else text or None


def _order(file: ExportFile, column: str) -> DayOrder:
    return day_order(((row.line, row.values[column]) for row in file.rows), f"{file.name}, column {column}")
