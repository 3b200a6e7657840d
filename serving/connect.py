"""``/connect/jobs/…``: takes in files for the owner on this machine, and has the command line import and build them."""

import ipaddress
import json
import os
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, jsonify, redirect, request
from werkzeug.datastructures import MultiDict

from definitions.connecting import (
    EXPORT,
    JOBS,
    PROGRESS_FILE,
    UPLOADS,
    Job,
    Step,
    connect_folder,
    read_look,
    received_files,
)
from definitions.hosts import LOOPBACK
from definitions.tables import CONTRACT
from queries.db import WarehouseError, setting
from serving import connect_jobs
from serving.connect_jobs import ConnectError, changing, folder_of
from serving.security import host_name
from serving.uploads import UploadError, receive

PAGE = "/connect"
PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
CONSTANT, SQL, COLUMN = "=constant", "=sql", "column:"
UPLOAD_LIMIT = "MARQUEE_UPLOAD_LIMIT_MB"
IDLE: dict[str, Any] = {"step": "", "planned_rows": 0, "done_rows": 0}


def register(server: Flask) -> None:
    """Add the routes to ``server``, and tell each request's page in ``g.may_connect`` whether they answer it.

    What an earlier server left half done is finished, and connections older than a day are removed.
    """
    if os.environ.get("MARQUEE_CONNECT") == "1":
        try:
            connect_jobs.tidy()
        except (ConnectError, OSError) as error:
            server.logger.warning("An earlier connection of data cannot be tidied up: %s", error)
    server.before_request(_note_permission)
    server.add_url_rule(f"{PAGE}/jobs", view_func=start, methods=["POST"])
    server.add_url_rule(f"{PAGE}/jobs/<job_id>/files", view_func=take_file, methods=["POST"])
    server.add_url_rule(f"{PAGE}/jobs/<job_id>/progress", view_func=progress)
    server.add_url_rule(f"{PAGE}/jobs/<job_id>/<action>", view_func=act, methods=["POST"])


def may_connect() -> bool:
    """Say whether this request is sent from this machine, to a name of this machine, without signs of a proxy.

    ``marquee serve`` offers it (MARQUEE_CONNECT) when it listens on this machine alone; every request is held to that
    again, because a proxy or a tunnel may be put in front at any time. Signs of one are its headers, HTTP/1.0, and an
    ``Origin`` that is not the host asked for. One that shows none of them cannot be told from the owner's browser.
    """
    named = {host_name(name) for name in os.environ.get("MARQUEE_HOSTS", "").split(",")} - {""}
    origin = request.headers.get("Origin")
    return (
        os.environ.get("MARQUEE_CONNECT") == "1"
        and named <= set(LOOPBACK)
        and _is_this_machine(request.remote_addr or "")
        and host_name(request.host) in LOOPBACK
        and (origin is None or urlsplit(origin).netloc == request.host)
        and request.environ.get("SERVER_PROTOCOL") != "HTTP/1.0"
        and not any(name in request.headers for name in PROXY_HEADERS)
    )


def start() -> Response:
    """Begin a connection (form: ``mode`` add or replace) and answer with its id, for which files can then be sent."""
    if not g.may_connect:
        return _refused()
    try:
        job = connect_jobs.start_job(replace=request.form.get("mode") == "replace")
    except ConnectError as error:
        return _sentence(HTTPStatus.CONFLICT, str(error))
    return jsonify(job=job.id)


def take_file(job_id: str) -> Response:
    """Take the request's body as the file ``name`` of a job; what cannot be taken is told in one sentence."""
    if not g.may_connect:
        return _refused()
    try:
        with changing(job_id) as job:
            folder = folder_of(job) / UPLOADS
        receive(request.stream, request.args.get("name", ""), request.content_length, folder, _upload_limit_bytes())
    except ConnectError as error:
        return _sentence(HTTPStatus.CONFLICT, str(error))
    except UploadError as error:
        return _sentence(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error))
    except OSError as error:
        return _sentence(HTTPStatus.INSUFFICIENT_STORAGE, f"The file cannot be written ({error.strerror}).")
    return Response(status=HTTPStatus.NO_CONTENT)


