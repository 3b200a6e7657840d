"""The command, as a person types it."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import cli
from definitions.dimensions import DIMENSION_BY_NAME
from definitions.segments import ACCOUNTS_FILE, Segment, segment_folder
from definitions.warehouse import PUBLISHED
from tests.pipeline.builds import days_of_plays
from tests.sources import write_source


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


Command = Callable[..., Ended]

ROOT = Path(__file__).parents[1]
MARQUEE = [sys.executable, "-c", "import cli; cli.main()"]


@pytest.fixture
def marquee(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run the command with the given words."""

    def run(*words: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["marquee", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capfd.readouterr()
        return Ended(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture(scope="module")
def source(small_source: Path) -> Path:
    return small_source


@pytest.fixture(scope="module")
def warehouse(small_warehouse: Path) -> Path:
    return small_warehouse


def _handed_over(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Have `serve` note what it would become, and leave the environment as it was afterwards."""
    handed: list[list[str]] = []
    monkeypatch.setattr("os.execv", lambda _, words: handed.append(words))
    for name in ("MARQUEE_WAREHOUSE", "MARQUEE_BIND", "MARQUEE_HOSTS", "MARQUEE_WORKERS", "MARQUEE_CONNECT"):
        monkeypatch.setenv(name, "")
    return handed


def test_help_teaches_the_three_steps(marquee: Command) -> None:
    ended = marquee("--help")
    assert ended.status == 0
    for word in ("import", "check", "build", "serve", "sql", "query", "tables"):
        assert word in ended.out


def test_a_broken_segment_keeps_no_build_from_being_published_nor_another_from_being_prepared(
    marquee: Command, source: Path, tmp_path: Path
) -> None:
    for segment_id, saved_at in (("brkn2345", "2024-03-10T10:00:00+00:00"), ("good2345", "2024-03-10T10:00:01+00:00")):
        segment_folder(tmp_path / "w", segment_id).mkdir(parents=True)
        follows = segment_id == "good2345"
        Segment(segment_id, segment_id, saved_at, "table=accounts", follows).write(tmp_path / "w")
    # The first one's list of accounts has been cut off.
    (segment_folder(tmp_path / "w", "brkn2345") / ACCOUNTS_FILE).write_bytes(b"PAR1")
    ended = marquee("build", "--source", source, "--warehouse", tmp_path / "w")
    assert ended.status == 0
    assert "is published" in ended.out
    assert "Segment brkn2345 could not be prepared: " in ended.err
    assert "Segment good2345 is ready." in ended.out


def test_check_and_build_say_what_became_of_every_row(marquee: Command, source: Path, tmp_path: Path) -> None:
    assert "can be built" in marquee("check", source).out
    ended = marquee("build", "--source", source, "--warehouse", tmp_path / "w")
    assert ended.status == 0
    # The world has 900 plays, all good.
    (row,) = [line for line in ended.out.splitlines() if "plays" in line and "│" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == ["plays", "900", "900", "0", "0"]
    assert "is published" in ended.out


def test_check_fails_when_a_build_would(marquee: Command, tmp_path: Path) -> None:
    ended = marquee("check", tmp_path)
    assert ended.status == 1
    assert "holds no table" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("check", "nowhere"),
        ("build", "--source", "nowhere", "--warehouse", "w"),
        ("sql", "select 1", "--warehouse", "nowhere"),
        ("serve", "--warehouse", "nowhere", "--no-connect"),
        ("builds", "list", "--warehouse", "nowhere"),
        ("builds", "rollback", "b1", "--warehouse", "nowhere"),
        ("builds", "prune", "--warehouse", "nowhere"),
        ("import", "netflix-export", "nowhere", "--source", "s"),
        ("import", "table", "plays", "nowhere.csv", "--mapping", "nowhere.toml", "--source", "s"),
    ],
)
def test_a_mistake_ends_in_a_sentence(
    marquee: Command, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = marquee(*words)
    assert ended.status == 1
    assert ended.err.startswith("marquee: ")
    assert "nowhere" in ended.err
    assert "Traceback" not in ended.err


def test_sql_in_every_format(marquee: Command, warehouse: Path, tmp_path: Path) -> None:
    statement = "select 'a,b' as text, 2 as number, null as missing, '=1+1' as formula"
    assert marquee("sql", statement, "--warehouse", warehouse, "--format", "csv").out == (
        '"text","number","missing","formula"\n"a,b",2,,"\'=1+1"\n'
    )
    rows = [{"text": "a,b", "number": 2, "missing": None, "formula": "=1+1"}]
    assert json.loads(marquee("sql", statement, "--warehouse", warehouse, "--format", "json").out) == rows
    target = tmp_path / "rows.parquet"
    marquee("sql", statement, "--warehouse", warehouse, "--format", "parquet", "--output", target)
    assert pq.read_table(target).to_pylist() == rows
    assert "a,b" in marquee("sql", statement, "--warehouse", warehouse).out
    marquee("sql", statement, "--warehouse", warehouse, "--output", tmp_path / "rows.txt")
    assert "a,b" in (tmp_path / "rows.txt").read_text()


def test_sql_does_not_write(marquee: Command, warehouse: Path) -> None:
    ended = marquee("sql", "create table t as select 1", "--warehouse", warehouse)
    assert ended.status == 1
    assert "read-only" in ended.err


def test_query_takes_the_pages_filters(marquee: Command, warehouse: Path) -> None:
    words = ("query", "watch_hours_by_period", "--warehouse", warehouse, "--format", "json", "--period", "last-7-days")
    everything = json.loads(marquee(*words).out)
    some = json.loads(marquee(*words, "--device", "tv", "--device", "mobile").out)
    assert len(everything) == len(some) == 7
    assert everything[0]["period_start"] == everything[0]["first_day"]
    assert sum(row["watch_hours"] for row in some) < sum(row["watch_hours"] for row in everything)
    assert len(json.loads(marquee(*words, "--compared").out)) == 14


def test_query_keeps_titles_and_leaves_values_out(marquee: Command, warehouse: Path) -> None:
    words = ("query", "watch_hours_by_title", "--warehouse", warehouse, "--format", "json", "--period", "all")

    def hours(*filters: str) -> dict[str, float]:
        return {row["show_id"]: row["watch_hours"] for row in json.loads(marquee(*words, *filters).out)}

    everything = hours()
    first, second, *rest = everything
    assert hours("--title", first, "--title", second) == {name: everything[name] for name in (first, second)}
    left_out = hours("--without", f"title={first}", "--without", f"title={second}")
    assert left_out == {name: everything[name] for name in rest}
    without_tv, tv = hours("--without", "device=tv"), hours("--device", "tv")
    for name, watch_hours in everything.items():
        assert without_tv.get(name, 0) + tv.get(name, 0) == pytest.approx(watch_hours)
    assert sum(without_tv.values()) < sum(everything.values())


@pytest.mark.parametrize("exclusion", ["colour=red", "device", "device="])
def test_query_says_what_can_be_left_out(marquee: Command, warehouse: Path, exclusion: str) -> None:
    ended = marquee("query", "viewing_summary", "--warehouse", warehouse, "--without", exclusion)
    assert ended.status == 1
    assert f"not '{exclusion}'. The dimensions are {', '.join(DIMENSION_BY_NAME)}." in ended.err


def test_query_says_which_titles_there_are_not(marquee: Command, warehouse: Path) -> None:
    ended = marquee("query", "viewing_summary", "--warehouse", warehouse, "--title", "no-such-title")
    assert "Nothing was watched with title no-such-title. There are: " in ended.err


def test_query_says_which_values_do_not_occur(marquee: Command, warehouse: Path) -> None:
    ended = marquee("query", "viewing_summary", "--warehouse", warehouse, "--device", "tvv", "--device", "tv")
    assert ended.status == 0
    assert "Nothing was watched with device tvv. There are: " in ended.err
    assert "watched" not in marquee("query", "viewing_summary", "--warehouse", warehouse, "--device", "tv").err


def test_query_explains_what_it_cannot_read(marquee: Command, warehouse: Path) -> None:
    assert "watch_hours_by_title" in marquee("query", "nonsense", "--warehouse", warehouse).err
    assert "is a date" in marquee("query", "viewing_summary", "--warehouse", warehouse, "--start-day", "soon").err


def test_tables_lists_every_column_with_its_meaning(marquee: Command, warehouse: Path) -> None:
    printed = marquee("tables", "--warehouse", warehouse).out
    for name, table in PUBLISHED.items():
        assert f"{name}: " in printed
        assert all(column.name in printed for column in table)


def test_builds_are_listed_gone_back_to_and_removed(marquee: Command, tmp_path: Path) -> None:
    from pipeline.build.build import build_warehouse

    source = write_source(tmp_path / "source", days_of_plays(1))
    first, second = (build_warehouse(source, tmp_path / "w").manifest.build_id for _ in range(2))
    at = ("--warehouse", tmp_path / "w")
    listed = [line for line in marquee("builds", "list", *at).out.splitlines() if first in line or second in line]
    assert [second in line and "current" in line for line in listed] == [True, False]
    assert f"Build {first} is current." in marquee("builds", "rollback", first, *at).out
    assert f"Removed: {second}." in marquee("builds", "prune", "--keep", "1", *at).out
    assert "Nothing to remove." in marquee("builds", "prune", *at).out
    ended = marquee("builds", "rollback", second, *at)
    assert ended.status == 1
    assert f"has no build {second}. It has: {first} (current)." in ended.err


def test_serve_refuses_a_port_in_use(marquee: Command, warehouse: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = marquee("serve", "--warehouse", warehouse, "--port", taken.getsockname()[1])
    assert ended.status == 1
    assert "another --port" in ended.err


def test_serve_hands_over_to_gunicorn(marquee: Command, warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = _handed_over(monkeypatch)
    ended = marquee("serve", "--warehouse", warehouse, "--port", "18050", "--workers", "3")
    assert "http://127.0.0.1:18050" in ended.out
    assert handed[0][1:3] == ["-m", "gunicorn"]


@pytest.mark.parametrize(
    ("words", "bind", "hosts"),
    [
        (["--host", "127.0.0.2"], "127.0.0.2:18050", "given.example,127.0.0.2"),
        (["--host", "0.0.0.0", "--allow-host", "a.example"], "0.0.0.0:18050", "given.example,a.example"),
    ],
)
def test_serve_names_the_hosts_it_answers_to(
    marquee: Command, warehouse: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], bind: str, hosts: str
) -> None:
    _handed_over(monkeypatch)
    monkeypatch.setenv("MARQUEE_HOSTS", "given.example")
    assert "--allow-host" not in marquee("serve", "--warehouse", warehouse, "--port", "18050", *words).out
    assert (os.environ["MARQUEE_BIND"], os.environ["MARQUEE_HOSTS"]) == (bind, hosts)


def test_serve_of_an_empty_warehouse_leads_to_connecting_data(
    marquee: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = _handed_over(monkeypatch)
    ended = marquee("serve", "--warehouse", tmp_path / "empty", "--port", "18050")
    assert "It holds no data yet. Connect yours at http://127.0.0.1:18050/connect" in ended.out
    assert handed


@pytest.mark.parametrize(
    ("words", "given_hosts", "offered"),
    [
        ([], "", "1"),
        (["--host", "::1"], "", "1"),
        (["--host", "localhost"], "", "1"),
        (["--no-connect"], "", ""),
        (["--allow-host", "a.example"], "", ""),
        ([], "given.example", ""),
        (["--host", "0.0.0.0"], "", ""),
        (["--host", "127.0.0.2"], "", ""),
    ],
)
def test_connecting_is_offered_only_where_nobody_else_can_reach_it(
    marquee: Command,
    warehouse: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    given_hosts: str,
    offered: str,
) -> None:
    monkeypatch.setattr("socket.create_server", lambda *_, **__: socket.socket())
    _handed_over(monkeypatch)
    monkeypatch.setenv("MARQUEE_HOSTS", given_hosts)
    marquee("serve", "--warehouse", warehouse, "--port", "18050", *words)
    assert os.environ["MARQUEE_CONNECT"] == offered


def test_suggest_writes_a_mapping_to_start_from(marquee: Command) -> None:
    orders = ROOT / "docs" / "examples" / "order-history" / "orders.csv"
    assert 'play_id = { column = "order_no" }' in marquee("suggest", orders).out
    assert json.loads(marquee("suggest", orders, "--format", "json").out)["groups"][0]["tables"][0]["table"] == "plays"


def test_what_is_told_to_a_program(marquee: Command, source: Path, tmp_path: Path) -> None:
    marquee("check", source, "--tell", tmp_path)
    assert json.loads((tmp_path / "progress.json").read_text())["done_rows"] >= 900
    plays = [
        table for table in json.loads((tmp_path / "report.json").read_text())["tables"] if table["name"] == "plays"
    ]
    assert plays[0]["count"]["kept"] == 900


def test_serve_on_every_address_asks_for_names(
    marquee: Command, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _handed_over(monkeypatch)
    assert "--allow-host" in marquee("serve", "--warehouse", warehouse, "--port", "18050", "--host", "0.0.0.0").out


def test_serve_takes_an_address_of_version_6(
    marquee: Command, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, object]] = []

    def listen(address: tuple[str, int], *, family: socket.AddressFamily) -> socket.socket:
        asked.append((address, family))
        return socket.socket()  # also where the machine has no IPv6

    monkeypatch.setattr("socket.create_server", listen)
    _handed_over(monkeypatch)
    assert "http://[::1]:18050" in marquee("serve", "--warehouse", warehouse, "--host", "::1", "--port", "18050").out
    assert asked == [(("::1", 18050), socket.AF_INET6)]
    assert os.environ["MARQUEE_BIND"] == "[::1]:18050"


def test_serve_says_when_it_is_not_in_its_checkout(
    marquee: Command, warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "__file__", str(tmp_path / "cli.py"))
    ended = marquee("serve", "--warehouse", warehouse)
    assert ended.status == 1
    assert "--editable" in ended.err


@pytest.mark.parametrize("format", ["table", "csv", "json", "parquet"])
@pytest.mark.parametrize(
    ("output", "words"),
    [("nowhere/rows", "nowhere/rows: No such file"), (".", ".: Is a directory"), ("/dev/full", "No space left")],
)
def test_what_cannot_be_written_ends_in_a_sentence(
    marquee: Command,
    warehouse: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    format: str,
    output: str,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = marquee("sql", "select 1", "--warehouse", warehouse, "--format", format, "--output", output)
    assert ended.status == 1
    assert ended.err.startswith(f"marquee: {words}")


@pytest.mark.parametrize("format", ["table", "csv"])
def test_a_full_disk_behind_the_terminal_ends_in_a_sentence(warehouse: Path, format: str) -> None:
    words = ["sql", "select 1", "--warehouse", str(warehouse), "--format", format]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run([*MARQUEE, *words], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
    assert ended.returncode == 1
    assert ended.stderr == "marquee: No space left on device.\n"


@pytest.mark.parametrize("error", ["duckdb.IOException('torn\\nat 7')", "pyarrow.ArrowNotImplementedError('torn')"])
def test_an_error_of_duckdb_or_arrow_ends_in_its_first_line(error: str) -> None:
    program = f"import cli, duckdb, pyarrow\ndef app(): raise {error}\ncli.app = app\ncli.main()"
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (1, "marquee: torn\n")


def test_an_interrupted_build_changes_nothing(source: Path, warehouse: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(warehouse, tmp_path / "warehouse"))
    before = (copy / "current").read_text(), sorted((copy / "builds").iterdir())
    program = (
        "import cli, os, pipeline.build.tables as tables, signal, sys\n"
        # A shell without job control has what it starts in the background ignore interrupts.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "tables.write_table = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
        f"sys.argv = ['marquee', 'build', '--source', {str(source)!r}, '--warehouse', {str(copy)!r}]\n"
        "cli.main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 130
    assert ended.stderr.endswith("marquee: interrupted; nothing was changed.\n")
    assert "Traceback" not in ended.stderr
    assert ((copy / "current").read_text(), sorted((copy / "builds").iterdir())) == before


def test_the_demo_world_and_imports_are_offered(marquee: Command) -> None:
    for words in (("demo",), ("import", "netflix-export"), ("import", "table")):
        assert "--source" in marquee(*words, "--help").out
