"""A metric's course in a line of text's height: a few hundred bytes of SVG where a chart would weigh thousands."""

from collections.abc import Sequence
from urllib.parse import quote

from dash import html

from components.periods import beside_incomplete

WIDTH, HEIGHT, PADDING = 100, 28, 2


def sparkline(values: Sequence[float | None], complete: Sequence[bool]) -> html.Span:
    """Draw values from left to right; gaps stay gaps, incomplete periods are dashed. Decorative: hidden from readers.

    The drawing is a mask over the text's colour, so it follows the theme.
    """
    svg = _svg(values, complete)
    return html.Span(className="sparkline", style={"maskImage": f'url("data:image/svg+xml,{quote(svg)}")'})


def _svg(values: Sequence[float | None], complete: Sequence[bool]) -> str:
    points = _scaled(values)
    strokes = [
        f'<path d="{_path(run)}" {dashes}/>'
        for dashes, keep in (("", complete), ('stroke-dasharray="2 3"', beside_incomplete(complete)))
        for run in _runs(points, keep)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
        '<g fill="none" stroke="#000" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round">'
        f"{''.join(strokes)}</g></svg>"
    ).replace("<path ", '<path vector-effect="non-scaling-stroke" ')


def _scaled(values: Sequence[float | None]) -> list[tuple[float, float] | None]:
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, extent = min(known), max(known) - min(known)
    step = (WIDTH - 2 * PADDING) / max(1, len(values) - 1)
    return [
        None
        if value is None
        else (
            round(PADDING + i * step, 1),
            round(HEIGHT - PADDING - (HEIGHT - 2 * PADDING) * ((value - low) / extent if extent else 0.5), 1),
        )
        for i, value in enumerate(values)
    ]


def _runs(points: Sequence[tuple[float, float] | None], keep: Sequence[bool]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for point, kept in zip(points, keep, strict=False):
        if point is not None and kept:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _path(run: Sequence[tuple[float, float]]) -> str:
    """A run of one point becomes a dot: a line of no length with round ends."""
    first, *rest = run
    return f"M{first[0]} {first[1]}" + "".join(f"L{x} {y}" for x, y in rest or [first])
