"""The front door for terminals: thin commands that import what they need when they need it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from pipeline.importers.report import ImportReport
    from pipeline.progress import Progress

app = typer.Typer(
    name="marquee",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Audience analytics for streaming video.\n\n"
    "Data travel in three steps: [bold]import[/bold] turns files into a source (a folder of Parquet tables), "
    "[bold]build[/bold] turns a source into a warehouse, [bold]serve[/bold] shows a warehouse in the browser.\n\n"
    "A first try with a streaming service's personal-data export:\n\n"
    "  marquee import netflix-export ~/Downloads/export --source my-source\n\n"
    "  marquee build --source my-source --warehouse my-warehouse\n\n"
    "  marquee serve --warehouse my-warehouse",
    rich_markup_mode="rich",
)
imports = typer.Typer(no_args_is_help=True, help="Turn files into tables of a source.")
app.add_typer(imports, name="import")
builds = typer.Typer(no_args_is_help=True, help="List a warehouse's builds, go back to one, remove old ones.")
app.add_typer(builds, name="builds")
segments = typer.Typer(no_args_is_help=True, help="Saved sets of accounts: list them, save, prepare or delete one.")
app.add_typer(segments, name="segments")

PIPED_WIDTH = 200
INTERRUPTED = 130
out = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True, highlight=False)

SourceOption = Annotated[Path, typer.Option("--source", help="The source: a folder of Parquet tables.")]
TellOption = Annotated[
    Path | None, typer.Option("--tell", hidden=True, help="A folder for progress.json and report.json, for a program.")
]
WarehouseOption = Annotated[Path, typer.Option("--warehouse", help="The warehouse: a folder of builds.")]
FormatOption = Annotated[
    Literal["table", "csv", "json", "parquet"], typer.Option("--format", help="How rows are written.")
]
OutputOption = Annotated[Path | None, typer.Option("--output", help="A file to write to instead of the terminal.")]


def main() -> None:
    """Run the command line; what a user can put right ends in a sentence and a status, never in a stack trace."""
    try:
        app()
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        if _is_interrupt(error):
            _end("interrupted; nothing was changed.", INTERRUPTED)
        if isinstance(error, SystemExit):
            raise
        from pipeline.terminal import sentence_of

        if not (sentence := sentence_of(error)):
            raise
        _end(sentence, 1)


@imports.command("netflix-export")
def import_netflix_export(
    folder: Annotated[Path, typer.Argument(help="The unpacked export, or any folder that holds its CSV files.")],
    source: SourceOption,
    catalogue: Annotated[
        Path | None, typer.Option(help="A CSV of titles with type, director, cast, duration and genres, to join.")
    ] = None,
    account_per: Annotated[
        Literal["folder", "profile"], typer.Option(help="profile: for files merged from several households.")
    ] = "folder",
    account: Annotated[
        str | None, typer.Option(help="A name for this household, when several share a source; the same each time.")
    ] = None,
    keep_labels: Annotated[bool, typer.Option(help="Keep the profiles' names; else they become pseudonyms.")] = False,
    tell: TellOption = None,
) -> None:
    """Import a streaming service's personal-data export: viewing, profiles, devices, searches, clicks.

    Any of the files may be missing. Importing again adds nothing; a newer export adds its new rows.
    """
    from pipeline.importers.netflix_export import import_netflix_export as run_import

    with _progress(tell) as progress:
        report = run_import(
            folder,
            source,
            catalogue=catalogue,
            account_per=account_per,
            account=account,
            keep_labels=keep_labels,
            progress=progress,
        )
    _print_import(report, source, tell)


@imports.command("table")
def import_table(
    name: Annotated[str, typer.Argument(help="The contract's table to fill, such as plays; see marquee tables.")],
    files: Annotated[list[Path], typer.Argument(help="CSV, Parquet or JSON files of one shape.")],
    mapping: Annotated[Path, typer.Option(help="A TOML file with an SQL expression for each column to fill.")],
    source: SourceOption,
    tell: TellOption = None,
) -> None:
    """Import CSV, Parquet or JSON files into one table of the contract, by a mapping.

    The mapping's [columns] give an SQL expression over the files' columns for each column of the table, such as
    watch_ms = "minutes * 60000". Worked examples are in docs/connecting-your-data.md.
    """
    from pipeline.importers.table import import_table as run_import

    with _progress(tell) as progress:
        report = run_import(name, files, mapping, source, progress=progress)
    _print_import(report, source, tell)


@app.command()
def suggest(
    files: Annotated[list[Path], typer.Argument(help="CSV, Parquet or JSON files.")],
    table: Annotated[str | None, typer.Option(help="The contract's table to fill; default: the likeliest.")] = None,
    format: Annotated[
        Literal["toml", "json"], typer.Option("--format", help="toml: one mapping; json: all there is to see.")
    ] = "toml",
) -> None:
    """Look at files and write a mapping to start from: marquee suggest orders.csv --table plays > plays.toml."""
    from pipeline.importers.suggest import as_json, look_at, starting_mapping

    look = look_at(files)
    print(as_json(look) if format == "json" else starting_mapping(look, table), end="")  # noqa: T201 - a file's text


@app.command()
def demo(
    source: SourceOption,
    events: Annotated[
        int, typer.Option(min=10_000, max=1_000_000_000, help="About how many player events to invent.")
    ] = 2_000_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same world.")] = 1,
    days: Annotated[int, typer.Option(min=90, max=1_825, help="How many days it covers, up to 30 June 2026.")] = 400,
    titles: Annotated[int, typer.Option(min=60, help="How many titles.")] = 400,
    accounts: Annotated[int | None, typer.Option(min=40, help="How many accounts; as many as the events need.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="A planted effect to leave out; again for each.")] = None,
) -> None:
    """Write the demo world: a made-up service, every table, with effects planted in it (see docs/demo-world.md)."""
    from pipeline.demo import write_demo_source

    with _progress(None) as progress:
        written = write_demo_source(
            source, events=events, seed=seed, days=days, titles=titles, accounts=accounts, without=without or (),
            progress=progress,
        )  # fmt: skip
    _say(f"A demo world of {written:,} player events is in {source}, its truth beside it. Next: marquee build …")


@app.command()
def check(folder: Annotated[Path, typer.Argument(help="The source to check.")], tell: TellOption = None) -> None:
    """Say what a source holds, lacks and has wrong; exit status 1 when no warehouse can be built from it."""
    from pipeline.check import check_source
    from pipeline.terminal import print_loaded

    with _progress(tell) as progress:
        loaded = check_source(folder, progress)
    print_loaded(loaded, out, err)
    _tell(tell, loaded)
    if loaded.problems:
        raise typer.Exit(1)
    _say("A warehouse can be built from it.")


@app.command()
def build(
    source: SourceOption,
    warehouse: WarehouseOption,
    service_zone: Annotated[str, typer.Option(help="The service's own time zone, such as Europe/Berlin.")] = "UTC",
    tell: TellOption = None,
) -> None:
    """Check a source, derive the tables that the pages read, and publish them in one step.

    Readers keep the build before until the new one is whole; the last three are kept.
    """
    from pipeline.build.build import build_warehouse
    from pipeline.terminal import print_loaded

    with _progress(tell) as progress:
        summary = build_warehouse(source, warehouse, service_zone=service_zone, progress=progress)
    print_loaded(summary.loaded, out, err)
    manifest = summary.manifest
    _tell(tell, manifest)
    _say(
        f"Watch time kept: {summary.source_watch_ms / 3_600_000:,.1f} h; published: "
        f"{summary.published_watch_ms / 3_600_000:,.1f} h. Data through {manifest.data_through or 'never'} UTC."
    )
    _say(f"Build {manifest.build_id} is published. Next: marquee serve --warehouse {warehouse}")
    _prepare_all(warehouse)


@app.command()
def colours(
    folder: Annotated[Path, typer.Argument(help="A folder of posters, or a zipped one.")],
    warehouse: WarehouseOption,
    names: Annotated[Path | None, typer.Option(help="A CSV with the columns file and name, and more.")] = None,
) -> None:
    """Measure the colours of a folder of posters, for the pages on artwork; no other data are needed.

    An image that has not changed is not read again. docs/connecting-your-data.md tells what the CSV can say.
    """
    from pipeline.posters import build_of_posters

    with _progress(None) as progress:
        report = build_of_posters(folder, warehouse, names, progress)
    for line in report.lines():
        _say(line)
    _say(f"Next: marquee serve --warehouse {warehouse}, and open /artwork")


def _prepare_all(warehouse: Path) -> None:
    """Prepare every segment; one that cannot be, for whatever reason, is told, and keeps no other from it."""
    from pipeline.terminal import sentence_of
    from serving.saved_segments import in_order_of_need

    for segment in in_order_of_need(warehouse):
        try:
            prepare_segment(segment.id, warehouse)
        except Exception as error:
            # The build itself is published, so it has not failed.
            told = sentence_of(error) or repr(error)
            err.print(f"Segment {segment.id} could not be prepared: {escape(told)}", soft_wrap=True)


@builds.command("list")
def list_builds(warehouse: WarehouseOption) -> None:
    """List the builds of a warehouse, the newest first."""
    from pipeline.publish import list_builds as find_builds
    from pipeline.terminal import print_builds

    print_builds(find_builds(warehouse), out)


@builds.command()
def rollback(build: Annotated[str, typer.Argument(help="Its id.")], warehouse: WarehouseOption) -> None:
    """Make a build that is still there the current one; pages opened from then on show it."""
    from pipeline.publish import roll_back

    through = roll_back(warehouse, build).manifest.data_through
    _say(f"Build {build} is current. Data through {through or 'never'} UTC.")


@builds.command()
def prune(
    warehouse: WarehouseOption, keep: Annotated[int, typer.Option(min=1, help="How many builds to keep.")] = 3
) -> None:
    """Remove all builds but the current one and the newest others."""
    from pipeline.publish import prune as remove_builds

    removed = remove_builds(warehouse, keep)
    _say(f"Removed: {', '.join(removed)}." if removed else "Nothing to remove.")


@segments.command("list")
def list_segments(warehouse: WarehouseOption) -> None:
    """List the segments of a warehouse by name, with the accounts that each has in the current build."""
    from pipeline.terminal import print_segments
    from queries.db import Warehouse
    from serving.saved_segments import listed_segments

    print_segments([(listed.segment, listed.accounts) for listed in listed_segments(Warehouse(warehouse))], out)


@segments.command("save")
def save_segment(
    name: Annotated[str, typer.Argument(help="What people call it.")],
    search: Annotated[str, typer.Option(help="What Explore's address has after the ?: table=accounts&plan=Basic")],
    warehouse: WarehouseOption,
    follow: Annotated[bool, typer.Option(help="Find its accounts anew for every build.")] = False,
) -> None:
    """Save the accounts that some rows name as a segment, and prepare it."""
    from queries.db import Warehouse
    from serving.saved_segments import save

    prepare_segment(save(Warehouse(warehouse), name, search, follows=follow).id, warehouse)


@segments.command("prepare")
def prepare_segment(
    segment: Annotated[str, typer.Argument(help="Its id.")], warehouse: WarehouseOption, tell: TellOption = None
) -> None:
    """Make the build of a segment's accounts alone, of the current data; marquee build does so for all of them."""
    from pipeline.build.segment import build_segment
    from queries.db import Warehouse
    from serving.saved_segments import to_prepare

    with to_prepare(Warehouse(warehouse), segment) as wanted, _progress(tell) as progress:
        if wanted is not None:
            build_segment(warehouse, wanted.build_id, segment, wanted.accounts, progress)
    _say(f"Segment {segment} is ready.")


