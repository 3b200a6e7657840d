"""Files from a browser: what is taken, and what is not."""

import io
import lzma
import shutil
import threading
import zipfile
import zlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from serving import uploads
from serving.uploads import UploadError, receive, safe_name, unpack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "of a job" / "uploads"
    folder.mkdir(parents=True)
    return folder


def _zip(folder: Path, members: dict[str, bytes]) -> Path:
    archive = folder / "export.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return archive


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("ViewingActivity.csv", "ViewingActivity.csv"),
        ("../../etc/cron.d/plays.csv", "plays.csv"),
        ("C:\\Users\\ada\\plays.csv", "plays.csv"),
        ("/absolute/plays.csv", "plays.csv"),
        ("..hidden.csv", "hidden.csv"),
        ("a\nb\0c;$(x).csv", "a_b_c__(x).csv"),
        ("Übersicht 2024.csv", "Übersicht 2024.csv"),
    ],
)
def test_names_are_reduced_to_a_safe_last_part(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["", "..", "/", "a/.."])
def test_a_file_without_a_name_is_refused(name: str) -> None:
    with pytest.raises(UploadError, match="without a name"):
        safe_name(name)


def test_two_files_of_one_name_lie_apart(folder: Path) -> None:
    for content in (b"a", b"b"):
        receive(io.BytesIO(content), "x/plays.csv", 1, folder, None)
    assert {name: (folder / name).read_bytes() for name in _names(folder)} == {
        "plays.csv": b"a",
        "2/plays.csv": b"b",
    }


def test_names_are_cut_to_what_a_folder_takes_and_keep_their_end(folder: Path) -> None:
    name = safe_name("視" * 150 + ".csv.gz")
    # Of 200 bytes 7 are the ending; 64 characters of 3 bytes fit into the other 193.
    assert name == "視" * 64 + ".csv.gz"
    assert receive(io.BytesIO(b"a"), name, 1, folder, None).read_bytes() == b"a"


class _Meeting(io.BytesIO):
    """A file that arrives only when another one does."""

    def __init__(self, content: bytes, barrier: threading.Barrier) -> None:
        super().__init__(content)
        self._barrier = barrier

    def read(self, size: int | None = -1, /) -> bytes:
        self._barrier.wait(timeout=30)
        return super().read(size)


