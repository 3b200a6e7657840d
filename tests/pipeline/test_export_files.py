"""Finding and reading the CSV files of an export."""

from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.importers.export_files import ExportFormat, find_files, read_columns, read_csv

FORMAT = ExportFormat("Views.csv", required=("Name", "Title"), optional=("Country",), ignored=("Known",))


def csv_file(folder: Path, content: bytes, name: str = "Views.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_files_are_found_by_name_in_any_case_at_any_depth(tmp_path: Path) -> None:
    path = csv_file(tmp_path, b"", "CONTENT_INTERACTION/views.CSV")
    csv_file(tmp_path, b"", "CONTENT_INTERACTION/Other.csv")
    assert find_files(tmp_path, ["Views.csv", "Absent.csv"]) == {"Views.csv": path}


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    csv_file(tmp_path, b"", "a/Views.csv")
    csv_file(tmp_path, b"", "b/views.csv")
    with pytest.raises(SourceError, match=r"expected one Views.csv, found a/Views.csv and b/views.csv"):
        find_files(tmp_path, ["Views.csv"])


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Unpack the archive first"):
        find_files(csv_file(tmp_path, b"", "export.zip"), ["Views.csv"])


def test_byte_order_mark_line_ends_and_quoted_line_breaks(tmp_path: Path) -> None:
    # The record with a line break begins on line 3 and ends on line 4; the next begins on line 6, after an empty one.
    content = b'\xef\xbb\xbfName,Title,Known\r\nAda,Dark,1\r\nBob,"A\r\n""B""",2\r\n\r\nCy, Lupin ,3\r\n'
    file = read_csv(csv_file(tmp_path, content), FORMAT)
    assert [(row.line, row.values["Name"], row.values["Title"]) for row in file.rows] == [
        (2, "Ada", "Dark"),
        (3, "Bob", 'A\r\n"B"'),
        (6, "Cy", "Lupin"),
    ]
    assert file.rows[0].values == {"Name": "Ada", "Title": "Dark", "Country": ""}
    assert file.unknown_columns == ()


def test_unknown_columns_are_reported_and_not_read(tmp_path: Path) -> None:
    file = read_csv(csv_file(tmp_path, b"Name,Title,Known,E-mail\nAda,Dark,1,ada@example.org\n"), FORMAT)
    assert file.unknown_columns == ("E-mail",)
    assert "E-mail" not in file.rows[0].values


@pytest.mark.parametrize(("record", "found"), [(b"Ada", 1), (b"Ada,Dark,IN,more", 4)])
def test_a_row_of_another_length_is_a_problem_of_that_row(tmp_path: Path, record: bytes, found: int) -> None:
    file = read_csv(csv_file(tmp_path, b"Name,Title,Country\n" + record + b"\nBob,Dark,IN\n"), FORMAT)
    assert [row.problem for row in file.rows] == [f"expected 3 values, found {found}", None]


def test_a_missing_column_is_named_with_those_found(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"Views.csv: expected the column Title, found Name, Film"):
        read_csv(csv_file(tmp_path, b"Name,Film\nAda,Dark\n"), FORMAT)
    with pytest.raises(SourceError, match="expected the columns Name, Title, found an empty file"):
        read_csv(csv_file(tmp_path, b""), FORMAT)


def test_other_encodings_and_broken_csv_are_explained(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="expected UTF-8 text"):
        read_csv(csv_file(tmp_path, "Name,Title\nAda,Café\n".encode("latin-1")), FORMAT)
    with pytest.raises(SourceError, match="line 2 cannot be read as CSV"):
        read_csv(csv_file(tmp_path, b"Name,Title\nAda," + b"x" * 200_000 + b"\n"), FORMAT)


def test_the_columns_alone_can_be_read(tmp_path: Path) -> None:
    assert read_columns(csv_file(tmp_path, b"\xef\xbb\xbfTitle,Date\n")) == ["Title", "Date"]
