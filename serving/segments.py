"""``/segments…``: saves the accounts that somebody looks at as a segment, has segments prepared, and deletes them."""

import fcntl
import secrets
import shutil
import subprocess
import sys
import threading
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, current_app, jsonify, redirect, request

from definitions.manifest import served_folder
from definitions.preparing import can_be_prepared, is_being_prepared, lock_file, preparation_problem, words_file
from definitions.segments import delete_segment, find_segment, segment_build_id, segment_folder
from queries.db import WarehouseError, served_warehouse
from queries.filters import FilterError
from queries.run import TooMuchError, min_accounts
from queries.segments import SegmentRowsError
from serving.saved_segments import NotSavedError, save

ROOT = Path(__file__).parents[1]
LIST = "/data#segments"
TOLD_ERRORS = (NotSavedError, SegmentRowsError, FilterError, WarehouseError, TooMuchError)


class Stage(StrEnum):
    """How far a segment is for the current build."""

    READY = "ready"
    PREPARING = "preparing"
    FAILED = "failed"
    GONE = "gone"


def register(server: Flask) -> None:
    """Add the routes to ``server``; requests of other sites are refused before they get here (serving/security.py)."""
    server.add_url_rule("/segments", view_func=save_accounts, methods=["POST"])
    server.add_url_rule("/segments/<segment_id>/prepare", view_func=prepare, methods=["POST"])
    server.add_url_rule("/segments/<segment_id>/delete", view_func=delete, methods=["POST"])


def save_accounts() -> Response:
    """Save the accounts of the rows ``search`` under ``name``; with ``who=follows`` whoever matches after each build.

    Answers with the segment's id, and has it prepared; what cannot be saved is told in one sentence.
    """
    warehouse = served_warehouse()
    form = request.form
    try:
        segment = save(warehouse, form.get("name", ""), form.get("search", ""), follows=form.get("who") == "follows")
        _start(warehouse.folder, segment.id, warehouse.current().id)
    except TOLD_ERRORS as error:
        return _sentence(HTTPStatus.CONFLICT, str(error))
    except Exception:
        incident = secrets.token_hex(4)
        current_app.logger.exception("a segment could not be saved, incident %s", incident)
        return _sentence(
            HTTPStatus.INTERNAL_SERVER_ERROR, f"The segment could not be saved. If you report this, quote {incident}."
        )
    return jsonify(id=segment.id)


def prepare(segment_id: str) -> Response:
    """Have a segment prepared for the current build where nobody has, and answer with its ``stage``.

    One that has failed is tried again where ``again=1`` is asked for.
    """
    warehouse = served_warehouse()
    if find_segment(warehouse.folder, segment_id) is None:
        return jsonify(stage=Stage.GONE)
    try:
        build_id = warehouse.current().id
    except WarehouseError as error:
        return _sentence(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
    if served_folder(warehouse.folder, segment_build_id(build_id, segment_id)).is_dir():
        return jsonify(stage=Stage.READY)
    if is_being_prepared(warehouse.folder, segment_id):
        return jsonify(stage=Stage.PREPARING)
    has_failed = preparation_problem(warehouse.folder, build_id, segment_id) is not None
    if has_failed and request.args.get("again") != "1":
        return jsonify(stage=Stage.FAILED)
    if can_be_prepared(warehouse.folder, segment_id):
        _start(warehouse.folder, segment_id, build_id)
    return jsonify(stage=Stage.PREPARING)


def delete(segment_id: str) -> Response:
    """Delete a segment with its builds, and lead back to the list."""
    if min_accounts() is not None:
        return _sentence(HTTPStatus.FORBIDDEN, "This deployment hides small groups, so its segments stay as they are.")
    try:
        delete_segment(served_warehouse().folder, segment_id)
    except OSError as error:
        return _sentence(HTTPStatus.CONFLICT, f"The segment cannot be deleted: {error.strerror or error}.")
    return redirect(LIST, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _start(warehouse: Path, segment_id: str, build_id: str) -> None:
    """Start the process that prepares a segment; not while one is at work: whoever waits asks again."""
    with lock_file(warehouse).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        lock.truncate(0)
        lock.write(segment_id)
        lock.flush()
        words = words_file(warehouse, build_id, segment_id)
        with words.open("w", encoding="utf-8") as said:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
                [sys.executable, "-m", "cli", "segments", "prepare", segment_id, "--warehouse", str(warehouse)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                # The lock is handed down, so it is held for as long as the work goes on, whoever waits for it.
                pass_fds=[lock.fileno()],
                start_new_session=True,
            )
    threading.Thread(target=_tidy_up, args=(process, words, warehouse, segment_id), daemon=True).start()


def _tidy_up(process: subprocess.Popen[bytes], words: Path, warehouse: Path, segment_id: str) -> None:
    """Wait for the process and remove what nobody needs: its words where it did well, all where it was deleted."""
    if process.wait() == 0:
        words.unlink(missing_ok=True)
    if find_segment(warehouse, segment_id) is None:
        shutil.rmtree(segment_folder(warehouse, segment_id), ignore_errors=True)


def _sentence(status: HTTPStatus, sentence: str) -> Response:
    return Response(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
