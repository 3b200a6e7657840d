"""Thumbnails of covers: images of every mode, what is refused and why, and what the next build takes over."""

import hashlib
import struct
import zlib
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw

import pipeline.build.cover_files
import pipeline.build.covers
from definitions.artwork_tables import (
    ANIMATED,
    BROKEN,
    COVER_PROBLEMS,
    NO_FILE,
    NO_IMAGE,
    OUTSIDE,
    THUMBNAILS_FOLDER,
    TOO_LARGE,
    thumbnail_name,
)
from definitions.colours.images import open_cover
from pipeline.build.build import BuildSummary, build_warehouse
from pipeline.build.thumbnails import thumbnail_of
from tests.pipeline.builds import assert_equal
from tests.sources import Row, read_source, write_source

LOSSY = 12
RED, BLUE = (200, 30, 40), (20, 40, 180)
FILM: Row = {"title_id": "film", "name": "The Salt Year", "kind": "film"}
PLAY: Row = {
    "play_id": "p",
    "account_id": "ann",
    "title_id": "film",
    "started_at": datetime(2026, 3, 2, 12),
    "watch_ms": 600_000,
}


def halves(width: int = 60, height: int = 90) -> Image.Image:
    """Return an image whose upper half is red and whose lower half is blue."""
    image = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(image).rectangle((0, height // 2, width, height), fill=BLUE)
    return image


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    written = BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def shown(content: bytes) -> Image.Image:
    return Image.open(BytesIO(thumbnail_of(open_cover(content)).webp))


def is_near(found: Any, expected: tuple[int, ...], within: int = LOSSY) -> bool:
    return all(abs(a - b) <= within for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    "content",
    [
        saved(halves(), "JPEG", quality=95),
        saved(halves(), "PNG"),
        saved(halves(), "WEBP", lossless=True),
        saved(halves(), "AVIF", quality=95),
        saved(halves(), "GIF"),
        saved(halves().quantize(4), "PNG"),
        saved(halves().convert("CMYK"), "JPEG", quality=95),
    ],
    ids=["jpeg", "png", "webp", "avif", "gif", "palette", "cmyk"],
)
def test_a_thumbnail_shows_what_the_image_shows(content: bytes) -> None:
    made = thumbnail_of(open_cover(content))
    assert (made.width_px, made.height_px) == (60, 90)
    image = shown(content)
    assert (image.format, image.mode, image.size) == ("WEBP", "RGB", (60, 90))
    # The formats subsample colours, so not at the edge.
    assert is_near(image.getpixel((30, 20)), RED)
    assert is_near(image.getpixel((30, 70)), BLUE)


@pytest.mark.parametrize(
    ("image", "level"),
    [
        (Image.new("1", (4, 4), 1), 255),
        (Image.new("L", (4, 4), 90), 90),
        # Of 16 bits, the upper 8 count.
        (Image.new("I;16", (4, 4), 90 * 256 + 7), 90),
    ],
    ids=["black and white", "grey", "16 bits"],
)
def test_grey_images_stay_grey(image: Image.Image, level: int) -> None:
    assert is_near(shown(saved(image, "PNG")).getpixel((2, 2)), (level, level, level), within=2)


def test_what_is_transparent_stays_so() -> None:
    see_through = Image.new("RGBA", (8, 8), (*RED, 0))
    see_through.paste((*RED, 255), (4, 0, 8, 8))
    for image, options in (
        (see_through, {}),
        (see_through.convert("LA"), {}),
        (see_through.quantize(8), {}),
        (halves(8, 8), {"transparency": BLUE}),
    ):
        found = shown(saved(image, "PNG", **options))
        assert found.mode == "RGBA"
        assert set(found.getchannel("A").get_flattened_data()) == {0, 255}


@pytest.mark.parametrize(("orientation", "turn"), [(3, 180), (6, 90), (8, 270)])
def test_photographs_are_turned_as_their_camera_says(orientation: int, turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    # As the camera held it; the tag says how to turn it back.
    content = saved(halves().rotate(turn, expand=True), "JPEG", exif=exif, quality=95)
    assert open_cover(content).size == (60, 90)
    image = shown(content)
    assert image.size == (60, 90)
    assert is_near(image.getpixel((30, 20)), RED)
    assert is_near(image.getpixel((30, 70)), BLUE)


def test_colours_of_a_profile_become_those_of_screens() -> None:
    told = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    # In sRGB it stays as it is; a profile of other channels, or none at all, is left out.
    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (own, told.tobytes(), b"no profile"):
        assert is_near(shown(saved(halves(), "PNG", icc_profile=profile)).getpixel((30, 20)), RED)


def test_large_images_are_made_small_and_small_ones_are_not_made_large() -> None:
    assert shown(saved(halves(1000, 1500), "JPEG")).size == (300, 450)
    assert shown(saved(halves(1600, 900), "PNG")).size == (300, 169)
    assert shown(saved(halves(100, 3000), "PNG")).size == (20, 600)
    assert shown(saved(halves(10, 15), "PNG")).size == (10, 15)


def header_alone(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says it is large."""
    fields = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = b"IDAT" + zlib.compress(bytes(100))
    parts = [struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (fields, pixels)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def animated() -> bytes:
    frames = [Image.new("RGB", (9, 9), colour) for colour in (RED, BLUE)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


BAD = {
    "art/cut.jpg": (saved(halves(), "JPEG")[:-200], BROKEN),
    "art/cut.png": (saved(halves(), "PNG")[:60], BROKEN),
    "art/noise.webp": (b"RIFF\x30\0\0\0WEBPVP8 " + bytes(range(40)), BROKEN),
    "art/text.jpg": (b"not an image at all", NO_IMAGE),
    "art/empty.jpg": (b"", NO_IMAGE),
    "art/program.eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", NO_IMAGE),
    "art/moving.gif": (animated(), ANIMATED),
    "art/heavy.jpg": (saved(halves(), "JPEG") + bytes(5_000), TOO_LARGE),
    # More than Image.MAX_IMAGE_PIXELS, and more than twice that.
    "art/large.png": (header_alone(10_000, 10_000), TOO_LARGE),
    "art/bomb.png": (header_alone(60_000, 60_000), TOO_LARGE),
}


def source_with(folder: Path, files: dict[str, bytes], paths: list[str], **more: list[Row]) -> Path:
    artworks: list[Row] = [
        {"artwork_id": f"a{number}", "title_id": "film", "path": path} for number, path in enumerate(paths)
    ]
    write_source(folder, {"titles": [FILM], "plays": [PLAY], "artworks": artworks, **more})
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def found_in(summary: BuildSummary) -> dict[str, dict[str, Any]]:
    return {row["path"]: row for row in read_source(summary.folder, "artwork_images")}


def thumbnails_in(summary: BuildSummary) -> dict[str, int]:
    """Return the thumbnails of a build by name, each with what tells it from a copy."""
    return {file.name: file.stat().st_ino for file in (summary.folder / THUMBNAILS_FOLDER).iterdir()}


def test_what_is_wrong_with_an_image_is_told_and_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.build.cover_files, "MAX_FILE_BYTES", 5_000)
    (tmp_path / "secret.png").write_bytes(saved(halves(), "PNG"))
    content = saved(halves(), "PNG")
    files = {path: content for path, (content, _) in BAD.items()} | {"art/good.png": content, "art/same.png": content}
    strange = {
        "../secret.png": OUTSIDE,
        str(tmp_path / "secret.png"): OUTSIDE,
        "art/link.png": OUTSIDE,
        "art/../../secret.png": OUTSIDE,
        "art/circle.png": NO_FILE,
        "art": NO_FILE,
        "art/nothing.png": NO_FILE,
        "x" * 300: NO_FILE,
    }
    source = source_with(tmp_path / "source", files, [*files, *strange])
    (source / "art/link.png").symlink_to(tmp_path / "secret.png")
    (source / "art/circle.png").symlink_to("circle.png")
    summary = build_warehouse(source, tmp_path / "warehouse")
    found = found_in(summary)
    assert {path: row["problem"] for path, row in found.items()} == {
        **{path: problem for path, (_, problem) in BAD.items()},
        **strange,
        "art/good.png": None,
        "art/same.png": None,
    }
    assert {row["problem"] for row in found.values() if row["problem"]} < set(COVER_PROBLEMS)
    # Two paths with the same image have one thumbnail between them; nothing is there for the others.
    image_hash = hashlib.sha256(content).hexdigest()
    assert {row["image_hash"] for row in found.values()} == {None, image_hash}
    assert list(thumbnails_in(summary)) == [thumbnail_name(image_hash)]
    good = found["art/good.png"]
    assert (good["width_px"], good["height_px"], good["thumbnail_width_px"], good["thumbnail_height_px"]) == (
        60, 90, 60, 90,
    )  # fmt: skip
    assert good["size_bytes"] == len(content)
    # Every row of artworks is kept: what is shown of it is another matter. Where covers lie is no unknown folder.
    assert summary.loaded.counts["artworks"].kept == len(files) + len(strange)
    told = f"artworks: {len(BAD) + len(strange)} of {len(files) + len(strange)} images cannot be shown, such as "
    assert [remark for remark in summary.loaded.remarks if remark.startswith(told)] == summary.loaded.remarks


def test_the_next_build_reads_no_image_that_has_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third, fourth = (saved(halves(width, 90), "PNG") for width in (60, 61, 62, 63))
    paths = ["a.png", "b.png", "c.png", "d.png", "e.png", "text.png"]
    files = {"a.png": first, "b.png": second, "e.png": fourth, "text.png": b"none"}
    source = source_with(tmp_path / "source", files, paths)
    before = build_warehouse(source, tmp_path / "warehouse")
    assert [found_in(before)[path]["problem"] for path in paths] == [None, None, NO_FILE, NO_FILE, None, NO_IMAGE]
    # The thumbnail of e is lost. b changes, c comes, d is another name of what a is.
    (before.folder / THUMBNAILS_FOLDER / thumbnail_name(hashlib.sha256(fourth).hexdigest())).unlink()
    for path, content in {"b.png": third, "c.png": second, "d.png": first}.items():
        (source / path).write_bytes(content)
    made, read = watched(monkeypatch)
    after = build_warehouse(source, tmp_path / "warehouse")
    assert (set(made), len(made)) == ({third, fourth}, 2)
    assert sorted(read) == ["b.png", "c.png", "d.png", "e.png"]
    full = build_warehouse(source, tmp_path / "other")
    assert_equal(after, full)
    names = {content: thumbnail_name(hashlib.sha256(content).hexdigest()) for content in (first, second, third, fourth)}
    old, new = thumbnails_in(before), thumbnails_in(after)
    assert set(old) == {names[first], names[second]}
    assert set(new) == set(names.values()) == set(thumbnails_in(full))
    # What is taken over is the same file, not another of the same content.
    assert {name for name in new if new[name] == old.get(name)} == {names[first], names[second]}


def watched(monkeypatch: pytest.MonkeyPatch) -> tuple[list[bytes], list[str]]:
    """Return lists that grow: by the content of each image that is made small, and by the name of each that is read."""
    made: list[bytes] = []
    read: list[str] = []
    read_bytes = Path.read_bytes

    def opened(content: bytes) -> Image.Image:
        made.append(content)
        return open_cover(content)

    def read_image(file: Path) -> bytes:
        if file.suffix == ".png":
            read.append(file.name)
        return read_bytes(file)

    monkeypatch.setattr(pipeline.build.covers, "open_cover", opened)
    monkeypatch.setattr(Path, "read_bytes", read_image)
    return made, read


def test_a_title_is_shown_by_the_cover_that_came_last(tmp_path: Path) -> None:
    titles: list[Row] = [
        FILM,
        {"title_id": "e1", "name": "Pilot", "kind": "episode", "series_id": "s", "series_name": "Salt"},
        {"title_id": "e2", "name": "Second", "kind": "episode", "series_id": "s", "series_name": "Salt"},
        {"title_id": "bare", "name": "Bare", "kind": "film"},
    ]
    covers = [
        # The data end on 2 March at noon.
        ("f-first", "film", None, None, None),
        ("f-last", "film", None, 1, None),
        ("f-ended", "film", None, 2, 2),
        ("f-later", "film", None, 3, None),
        ("f-broken", "film", None, 2, None),
        ("s-old", None, "s", None, None),
        ("s-also-old", None, "s", None, None),
        ("e2-own", "e2", "s", None, None),
        ("bare-later", "bare", None, 5, None),
    ]
    contents = {name: saved(halves(20 + number, 30), "PNG") for number, (name, *_) in enumerate(covers)}
    contents["f-broken"] = b""
    artworks: list[Row] = [
        {
            "artwork_id": name,
            "title_id": title_id,
            "series_id": series_id,
            "path": f"art/{name}.png",
            "live_from": live_from and datetime(2026, 3, live_from),
            "live_to": live_to and datetime(2026, 3, live_to),
        }
        for name, title_id, series_id, live_from, live_to in covers
    ]
    files = {f"art/{name}.png": content for name, content in contents.items()}
    source = source_with(tmp_path / "source", files, [], titles=titles, artworks=artworks)
    summary = build_warehouse(source, tmp_path / "warehouse")
    name_of = {hashlib.sha256(content).hexdigest(): name for name, content in contents.items()}
    posters = {row["title_id"]: name_of.get(row["poster_hash"]) for row in read_source(summary.folder, "titles")}
    # A cover that is not live yet is better than none.
    assert posters == {"film": "f-last", "e1": "s-also-old", "e2": "e2-own", "bare": "bare-later"}
    of_shows = {row["show_id"]: name_of.get(row["poster_hash"]) for row in read_source(summary.folder, "shows")}
    assert of_shows == {"title film": "f-last", "series s": "s-also-old", "title bare": "bare-later"}