def test_two_files_of_one_name_that_arrive_together_lie_apart(folder: Path) -> None:
    barrier = threading.Barrier(2)
    both = [
        threading.Thread(target=receive, args=(_Meeting(content, barrier), "plays.csv", 1, folder, None))
        for content in (b"a", b"b")
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert _names(folder) == ["2/plays.csv", "plays.csv"]
    assert {(folder / name).read_bytes() for name in _names(folder)} == {b"a", b"b"}


def test_the_limit_counts_what_is_still_arriving(folder: Path) -> None:
    class Meanwhile(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            with pytest.raises(UploadError, match=r"two\.csv is too large"):
                receive(io.BytesIO(b"y" * 600), "two.csv", 600, folder, 1_000)
            return super().read(size)

    receive(Meanwhile(b"x" * 600), "one.csv", 600, folder, 1_000)
    assert _names(folder) == ["one.csv"]


def test_only_data_files_are_taken(folder: Path) -> None:
    with pytest.raises(UploadError, match=r"run\.sh: Marquee reads CSV"):
        receive(io.BytesIO(b"x"), "run.sh", 1, folder, None)
    assert _names(folder) == []


@pytest.mark.parametrize("announced_bytes", [1_000_001, None], ids=["announced", "found out on the way"])
def test_more_than_the_limit_is_refused_and_leaves_nothing(folder: Path, announced_bytes: int | None) -> None:
    with pytest.raises(UploadError, match=r"plays.csv is too large: it has at least 1.0 MB, and 1.0 MB can be taken"):
        receive(io.BytesIO(b"x" * 1_000_001), "plays.csv", announced_bytes, folder, 1_000_000)
    assert _names(folder) == []


def test_the_limit_counts_what_came_before(folder: Path) -> None:
    receive(io.BytesIO(b"x" * 600), "one.csv", 600, folder, 1_000)
    with pytest.raises(UploadError, match="too large"):
        receive(io.BytesIO(b"x" * 600), "two.csv", 600, folder, 1_000)


def test_more_than_the_disk_holds_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = uploads.KEPT_FREE_BYTES + 3_000
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    receive(io.BytesIO(b"x" * 1_000), "fits.csv", 1_000, folder, None)
    with pytest.raises(UploadError, match="too large"):
        receive(io.BytesIO(b"x" * 1_001), "plays.csv", 1_001, folder, None)


def test_a_file_that_breaks_off_leaves_nothing(folder: Path) -> None:
    with pytest.raises(UploadError, match="did not arrive whole"):
        receive(io.BytesIO(b"half"), "plays.csv", 8, folder, None)
    assert _names(folder) == []


def test_an_archive_gives_its_data_files_and_is_removed(folder: Path) -> None:
    members = {
        "CONTENT_INTERACTION/ViewingActivity.csv": b"a\n",
        "../../outside.csv": b"b\n",
        "/absolute.json.gz": b"c\n",
        "__MACOSX/._ViewingActivity.csv": b"junk",
        "Additional information.pdf": b"junk",
    }
    assert unpack(_zip(folder, members), folder, None) == 2
    assert _names(folder) == ["ViewingActivity.csv", "absolute.json.gz", "outside.csv"]
    assert not (folder.parent.parent / "outside.csv").exists()


def test_an_archive_that_blows_up_is_refused(folder: Path) -> None:
    archive = _zip(folder, {"good.csv": b"a\n", "bomb.csv": b"0" * 250_000_000})
    assert archive.stat().st_size < 1_000_000
    with pytest.raises(UploadError, match=r"bomb\.csv would grow to 250 MB, more than 200 times its size"):
        unpack(archive, folder, None)
    assert _names(folder) == ["export.zip"]


def test_an_archive_larger_than_the_limit_is_refused(folder: Path) -> None:
    archive = _zip(folder, {"one.csv": b"0" * 700_000, "two.csv": b"0" * 700_000})
    with pytest.raises(UploadError, match=r"export\.zip is too large"):
        unpack(archive, folder, 1_000_000)
    assert _names(folder) == ["export.zip"]


def test_an_archive_that_lies_about_its_sizes_is_refused(folder: Path) -> None:
    archive = _zip(folder, {"plays.csv": b"0" * 1_000_000})
    size = (1_000_000).to_bytes(4, "little")
    archive.write_bytes(archive.read_bytes().replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(UploadError, match=r"export\.zip|too large"):
        unpack(archive, folder, None)
    assert _names(folder) == ["export.zip"]


@pytest.mark.parametrize("fault", [zlib.error("bad"), lzma.LZMAError("bad")], ids=["deflate", "lzma"])
def test_an_archive_that_breaks_half_way_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    archive = _zip(folder, {"one.csv": b"a\n", "two.csv": b"b\n"})
    copy = uploads._copy

    def break_off(packed: io.BytesIO, file: io.BytesIO, name: str, room: int) -> int:
        taken = copy(packed, file, name, room)
        if name == "two.csv":
            raise fault
        assert _names(folder)[0] == "export.zip", "nothing is data yet"
        return taken

    monkeypatch.setattr(uploads, "_copy", break_off)
    with pytest.raises(UploadError, match=r"export\.zip: this archive cannot be unpacked \(bad\)"):
        unpack(archive, folder, None)
    assert _names(folder) == ["export.zip"]


def test_what_is_no_archive_and_one_without_data_are_told(folder: Path) -> None:
    fake = folder / "fake.zip"
    fake.write_bytes(b"no archive")
    with pytest.raises(UploadError, match=r"fake\.zip: this archive cannot be unpacked"):
        unpack(fake, folder, None)
    with pytest.raises(UploadError, match="holds no CSV"):
        unpack(_zip(folder, {"readme.txt": b"x"}), folder, None)
