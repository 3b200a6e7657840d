"""``/covers/…``: the covers that the gallery shows, a page or a part of the map at a time, and those like an image."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import pandas as pd
from flask import Flask, Response, current_app, jsonify, request

from definitions.artwork_tables import ANIMATED, BROKEN, NO_IMAGE, TOO_LARGE
from definitions.colours.bins import hex_of
from definitions.colours.covers import CoverColours, colours_of
from definitions.colours.images import UnfitImageError, open_cover
from queries.colour_search import MOST_MAP_STEPS, by_likeness, map_cells
from queries.colour_vectors import vectors
from queries.covers import all_covers, covers_called, covers_in_order, covers_matching, unmet_choices
from queries.db import Build
from queries.filters import FilterError, FilterState, parse_search
from queries.run import QueryError
from serving.export_files import RefusedError, asked_build, search_without

OWN_PARAMETERS = ("build", "from", "count", "step", "column", "row", "columns", "rows")
MOST_COVERS = 500
UPLOAD_MAX_BYTES = 20_000_000
_UNFIT = {
    ANIMATED: "This image is animated. Choose a still one.",
    BROKEN: "This image is broken or cut off. Choose another.",
    NO_IMAGE: "This is no JPEG, PNG, WebP, GIF or AVIF image. Choose one that is.",
    TOO_LARGE: "This image has too many pixels. Choose a smaller one.",
}
_SHOWN = ("image_hash", "cover_name", "titles", "colour_family", "brightness", "colour_match", "earth_movers_distance")


def register(server: Flask) -> None:
    """Add the routes to ``server``; requests of other sites are refused before they get here (serving/security.py)."""
    server.add_url_rule("/covers/list", view_func=list_covers)
    server.add_url_rule("/covers/map", view_func=map_covers)
    server.add_url_rule("/covers/like", view_func=covers_like, methods=["POST"])


def list_covers() -> Response:
    """Answer with ``count`` covers from the place ``from`` (0 is the first) in the order that the address asks for.

    ``total`` says how many there are in that order, and ``unmet`` which choices leave none; ``compared`` names those
    that are chosen to compare, ``like`` the one whose look-alikes are asked for, where there is such.
    """
    build, filters = _asked()
    first, count = _number("from", 0), min(_number("count", MOST_COVERS), MOST_COVERS)
    with _refusing():
        covers = covers_in_order(filters, build)
        unmet = unmet_choices(filters, build) if covers.empty else []
        # A query less for each that nothing is asked of: the list is waited for.
        compared, like = (
            _told(covers_called(asked, filters, build)) if (asked := filters.option(name)) else []
            for name in ("covers", "like")
        )
    listed = _told(covers.iloc[first : first + count])
    return jsonify(total=len(covers), covers=listed, unmet=unmet, compared=compared, like=like[0] if like else None)


def map_covers() -> Response:
    """Answer with the covers of the map's cells from ``column`` and ``row`` on, ``columns`` × ``rows`` of them.

    Each further ``step`` of zooming halves the cells. ``others`` says how many more covers are in a cell.
    """
    build, filters = _asked()
    column, row = _number("column", 0), _number("row", 0)
    end_column, end_row = column + _number("columns", 1), row + _number("rows", 1)
    with _refusing():
        step = min(_number("step", 0), MOST_MAP_STEPS)
        cells = map_cells(covers_matching(filters, build), step, whole=all_covers(filters, build))
    inside = cells[cells["column"].between(column, end_column - 1) & cells["row"].between(row, end_row - 1)]
    return jsonify(covers=_told(inside, "column", "row", "others"))


def covers_like() -> Response:
    """Answer with the covers nearest to the image in the request's body, and its palette; the image is not kept.

    What cannot be looked at is told in one sentence.
    """
    build, filters = _asked()
    content = request.stream.read(UPLOAD_MAX_BYTES + 1)
    if len(content) > UPLOAD_MAX_BYTES:
        sentence = f"This image is larger than {UPLOAD_MAX_BYTES // 1_000_000} MB. Choose a smaller one."
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, sentence)
    colours = _colours_in(content)
    with _refusing():
        nearest = by_likeness(covers_matching(filters, build), colours.shares, vectors(build))
    palette = [{"hex": _hex(colours, number), "share": float(colours.shares[number])} for number in colours.palette]
    return jsonify(total=len(nearest), covers=_told(nearest), palette=palette)


def _asked() -> tuple[Build, FilterState]:
    build = asked_build()
    return build, parse_search(search_without(OWN_PARAMETERS), build.manifest.spans)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except FilterError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, str(error)) from error
    except QueryError as error:
        incident = secrets.token_hex(4)
        current_app.logger.exception("covers could not be looked up, incident %s", incident)
        sentence = f"The covers could not be looked up. If you report this, quote {incident}."
        raise RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, sentence) from error


def _number(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isdecimal() or len(text) > 9:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"{name} is a whole number from 0.")
    return int(text)


def _colours_in(content: bytes) -> CoverColours:
    try:
        colours = colours_of(open_cover(content))
    except UnfitImageError as error:
        sentence = _UNFIT.get(str(error), f"This image cannot be looked at: {error}.")
        raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, sentence) from error
    if colours is None:
        raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, "This image is transparent, so it has no colours.")
    return colours


def _hex(colours: CoverColours, number: int) -> str:
    red, green, blue = (int(level) for level in colours.bin_rgb[number])
    return hex_of((red, green, blue))


def _told(covers: pd.DataFrame, *more: str) -> list[Mapping[str, Any]]:
    """Return what the browser is told of covers, by column; nothing for null."""
    columns = [name for name in (*_SHOWN, *more) if name in covers]
    rows = zip(*(covers[name].to_list() for name in columns), strict=True)
    return [{name: value for name, value in zip(columns, row, strict=True) if not pd.isna(value)} for row in rows]
