"""Figures on the page: line charts drawn by assets/lines.js at once, everything else by Plotly.

Plotly is 5 MB and keeps a browser busy for up to a second before it draws its first line, so a page whose figures are
only lines over days never loads it. Both are given the same figure. Lines with labels at their ends are Plotly's.
"""

from datetime import date

import plotly.graph_objects as go
from dash import dcc, html
from plotly.basedatatypes import BaseTraceType
from plotly.io.json import to_json_plotly

from components.theme import GRAPH_CONFIG


def graph(figure: go.Figure, summary: str, height_px: int) -> html.Div:
    """Show a figure at a height; ``summary`` says in words what is to be seen."""
    if not figure.layout.annotations and all(map(_is_line_over_days, figure.data)):
        drawn = figure.to_plotly_json()
        # The lines are styled by assets/lines.js.
        drawn["layout"].pop("template", None)
        return html.Div(
            className="lines",
            style={"height": f"{height_px}px"},
            role="group",
            tabIndex=0,
            **{"aria-label": _label(summary), "data-figure": to_json_plotly(drawn)},
        )
    drawing = dcc.Graph(figure=figure, config=GRAPH_CONFIG, responsive=True, style={"height": f"{height_px}px"})
    # The height is there before Plotly is: what stands below stays in its place.
    return html.Div(drawing, role="img", style={"height": f"{height_px}px"}, **{"aria-label": _label(summary)})


def _is_line_over_days(trace: BaseTraceType) -> bool:
    return trace.type == "scatter" and trace.fill is None and all(isinstance(x, date) for x in trace.x[:1])


def _label(summary: str) -> str:
    return f"{summary}. The menu shows the same as a table."
