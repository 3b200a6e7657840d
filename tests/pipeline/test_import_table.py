"""Importing own files through a mapping: the worked examples of the docs, and every way it can go wrong."""

import gzip
import json
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest

import pipeline.importers.table as table_module
from pipeline.errors import SourceError
from pipeline.identity import load_identity
from pipeline.importers.report import FileCounts, ImportReport
from pipeline.importers.table import import_table
from pipeline.source import table_files
from tests.pipeline.reading import reader, rows, stamps

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "source"


def import_example(table: str, folder: str, file: str, mapping: str, source: Path) -> ImportReport:
    return import_table(table, [EXAMPLES / folder / file], EXAMPLES / folder / mapping, source)


def account(identifier: str) -> str:
    return load_identity().pseudonym("account_id", identifier)


def test_the_order_history_becomes_plays_and_titles(source: Path) -> None:
    # Five orders: 9003 stands there twice, and 9004 has no number of minutes. 40.5 min are 2,430,000 ms.
    report = import_example("plays", "order-history", "orders.csv", "plays.toml", source)
    assert report.files == [FileCounts("orders.csv", rows=5, kept=3, duplicates=1, rejected=1)]
    assert report.table("plays").rejections == (
        "orders.csv line 6: watch_ms: expected a whole number ≥ 0, found 'unknown'",
    )
    assert rows(source, "plays", "play_id, account_id, title_id, started_at, watch_ms, device_type, country") == [
        ("9001", account("C-17"), "F-100", datetime(2024, 3, 1, 20, 15), 7_080_000, "tv", "DE"),
        ("9002", account("C-17"), "F-101", datetime(2024, 3, 2, 21), 2_430_000, "mobile", "DE"),
        ("9003", account("C-22"), "F-100", datetime(2024, 3, 2, 23, 30), 7_020_000, "tv", "AT"),
    ]
    report = import_example("titles", "order-history", "orders.csv", "titles.toml", source)
    assert report.table("titles").duplicates == 2
    assert rows(source, "titles", "title_id, name, kind, runtime_ms") == [
        ("F-100", "The Long Night", "film", 7_080_000),
        ("F-101", "A Short Day", "film", 5_700_000),
        ("F-102", "Winter Light", "film", None),
    ]


def test_a_list_of_posters_becomes_artworks(source: Path) -> None:
    import_example("artworks", "posters", "posters.csv", "posters.toml", source)
    assert rows(source, "artworks", "artwork_id, title_id, path, live_from") == [
        ("long-night.jpg", "F-100", "posters/long-night.jpg", datetime(2024, 1, 15)),
        ("winter-light.webp", "F-102", "posters/winter-light.webp", None),
    ]


def test_the_subscription_list_becomes_accounts_and_events(source: Path) -> None:
    report = import_example("accounts", "subscriptions", "subscribers.csv", "accounts.toml", source)
    assert report.table("accounts").rejections == (
        "subscribers.csv line 4: country: expected an ISO 3166-1 alpha-2 country code, such as IN, found 'XX'",
    )
    assert sorted(rows(source, "accounts", "account_id, signed_up_at, country, plan")) == sorted(
        [
            (account("S-1"), datetime(2024, 1, 5), "DE", "basic"),
            (account("S-2"), datetime(2024, 1, 20), "AT", "family"),
        ]
    )
    import_example("subscription_events", "subscriptions", "subscribers.csv", "starts.toml", source)
    report = import_example("subscription_events", "subscriptions", "subscribers.csv", "ends.toml", source)
    assert report.notes == ["2 rows left out by the mapping's where: left_on is not null"]
    assert rows(source, "subscription_events", "event_id, event, ts, price_minor, currency") == [
        ("501-start", "start", datetime(2024, 1, 5, 12), 799, "EUR"),
        ("502-end", "end", datetime(2024, 4, 20, 12), None, None),
        ("502-start", "start", datetime(2024, 1, 20, 12), 1299, "EUR"),
        ("503-start", "start", datetime(2024, 2, 11, 12), 799, "EUR"),
    ]