def progress(job_id: str) -> Response:
    """Answer how far a job's work is: ``busy``, ``step``, ``planned_rows``, ``done_rows``."""
    if not g.may_connect:
        return _refused()
    try:
        busy = connect_jobs.is_at_work(job_id)
    except ConnectError:
        return jsonify(busy=False, **IDLE)
    folder = connect_folder() / JOBS / job_id
    try:
        told = json.loads((folder / PROGRESS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = IDLE
    known = {name: told.get(name, idle) for name, idle in IDLE.items()} if isinstance(told, dict) else IDLE
    return jsonify(busy=busy, **known)


def act(job_id: str, action: str) -> Response:
    """Carry out what a form of the page asks for a job, and lead back to the page, which shows what became of it."""
    if not g.may_connect:
        return _refused()
    if action not in ACTIONS:
        return _sentence(HTTPStatus.NOT_FOUND, f"There is nothing to do called «{action}».")
    try:
        ACTIONS[action](job_id, request.form)
    except ConnectError as error:
        _note_problem(job_id, str(error))
    leads_to = PAGE if action == "discard" else f"{PAGE}?job={job_id}"
    return redirect(leads_to, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _look(job_id: str, _form: MultiDict[str, str]) -> None:
    limit_bytes = _upload_limit_bytes()
    connect_jobs.run(job_id, "look", lambda _: [] if limit_bytes is None else [str(limit_bytes)])


def _choose(job_id: str, form: MultiDict[str, str]) -> None:
    with changing(job_id) as job:
        groups = read_look(job).get("groups", [])
        group, table = form.get("group", "0"), form.get("table", "")
        if not group.isdecimal() or int(group) >= len(groups) or table not in (*CONTRACT, EXPORT):
            raise ConnectError("Choose files and a table that are there.")
        if int(group) != job.group and table == job.table:
            table = groups[int(group)]["tables"][0]["table"]
        job.group, job.table, job.mapping, job.problem = int(group), table, {}, ""


def _import_export(job_id: str, form: MultiDict[str, str]) -> None:
    def words(job: Job) -> list[str]:
        look = read_look(job)
        folder = folder_of(job) / UPLOADS
        found = [EXPORT, str(folder)]
        found += ["--account-per", "profile" if form.get("account_per") == "profile" else "folder"]
        if form.get("keep_labels"):
            found.append("--keep-labels")
        if account := form.get("account", "").strip():
            found += [f"--account={account}"]
        catalogue = form.get("catalogue", "")
        paths = [path for path in received_files(job) if path.name == catalogue]
        if catalogue in look.get("catalogues", []) and paths:
            found += ["--catalogue", str(paths[0])]
        return found

    connect_jobs.run(job_id, "import", words)


def _import_table(job_id: str, form: MultiDict[str, str]) -> None:
    def words(job: Job) -> list[str]:
        groups = read_look(job).get("groups", [])
        if job.table not in CONTRACT or job.group >= len(groups):
            raise ConnectError("Choose files and a table first.")
        job.mapping = mapping_of(job.table, form)
        file = folder_of(job) / f"{job.table}.toml"
        file.write_text(as_toml(job.mapping, has_ids=CONTRACT[job.table].has_pseudonyms), encoding="utf-8")
        return ["table", job.table, *groups[job.group]["files"], "--mapping", str(file)]

    connect_jobs.run(job_id, "import", words)


def mapping_of(table: str, form: MultiDict[str, str]) -> dict[str, Any]:
    """Return the choices of the mapping form: columns (as in a mapping's file), where, pseudonymise."""
    columns: dict[str, Any] = {}
    for name in CONTRACT[table].column_names:
        source, text = form.get(f"from:{name}", ""), form.get(f"text:{name}", "").strip()
        if source.startswith(COLUMN):
            columns[name] = {"column": source.removeprefix(COLUMN), "as": form.get(f"as:{name}", "as is")}
        elif source == CONSTANT and text:
            columns[name] = {"constant": text}
        elif source == SQL and text:
            columns[name] = {"sql": text}
    return {
        "columns": columns,
        "where": form.get("where", "").strip(),
        "pseudonymise": not form.get("are_pseudonyms"),
    }


def as_toml(mapping: dict[str, Any], *, has_ids: bool) -> str:
    """Return a mapping as the file that ``marquee import table`` reads; every text is quoted."""
    lines = [f"where = {_quoted(mapping['where'])}"] if mapping["where"] else []
    lines.append("[columns]")
    for name, choice in mapping["columns"].items():
        if "sql" in choice:
            lines.append(f"{name} = {_quoted(choice['sql'])}")
        else:
            lines.append(f"{name} = {{ {', '.join(f'{key} = {_quoted(text)}' for key, text in choice.items())} }}")
    if has_ids:
        lines += ["[ids]", f"pseudonymise = {str(mapping['pseudonymise']).lower()}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """TOML's strings are JSON's, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _step_to(step: Step) -> Callable[[str, MultiDict[str, str]], None]:
    def go(job_id: str, _form: MultiDict[str, str]) -> None:
        with changing(job_id) as job:
            job.step, job.problem = step, ""

    return go


def _undo(job_id: str, _form: MultiDict[str, str]) -> None:
    """Take the last import back; the stage that it made is made anew by the next one."""
    with changing(job_id) as job:
        if job.imports:
            job.imports.pop()
            job.step, job.problem = Step.MAP, ""


def _build(job_id: str, form: MultiDict[str, str]) -> None:
    def words(job: Job) -> list[str]:
        if job.step is not Step.ROWS or not job.imports or job.imports[-1]["check"]["problems"]:
            raise ConnectError("There is nothing yet that can be built.")
        return [
            "--warehouse",
            os.environ["MARQUEE_WAREHOUSE"],
            f"--service-zone={form.get('zone', '').strip() or 'UTC'}",
        ]

    connect_jobs.run(job_id, "build", words)


ACTIONS: dict[str, Callable[[str, MultiDict[str, str]], None]] = {
    "look": _look,
    "choose": _choose,
    "export": _import_export,
    "table": _import_table,
    "undo": _undo,
    "more": _step_to(Step.CHOOSE),
    "map": _step_to(Step.MAP),
    "build": _build,
    "cancel": lambda job_id, _form: connect_jobs.cancel(job_id),
    "discard": lambda job_id, _form: connect_jobs.discard(job_id),
}


def _note_problem(job_id: str, sentence: str) -> None:
    try:
        with changing(job_id, also_done=True) as job:
            job.problem = sentence
    except ConnectError:
        # A job at work shows that it is, and one that is gone that it is gone.
        return


def _note_permission() -> None:
    g.may_connect = may_connect()


def _refused() -> Response:
    return _sentence(
        HTTPStatus.NOT_FOUND,
        "Connecting data is done by the owner, on the machine itself: marquee import, marquee build.",
    )


def _upload_limit_bytes() -> int | None:
    if not os.environ.get(UPLOAD_LIMIT):
        return None
    try:
        return setting(UPLOAD_LIMIT, 1) * 1_000_000
    except WarehouseError as error:
        raise ConnectError(str(error)) from error


def _is_this_machine(sender: str) -> bool:
    try:
        address = ipaddress.ip_address(sender)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _sentence(status: HTTPStatus, sentence: str) -> Response:
    return Response(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
