"""The contract's rules as SQL: what is typed, what is refused, and in which words."""

from collections.abc import Mapping
from datetime import datetime

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.contract import Column, Table, ValueType
from definitions.tables import CONTRACT
from pipeline.errors import SourceError
from pipeline.source import connect
from pipeline.validate import (
    extra_columns,
    literal,
    repeat_rank,
    require_columns,
    rule_sql,
    typed_select,
    typed_value,
)
from tests.pipeline.reading import reader

NOW = datetime(2024, 6, 1, 12, 0)
PLAY = {"play_id": "p", "account_id": "a", "title_id": "t", "started_at": "2024-05-01 10:00:00", "watch_ms": "1000"}


def check(table: str, row: Mapping[str, str | None]) -> dict[str, object]:
    """Return one raw row of texts after validation."""
    with reader().cursor() as connection:
        names = ", ".join(f'"{name}"' for name in row)
        values = ", ".join("null::varchar" if value is None else literal(value) for value in row.values())
        connection.execute(f"create or replace temp table raw as select * from (values ({values})) as raw({names})")
        checked = connection.sql(typed_select(CONTRACT[table], dict.fromkeys(row, "VARCHAR"), "raw", now=NOW))
        return dict(zip(checked.columns, checked.fetchall()[0], strict=True))


def reason(table: str, **changes: str | None) -> object:
    return check(table, {**PLAY, **changes})["reject_reason"]


@pytest.mark.parametrize("table", CONTRACT.values(), ids=CONTRACT)
@pytest.mark.parametrize("as_text", [True, False])
def test_every_table_reads_into_its_contract_types(table: Table, as_text: bool) -> None:
    available = {column.name: "VARCHAR" if as_text else column.type.sql_type.upper() for column in table}
    with reader().cursor() as connection:
        columns = ", ".join(f'"{name}" {sql_type}' for name, sql_type in available.items())
        connection.execute(f"create or replace temp table raw ({columns})")
        typed = connection.sql(typed_select(table, available, "raw"))
        assert typed.columns == [*table.column_names, "reject_reason"]
        assert [str(sql_type).lower() for sql_type in typed.types[:-1]] == [column.type.sql_type for column in table]


def test_a_row_that_breaks_no_rule_is_typed_and_missing_columns_are_null() -> None:
    row = check("plays", PLAY)
    assert row["reject_reason"] is None
    assert (row["started_at"], row["watch_ms"], row["country"]) == (datetime(2024, 5, 1, 10), 1000, None)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("watch_ms", "abc", "watch_ms: expected a whole number ≥ 0, found 'abc'"),
        ("watch_ms", "3.7", "watch_ms: expected a whole number ≥ 0, found '3.7'"),
        ("watch_ms", "-1", "watch_ms: expected a whole number ≥ 0, found '-1'"),
        ("watch_ms", "", "watch_ms: expected a whole number ≥ 0, found nothing"),
        ("watch_ms", None, "watch_ms: expected a whole number ≥ 0, found nothing"),
        ("watch_ms", "12.0", None),
        ("play_id", "", "play_id: expected a text that is not empty, found nothing"),
        ("utc_offset_min", "900", "utc_offset_min: expected a whole number from -720 to 840, found '900'"),
        ("country", "XX", "country: expected an ISO 3166-1 alpha-2 country code, such as IN, found 'XX'"),
        ("country", "in", "country: expected an ISO 3166-1 alpha-2 country code, such as IN, found 'in'"),
        ("country", "IN", None),
        ("region", "Kerala", "region: expected an ISO 3166-2 subdivision code, such as IN-KL, found 'Kerala'"),
        ("autoplay", "perhaps", "autoplay: expected true or false, found 'perhaps'"),
        ("weighted_bitrate_kbps", "inf", "weighted_bitrate_kbps: expected a number ≥ 0, found 'inf'"),
        ("ended_by", "boredom", "ended_by: expected one of completed, stopped, error, unknown, found 'boredom'"),
        ("device_type", "", None),
        ("isp", "O'Hara", None),
        ("cdn", "x" * 100, None),
        ("started_at", "1.5.2024", "started_at: expected a UTC timestamp, YYYY-MM-DD HH:MM:SS, found '1.5.2024'"),
        ("started_at", "1989-12-31", "started_at: expected a time since 1990, found '1989-12-31'"),
        ("started_at", "2024-06-02 11:59:59", None),
        (
            "started_at",
            "2024-06-02 12:00:01",
            "started_at: is in the future: expected a time that has passed, found '2024-06-02 12:00:01'",
        ),
    ],
)
def test_the_reason_says_what_was_expected_and_found(column: str, value: str | None, expected: str | None) -> None:
    assert reason("plays", **{column: value}) == expected