def test_the_ratings_file_becomes_ratings(source: Path) -> None:
    report = import_example("ratings", "ratings", "ratings.csv", "ratings.toml", source)
    assert report.table("ratings").rejections == ("ratings.csv line 4: rating: expected a number, found nothing",)
    assert rows(source, "ratings", "rating_id, ts, account_id, title_id, rating, scale") == [
        ("1", datetime(2024, 3, 2, 8), account("C-17"), "F-100", 5.0, "five_stars"),
        ("2", datetime(2024, 3, 3, 8, 30), account("C-22"), "F-100", 3.0, "five_stars"),
    ]


def test_every_example_file_is_used_by_a_test() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [path.name for path in EXAMPLES.rglob("*.*") if f'"{path.name}"' not in text] == []


def test_the_docs_show_every_example_as_it_is() -> None:
    text = (EXAMPLES.parent / "connecting-your-data.md").read_text(encoding="utf-8")
    assert [path.name for path in EXAMPLES.rglob("*.*") if path.read_text(encoding="utf-8") not in text] == []


# Each case writes its own file and mapping.

ACCOUNTS = '[columns]\naccount_id = "customer"\nplan = "plan"\n'
PSEUDONYMOUS = ACCOUNTS + "[ids]\npseudonymise = false\n"


def run(
    tmp_path: Path, mapping: str, content: str = "customer,plan\nada,basic\n", table: str = "accounts"
) -> ImportReport:
    """Import one CSV file through one mapping."""
    file, rules = tmp_path / "customers.csv", tmp_path / "accounts.toml"
    file.write_text(content, encoding="utf-8")
    rules.write_text(mapping, encoding="utf-8")
    return import_table(table, [file], rules, tmp_path / "source")


@pytest.mark.parametrize(
    ("currency", "prices"),
    [
        # Cents; a yen and a won are their own smallest unit; 1,000 fils are a dinar of Kuwait; not told, so hundredths.
        ('"waehrung"', [799, 980, 9900, 2500, 1250]),
        ('{ column = "waehrung", as = "upper case" }', [799, 980, 9900, 2500, 1250]),
        ('"upper(waehrung) -- as it stands there"', [799, 980, 9900, 2500, 1250]),
        ('{ constant = "OMR" }', [7990, 980_000, 9_900_000, 2500, 12_500]),
        (None, [799, 98_000, 990_000, 250, 1250]),
    ],
)
def test_prices_are_counted_in_the_minor_units_of_their_currency(
    tmp_path: Path, source: Path, currency: str | None, prices: list[int]
) -> None:
    mapping = (
        '[columns]\nevent_id = "id"\naccount_id = "\'a\'"\nts = "\'2026-01-01\'"\nevent = "\'renew\'"\n'
        'price_minor = { column = "price", as = "major units" }\n'
    ) + (f"currency = {currency}\n" if currency else "")
    content = "id,price,waehrung\n1,7.99,EUR\n2,980,JPY\n3,9900.00,KRW\n4,2.500,KWD\n5,12.5,\n"
    run(tmp_path, mapping, content, "subscription_events")
    assert sorted(rows(source, "subscription_events", "event_id, price_minor")) == [
        (str(number), price) for number, price in enumerate(prices, 1)
    ]


def test_ids_are_kept_where_they_are_pseudonyms_already(tmp_path: Path, source: Path) -> None:
    run(tmp_path, PSEUDONYMOUS)
    assert rows(source, "accounts", "account_id") == [("ada",)]


def test_ids_are_pseudonymised_otherwise_also_in_what_is_rejected(tmp_path: Path, source: Path) -> None:
    mapping = '[columns]\naccount_id = "customer"\ncountry = "country"\n'
    run(tmp_path, mapping, "customer,country,email\nada,IN,ada@example.org\nbob,Atlantis,bob@example.org\n,IN,x\n")
    assert rows(source, "accounts", "account_id") == [(account("ada"),)]
    path = source / "rejected" / "accounts-import.parquet"
    found = reader().execute(f"select file, line, original from '{path}' order by line").fetchall()
    assert [(file, line, json.loads(original)) for file, line, original in found] == [
        ("customers.csv", 3, {"account_id": account("bob"), "country": "Atlantis"}),
        ("customers.csv", 4, {"account_id": None, "country": "IN"}),
    ]


