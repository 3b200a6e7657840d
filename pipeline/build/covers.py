"""Looks at each cover: makes its thumbnail, measures its colours, or says why it cannot."""

import hashlib
import os
import warnings
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from PIL import Image

from definitions.artwork_tables import ARTWORK_IMAGES, THUMBNAILS_FOLDER, UNREADABLE, thumbnail_name
from definitions.colour_tables import COLOUR_BINS, IMAGE_BINS, IMAGE_COLOURS
from definitions.colours.bins import BIN_LAB, BIN_RGB, FAMILY_OF_BIN
from definitions.colours.covers import CoverColours, colours_of
from definitions.colours.families import BINS
from definitions.colours.images import UnfitImageError, open_cover
from definitions.contract import Table, ValueType
from pipeline.build.cover_files import CoverFile, CoverFiles, UnfoundCoverError
from pipeline.build.cover_map import places_of
from pipeline.build.previous import PreviousBuild
from pipeline.build.tables import publish_table
from pipeline.build.thumbnails import thumbnail_of
from pipeline.progress import Progress


@dataclass(frozen=True, slots=True)
class CoverImage:
    """What was found at one path of the source: the columns of ``artwork_images`` but for the cover's id."""

    path: str
    size_bytes: int | None = None
    changed_ns: int | None = None
    image_hash: str | None = None
    width_px: int | None = None
    height_px: int | None = None
    thumbnail_width_px: int | None = None
    thumbnail_height_px: int | None = None
    problem: str | None = None


def look_at_covers(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    folder: Path,
    previous: PreviousBuild | None,
    progress: Progress,
) -> None:
    """Publish what the covers of ``source.artworks`` look like, and write their thumbnails to ``folder``.

    The tables are ``artwork_images`` and those of colours. What holds of images that have not changed is taken over
    from the build before.
    """
    covers = connection.execute("select artwork_id, path from source.artworks").fetchall()
    (folder / THUMBNAILS_FOLDER).mkdir()
    before = _images_before(previous)
    measured: dict[str, CoverColours | None] = {}
    found: dict[str, CoverImage] = {}
    paths = sorted({path for _, path in covers})
    with closing(CoverFiles(source)) as files, warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        by_hash = {image.image_hash: image for image in before.values()}
        look = _Look(files, folder, previous, before, by_hash, measured)
        # Pillow lets go of Python's lock while it decodes and encodes, so threads keep all cores busy.
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            for image in pool.map(look, paths):
                found[image.path] = image
                progress.done(1)
    images = [{"artwork_id": artwork_id, **asdict(found[path])} for artwork_id, path in covers]
    _publish(connection, folder, ARTWORK_IMAGES, images)
    _publish_colours(connection, folder, measured, has_previous=previous is not None)


