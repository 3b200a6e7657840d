"""The list of segments: what each was saved from, whether it is prepared, and a way to delete it."""

import sys
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import dash
from dash import html

from components.format import day_text, days_text
from components.labels import selections_text
from components.row_editor import condition_text
from components.segments import WHO, may_be_offered
from definitions.dimensions import CUSTOM_PERIOD, PERIOD_PRESETS
from definitions.manifest import MANIFEST_FILE, Manifest, served_folder
from definitions.options import OPTION_BY_NAME, Option
from definitions.preparing import can_be_prepared, is_being_prepared, preparation_problem
from definitions.segments import Segment, saved_segments, segment_build_id
from queries.db import served_warehouse
from queries.explore import day_column, parse_rows
from queries.filters import SEGMENT, FilterState, parse_search
from queries.segments import QUERY


def segments_list(build_id: str, manifest: Manifest) -> list[Any]:
    """List the segments: what they were saved from, whether they are prepared for a build, and a way to delete each.

    ``manifest`` is the build's, by whose columns and days what they were saved from is read.
    """
    warehouse = served_warehouse().folder
    saved_ones = saved_segments(warehouse)
    if not saved_ones:
        return [
            html.P(
                "None is saved. The rows of a table with accounts in Explore, and cards that list accounts, offer to."
            )
        ]
    heads = {"Name": "", "Accounts": "number", "From": "", "Saved": "", "For these data": "", "Delete it": ""}
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(text, scope="col", className=name) for text, name in heads.items()])),
            html.Tbody([_segment_row(segment, build_id, manifest) for segment in saved_ones]),
        ]
    )
    return [html.Div(table, className="builds segments", tabIndex=0, role="region", **{"aria-label": "Segments"})]


def _segment_row(segment: Segment, build_id: str, manifest: Manifest) -> html.Tr:
    accounts = _accounts_in(segment, build_id)
    is_waited_for = accounts is None and is_being_prepared(served_warehouse().folder, segment.id)
    can_be_deleted = may_be_offered() and can_be_prepared(served_warehouse().folder, segment.id)
    who = WHO["follows" if segment.follows else "fixed"].lower()
    return html.Tr(
        [
            html.Th(html.A(segment.name, href=f"/?{urlencode({SEGMENT: segment.id})}"), scope="row"),
            html.Td("" if accounts is None else f"{accounts:,}", className="number"),
            html.Td([_origin(segment), "".join(f"; {told}" for told in (*_conditions(segment, manifest), who))]),
            html.Td(day_text(datetime.fromisoformat(segment.saved_at).date())),
            html.Td(
                "is being prepared" if is_waited_for else _readiness(segment, build_id, is_ready=accounts is not None),
                # assets/segments.js asks until it is.
                **({"data-preparing": segment.id} if is_waited_for else {}),
            ),
            html.Td(_delete(segment) if can_be_deleted else ""),
        ]
    )


def _accounts_in(segment: Segment, build_id: str) -> int | None:
    """Return how many accounts a segment has in a build; None while it is not prepared for it."""
    folder = served_folder(served_warehouse().folder, segment_build_id(build_id, segment.id))
    try:
        return Manifest.from_json((folder / MANIFEST_FILE).read_text(encoding="utf-8")).rows["accounts"]
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _readiness(segment: Segment, build_id: str, *, is_ready: bool) -> str:
    if is_ready:
        return "ready"
    problem = preparation_problem(served_warehouse().folder, build_id, segment.id)
    return "is prepared when it is first asked for" if problem is None else f"could not be prepared: {problem}"


def _conditions(segment: Segment, manifest: Manifest) -> list[str]:
    """Return in words which of the rows that a segment was saved from are meant: conditions, choices and filters."""
    if QUERY in dict(parse_qsl(segment.search)):
        filters = parse_search(segment.search, manifest.spans)
        told = [_chosen_text(OPTION_BY_NAME[name], value) for name, value in filters.options]
        has_days = True
    else:
        query = parse_rows(segment.search, manifest)
        filters = query.filters
        told = [condition_text(condition) for condition in query.conditions]
        has_days = day_column(query.table, filters) is not None
    if filters.chosen_count:
        told.append(selections_text(filters))
    return [*told, *([_period_text(segment, filters)] if has_days else [])]


def _period_text(segment: Segment, filters: FilterState) -> str:
    """Return which days are meant: of a choice such as the last 28 those of when it was saved, or of each build."""
    if filters.period == CUSTOM_PERIOD:
        return days_text(filters.start_day, filters.end_day)
    preset = next(preset.label.lower() for preset in PERIOD_PRESETS if preset.name == filters.period)
    return preset if segment.follows else f"{preset} of then"


def _chosen_text(option: Option, value: str) -> str:
    return f"{option.label.lower()}: {option.choices.get(value, value).lower()}"


def _origin(segment: Segment) -> html.A | str:
    """Return a link to the rows that a segment was saved from: of a query, to the card that shows them."""
    pairs = parse_qsl(segment.search, keep_blank_values=True)
    names = [value for name, value in pairs if name == QUERY]
    if not names:
        table = dict(pairs).get("table", "plays")
        return html.A(f"rows of {table}", href=f"/explore?{segment.search}")
    others = urlencode([pair for pair in pairs if pair[0] != QUERY])
    for page in dash.page_registry.values():
        for panel in getattr(sys.modules.get(page["module"]), "CARDS", ()):
            if names[-1] in panel.queries:
                return html.A(panel.title, href=f"{page['relative_path']}?{others}#{panel.id}")
    return names[-1]


def _delete(segment: Segment) -> html.Details:
    """Offer to delete a segment; what is opened asks once more, and is a plain form."""
    sure = html.Form(
        [
            html.P(f"Delete «{segment.name}»? Links with it then show no numbers. The data stay as they are."),
            html.Button("Delete", type="submit"),
        ],
        action=f"/segments/{segment.id}/delete",
        method="post",
    )
    return html.Details([html.Summary("Delete…", **{"aria-label": f"Delete {segment.name}"}), sure], className="delete")