def test_what_two_mappings_reject_of_one_file_is_kept_for_both(tmp_path: Path, source: Path) -> None:
    run(tmp_path, PSEUDONYMOUS.replace('"plan"', '"plan"\ncountry = "plan"'))
    other = tmp_path / "other.toml"
    other.write_text(PSEUDONYMOUS)
    import_table("accounts", [tmp_path / "customers.csv"], other, source)
    path = source / "rejected" / "accounts-import.parquet"
    assert reader().execute(f"select origin, line from '{path}'").fetchall() == [("accounts.toml", 2)]


def test_importing_again_touches_nothing_and_a_newer_file_updates(tmp_path: Path, source: Path) -> None:
    run(tmp_path, PSEUDONYMOUS, "customer,plan\nada,basic\nbob,basic\n")
    before = stamps(source)
    assert run(tmp_path, PSEUDONYMOUS, "customer,plan\nbob,basic\nada,basic\n").table("accounts").unchanged == 2
    assert stamps(source) == before
    counts = run(tmp_path, PSEUDONYMOUS, "customer,plan\nada,family\ncy,basic\n").table("accounts")
    assert (counts.added, counts.updated, counts.unchanged) == (1, 1, 0)
    assert rows(source, "accounts", "account_id, plan") == [("ada", "family"), ("bob", "basic"), ("cy", "basic")]


def test_parquet_json_and_compressed_csv_are_read_too(tmp_path: Path, source: Path) -> None:
    mapping = tmp_path / "accounts.toml"
    mapping.write_text(PSEUDONYMOUS)
    files = [tmp_path / name for name in ("a.parquet", "b.json", "c.jsonl", "d.csv.gz", "e.tsv", "f.ndjson")]
    reader().execute(f"copy (select 1 as customer, 'basic' as plan) to '{files[0]}'")
    files[1].write_text('[{"customer": 2, "plan": "basic"}]')
    files[2].write_text('{"customer": 3, "plan": "basic"}\n')
    files[3].write_bytes(gzip.compress(b"customer,plan\n4,basic\n"))
    files[4].write_text("customer\tplan\n5\tbasic\n")
    files[5].write_text('{"customer": 6}\n')
    report = import_table("accounts", files, mapping, source)
    assert [counts.kept for counts in report.files] == [1] * 6
    assert rows(source, "accounts", "account_id, plan") == [
        *((str(number), "basic") for number in range(1, 6)),
        ("6", None),
    ]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("[columns", "is not valid TOML"),
        ("", r"expected a section \[columns\]"),
        ("[columns]\naccount_id = 5", 'account_id: expected "an SQL expression"'),
        ('column = "x"', "'column' is no setting; expected some of where, columns, ids. Did you mean columns"),
        ('where = 5\n[columns]\naccount_id = "customer"', "where: expected an SQL condition"),
        ('ids = 5\n[columns]\naccount_id = "customer"', r"ids: expected a section \[ids\]"),
        (ACCOUNTS + '[ids]\npseudonymise = "no"', "pseudonymise: expected true or false, found 'no'"),
        (ACCOUNTS + "[ids]\npseudonymize = false", r"is no setting of \[ids\].*Did you mean pseudonymise"),
        (ACCOUNTS + 'email = "mail"', "'email' is no column of accounts"),
        (ACCOUNTS + 'contry = "x"', "'contry' is no column of accounts.*Did you mean country"),
        ('[columns]\nplan = "plan"', "table accounts needs the column account_id; found plan"),
        ('[columns]\naccount_id = "custmer"', r"accounts.account_id = custmer: .*columns customer, plan"),
        ('[columns]\naccount_id = "customer ||"', "accounts.account_id = customer ||: this SQL cannot be used"),
        (ACCOUNTS + 'signed_up_at = "plan::timestamp"', "accounts.signed_up_at = plan::timestamp: .*try_cast"),
        ('where = "nope"\n' + ACCOUNTS, "accounts.where = nope: "),
    ],
)
def test_a_mapping_that_cannot_be_used_is_explained(tmp_path: Path, mapping: str, message: str) -> None:
    with pytest.raises(SourceError, match=rf"(?s)accounts\.toml.*{message}"):
        run(tmp_path, mapping)
    assert table_files(tmp_path / "source", "accounts") == []


