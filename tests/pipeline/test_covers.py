"""What a build says of the colours of covers, and of covers in zipped folders."""

import zipfile
from pathlib import Path

import pytest
from PIL import Image

from definitions.artwork_tables import NO_FILE, OUTSIDE, TOO_LARGE, UNREADABLE
from pipeline.build.build import build_warehouse
from pipeline.build.cover_files import CoverFiles, UnfoundCoverError
from tests.pipeline.builds import assert_equal
from tests.pipeline.test_thumbnails import found_in, halves, saved, source_with
from tests.sources import read_source


def zipped(file: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def test_a_build_holds_the_bins_and_features_of_each_image(tmp_path: Path) -> None:
    # Upper half (200, 30, 40): levels 4, 1, 1; lower half (20, 40, 180): levels 0, 1, 4.
    content = saved(halves(), "PNG")
    clear = saved(Image.new("RGBA", (4, 4), (9, 9, 9, 0)), "PNG")
    files = {"art/a.png": content, "art/same.png": content, "art/clear.png": clear}
    summary = build_warehouse(source_with(tmp_path / "source", files, [*files]), tmp_path / "warehouse")
    found = found_in(summary)
    image_hash = found["art/a.png"]["image_hash"]
    bins = {row["bin"]: row for row in read_source(summary.folder, "image_bins")}
    assert bins == {
        36 * 4 + 6 + 1: {
            "image_hash": image_hash, "bin": 151, "share": 0.5, "red": 200, "green": 30, "blue": 40, "palette_rank": 2,
        },
        6 + 4: {
            "image_hash": image_hash, "bin": 10, "share": 0.5, "red": 20, "green": 40, "blue": 180, "palette_rank": 1,
        },
    }  # fmt: skip
    (colours,) = read_source(summary.folder, "image_colours")
    assert colours["image_hash"] == image_hash
    # Of two families that cover as much, the first in their order.
    assert colours["colour_family"] == "red"
    assert (colours["warmth"], colours["map_x"], colours["map_y"]) == (0.5, 0, 0)
    # A cover that nothing can be seen of has a thumbnail, and no colours.
    assert found["art/clear.png"]["problem"] is None
    assert len(read_source(summary.folder, "colour_bins")) == 216
    assert read_source(summary.folder, "colour_bins")[151]["colour_family"] == "red"


def test_colours_of_images_that_stay_are_taken_over(tmp_path: Path) -> None:
    contents = [saved(halves(width, 30), "PNG") for width in (20, 21)]
    contents += [saved(Image.new("RGB", (8, 8), colour), "PNG") for colour in ("teal", "gold", "plum")]
    names = [f"{number}.png" for number in range(5)]
    files = dict(zip(names, contents, strict=True))
    source = source_with(tmp_path / "source", {name: files[name] for name in names[:4]}, names)
    build_warehouse(source, tmp_path / "warehouse")
    # One goes, one comes, one becomes what another was.
    (source / "1.png").unlink()
    (source / "4.png").write_bytes(files["4.png"])
    (source / "0.png").write_bytes(files["2.png"])
    after = build_warehouse(source, tmp_path / "warehouse")
    assert_equal(after, build_warehouse(source, tmp_path / "other"))
    assert len(read_source(after.folder, "image_colours")) == 3


def test_covers_in_a_zipped_folder_are_read_like_others(tmp_path: Path) -> None:
    content = saved(halves(), "PNG")
    source = source_with(tmp_path / "source", {}, ["art.zip/posters/a.png", "art.zip/none.png", "text.zip/a.png"])
    zipped(source / "art.zip", {"posters/a.png": content})
    (source / "text.zip").write_bytes(b"no archive")
    summary = build_warehouse(source, tmp_path / "warehouse")
    found = found_in(summary)
    assert {path: row["problem"] for path, row in found.items()} == {
        "art.zip/posters/a.png": None,
        "art.zip/none.png": NO_FILE,
        "text.zip/a.png": UNREADABLE,
    }
    assert found["art.zip/posters/a.png"]["size_bytes"] == len(content)
    assert len(read_source(summary.folder, "image_colours")) == 1
    assert not [remark for remark in summary.loaded.remarks if "art.zip" in remark and "cannot be shown" not in remark]


def test_what_is_wrong_with_an_archive_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zipped(tmp_path / "other.zip", {"a.png": b"secret"})
    folder = tmp_path / "source"
    folder.mkdir()
    archive = zipped(folder / "art.zip", {"a.png": b"12345", "large.png": b"0" * 11})
    (folder / "cut.zip").write_bytes(archive.read_bytes()[:40])
    files = CoverFiles(folder)
    assert files.find("art.zip/a.png").content() == b"12345"
    for path, problem in (
        ("art.zip/../../other.zip/a.png", OUTSIDE),
        ("../other.zip/a.png", OUTSIDE),
        ("none.zip/a.png", NO_FILE),
        ("art.zip", None),
        ("cut.zip/a.png", UNREADABLE),
    ):
        if problem is None:
            assert files.find(path).size_bytes == archive.stat().st_size
        else:
            with pytest.raises(UnfoundCoverError, match=problem):
                files.find(path)
    monkeypatch.setattr("pipeline.build.cover_files.MAX_FILE_BYTES", 10)
    with pytest.raises(UnfoundCoverError, match=TOO_LARGE):
        files.find("art.zip/large.png").content()
    # What an archive says of a member's bytes does not hold: it was changed after it was written.
    damaged = archive.read_bytes().replace(b"12345", b"12346")
    (folder / "damaged.zip").write_bytes(damaged)
    with pytest.raises(UnfoundCoverError, match=UNREADABLE):
        files.find("damaged.zip/a.png").content()
    files.close()
