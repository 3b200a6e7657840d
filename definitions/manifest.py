"""What a published build says of itself, and where things lie in a warehouse."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

BUILDS_FOLDER = "builds"
SEGMENTS_FOLDER = "segments"
POINTER_FILE = "current"
MANIFEST_FILE = "manifest.json"
# Held in a folder of builds while one is made.
BUILD_LOCK_FILE = ".build.lock"
# Day, time and microseconds (pipeline.publish.new_build_id).
PARTS_OF_BUILD_ID = 3


@dataclass(frozen=True, slots=True)
class DaySpan:
    """The complete days of a build in one calendar: ``first_day`` inclusive, ``end_day`` exclusive."""

    first_day: date
    end_day: date


@dataclass(frozen=True, slots=True)
class TableCount:
    """What became of one table of the source: rows in = kept + duplicates + rejected."""

    rows_in: int
    kept: int
    duplicates: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a build holds.

    ``spans`` gives the complete days by calendar and is empty when the source holds no event at all.
    ``rows`` counts the rows of each published table, ``filled`` the values that are not null, by ``table.column``.
    ``days`` gives the first to the last day of each table that has rows by day; builds of older versions lack it.
    ``data_through`` is the last event's moment, ISO 8601 in UTC.
    """

    build_id: str
    built_at: str
    marquee_version: str
    service_zone: str
    data_through: str | None
    spans: dict[str, DaySpan]
    source_counts: dict[str, TableCount]
    rows: dict[str, int]
    filled: dict[str, int]
    days: dict[str, DaySpan] = field(default_factory=dict)

    def has(self, needed: str) -> bool:
        """Tell whether the build holds a value of the column ``needed``, given as ``table.column``."""
        return self.filled.get(needed, 0) > 0

    @property
    def has_covers_alone(self) -> bool:
        """Whether it holds covers and no day of anything that happened, as a build of posters does."""
        has_days = any(span.first_day < span.end_day for span in self.spans.values())
        return self.has("artwork_images.image_hash") and not has_days

    def to_json(self) -> str:
        """Return the manifest as JSON text; days as YYYY-MM-DD."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, default=date.isoformat)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read a manifest from the text that ``to_json`` wrote; raises ValueError or TypeError for any other."""
        fields = json.loads(text)
        for name in ("spans", "days"):
            fields[name] = {
                key: DaySpan(date.fromisoformat(span["first_day"]), date.fromisoformat(span["end_day"]))
                for key, span in fields.get(name, {}).items()
            }
        fields["source_counts"] = {name: TableCount(**counts) for name, counts in fields["source_counts"].items()}
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class PublishedBuild:
    """One build of a warehouse: its folder, what it says of itself, its size, and whether it is the current one."""

    folder: Path
    manifest: Manifest
    size_bytes: int
    is_current: bool

    @property
    def rows_kept(self) -> int:
        """The rows of the source that it holds."""
        return sum(count.kept for count in self.manifest.source_counts.values())


def published_builds(warehouse: Path) -> list[PublishedBuild]:
    """Return the builds of a warehouse whose manifest can be read, the newest first; empty when there are none."""
    try:
        current = (warehouse / POINTER_FILE).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        current = ""
    builds = []
    for file in sorted((warehouse / BUILDS_FOLDER).glob(f"*/{MANIFEST_FILE}"), reverse=True):
        folder = file.parent
        try:
            manifest = Manifest.from_json(file.read_text(encoding="utf-8"))
            size_bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            continue  # unreadable, or pruned meanwhile
        if not folder.name.startswith("."):
            builds.append(PublishedBuild(folder, manifest, size_bytes, folder.name == current))
    return builds


def build_folder(warehouse: Path, build_id: str) -> Path:
    """Return the folder of one build."""
    return warehouse / BUILDS_FOLDER / build_id


def served_folder(warehouse: Path, build_id: str) -> Path:
    """Return the folder of a build of all accounts, or of a segment's, whose id has the segment's as its last part."""
    parts = build_id.split("-")
    segment = Path(SEGMENTS_FOLDER, parts[-1]) if len(parts) > PARTS_OF_BUILD_ID else Path()
    return build_folder(warehouse / segment, build_id)
