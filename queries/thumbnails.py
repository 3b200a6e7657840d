"""The thumbnails of covers, by the hash of the image."""

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from definitions.artwork_tables import THUMBNAILS_FOLDER, thumbnail_name
from queries.db import Build, Warehouse, WarehouseError
from queries.run import select

HASHES = "select distinct image_hash from cubes.artwork_images where image_hash is not null"


def thumbnail(image_hash: str, warehouse: Warehouse) -> bytes | None:
    """Return a thumbnail as WebP from the current build, or else another that is kept; None where none has it.

    A page may still show an older build. The name tells the content, so what one build has is what any other would.
    Raises WarehouseError when there is no build, QueryError.
    """
    current = warehouse.current()
    found = _thumbnail_in(current, image_hash)
    for build_id in warehouse.kept_ids():
        if found is not None:
            break
        try:
            found = None if build_id == current.id else _thumbnail_in(warehouse.build(build_id), image_hash)
        except WarehouseError:
            continue  # made by an earlier version, or removed meanwhile
    return found


def _thumbnail_in(build: Build, image_hash: str) -> bytes | None:
    # What is asked for is looked up; the name of the file is what the build's own table says.
    name = _names_in(build).get(image_hash)
    file = build.folder / THUMBNAILS_FOLDER / (name or "")
    return file.read_bytes() if name and file.is_file() else None


def _names_in(build: Build) -> Mapping[str, str]:
    """Return the names of a build's thumbnails by hash, kept while it is open: a page asks for dozens at once."""
    if build not in _names:
        hashes = select(HASHES, build, name="thumbnails").column(0).to_pylist()
        _names[build] = {image_hash: thumbnail_name(image_hash) for image_hash in hashes}
    return _names[build]


_names: WeakKeyDictionary[Build, Mapping[str, str]] = WeakKeyDictionary()
