"""The steps of connecting data, laid out from what a job's folder holds; plain forms carry the choices on."""

from datetime import UTC, datetime
from typing import Any

from dash import html

from components.connect_forms import button, export_form, form, mapping_form, rows_table, select
from components.connect_report import built_view, rows_view
from definitions.connecting import (
    EXPORT,
    Job,
    Step,
    all_jobs,
    is_connected,
    read_job,
    read_look,
    received_files,
)
from queries.db import WarehouseError, served_warehouse

STEPS = {Step.CHOOSE: "Choose files", Step.MAP: "Look and map", Step.ROWS: "See what became of the rows"}
BUILD = "Build and show"
WORK = {"look": "Looking at the files", "import": "Reading the rows", "build": "Building"}


def connecting(job_id: str | None) -> html.Div:
    """Lay out where a connection stands; without one, its beginning, or the way back to one that is not finished."""
    if not job_id:
        unfinished = [job for job in all_jobs() if job.step is not Step.DONE]
        return _page(None, _unfinished(unfinished[0]) if unfinished else _choose(None))
    job = read_job(job_id)
    if job is None:
        return _page(None, _gone())
    return _page(job, _at_work(job) if job.running else _step(job))


def only_on_the_machine() -> html.Div:
    """Say to anybody else how data are connected."""
    commands = (
        "marquee import netflix-export FOLDER --source my-source\n"
        "marquee build --source my-source --warehouse my-warehouse"
    )
    return html.Div(
        [
            html.H1("Connecting data is done by the owner, on the machine itself"),
            html.P(
                "There it opens at localhost when Marquee is served for that machine only. The command line does the "
                "same work:"
            ),
            html.Pre(commands),
        ],
        className="no-warehouse without-data",
    )


def _page(job: Job | None, content: Any) -> html.Div:
    problem = html.P(job.problem, className="connect-problem", role="alert") if job and job.problem else None
    notes = html.Ul([html.Li(note) for note in job.notes], className="connect-notes") if job and job.notes else None
    return html.Div(
        [
            html.H1("Connect your data"),
            _trail(job),
            html.P(className="connect-problem", id="connect-problem", role="alert", hidden=True),
            problem,
            notes,
            content,
        ],
        className="connect without-data",
    )


def _trail(job: Job | None) -> html.Ol:
    names = [*STEPS.values(), BUILD]
    if job is None:
        now = 0
    elif job.step is Step.DONE or job.running == "build":
        now = len(STEPS)
    else:
        now = list(STEPS).index(job.step)
    done = len(names) if job and job.step is Step.DONE else now
    return html.Ol(
        [
            html.Li(
                [html.Span(str(place + 1), **{"aria-hidden": "true"}), name],
                className="done" if place < done else "",
                **({"aria-current": "step"} if place == now else {}),
            )
            for place, name in enumerate(names)
        ],
        className="connect-trail",
    )


def _step(job: Job) -> html.Div:
    if job.step is Step.MAP:
        return _map(job)
    if job.step is Step.ROWS:
        return rows_view(job)
    return built_view(job) if job.step is Step.DONE else _choose(job)


def _choose(job: Job | None) -> html.Div:
    drop = html.Div(
        [
            html.I(className="bi bi-file-earmark-arrow-up", **{"aria-hidden": "true"}),
            html.P("Drop files or a folder here, or"),
            html.Div(
                [
                    html.Button("Choose files", type="button", className="action", **{"data-choose": "files"}),
                    html.Button("Choose a folder", type="button", className="action", **{"data-choose": "folder"}),
                ],
                className="connect-buttons",
            ),
            html.P(
                "A streaming service's personal-data export (its folder or .zip), or your own tables as CSV, TSV, "
                "Parquet or JSON. The files stay on this machine and are removed once they are built.",
                className="secondary",
            ),
        ],
        className="connect-drop",
    )
    arriving = html.Div(
        [
            html.P(id="connect-arriving", **{"aria-live": "polite"}),
            html.Progress(id="connect-progress", value="0", max="1", **{"aria-label": "Upload"}),
            html.Button("Cancel", type="button", id="connect-stop", className="action"),
        ],
        id="connect-upload",
        hidden=True,
    )
    attributes = {"data-job": job.id if job else ""}
    return html.Div([_mode(job), drop, arriving, _received(job)], id="connect-choose", **attributes)


def _mode(job: Job | None) -> Any:
    if job is not None:
        what = "replace what is connected" if job.replace else "add to what is connected"
        return html.P(f"These files will {what}.") if is_connected() else None
    if not is_connected():
        return _other_data()
    options = {"add": "Add to what is connected", "replace": "Replace what is connected"}
    return html.Div([html.Label("What is connected already", htmlFor="connect-mode"), select("mode", options, "add")])


def _other_data() -> Any:
    """Say that a build is served which was made elsewhere, and what becomes of it."""
    try:
        served_warehouse().current()
    except WarehouseError:
        return None
    return html.P(
        "The pages show other data now. What you build here takes their place; the build before it is kept, and can be "
        "gone back to.",
        className="connect-note",
    )


def _received(job: Job | None) -> Any:
    files = received_files(job) if job else []
    if job is None or not files:
        return _discard(job) if job else None
    rows = [[path.name, f"{path.stat().st_size / 1e6:,.1f} MB"] for path in files]
    return html.Div(
        [
            html.H2(f"{len(files):,} {'file' if len(files) == 1 else 'files'} received"),
            rows_table(("file", "size"), rows, "Files received"),
            html.Div([form(job, "look", button("Look at them")), _discard(job)], className="connect-buttons"),
        ]
    )


def _map(job: Job) -> html.Div:
    look = read_look(job)
    if not look.get("groups"):
        return _choose(job)
    return html.Div(
        [
            export_form(job, look) if job.table == EXPORT else mapping_form(job, look),
            html.Div([form(job, "more", button("Add files", quiet=True)), _discard(job)], className="connect-buttons"),
        ]
    )


def _at_work(job: Job) -> html.Div:
    return html.Div(
        [
            html.H2(WORK.get(job.running, "At work")),
            html.P("Starting", id="connect-step", **{"aria-live": "polite"}),
            html.Progress(id="connect-bar", max="1", **{"aria-label": WORK.get(job.running, "At work")}),
            html.P(id="connect-rows", className="secondary"),
            form(job, "cancel", button("Cancel", quiet=True)),
            html.P("Until this has ended, nothing of what is connected or shown changes.", className="secondary"),
        ],
        className="connect-work",
        **{"data-watch": job.id},
    )


def _unfinished(job: Job) -> html.Div:
    minutes = max(0, int((datetime.now(UTC) - job.started).total_seconds() // 60))
    when = f"{minutes:,} min ago" if minutes else "just now"
    return html.Div(
        [
            html.H2("A connection is not finished"),
            html.P(f"It was begun {when}. One is made at a time: go on with it, or discard it with its files."),
            html.Div(
                [html.A("Go on", href=f"/connect?job={job.id}", className="action main-action"), _discard(job)],
                className="connect-buttons",
            ),
        ]
    )


def _gone() -> html.Div:
    return html.Div(
        [
            html.H2("This connection is no longer there"),
            html.P("It was discarded, or is older than a day."),
            html.A("Begin anew", href="/connect", className="action main-action"),
        ]
    )


def _discard(job: Job) -> html.Form:
    return form(job, "discard", button("Discard", quiet=True))