def test_every_broken_rule_is_named() -> None:
    assert reason("plays", watch_ms="-5", country="Atlantis") == (
        "watch_ms: expected a whole number ≥ 0, found '-5'; "
        "country: expected an ISO 3166-1 alpha-2 country code, such as IN, found 'Atlantis'"
    )


def test_a_long_value_is_cut_and_a_quote_is_kept() -> None:
    assert reason("plays", watch_ms="it's" + "x" * 100) == (
        f"watch_ms: expected a whole number ≥ 0, found 'it's{'x' * 56}'"
    )


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ("city: expected a city, found 'Cork'", "city: expected a city"),
        ("city: expected a city, found 'O'Brien, Dublin'", "city: expected a city"),
        ("city: expected a city, found 'two\nlines; and more'", "city: expected a city"),
        ("city: expected a city, found nothing", "city: expected a city, found nothing"),
        (
            "Start Time: expected a date, found 'it's'; Profile Name: expected a name, found 'O'Hara'",
            "Start Time: expected a date; Profile Name: expected a name",
        ),
    ],
)
def test_a_rule_is_a_reason_without_the_values_found(told: str, rule: str) -> None:
    assert duckdb.execute(f"select {rule_sql('$told')}", {"told": told}).fetchall() == [(rule,)]


def test_one_of_several_columns_must_be_filled() -> None:
    person = {"person": "Ada", "role": "director"}
    assert check("title_people", person | {"series_id": "s"})["reject_reason"] is None
    assert check("title_people", person | {"series_id": ""})["reject_reason"] == (
        "title_id or series_id: expected at least one, found neither"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-01T10:00:00Z", datetime(2024, 5, 1, 10)),
        ("2024-05-01 10:00:00+02:00", datetime(2024, 5, 1, 8)),
        ("2024-05-01 10:00:00.028", datetime(2024, 5, 1, 10, 0, 0, 28_000)),
        ("2024-05-01 10:00:00 Europe/Berlin", datetime(2024, 5, 1, 8)),
        ("2024-05-01 10:00:00-0330", datetime(2024, 5, 1, 13, 30)),
        ("2024-05-01", datetime(2024, 5, 1)),
        ("2024-05-01 10:00 pm", None),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata"])
def test_a_moment_becomes_utc_whatever_the_sessions_zone(text: str, expected: datetime | None, zone: str) -> None:
    with connect() as connection:
        connection.execute(f"set TimeZone = '{zone}'")
        value = typed_value(Column("x", ValueType.TIMESTAMP, "a moment"), "VARCHAR")
        assert connection.sql(f"select {value} from (select {literal(text)} as x)").fetchall() == [(expected,)]


@pytest.mark.parametrize(
    ("value_type", "raw", "expected"),
    [
        (ValueType.INTEGER, "3.0::double", 3),
        (ValueType.INTEGER, "3.5::double", None),
        (ValueType.INTEGER, "170141183460469231731687303715884105727::hugeint", None),
        (ValueType.INTEGER, "true", None),
        (ValueType.REAL, "'nan'::double", None),
        (ValueType.REAL, "true", None),
        (ValueType.BOOLEAN, "1", True),
        (ValueType.BOOLEAN, "2", None),
        (ValueType.DATE, "timestamp '2024-05-01 00:00:00'", "2024-05-01"),
        (ValueType.DATE, "timestamp '2024-05-01 10:00:00'", None),
        (ValueType.TIMESTAMP, "'infinity'::timestamp", None),
        (ValueType.TIMESTAMP, "date '2024-05-01'", "2024-05-01 00:00:00"),
        (ValueType.TIMESTAMP, "timestamptz '2024-05-01 10:00:00+05:30'", "2024-05-01 04:30:00"),
        (ValueType.TIMESTAMP, "timestamp_ns '2024-05-01 10:00:00'", "2024-05-01 10:00:00"),
        (ValueType.ID, "42", "42"),
    ],
)
def test_values_that_already_have_a_type(value_type: ValueType, raw: str, expected: object) -> None:
    with reader().cursor() as connection:
        raw_type = str(connection.sql(f"select {raw} as x").types[0])
        value = typed_value(Column("x", value_type, "a value"), raw_type)
        found = connection.sql(f"select {value} from (select {raw} as x)").fetchall()[0][0]
    assert (str(found) if isinstance(expected, str) else found) == expected


@given(number=st.integers(min_value=-(2**70), max_value=2**70))
def test_a_whole_number_is_read_exactly_or_not_at_all(number: int) -> None:
    value = typed_value(Column("x", ValueType.INTEGER, "a number"), "VARCHAR")
    found = reader().execute(f"select {value} from (select ?::varchar as x)", [str(number)]).fetchall()[0][0]
    assert found == (number if -(2**63) <= number < 2**63 else None)


@given(text=st.text())
def test_any_text_is_kept_as_it_is_except_the_empty_one(text: str) -> None:
    value = typed_value(Column("x", ValueType.TEXT, "a text"), "VARCHAR")
    found = reader().execute(f"select {value} from (select ?::varchar as x)", [text]).fetchall()[0][0]
    assert found == (text or None)


def test_a_missing_required_column_is_named_with_what_was_found() -> None:
    with pytest.raises(SourceError, match=r"plays\.parquet: table plays needs the columns started_at, watch_ms; found"):
        require_columns(CONTRACT["plays"], {"play_id": "", "account_id": "", "title_id": ""}, "plays.parquet")
    with pytest.raises(SourceError, match="needs the column title_id or series_id; found"):
        require_columns(CONTRACT["title_people"], {"person": "", "role": ""}, "x")


def test_extra_columns_are_listed_in_their_order() -> None:
    assert extra_columns(CONTRACT["plays"], {"zeta": "", "play_id": "", "alpha": ""}) == ("zeta", "alpha")


@pytest.mark.parametrize("order", ["", "desc"])
def test_of_rows_with_one_key_the_same_is_kept_in_any_order(order: str) -> None:
    # Two accounts a: ordered by signed_up_at, then country, nulls last, so the row with a country comes first.
    with reader().cursor() as connection:
        connection.execute(
            f"""
            create temp table raw as
            select account_id, null::timestamp as signed_up_at, country, null as region, null as postal_code,
                null as plan, null as acquisition_channel
            from (values ('a', null), ('a', 'IN'), ('b', null)) as v(account_id, country)
            order by country {order}
            """
        )
        rows = connection.sql(f"from raw qualify {repeat_rank(CONTRACT['accounts'])} = 1").fetchall()
    assert sorted((account_id, country) for account_id, _, country, *_ in rows) == [("a", "IN"), ("b", None)]


def test_without_a_key_equal_rows_are_one() -> None:
    with reader().cursor() as connection:
        names = ", ".join(CONTRACT["devices"].column_names)
        connection.execute(
            f"create temp table raw as select * from (values ('a', 'tv', null, null, null, null), "
            f"('a', 'tv', null, null, null, null), ('a', 'tv', 'LG', null, null, null)) as raw({names})"
        )
        assert len(connection.sql(f"from raw qualify {repeat_rank(CONTRACT['devices'])} = 1").fetchall()) == 2
