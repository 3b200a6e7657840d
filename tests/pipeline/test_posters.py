"""A folder of posters alone becomes a warehouse, with a CSV of names or without."""

import zipfile
from pathlib import Path

import pytest
from PIL import Image

from pipeline.errors import SourceError
from pipeline.posters import PostersReport, build_of_posters
from pipeline.progress import Silent
from tests.sources import read_source


def posters_in(folder: Path, *names: str) -> Path:
    for number, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 30), (50 * number, 90, 120)).save(folder / name)
    return folder


def built(folder: Path, warehouse: Path, names: str | None = None) -> PostersReport:
    file = None
    if names is not None:
        file = warehouse.parent / "names.csv"
        file.write_text(names, encoding="utf-8-sig")
    return build_of_posters(folder, warehouse, file, Silent())


def test_a_folder_of_posters_needs_nothing_else(tmp_path: Path) -> None:
    folder = posters_in(tmp_path / "posters", "winter.png", "more/autumn.webp")
    (folder / "notes.txt").write_text("no image")
    (folder / "broken.jpg").write_bytes(b"broken")
    (folder / ".hidden.png").write_bytes(b"")
    report = built(folder, tmp_path / "warehouse")
    assert report.lines() == [
        "3 images, of which 2 different ones have colours.",
        "broken.jpg: not a JPEG, PNG, WebP, GIF or AVIF image.",
    ]
    shows = {row["show_name"]: row for row in read_source(report.summary.folder, "shows")}
    assert {name: row["poster_hash"] is not None for name, row in shows.items()} == {
        "autumn": True, "broken": False, "winter": True,
    }  # fmt: skip
    # Nothing is written beside the images, and those that stay are not made anew.
    assert len(list(folder.rglob("*"))) == 6
    again = built(folder, tmp_path / "warehouse")
    thumbnails = {file.name: file.stat().st_ino for file in (report.summary.folder / "thumbnails").iterdir()}
    assert {f.name: f.stat().st_ino for f in (again.summary.folder / "thumbnails").iterdir()} == thumbnails


def test_a_csv_tells_which_poster_is_whose(tmp_path: Path) -> None:
    folder = posters_in(tmp_path / "posters", "a.png", "b.png", "c.png", "d.png")
    names = (
        "file;name;title_id;kind;genres;released_on;country;original\n"
        'a.png;"The Salt Year";salt;;drama, crime;2024;DE;yes\n'
        "b.png;The Salt Year;salt;;;;;\n"
        "c.png;Harbour;;series;comedy;2023-05-06;;no\n"
        "gone.png;Gone;;;;;;\n"
    )
    report = built(folder, tmp_path / "warehouse", names)
    assert report.lines()[1:] == [
        "gone.png: no such file.",
        "1 have no line in the CSV and are called as their files: d.png",
    ]
    shows = {row["show_id"]: row for row in read_source(report.summary.folder, "shows")}
    assert {show_id: (row["show_name"], row["genres"], row["original"]) for show_id, row in shows.items()} == {
        "title salt": ("The Salt Year", "crime; drama", True),
        "series c.png": ("Harbour", "comedy", False),
        "title gone.png": ("Gone", None, None),
        "title d.png": ("d", None, None),
    }
    titles = {row["title_id"]: row for row in read_source(report.summary.folder, "titles")}
    assert str(titles["salt"]["released_on"]) == "2024-01-01"
    artworks = {row["artwork_id"]: row for row in read_source(report.summary.folder, "artworks")}
    assert (artworks["b.png"]["title_id"], artworks["b.png"]["variant"]) == ("salt", "b")


def test_a_zipped_folder_is_read_as_it_is(tmp_path: Path) -> None:
    folder = posters_in(tmp_path / "posters", "a.png")
    with zipfile.ZipFile(tmp_path / "posters.zip", "w") as archive:
        archive.write(folder / "a.png", "in/a.png")
        archive.write(folder / "a.png", "__MACOSX/in/a.png")
    report = built(tmp_path / "posters.zip", tmp_path / "warehouse", "file,name\nin/a.png,Alps\n")
    assert report.lines() == ["1 images, of which 1 different ones have colours."]
    assert [row["show_name"] for row in read_source(report.summary.folder, "shows")] == ["Alps"]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("file,title\na.png,A\n", "line 1: expected the columns file, name and, if you like, title_id"),
        ("", "line 1: expected the columns file, name"),
        ("file,name\na.png,\n", "line 2: name: expected a text, found nothing"),
        ("file,name\na.png,A\na.png,B\n", "line 3: file: 'a.png' stands in line 2 already"),
        ("file,name\na.png,A,B\n", "line 2: expected 2 values, found more"),
        ("file,name,kind\na.png,A,opera\n", "line 2: kind: expected one of film, series, found 'opera'"),
        ("file,name,released_on\na.png,A,May\n", "line 2: released_on: expected YYYY-MM-DD or a year, found 'May'"),
        ("file,name,country\na.png,A,Germany\n", "line 2: country: expected an ISO 3166-1 alpha-2 country code"),
        ("file,name,original\na.png,A,maybe\n", "line 2: original: expected true or false, found 'maybe'"),
    ],
)
def test_a_line_that_is_not_as_expected_is_named(tmp_path: Path, names: str, sentence: str) -> None:
    folder = posters_in(tmp_path / "posters", "a.png")
    with pytest.raises(SourceError, match=r"names\.csv") as told:
        built(folder, tmp_path / "warehouse", names)
    assert sentence in str(told.value)
    assert not (tmp_path / "warehouse").exists()


def test_what_is_no_folder_of_images_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_text("none")
    for folder, sentence in (
        (tmp_path / "empty", "expected images"),
        (tmp_path / "text.zip", "a folder of images or a zipped one"),
        (tmp_path / "nothing", "a folder of images or a zipped one"),
    ):
        with pytest.raises(SourceError, match=sentence):
            built(folder, tmp_path / "warehouse")
    folder = posters_in(tmp_path / "posters", "a.png")
    with pytest.raises(SourceError, match="cannot be read"):
        build_of_posters(folder, tmp_path / "warehouse", tmp_path / "none.csv", Silent())
    (tmp_path / "latin.csv").write_bytes("file,name\na.png,Zürich\n".encode("latin-1"))
    with pytest.raises(SourceError, match="not UTF-8"):
        build_of_posters(folder, tmp_path / "warehouse", tmp_path / "latin.csv", Silent())
