"""How figures look: one small template, its colours the names of the tokens in assets/tokens.css.

A figure says ``var(--accent)``; the browser puts in the colour of the theme in force (assets/figures.js), so one figure
serves light and dark, and a switch redraws it without asking the server.
"""

import plotly.graph_objects as go
import plotly.io as pio


def token(name: str) -> str:
    """Return the reference to a colour token of assets/tokens.css."""
    return f"var(--{name})"


_AXIS = {
    "automargin": True,
    "fixedrange": True,
    "gridcolor": token("hairline"),
    "linecolor": token("hairline"),
    "tickcolor": token("hairline"),
    "tickfont": {"size": 12, "color": token("secondary")},
    "title": {"font": {"size": 12, "color": token("secondary")}},
    "zeroline": False,
}

TEMPLATE = go.layout.Template(
    layout={
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "Inter, system-ui, sans-serif", "size": 12, "color": token("ink")},
        "margin": {"l": 0, "r": 8, "t": 8, "b": 0},
        "xaxis": {**_AXIS, "showgrid": False, "ticks": "outside"},
        "yaxis": {**_AXIS, "rangemode": "tozero", "ticks": ""},
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"size": 12, "color": token("secondary")},
            "itemclick": False,
            "itemdoubleclick": False,
        },
        "hovermode": "x",
        "hoverlabel": {
            "bgcolor": token("raised"),
            "bordercolor": token("hairline"),
            "font": {"size": 12, "color": token("ink")},
            "align": "left",
        },
        "dragmode": False,
    }
)

GRAPH_CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "showAxisDragHandles": False,
    "doubleClick": False,
}


def use_template() -> None:
    """Make the template the default of every figure."""
    pio.templates["marquee"] = TEMPLATE
    pio.templates.default = "marquee"


use_template()
