"""Makes a small image of each cover, or says why there is none."""

import hashlib
import os
import struct
import warnings
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from definitions.artwork_tables import (
    ANIMATED,
    ARTWORK_IMAGES,
    BROKEN,
    NO_FILE,
    NO_IMAGE,
    OUTSIDE,
    THUMBNAIL_MAX_HEIGHT_PX,
    THUMBNAIL_MAX_WIDTH_PX,
    THUMBNAILS_FOLDER,
    TOO_LARGE,
    UNREADABLE,
    thumbnail_name,
)
from definitions.contract import ValueType
from pipeline.build.previous import PreviousBuild
from pipeline.build.tables import publish_table
from pipeline.progress import Progress

# Others that Pillow reads start programs, or are not on the web.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MAX_FILE_BYTES = 100_000_000
WEBP_QUALITY = 80
# What one takes on disk, all in all; of 600 × 900 pixels it is less.
TYPICAL_BYTES = 20_000
BOX_PX = (THUMBNAIL_MAX_WIDTH_PX, THUMBNAIL_MAX_HEIGHT_PX)
_QUARTER_TURNED = 5
_SRGB = ImageCms.createProfile("sRGB")
# What Pillow raises where an image is not what its beginning says.
_BROKEN_IMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)


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


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small image as WebP, its size, and that of the image it was made of, both as they are shown."""

    webp: bytes
    width_px: int
    height_px: int
    thumbnail_width_px: int
    thumbnail_height_px: int


class UnfitImageError(Exception):
    """An image that no thumbnail is made of; the message is one of COVER_PROBLEMS."""


def make_thumbnails(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    folder: Path,
    previous: PreviousBuild | None,
    progress: Progress,
) -> None:
    """Publish ``artwork_images`` for the covers of ``source.artworks``, and write their thumbnails to ``folder``.

    Those of images that have not changed are taken over from the build before.
    """
    covers = connection.execute("select artwork_id, path from source.artworks").fetchall()
    (folder / THUMBNAILS_FOLDER).mkdir()
    before = _images_before(previous)
    look = _Look(source.resolve(), folder, previous, before, {image.image_hash: image for image in before.values()})
    found: dict[str, CoverImage] = {}
    paths = sorted({path for _, path in covers})
    # Pillow lets go of Python's lock while it decodes and encodes, so threads keep all cores busy.
    with warnings.catch_warnings(), ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        for image in pool.map(look, paths):
            found[image.path] = image
            progress.done(1)
    rows = pa.Table.from_pylist(
        [{"artwork_id": artwork_id, **asdict(found[path])} for artwork_id, path in covers],
        schema=pa.schema(
            [
                (column.name, pa.int64() if column.type is ValueType.INTEGER else pa.string())
                for column in ARTWORK_IMAGES
            ]
        ),
    )
    connection.register("artwork_images_found", rows)
    publish_table(connection, folder, ARTWORK_IMAGES.name, "artwork_images_found")
    connection.unregister("artwork_images_found")


def remark_on_covers(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Say of how many covers there is no thumbnail, and why of one; None where each has one."""
    rows = connection.execute(
        "select count(*), count(problem), min(problem || ': ' || path) from published.artwork_images"
    ).fetchall()
    covers, without, example = rows[0]
    return f"artworks: {without:,} of {covers:,} images cannot be shown, such as {example}." if without else None


def thumbnail_of(content: bytes) -> Thumbnail:
    """Make a thumbnail of an image file's bytes: turned as it is shown, in sRGB; transparency stays.

    Raises UnfitImageError.
    """
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            return _thumbnail_of(image)
    except UnidentifiedImageError:
        raise UnfitImageError(NO_IMAGE) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnfitImageError(TOO_LARGE) from None
    except _BROKEN_IMAGE as error:
        raise UnfitImageError(BROKEN) from error


