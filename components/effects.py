"""What a change is made of: volume, mix and rate effects, adding up to it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from dash import html

from components.chart_parts import records
from components.format import is_missing, signed_column_texts, value_text
from components.labels import dimension_label
from components.picks import pick_button, value_pick
from definitions.metric import Metric, Unit
from queries.filters import FilterState

MOST_GROUPS = 12
EFFECTS = ("effect", "mix_effect", "rate_effect")
# What the shares of the groups are shares of, and what each group's value is called.
BASES = {
    "watch_hours": ("plays", "a play"),
    "completion_rate": ("titles begun", "completion"),
    "recommendation_share": ("watch time of known origin", "recommended"),
    "rebuffer_ratio": ("watch and stalled time", "rebuffer ratio"),
}


def effects(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show the effect of each group on a change, as bars from zero, and what it is made of.

    ``frame`` has the columns group_kind, group_id, group_name, base_share, compare_base_share, group_value,
    compare_group_value, mix_effect, rate_effect and effect: shares 0 to 1, effects in the metric's unit. Beyond the 12
    largest groups the others are added up.
    """
    rows = records(frame)
    groups = [row for row in rows if row["group_kind"] != "volume"]
    volume = [row for row in rows if row["group_kind"] == "volume"]
    shown, rest = groups[:MOST_GROUPS], groups[MOST_GROUPS:]
    largest = max((abs(row["effect"]) for row in rows if not is_missing(row["effect"])), default=0) or 1
    base, value_name = BASES[metric.name]
    lines: list[tuple[Sequence[Any], Mapping[str, Any]]] = [
        ([f"{'More' if row['effect'] > 0 else 'Fewer'} {base}"], row) for row in volume
    ]
    for row in shown:
        pick = value_pick(row["group_kind"], row["group_id"])
        shares = f"{_share(row['compare_base_share'])} → {_share(row['base_share'])} of {base}"
        values = f"{_value(row['compare_group_value'], metric)} → {_value(row['group_value'], metric)} {value_name}"
        name = [pick_button(pick.label, pick), html.Span(f"{shares}, {values}", className="secondary")]
        lines.append((name, row))
    if rest:
        total = {name: sum(row[name] for row in rest) for name in EFFECTS}
        lines.append(([f"{len(rest)} others"], total))
    texts = zip(*(_signed([row.get(name) for _, row in lines], metric) for name in EFFECTS), strict=True)
    body = [_line(name, row["effect"], largest, *told) for (name, row), told in zip(lines, texts, strict=True)]
    head = [
        html.Th("Effect of", scope="col"),
        html.Td(),
        _head("Effect"),
        *(_head(text, "made-of") for text in ("Mix", "Rate")),
    ]
    return html.Div(
        html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="moved effects"),
        className="table-scroll",
        tabIndex=0,
        role="region",
        **{"aria-label": f"Effects on {metric.label.lower()} by {dimension_label(filters.option('moved_by')).lower()}"},
    )


def effects_headline(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how a metric changed, and how much of that is volume, mix and rate; not where some of it is hidden."""
    if frame["effect"].isna().any():
        return f"What moved {metric.label.lower()}"
    whole, mix, rate = (float(frame[name].sum()) for name in EFFECTS)
    parts = {"volume": whole - mix - rate} if "volume" in set(frame["group_kind"]) else {}
    parts |= {"mix": mix, "rate": rate}
    told = ", ".join(f"{text} {name}" for name, text in zip(parts, _signed(parts.values(), metric), strict=True))
    (change,) = _signed([whole], metric)
    return f"{metric.label} {change}: {told}"


def what_effects_are(_frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Define the effects in one line each."""
    base, _ = BASES[metric.name]
    volume = f"Volume: more or fewer {base} in all. " if metric.unit is Unit.HOURS else ""
    return f"{volume}Mix: the groups' shares of {base} shifted. Rate: groups changed by themselves. They add up."


def _line(name: Sequence[Any], effect: Any, largest: float, *texts: str) -> html.Tr:
    """Lay out one effect; ``texts`` are those of EFFECTS."""
    reach = 0 if is_missing(effect) else effect / largest / 2
    ends = {"--from": f"{0.5 + min(reach, 0):.1%}", "--to": f"{0.5 + max(reach, 0):.1%}"}
    exactly = {} if is_missing(effect) else {"data-value": repr(float(effect))}
    told, *made_of = texts
    return html.Tr(
        [
            html.Th(list(name), scope="row"),
            html.Td(className=f"diverging {'rose' if reach > 0 else 'fell'}", style=ends),
            html.Td(told, className="number", **exactly),
            *(html.Td(text, className="number secondary made-of") for text in made_of),
        ]
    )


def _head(text: str, name: str = "") -> html.Th:
    return html.Th(text, scope="col", className=f"number {name}".strip())


def _share(share: Any) -> str:
    return value_text(share, Unit.RATE)


def _value(value: Any, metric: Metric) -> str:
    return value_text(value, metric.unit)


def _signed(amounts: Iterable[Any], metric: Metric) -> list[str]:
    """Return differences with their signs, in one precision: those of rates in percentage points."""
    texts = signed_column_texts(amounts, metric.unit)
    return [text.replace("%", "pt") for text in texts] if metric.unit is Unit.RATE else texts
