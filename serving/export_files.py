"""What all exports share: how a request is read and refused, and how rows become the file that is asked for."""

import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

import pyarrow as pa
from flask import Response, current_app, request

from definitions.options import OPTION_BY_NAME
from queries.db import Build, SegmentError, SegmentNotReadyError, WarehouseError, served_warehouse
from queries.filters import FilterState
from queries.run import days_read
from queries.shown import shown_build
from serving.formats import CsvFile, ParquetFile, require_writable
from serving.provenance import Provenance, to_json_text, to_metadata

BATCHES_PER_SIGN_OF_LIFE = 32
# What is picked on a figure is any text in the address; a file's name has little room, and few characters.
MAX_PICKED_CHARACTERS = 20
UNNAMEABLE = re.compile(r"[^0-9A-Za-z-]+")


class Form(StrEnum):
    """What rows are exported as; JSON is the manifest that describes the other two."""

    CSV = "csv"
    PARQUET = "parquet"
    JSON = "json"


CONTENT_TYPES = {
    Form.CSV: "text/csv; charset=utf-8; header=present",
    Form.PARQUET: "application/vnd.apache.parquet",
    Form.JSON: "application/json",
}
FORM_RULE = f"<any({', '.join(Form)}):form>"


class RefusedError(Exception):
    """A request that is not answered with rows: a status, and a sentence that says why and what to do."""

    def __init__(self, status: HTTPStatus, sentence: str, headers: dict[str, str] | None = None) -> None:
        """Take what to answer."""
        super().__init__(sentence)
        self.status = status
        self.headers = headers or {}

    def response(self) -> Response:
        """Return the answer in plain text."""
        return Response(f"{self}\n", status=self.status, content_type="text/plain; charset=utf-8", headers=self.headers)


def failure(name: str) -> RefusedError:
    """Return the answer to an error that is being handled, which is logged under the id that is told."""
    incident = secrets.token_hex(4)
    current_app.logger.exception("export %s of %s failed", incident, name)
    # DuckDB's own words name files of the server: they stay in the log.
    return RefusedError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"The export failed: {name} could not be answered or took too long. If you report this, quote {incident}.",
    )


def asked_build() -> Build:
    """Return the build that the request asks for, or else the current one: of its segment; raises RefusedError."""
    build_id = request.args.get("build")
    try:
        search = request.query_string.decode("utf-8", "replace")
        return shown_build(search, build_id or served_warehouse().current().id)
    except SegmentError as error:
        raise RefusedError(HTTPStatus.GONE, str(error)) from error
    except SegmentNotReadyError as error:
        raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, str(error), {"Retry-After": "30"}) from error
    except WarehouseError as error:
        raise RefusedError(HTTPStatus.GONE if build_id else HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error


def asked_raw() -> bool:
    """Tell whether texts that look like formulas are asked for as they are."""
    return request.args.get("raw") == "1"


def search_without(names: Iterable[str]) -> str:
    """Return the request's query string without some of its parameters."""
    left_out = set(names)
    pairs = parse_qsl(request.query_string.decode("utf-8", "replace"), keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if name not in left_out])


def address_of(name: str, build: Build) -> str:
    """Return where the same rows can be had again as CSV, from the same build."""
    search = search_without(["build"])
    return f"/export/{name}.csv?{search}{'&' if search else ''}build={build.id}"


def file_headers(form: Form, name: str, filters: FilterState | None) -> dict[str, str]:
    """Return the headers of a file that holds ``name``; under filters, its name tells its days, segment and cell."""
    told = [name] if filters is None else [name, *_picked(filters), *_days_and_segment(name, filters)]
    return {
        "Content-Type": CONTENT_TYPES[form],
        "Content-Disposition": f'attachment; filename="marquee-{"-".join(told)}.{form}"',
        "Cache-Control": "no-store",
    }


def _picked(filters: FilterState) -> list[str]:
    """Return what was chosen on a figure, such as the cohort and interval of a cell, as a file's name can have it."""
    picked = [value for name, value in filters.options if OPTION_BY_NAME[name].is_picked]
    return [UNNAMEABLE.sub("_", text)[:MAX_PICKED_CHARACTERS] for text in picked]


def _days_and_segment(name: str, filters: FilterState) -> list[str]:
    span = days_read(name, filters)
    days = [] if span is None else [str(span[0]), str(span[1] - timedelta(days=1))]
    return [*days, *([filters.segment] if filters.segment else [])]


def file_parts(
    form: Form,
    batches: Iterable[pa.Table],
    provenance: Provenance,
    *,
    raw: bool,
    metric_names: tuple[str, ...] = (),
) -> Iterator[bytes]:
    """Give the bytes of a file, a part for each batch of rows (at least one) and one for the end; parts may be empty.

    A Parquet file and a manifest tell the checksum of the CSV file of the same request, so both write it as well; the
    manifest writes all files and keeps none. Raises FormatError, and what reading the batches raises.
    """
    csv_file, parquet_file = CsvFile(raw=raw), ParquetFile()
    schema = pa.schema([])
    for number, rows in enumerate(batches, start=1):
        if number == 1:
            require_writable(rows)
            schema = rows.schema
        csv_part = csv_file.write(rows)
        parquet_part = b"" if form is Form.CSV else parquet_file.write(rows)
        # White space in front of JSON: a proxy gives up on an answer in which nothing moves for a minute.
        sign_of_life = b"\n" if number % BATCHES_PER_SIGN_OF_LIFE == 0 else b""
        yield {Form.CSV: csv_part, Form.PARQUET: parquet_part, Form.JSON: sign_of_life}[form]
    if form is Form.CSV:
        return
    facts = provenance.facts(schema, metric_names) | {
        "row_count": csv_file.row_count,
        "csv_sha256": csv_file.checksum.sha256,
        "csv_bytes": csv_file.checksum.size_bytes,
    }
    end_of_parquet = parquet_file.finish(to_metadata(facts))
    if form is Form.PARQUET:
        yield end_of_parquet
        return
    facts |= {
        "parquet_sha256": parquet_file.checksum.sha256,
        "parquet_bytes": parquet_file.checksum.size_bytes,
    }
    yield to_json_text(facts, indented=True).encode() + b"\n"
