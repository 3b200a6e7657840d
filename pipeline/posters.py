"""Makes a warehouse of a folder of posters alone, and of a CSV that says which is whose."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from definitions.colours.images import FORMATS
from definitions.contract import ValueType
from definitions.tables import CONTRACT
from pipeline.build.build import BuildSummary, build_warehouse
from pipeline.errors import SourceError
from pipeline.progress import Progress

COLUMNS = ("file", "name", "title_id", "kind", "genres", "released_on", "country", "original")
KINDS = ("film", "series")
NAMED_IMAGES = 3
_REQUIRED = COLUMNS[:2]
_YEAR = re.compile(r"\d{4}")
_TRUTHS = {"": None, "true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_ARROW_TYPES = {ValueType.DATE: pa.date32(), ValueType.BOOLEAN: pa.bool_()}


@dataclass(frozen=True, slots=True)
class PostersReport:
    """What became of a folder of posters: the build, how many images had no row in the CSV, and a few of these."""

    summary: BuildSummary
    images: int
    unnamed: tuple[str, ...]

    def lines(self) -> list[str]:
        """Say it for a person, and of each image that could not be measured why."""
        measured = self.summary.manifest.rows["image_colours"]
        lines = [f"{self.images:,} images, of which {measured:,} different ones have colours."]
        images = pq.read_table(self.summary.folder / "artwork_images.parquet", columns=["path", "problem"]).to_pylist()
        lines += sorted(f"{image['path']}: {image['problem']}." for image in images if image["problem"])
        if self.unnamed:
            more = " …" if len(self.unnamed) > NAMED_IMAGES else ""
            some = ", ".join(self.unnamed[:NAMED_IMAGES]) + more
            lines.append(f"{len(self.unnamed):,} have no line in the CSV and are called as their files: {some}")
        return lines


def build_of_posters(folder: Path, warehouse: Path, names: Path | None, progress: Progress) -> PostersReport:
    """Build a warehouse of the images in ``folder``, which may be a zipped one, with the titles that ``names`` tells.

    Without ``names``, or for images that it leaves out, a title is called as its file is. Raises SourceError when there
    are no images, or a row of ``names`` is not as expected.
    """
    images = _images_in(folder)
    if not images:
        raise SourceError(f"{folder}: expected images ({', '.join(FORMATS)}), found none. Check the path.")
    named = {} if names is None else {poster.file: poster for poster in _posters_in(names)}
    unnamed = [image for image in images if image not in named]
    posters = [*named.values(), *(_Poster(image, PurePosixPath(image).stem) for image in unnamed)]
    is_zipped = folder.is_file()
    with TemporaryDirectory(prefix="marquee-") as source:
        _write_source(Path(source), posters, f"{folder.name}/" if is_zipped else "")
        covers = folder.parent if is_zipped else folder
        summary = build_warehouse(Path(source), warehouse, covers_folder=covers, progress=progress)
    return PostersReport(summary, len(images), tuple(unnamed) if names else ())


@dataclass(frozen=True, slots=True)
class _Poster:
    """One row of the CSV: an image, and the title it was made for."""

    file: str
    name: str
    title_id: str = ""
    kind: str = "film"
    genres: tuple[str, ...] = ()
    released_on: date | None = None
    country: str | None = None
    original: bool | None = None

    @property
    def title(self) -> str:
        """The title's id; posters of one id are variants of each other."""
        return self.title_id or self.file


