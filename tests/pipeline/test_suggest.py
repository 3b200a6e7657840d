"""What files look like, and the mapping suggested for them."""

import tomllib
from pathlib import Path

import pytest

from definitions.conversions import CONVERSIONS
from definitions.tables import CONTRACT
from pipeline.errors import SourceError
from pipeline.importers.refused import refused_rows
from pipeline.importers.suggest import Choice, look_at, starting_mapping
from pipeline.importers.table import import_table
from tests.sources import read_source

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
ORDERS = EXAMPLES / "order-history" / "orders.csv"


def _suggested(file: Path, table: str) -> dict[str, Choice]:
    (group,) = look_at([file]).groups
    return next(found.columns for found in group.tables if found.table == table)


def _file(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_the_columns_of_an_order_history_are_matched_by_name() -> None:
    assert _suggested(ORDERS, "plays") == {
        "play_id": {"column": "order_no"},
        "account_id": {"column": "customer_no"},
        "title_id": {"column": "product_code"},
        "started_at": {"column": "ordered_at"},
        "watch_ms": {"column": "minutes_watched", "as": "minutes"},
        "device_model": {"column": "screen"},
        "country": {"column": "country"},
    }


def test_the_likeliest_table_comes_first() -> None:
    files = [ORDERS, EXAMPLES / "ratings" / "ratings.csv", EXAMPLES / "subscriptions" / "subscribers.csv"]
    assert [group.tables[0].table for group in look_at(files).groups] == ["plays", "ratings", "accounts"]


def test_files_of_one_shape_are_one_group_with_their_first_rows(tmp_path: Path) -> None:
    one = _file(tmp_path, "one.csv", "user,stars\na,5\n" + "b,4\n" * 20)
    other = _file(tmp_path, "other.csv", "user,stars\nc,1\n")
    (group,) = look_at([one, other]).groups
    assert group.files == (str(one), str(other))
    assert [(column.name, column.samples) for column in group.columns] == [("user", ("a", "b")), ("stars", ("5", "4"))]
    assert group.rows[:2] == (("a", "5"), ("b", "4"))
    assert len(group.rows) == 6


@pytest.mark.parametrize(
    ("header", "value", "table", "column", "conversion"),
    [
        ("watch_seconds", "90", "plays", "watch_ms", "seconds"),
        ("hours_watched", "1.5", "plays", "watch_ms", "hours"),
        ("watch_time", "1:02:03", "plays", "watch_ms", "h:mm:ss"),
        ("started_at", "24/12/2025 18:00", "plays", "started_at", "day first"),
        ("started_at", "12/24/2025 18:00", "plays", "started_at", "month first"),
        ("started_at", "1766599200", "plays", "started_at", "unix seconds"),
        ("started_at", "1766599200000", "plays", "started_at", "unix ms"),
        ("monthly_price", "7.99", "subscription_events", "price_minor", "major units"),
        ("country", "de", "plays", "country", "upper case"),
    ],
)
def test_how_values_are_written_is_seen(
    tmp_path: Path, header: str, value: str, table: str, column: str, conversion: str
) -> None:
    file = _file(tmp_path, "file.csv", f"{header}\n{value}\n")
    assert _suggested(file, table)[column] == {"column": header, "as": conversion}


def test_the_files_of_an_export_and_a_catalogue_are_recognised(tmp_path: Path) -> None:
    viewing = "Profile Name,Start Time,Duration,Title,Supplemental Video Type,Device Type,Country"
    export = _file(tmp_path, "viewingactivity.csv", f"{viewing}\n")
    own = _file(tmp_path, "Devices.csv", "customer,screen\na,TV\n")
    catalogue = _file(tmp_path, "all.csv", "type,title,director,cast,country,rating,duration,listed_in\n")
    look = look_at([export, own, catalogue])
    assert (look.export, look.catalogues, look.problems) == (["viewingactivity.csv"], ["all.csv"], [])


def test_a_file_that_cannot_be_read_is_told_beside_the_others(tmp_path: Path) -> None:
    broken = _file(tmp_path, "broken.csv", "a,b\n1,2,3\n")
    look = look_at([broken, ORDERS])
    assert len(look.groups) == 1
    assert look.problems == [f"{broken}: line 2 cannot be read: expected 2 values, found 3. Mend that line."]


def test_the_mapping_to_start_from_is_one(tmp_path: Path) -> None:
    text = starting_mapping(look_at([ORDERS]), "plays")
    assert tomllib.loads(text)["columns"]["watch_ms"] == {"column": "minutes_watched", "as": "minutes"}
    assert "ada@example.org" not in text
    mapping = _file(tmp_path, "plays.toml", text)
    report = import_table("plays", [ORDERS], mapping, tmp_path / "source")
    # Order 9003 stands there twice, and 9004 has no number of minutes.
    assert (report.table("plays").added, report.table("plays").rejected) == (3, 1)
    with pytest.raises(SourceError, match="different columns"):
        starting_mapping(look_at([ORDERS, EXAMPLES / "ratings" / "ratings.csv"]), None)
    with pytest.raises(SourceError, match="'films' is no table"):
        starting_mapping(look_at([ORDERS]), "films")


def test_conversions_and_fixed_values_fill_columns(tmp_path: Path) -> None:
    file = _file(
        tmp_path,
        "file.csv",
        'id,"odd ""name""",begun,watched,price\np1,t1,24/12/2025 18:30,1:02:03.5,7.99\np2,t1,25/12/2025,soon,1\n',
    )
    mapping = _file(
        tmp_path,
        "plays.toml",
        """
        [columns]
        play_id = { column = "id" }
        account_id = { constant = "it's me" }
        title_id = { column = 'odd "name"' }
        started_at = { column = "begun", as = "day first" }
        watch_ms = { column = "watched", as = "h:mm:ss" }
        [ids]
        pseudonymise = false
        """,
    )
    report = import_table("plays", [file], mapping, tmp_path / "source")
    (row,) = read_source(tmp_path / "source", "plays")
    assert (row["account_id"], row["title_id"], str(row["started_at"]), row["watch_ms"]) == (
        "it's me",
        "t1",
        "2025-12-24 18:30:00",
        3_723_500,
    )
    (refused,) = refused_rows(tmp_path / "source", report)
    assert (refused.table, refused.rows, refused.reason) == ("plays", 1, "watch_ms: expected a whole number ≥ 0")
    ((where, line, original),) = refused.samples
    assert (where, line) == ("file.csv", 3)
    assert '"watch_ms":"soon"' in original


def test_rows_refused_for_one_rule_are_one_line_whatever_their_values(tmp_path: Path) -> None:
    file = _file(tmp_path, "people.csv", 'id,land\na,"O\'Brien, Dublin"\nb,XX\nc,\'s\nd,"it\'s, here"\n')
    mapping = _file(
        tmp_path,
        "people.toml",
        '[columns]\naccount_id = "id"\ncountry = "land"\n[ids]\npseudonymise = false\n',
    )
    report = import_table("accounts", [file], mapping, tmp_path / "source")
    refused = refused_rows(tmp_path / "source", report)
    assert [(found.reason, found.rows) for found in refused] == [
        ("country: expected an ISO 3166-1 alpha-2 country code, such as IN", 4)
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('play_id = { column = "id", as = "hours" }', "'hours' is no conversion for it; expected one of as is"),
        ('play_id = { constant = "a", as = "hours" }', 'expected "an SQL expression"'),
        ("play_id = 3", 'expected "an SQL expression"'),
    ],
)
def test_a_line_that_is_no_mapping_is_told(tmp_path: Path, line: str, sentence: str) -> None:
    required = ['account_id = "a"', 'title_id = "t"', 'started_at = "s"', 'watch_ms = "w"']
    mapping = _file(tmp_path, "plays.toml", "\n".join(["[columns]", line, *required]))
    with pytest.raises(SourceError, match=sentence):
        import_table("plays", [ORDERS], mapping, tmp_path / "source")


def test_each_conversion_suits_some_column() -> None:
    columns = [column for table in CONTRACT.values() for column in table]
    assert [name for name, known in CONVERSIONS.items() if not any(map(known.suits, columns))] == []