@pytest.mark.parametrize(
    "expression",
    [
        "(select content from read_text('{secret}'))",
        "(select max(secret) from '{secret}')",
        "(select max(secret) from read_csv('{secret}'))",
        "(select max(secret) from python_table)",
        "getenv('HOME')",
        "customer) from input; copy input to '{secret}.copy'; select (customer",
    ],
)
def test_expressions_reach_nothing_but_the_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expression: str
) -> None:
    monkeypatch.setattr(table_module, "python_table", pa.table({"secret": ["42"]}), raising=False)
    secret = tmp_path / "secret.csv"
    secret.write_text("secret\n42\n")
    with pytest.raises(SourceError, match="this SQL cannot be used"):
        run(tmp_path, f'[columns]\naccount_id = """{expression.format(secret=secret)}"""')
    assert not Path(f"{secret}.copy").exists()


def test_an_expression_may_end_in_a_comment(tmp_path: Path, source: Path) -> None:
    run(tmp_path, 'where = "true -- all of them"\n[columns]\naccount_id = "customer -- whole"\n')
    assert rows(source, "accounts", "account_id") == [(account("ada"),)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("customers.xlsx", b"", "expected a file named .csv, .tsv, .parquet"),
        ("customers", b"", "expected a file named .csv, .tsv, .parquet"),
        ("absent.csv", None, "expected a file, found none"),
        ("broken.parquet", b"no parquet", "broken.parquet: cannot be read"),
        ("broken.json", b"{", "broken.json: cannot be read"),
        ("latin.csv", "customer\nJosé\n".encode("latin-1"), "latin.csv: line 2 cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(
    tmp_path: Path, source: Path, name: str, content: bytes | None, message: str
) -> None:
    mapping = tmp_path / "accounts.toml"
    mapping.write_text('[columns]\naccount_id = "customer"\n')
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=message):
        import_table("accounts", [tmp_path / name], mapping, source)


def test_a_table_or_mapping_that_does_not_exist_is_named(tmp_path: Path, source: Path) -> None:
    with pytest.raises(SourceError, match="'films' is no table of the contract; expected one of titles, "):
        run(tmp_path, ACCOUNTS, table="films")
    with pytest.raises(SourceError, match="the mapping cannot be read"):
        import_table("accounts", [tmp_path / "customers.csv"], tmp_path / "absent.toml", source)


def test_no_character_of_a_csv_file_is_guessed_to_be_a_comment(tmp_path: Path, source: Path) -> None:
    run(tmp_path, PSEUDONYMOUS, "customer;plan\n#1;'a\n2;b\n#3;c\n")
    assert rows(source, "accounts", "account_id, plan") == [("#1", "'a"), ("#3", "c"), ("2", "b")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"customer,plan\n1,a\n2\n", "line 3 cannot be read: expected 2 values, found 1. Mend that line.$"),
        (b'customer,plan\n1,"a\n', "line 2 cannot be read: a quotation mark"),
        ("customer,plan\n1,a\n".encode("utf-16"), "Save the file as UTF-8"),
        ("customer,plan\n1,Jos\u00e9\n".encode("latin-1"), "line 2 cannot be read: .* Save the file as UTF-8"),
    ],
)
def test_a_fault_in_a_csv_file_is_told_in_words(tmp_path: Path, source: Path, content: bytes, message: str) -> None:
    (tmp_path / "accounts.toml").write_text(ACCOUNTS)
    (tmp_path / "faulty.csv").write_bytes(content)
    with pytest.raises(SourceError, match=f"faulty.csv: .*{message}"):
        import_table("accounts", [tmp_path / "faulty.csv"], tmp_path / "accounts.toml", source)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("unnest(['a', 'b'])", "turn 1 rows into 2"),
        ('\\") from input; --', "this SQL cannot be used"),
        ("customer); select (plan", "this SQL cannot be used: .*expected one expression"),
    ],
)
def test_an_expression_gives_one_value_a_row(tmp_path: Path, expression: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        run(tmp_path, f'[columns]\naccount_id = "{expression}"\n')


def test_rows_of_one_key_that_differ_are_noted(tmp_path: Path) -> None:
    report = run(tmp_path, PSEUDONYMOUS, "customer,plan\nada,basic\nada,basic\nada,family\n")
    (note,) = report.notes
    assert note.startswith("1 of the duplicates of accounts have the same key but different values; the first by ")