@segments.command("delete")
def delete_segment(segment: Annotated[str, typer.Argument(help="Its id.")], warehouse: WarehouseOption) -> None:
    """Delete a segment with its builds; links that name it say that it is gone."""
    from definitions.segments import delete_segment as delete

    _say(f"Segment {segment} is deleted." if delete(warehouse, segment) else f"There is no segment {segment}.")


@app.command()
def tables(warehouse: WarehouseOption) -> None:
    """List the published tables with their rows, and what each column means."""
    from pipeline.terminal import print_tables
    from queries.db import Warehouse

    print_tables(Warehouse(warehouse).current().manifest, out)


@app.command()
def sql(
    statement: Annotated[str, typer.Argument(help="One SELECT over the published tables; see marquee tables.")],
    warehouse: WarehouseOption,
    format: FormatOption = "table",
    output: OutputOption = None,
) -> None:
    """Ask the published tables anything, in DuckDB's SQL, read-only.

    marquee sql "select kind, sum(watch_ms) / 3600000 as watch_hours from plays group by kind" --warehouse DIR
    """
    from queries.db import Warehouse
    from queries.run import select
    from serving.written_rows import write_rows

    write_rows(select(statement, Warehouse(warehouse).current()), format, output, out)


@app.command()
def query(
    name: Annotated[str, typer.Argument(help="A query of the pages, such as watch_hours_by_title.")],
    warehouse: WarehouseOption,
    period: Annotated[
        str | None, typer.Option(help="Such as last-28-days (the default), last-12-months or all.")
    ] = None,
    start_day: Annotated[str | None, typer.Option(help="YYYY-MM-DD, included.")] = None,
    end_day: Annotated[str | None, typer.Option(help="YYYY-MM-DD, not included.")] = None,
    compare: Annotated[str | None, typer.Option(help="previous, year or none.")] = None,
    granularity: Annotated[str | None, typer.Option(help="auto, day, week or month.")] = None,
    calendar: Annotated[str | None, typer.Option(help="local (the viewer's), utc or service.")] = None,
    device: Annotated[list[str] | None, typer.Option(help="Repeat for several.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Repeat for several.")] = None,
    plan: Annotated[list[str] | None, typer.Option(help="Repeat for several.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="film, episode, live, trailer, supplemental.")] = None,
    profile_type: Annotated[list[str] | None, typer.Option(help="standard or kids.")] = None,
    title: Annotated[
        list[str] | None, typer.Option(help="A show_id of watch_hours_by_title; repeat for several.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="DIMENSION=VALUE to leave out, such as device=tv; repeat for several.")
    ] = None,
    weekday: Annotated[list[str] | None, typer.Option(help="monday and so on; repeat for several.")] = None,
    hour: Annotated[list[str] | None, typer.Option(help="0 to 23; repeat for several.")] = None,
    model: Annotated[list[str] | None, typer.Option(help="A device model; repeat for several.")] = None,
    app_version: Annotated[list[str] | None, typer.Option(help="Repeat for several.")] = None,
    place: Annotated[list[str] | None, typer.Option(help="The country watched in; repeat for several.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="The region watched in; repeat for several.")] = None,
    of_title: Annotated[str | None, typer.Option(help="The title that a title's query is about.")] = None,
    option: Annotated[
        list[str] | None, typer.Option(help="NAME=VALUE of a card's option, such as trend_by=device; repeatable.")
    ] = None,
    compared: Annotated[bool, typer.Option(help="Add the comparison period's rows.")] = False,
    format: FormatOption = "table",
    output: OutputOption = None,
) -> None:
    """Run one of the pages' own queries with the pages' own filters; an unknown name lists them all."""
    from urllib.parse import urlencode

    from queries.chosen_values import left_out, never_watched
    from queries.db import Warehouse
    from queries.filters import parse_search, to_search
    from queries.run import run, run_compared
    from serving.formats import as_table
    from serving.written_rows import write_rows

    search = to_search(
        {
            "period": period,
            "start_day": start_day,
            "end_day": end_day,
            "compare": compare,
            "granularity": granularity,
            "calendar": calendar,
            "device": device,
            "country": country,
            "plan": plan,
            "kind": kind,
            "profile_type": profile_type,
            "weekday": weekday,
            "hour": hour,
            "model": model,
            "app_version": app_version,
            "place": place,
            "region": region,
            "title": title,
            **left_out(without or []),
        }
    )
    about = [] if of_title is None else [urlencode({"of_title": of_title})]
    search = "&".join([search, *about, *(option or [])])
    published = Warehouse(warehouse).current()
    filters = parse_search(search, published.manifest.spans)
    frame = (run_compared if compared else run)(name, filters, published)
    for notice in (*filters.notices, *never_watched(filters, published)):
        err.print(escape(notice), soft_wrap=True)
    write_rows(as_table(frame), format, output, out)


@app.command()
def serve(
    warehouse: WarehouseOption,
    host: Annotated[str, typer.Option(help="The address to listen on; 127.0.0.1 is this machine only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8050,
    workers: Annotated[int, typer.Option(min=1, help="Processes; two for each core is plenty.")] = 2,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A name under which browsers may ask for the pages; repeat for several.")
    ] = None,
    connect: Annotated[bool, typer.Option(help="Offer Connect your data, on this machine alone.")] = True,
) -> None:
    """Serve a warehouse in the browser, with gunicorn; Ctrl-C stops it."""
    from serving.launch import prepare

    launch = prepare(
        warehouse,
        Path(__file__).with_name("gunicorn.conf.py"),
        host=host,
        port=port,
        workers=workers,
        allowed_hosts=tuple(allow_host or ()),
        connect=connect,
    )
    for sentence in launch.sentences:
        _say(sentence)
    sys.stdout.flush()
    launch.start()


def _is_interrupt(error: BaseException) -> bool:
    """Whether it was Ctrl-C, of which Typer makes an exit and DuckDB an error."""
    if isinstance(error, SystemExit):
        return error.code == INTERRUPTED
    return isinstance(error, KeyboardInterrupt) or str(error) == "Query interrupted"


def _end(sentence: str, status: int) -> NoReturn:
    try:
        sys.stdout.flush()
    except OSError:
        # Python would try to write the rest once more when it ends, and complain.
        with suppress(OSError):
            sys.stdout.close()
    err.print(f"[red]marquee:[/red] {escape(sentence)}", soft_wrap=True)
    sys.exit(status)


@contextmanager
def _progress(tell: Path | None) -> "Iterator[Progress]":
    from pipeline.progress import ProgressBar, ProgressFile

    if tell is not None:
        yield ProgressFile(tell / "progress.json")
        return
    with ProgressBar(err) as progress:
        yield progress


def _tell(folder: Path | None, report: object) -> None:
    if folder is not None:
        from pipeline.progress import write_report

        write_report(folder / "report.json", report)


def _print_import(report: "ImportReport", source: Path, tell: Path | None) -> None:
    from pipeline.importers.refused import with_refused_rows

    for line in report.lines():
        _say(line)
    if tell is not None:
        _tell(tell, with_refused_rows(source, report))
    _say(f"The source is {source}. Next: marquee build --source {source} --warehouse DIR")


def _say(sentence: str) -> None:
    out.print(escape(sentence), soft_wrap=True)


if __name__ == "__main__":
    main()