def remark_on_covers(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Say of how many covers there is no thumbnail, and why of one; None where each has one."""
    rows = connection.execute(
        "select count(*), count(problem), min(problem || ': ' || path) from published.artwork_images"
    ).fetchall()
    covers, without, example = rows[0]
    return f"artworks: {without:,} of {covers:,} images cannot be shown, such as {example}." if without else None


@dataclass(frozen=True, slots=True)
class _Look:
    """Looks at one path of the source after another: writes the thumbnail and measures, or takes both over.

    ``measured`` is filled by the images' hashes; None where nothing of an image is opaque.
    """

    files: CoverFiles
    folder: Path
    previous: PreviousBuild | None
    images_before: Mapping[str, CoverImage]
    images_by_hash: Mapping[str | None, CoverImage]
    measured: dict[str, CoverColours | None]

    def __call__(self, path: str) -> CoverImage:
        try:
            file = self.files.find(path)
        except UnfoundCoverError as error:
            return CoverImage(path, problem=str(error))
        before = self.images_before.get(path)
        if before and (before.size_bytes, before.changed_ns) == (file.size_bytes, file.changed_ns):
            # What was wrong still is; only what ought to be read and was not is tried again.
            still_wrong = before.problem is not None and before.problem != UNREADABLE
            if still_wrong or self._take_over(before.image_hash):
                return before
        image = CoverImage(path, file.size_bytes, file.changed_ns)
        try:
            return self._measured(image, file)
        except (UnfoundCoverError, UnfitImageError) as error:
            return replace(image, problem=str(error))

    def _take_over(self, image_hash: str | None) -> bool:
        path = Path(THUMBNAILS_FOLDER, thumbnail_name(image_hash or ""))
        # Several covers may be one image.
        return (self.folder / path).exists() or (
            self.previous is not None and self.previous.link_file(self.folder, path)
        )

    def _measured(self, image: CoverImage, file: CoverFile) -> CoverImage:
        content = file.content()
        image_hash = hashlib.sha256(content).hexdigest()
        same = self.images_by_hash.get(image_hash)
        if same and self._take_over(image_hash):
            return replace(same, path=image.path, size_bytes=image.size_bytes, changed_ns=image.changed_ns)
        cover = open_cover(content)
        thumbnail = thumbnail_of(cover)
        self.measured[image_hash] = colours_of(cover)
        (self.folder / THUMBNAILS_FOLDER / thumbnail_name(image_hash)).write_bytes(thumbnail.webp)
        return replace(
            image,
            image_hash=image_hash,
            width_px=cover.width,
            height_px=cover.height,
            thumbnail_width_px=thumbnail.width_px,
            thumbnail_height_px=thumbnail.height_px,
        )


def _images_before(previous: PreviousBuild | None) -> dict[str, CoverImage]:
    if previous is None:
        return {}
    names = [column.name for column in ARTWORK_IMAGES if column.name != "artwork_id"]
    rows: Iterable[tuple[Any, ...]] = previous.connection.execute(
        f"select distinct {', '.join(names)} from previous.artwork_images"
    ).fetchall()
    return {row[0]: CoverImage(**dict(zip(names, row, strict=True))) for row in rows}


def _publish_colours(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    measured: Mapping[str, CoverColours | None],
    *,
    has_previous: bool,
) -> None:
    """Publish the tables of colours: what was ``measured``, and what the build before holds of the other images."""
    of_images = {image_hash: colours for image_hash, colours in measured.items() if colours is not None}
    for table, rows in (
        (IMAGE_BINS, [row for name, colours in of_images.items() for row in _bin_rows(name, colours)]),
        (IMAGE_COLOURS, [_colour_row(name, colours) for name, colours in of_images.items()]),
    ):
        connection.register(f"measured_{table.name}", _arrow(table, rows))
    # What is seen nowhere any more, or was measured anew, is left out.
    taken_over = (
        "where image_hash in (select image_hash from published.artwork_images) and image_hash not in (from measured)"
    )
    connection.register("measured", pa.table({"image_hash": pa.array(list(measured), pa.string())}))
    before = (
        {
            table.name: f"union all by name select * from previous.{table.name} {taken_over}"
            for table in (IMAGE_BINS, IMAGE_COLOURS)
        }
        if has_previous
        else {IMAGE_BINS.name: "", IMAGE_COLOURS.name: ""}
    )
    publish_table(connection, folder, IMAGE_BINS.name, f"(from measured_image_bins {before[IMAGE_BINS.name]})")
    connection.register("placed_images", _places(connection, has_previous=has_previous))
    publish_table(
        connection,
        folder,
        IMAGE_COLOURS.name,
        f"(select colours.* replace (placed.map_x as map_x, placed.map_y as map_y) from "
        f"(from measured_image_colours {before[IMAGE_COLOURS.name]}) as colours "
        "inner join placed_images as placed on colours.image_hash = placed.image_hash)",
    )
    for name in ("measured_image_bins", "measured_image_colours", "measured", "placed_images"):
        connection.unregister(name)
    _publish(connection, folder, COLOUR_BINS, _colour_bins())


def _places(connection: duckdb.DuckDBPyConnection, *, has_previous: bool) -> pa.Table:
    """Return where each image lies on the map: as before, if there are just the images that there were."""
    if has_previous:
        now, then = (f"select distinct image_hash from {schema}.image_bins" for schema in ("published", "previous"))
        if not connection.execute(f"from (({now} except {then}) union all ({then} except {now}))").fetchone():
            return connection.sql("select image_hash, map_x, map_y from previous.image_colours").to_arrow_table()
    bins = connection.execute(
        "select image_hash, dense_rank() over (order by image_hash) - 1 as row, bin, share from published.image_bins "
        "order by image_hash"
    ).fetchnumpy()
    hashes = np.unique(np.asarray(bins["image_hash"], dtype=object))
    vectors = np.zeros((len(hashes), BINS))
    vectors[bins["row"], bins["bin"]] = bins["share"]
    places = places_of(vectors)
    return pa.table(
        {
            "image_hash": pa.array(list(hashes), pa.string()),
            "map_x": pa.array(places[:, 0], pa.float64()),
            "map_y": pa.array(places[:, 1], pa.float64()),
        }
    )


def _bin_rows(image_hash: str, colours: CoverColours) -> list[dict[str, Any]]:
    ranks = {bin_number: rank for rank, bin_number in enumerate(colours.palette, start=1)}
    rows = []
    for bin_number in map(int, np.flatnonzero(colours.shares)):
        red, green, blue = map(int, colours.bin_rgb[bin_number])
        rows.append(
            {
                "image_hash": image_hash,
                "bin": bin_number,
                "share": float(colours.shares[bin_number]),
                "red": red,
                "green": green,
                "blue": blue,
                "palette_rank": ranks.get(bin_number),
            }
        )
    return rows


def _colour_row(image_hash: str, colours: CoverColours) -> dict[str, Any]:
    return {"image_hash": image_hash, **asdict(colours.features), "colour_family": colours.family}


def _colour_bins() -> list[dict[str, Any]]:
    return [
        {
            "bin": bin_number,
            **dict(zip(("red", "green", "blue"), map(int, BIN_RGB[bin_number]), strict=True)),
            "colour_family": FAMILY_OF_BIN[bin_number],
            **dict(zip(("lightness", "lab_a", "lab_b"), map(float, BIN_LAB[bin_number]), strict=True)),
        }
        for bin_number in range(BINS)
    ]


def _publish(connection: duckdb.DuckDBPyConnection, folder: Path, table: Table, rows: list[dict[str, Any]]) -> None:
    connection.register("rows_found", _arrow(table, rows))
    publish_table(connection, folder, table.name, "rows_found")
    connection.unregister("rows_found")


def _arrow(table: Table, rows: list[dict[str, Any]]) -> pa.Table:
    types = {ValueType.INTEGER: pa.int64(), ValueType.REAL: pa.float64()}
    return pa.Table.from_pylist(
        rows, schema=pa.schema([(column.name, types.get(column.type, pa.string())) for column in table])
    )