@dataclass(frozen=True, slots=True)
class _Look:
    """Looks at one path of the source after another, and writes or takes over the thumbnail."""

    source: Path
    folder: Path
    previous: PreviousBuild | None
    images_before: Mapping[str, CoverImage]
    images_by_hash: Mapping[str | None, CoverImage]

    def __call__(self, path: str) -> CoverImage:
        file = self._file(path)
        if isinstance(file, str):
            return CoverImage(path, problem=file)
        try:
            told = file.stat()
        except OSError:
            return CoverImage(path, problem=UNREADABLE)
        before = self.images_before.get(path)
        if before and (before.size_bytes, before.changed_ns) == (told.st_size, told.st_mtime_ns):
            # What was wrong still is; only what ought to be read and was not is tried again.
            still_wrong = before.problem is not None and before.problem != UNREADABLE
            if still_wrong or self._take_over(before.image_hash):
                return before
        image = CoverImage(path, told.st_size, told.st_mtime_ns)
        if told.st_size > MAX_FILE_BYTES:
            return replace(image, problem=TOO_LARGE)
        try:
            content = file.read_bytes()
        except OSError:
            return replace(image, problem=UNREADABLE)
        try:
            return self._written(image, content)
        except UnfitImageError as error:
            return replace(image, problem=str(error))

    def _file(self, path: str) -> Path | str:
        """Return the file that a path of the source names, or what is wrong with it."""
        try:
            file = (self.source / path).resolve()
            # Links are followed before it is told where the file is.
            if not file.is_relative_to(self.source):
                return OUTSIDE
            return file if file.is_file() else NO_FILE
        except (OSError, ValueError, RuntimeError):  # a name that no disk has, or links in a circle
            return NO_FILE

    def _take_over(self, image_hash: str | None) -> bool:
        path = Path(THUMBNAILS_FOLDER, thumbnail_name(image_hash or ""))
        # Several covers may be one image.
        return (self.folder / path).exists() or (
            self.previous is not None and self.previous.link_file(self.folder, path)
        )

    def _written(self, image: CoverImage, content: bytes) -> CoverImage:
        image_hash = hashlib.sha256(content).hexdigest()
        same = self.images_by_hash.get(image_hash)
        if same and self._take_over(image_hash):
            return replace(same, path=image.path, size_bytes=image.size_bytes, changed_ns=image.changed_ns)
        made = thumbnail_of(content)
        (self.folder / THUMBNAILS_FOLDER / thumbnail_name(image_hash)).write_bytes(made.webp)
        return CoverImage(
            image.path,
            image.size_bytes,
            image.changed_ns,
            image_hash,
            made.width_px,
            made.height_px,
            made.thumbnail_width_px,
            made.thumbnail_height_px,
        )


def _images_before(previous: PreviousBuild | None) -> dict[str, CoverImage]:
    if previous is None:
        return {}
    names = [column.name for column in ARTWORK_IMAGES if column.name != "artwork_id"]
    rows: Iterable[tuple[Any, ...]] = previous.connection.execute(
        f"select distinct {', '.join(names)} from previous.artwork_images"
    ).fetchall()
    return {row[0]: CoverImage(**dict(zip(names, row, strict=True))) for row in rows}


def _thumbnail_of(image: Image.Image) -> Thumbnail:
    # A photograph may hold several views of it (MPO), of which the first is meant.
    if getattr(image, "is_animated", False) and image.format != "MPO":
        raise UnfitImageError(ANIMATED)
    width_px, height_px = image.size
    if image.getexif().get(ExifTags.Base.Orientation, 1) >= _QUARTER_TURNED:
        width_px, height_px = height_px, width_px
    # Of a JPEG, no more is decoded than is needed.
    image.draft(None, (2 * max(BOX_PX), 2 * max(BOX_PX)))
    ImageOps.exif_transpose(image, in_place=True)
    small = _in_full_colour(image)
    small.thumbnail(BOX_PX)
    small = _in_srgb(small, image.info.get("icc_profile"))
    written = BytesIO()
    small.save(written, "WEBP", quality=WEBP_QUALITY)
    return Thumbnail(written.getvalue(), width_px, height_px, *small.size)


def _in_full_colour(image: Image.Image) -> Image.Image:
    """Return the image without palette and with 8 bits a channel; its colours' profile still holds."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the image in the colours of screens; a profile that is broken or of other channels is left out."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        try:
            told = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, told, _SRGB, outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            return image.convert(mode)
        if converted is not None:
            return converted
    return image.convert(mode)