def _images_in(folder: Path) -> list[str]:
    """Return the images below a folder or in a zipped one, by their paths in it."""
    extensions = {extension for extension, form in Image.registered_extensions().items() if form in FORMATS}
    if folder.is_dir():
        paths: Iterable[PurePosixPath] = (
            PurePosixPath(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file()
        )
    elif zipfile.is_zipfile(folder):
        with zipfile.ZipFile(folder) as archive:
            paths = [PurePosixPath(name) for name in archive.namelist()]
    else:
        raise SourceError(f"{folder}: expected a folder of images or a zipped one, found neither. Check the path.")
    return sorted(
        str(path)
        for path in paths
        if path.suffix.lower() in extensions and not any(part.startswith((".", "__MACOSX")) for part in path.parts)
    )


def _posters_in(names: Path) -> Iterator[_Poster]:
    """Read the CSV of names; raises SourceError with the line and column of what is not as expected."""
    try:
        text = names.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SourceError(f"{names}: cannot be read ({error.strerror}). Check the path.") from None
    except UnicodeDecodeError:
        raise SourceError(f"{names}: cannot be read: it is not UTF-8 text. Save the file as UTF-8.") from None
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
    found = rows.fieldnames or ()
    unknown, lacking = [name for name in found if name not in COLUMNS], [n for n in _REQUIRED if n not in found]
    if unknown or lacking:
        raise SourceError(
            f"{names}: line 1: expected the columns {', '.join(_REQUIRED)} and, if you like, "
            f"{', '.join(COLUMNS[len(_REQUIRED) :])}; found {', '.join(found) or 'none'}. Mend the first line."
        )
    seen: dict[str, int] = {}
    for row in rows:
        place = f"{names}: line {rows.line_num}"
        if None in row:
            raise SourceError(
                f"{place}: expected {len(found)} values, found more. Put quotes around commas in a value."
            )
        poster = _poster(place, {column: value.strip() for column, value in row.items()})
        if poster.file in seen:
            raise SourceError(f"{place}: file: '{poster.file}' stands in line {seen[poster.file]} already. Remove one.")
        seen[poster.file] = rows.line_num
        yield poster


def _poster(place: str, row: dict[str, str]) -> _Poster:
    for column in _REQUIRED:
        if not row[column]:
            raise SourceError(f"{place}: {column}: expected a text, found nothing. Fill it, or remove the line.")
    kind = row.get("kind") or "film"
    if kind not in KINDS:
        raise SourceError(f"{place}: kind: expected one of {', '.join(KINDS)}, found '{kind}'.")
    truth = row.get("original", "").lower()
    if truth not in _TRUTHS:
        raise SourceError(f"{place}: original: expected true or false, found '{truth}'.")
    return _Poster(
        row["file"],
        row["name"],
        row.get("title_id", ""),
        kind,
        tuple(dict.fromkeys(filter(None, map(str.strip, re.split("[;,|]", row.get("genres", "")))))),
        _day(place, row.get("released_on", "")),
        _country(place, row.get("country", "")),
        _TRUTHS[truth],
    )


def _day(place: str, text: str) -> date | None:
    """Read a day or a year, which counts as its first day."""
    if not text:
        return None
    try:
        return date(int(text), 1, 1) if _YEAR.fullmatch(text) else date.fromisoformat(text)
    except ValueError:
        raise SourceError(f"{place}: released_on: expected YYYY-MM-DD or a year, found '{text}'.") from None


def _country(place: str, text: str) -> str | None:
    expected = ValueType.COUNTRY
    if text and not re.fullmatch(expected.pattern or "", text):
        raise SourceError(f"{place}: country: expected {expected.expected}, found '{text}'.")
    return text or None


def _write_source(source: Path, posters: Iterable[_Poster], prefix: str) -> None:
    titles: dict[str, dict[str, Any]] = {}
    tags, artworks = [], []
    for poster in posters:
        # A series is known by its episodes: here by one that is called like it.
        of_series = {"series_id": poster.title, "series_name": poster.name} if poster.kind == "series" else {}
        owner = {"series_id" if of_series else "title_id": poster.title}
        if poster.title not in titles:
            titles[poster.title] = {
                "title_id": poster.title,
                "name": poster.name,
                "kind": "episode" if of_series else poster.kind,
                "released_on": poster.released_on,
                "country": poster.country,
                "original": poster.original,
                **of_series,
            }
            tags += [{**owner, "tag": genre, "tag_kind": "genre"} for genre in poster.genres]
        variant = PurePosixPath(poster.file).stem
        artworks.append({"artwork_id": poster.file, **owner, "path": f"{prefix}{poster.file}", "variant": variant})
    for name, rows in (("titles", [*titles.values()]), ("title_tags", tags), ("artworks", artworks)):
        if rows:
            columns = [column for column in CONTRACT[name] if any(column.name in row for row in rows)]
            schema = pa.schema([(column.name, _ARROW_TYPES.get(column.type, pa.string())) for column in columns])
            pq.write_table(pa.Table.from_pylist(rows, schema=schema), source / f"{name}.parquet")
