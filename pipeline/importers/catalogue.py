"""Joining imported titles to a catalogue CSV by name: exact or normalised, and never a guess."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from definitions.countries import COUNTRY_NAMES
from pipeline.errors import SourceError
from pipeline.importers.export_files import ExportFormat, read_csv
from pipeline.importers.report import JoinCounts
from pipeline.importers.titles import normalised

FORMAT = ExportFormat(
    "catalogue",
    required=("type", "title", "director", "cast", "country", "rating", "duration", "listed_in"),
)
FILM, SERIES = "Movie", "TV Show"

# Names that catalogues use and the ISO list spells in another way.
_COUNTRY_ALIASES = {
    "United Kingdom": "GB",
    "South Korea": "KR",
    "North Korea": "KP",
    "Samoa": "WS",
    "Czechia": "CZ",
    "Myanmar": "MM",
    "Bosnia and Herzegovina": "BA",
    "Trinidad and Tobago": "TT",
}
_COUNTRY_CODES = {name: code for code, name in COUNTRY_NAMES.items()} | _COUNTRY_ALIASES
_MINUTES = re.compile(r"(\d+) min")
_NAME_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CatalogueTitle:
    """One film or series of the catalogue; ``country`` only when it is a single one."""

    name: str
    runtime_ms: int | None
    maturity: str | None
    country: str | None
    directors: tuple[str, ...]
    cast: tuple[str, ...]
    genres: tuple[str, ...]


@dataclass(slots=True)
class Catalogue:
    """The titles of a catalogue by type and by exact and normalised name."""

    _by_name: dict[tuple[str, str], list[CatalogueTitle]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, title: CatalogueTitle) -> None:
        """Add one title of type ``kind`` (FILM or SERIES)."""
        for key in {title.name, normalised(title.name)}:
            self._by_name[kind, key].append(title)

    def candidates(self, kind: str, name: str) -> list[CatalogueTitle]:
        """Return the titles of type ``kind`` called exactly ``name``; where there are none, those alike."""
        exact = [title for title in self._by_name.get((kind, name), []) if title.name == name]
        return exact or list(self._by_name.get((kind, normalised(name)), []) if normalised(name) else [])

    def join(self, kind: str, names: Iterable[str]) -> tuple[dict[str, CatalogueTitle], JoinCounts]:
        """Return the one catalogue title of each name that has exactly one, and the counts of all ``names``."""
        matched, unmatched, ambiguous = {}, [], []
        for name in sorted(set(names)):
            match self.candidates(kind, name):
                case [title]:
                    matched[name] = title
                case []:
                    unmatched.append(name)
                case _:
                    ambiguous.append(name)
        what = "films" if kind == FILM else "series"
        return matched, JoinCounts(what, len(matched), tuple(unmatched), tuple(ambiguous))


def read_catalogue(path: Path) -> Catalogue:
    """Read a catalogue with one row per film or series; raises SourceError when a column is missing."""
    if not path.is_file():
        raise SourceError(f"{path}: expected a catalogue CSV, found no file. Check the path.")
    file = read_csv(path, FORMAT)
    catalogue = Catalogue()
    for row in file.rows:
        values = row.values
        if values.get("type") in (FILM, SERIES) and values["title"]:
            catalogue.add(values["type"], _title(values))
    return catalogue


def _title(values: dict[str, str]) -> CatalogueTitle:
    # In some rows the runtime stands in the rating column and the duration is empty.
    maturity, duration = values["rating"], values["duration"]
    if not duration and _MINUTES.fullmatch(maturity):
        maturity, duration = "", maturity
    minutes = _MINUTES.fullmatch(duration)
    return CatalogueTitle(
        name=values["title"],
        runtime_ms=int(minutes[1]) * 60_000 if minutes else None,
        maturity=maturity or None,
        country=_COUNTRY_CODES.get(values["country"]),
        directors=_people(values["director"]),
        cast=_people(values["cast"]),
        genres=_listed(values["listed_in"]),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in map(str.strip, text.split(",")) if part))


def _people(text: str) -> tuple[str, ...]:
    """Split a list of names at its commas, but not before a suffix such as ``Jr.``."""
    people: list[str] = []
    for name in map(str.strip, text.split(",")):
        if people and _NAME_SUFFIX.fullmatch(name):
            people[-1] += f", {name}"
        elif name:
            people.append(name)
    return tuple(dict.fromkeys(people))
