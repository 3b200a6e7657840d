"""The thumbnails of covers, by the hash of the image."""

from definitions.artwork_tables import THUMBNAILS_FOLDER, thumbnail_name
from queries.db import Build, Warehouse, WarehouseError
from queries.run import select

KNOWN_HASH = "select image_hash from cubes.artwork_images where image_hash = $image_hash limit 1"


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
    known = select(KNOWN_HASH, build, {"image_hash": image_hash}, name="thumbnail").column(0).to_pylist()
    # What is asked for is looked up; the name of the file is what the build's own table says.
    files = [build.folder / THUMBNAILS_FOLDER / thumbnail_name(name) for name in known]
    return next((file.read_bytes() for file in files if file.is_file()), None)
