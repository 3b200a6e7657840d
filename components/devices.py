"""What is watched on which devices, when, by whom and by which sets of them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html
from plotly.subplots import make_subplots

from components.chart_parts import hover_text, note, numbers, pick_data, records, value_axis
from components.colours import CATEGORIES, category_token
from components.format import change_between, is_missing, list_text, value_text
from components.heatmap import heatmap
from components.labels import dimension_label, value_label
from components.picks import pick_button, several_pick, value_pick
from components.series import by_category, label_ends
from components.tables import HIDDEN, measure_table
from components.theme import token
from definitions.dimensions import DIMENSIONS
from definitions.metric import Metric, Unit
from definitions.metrics import METRICS
from queries.filters import FilterState
from queries.run import SUPPRESSED

ADOPTION_MIN_SHARE = 0.05
SHARED_AMOUNTS = {
    "watch_time_share": "watch_hours",
    "play_share": "plays",
    "account_share": "mean_daily_active_accounts",
}
MAX_GROUPS = 12
MAX_SETS = 15
# Few bars are no wider than this many.
SLOTS_MIN = 5
GROUP_MEASURES = tuple(
    METRICS[name] for name in ("watch_time_share", "watch_hours", "plays", "mean_daily_active_accounts")
)
USES = tuple(
    METRICS[name] for name in ("watch_hours", "film_share", "mean_session_hours", "completion_rate", "kids_share")
)


def shares_over_time(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> go.Figure:
    """Draw the share of each device, model or version by period: as parts of a whole, or a line each for accounts.

    ``frame`` has the columns first_day, group_kind, group_id, group_rank (over all data) and the metric's own. The six
    with a colour are drawn, the others as one where they add up.
    """
    (kind,) = frame["group_kind"].unique()
    ranked = tuple(frame.sort_values("group_rank")["group_id"].unique())
    # Who is active on two counts for both.
    stacked = metric.name != "account_share"
    return by_category(frame, metric, filters, by="group_id", dimension=kind, ranked=ranked, stacked=stacked)


def adoption(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say whose share grew most from the first whole period to the last: «8.6 rose from 2 % to 71 % of watch time».

    Where none grew by five points, which had most over the range. ``frame`` has the columns period_start, first_day,
    end_day, is_complete, group_kind, group_id, watch_hours, plays, mean_daily_active_accounts and the metric's own.
    """
    known = frame[frame[metric.name].notna()]
    if known.empty:
        return metric.label
    kind = str(known["group_kind"].iloc[0])
    whole = metric.label.removeprefix("Share of ")
    ends = known[known["is_complete"]] if known["is_complete"].any() else known
    first, last = (
        ends[ends["period_start"] == day].set_index("group_id")[metric.name]
        for day in (ends["period_start"].min(), ends["period_start"].max())
    )
    growth = last.sub(first, fill_value=0)
    if growth.max() >= ADOPTION_MIN_SHARE:
        name = str(growth.idxmax())
        before, after = (value_text(shares.get(name, 0), Unit.RATE) for shares in (first, last))
        return f"{value_label(kind, name)} rose from {before} to {after} of {whole}"
    shares = _shares_of_range(known, metric)
    name = str(shares.idxmax())
    return f"{value_label(kind, name)}: {value_text(shares[name], Unit.RATE)} of {whole}"


def _shares_of_range(frame: pd.DataFrame, metric: Metric) -> "pd.Series[float]":
    """Return each group's share over all periods: their parts and their wholes summed."""
    days = (frame["end_day"] - frame["first_day"]).dt.days
    amounts = frame[SHARED_AMOUNTS[metric.name]] * (days if metric.name == "account_share" else 1)
    # The whole of a period is told by whichever of its groups has a share.
    wholes = (amounts / frame[metric.name].where(frame[metric.name] > 0)).groupby(frame["period_start"]).max().sum()
    shares: pd.Series[float] = amounts.groupby(frame["group_id"]).sum() / wholes
    return shares


def adoption_curves(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw how the share of each new model or version grows by weeks since it was first seen, labelled at its end.

    ``frame`` has the columns group_kind, group_id, weeks_since and the metric's own. At most six are drawn, the newest.
    """
    figure = go.Figure()
    newest = _newest(frame)
    known = frame[frame["group_id"].isin(newest) & frame[metric.name].notna()]
    if known.empty:
        return figure
    (kind,) = known["group_kind"].unique()
    lines = []
    for name in newest:
        rows = records(known[known["group_id"] == name])
        weeks, shares = [row["weeks_since"] for row in rows], [row[metric.name] for row in rows]
        color = token(category_token(kind, name, newest))
        figure.add_scatter(
            x=weeks,
            y=shares,
            name=name,
            mode="lines" if len(rows) > 1 else "markers",
            line={"color": color, "width": 2},
            marker={"color": color},
            hovertext=[
                hover_text(share, metric, name, f"week {week + 1} since it was first seen")
                for week, share in zip(weeks, shares, strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            customdata=pick_data([value_pick(kind, name)] * len(rows)),
        )
        lines.append((name, color, weeks, shares))
    figure.update_yaxes(**value_axis(numbers(known[metric.name]), metric.unit))
    figure.update_xaxes(title={"text": "Weeks since it was first seen", "standoff": 12})
    figure.update_layout(showlegend=False, hovermode="closest")
    label_ends(figure, lines)
    return figure


def fastest_adoption(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how far the one that was taken up most has come: «Meridian 65: 12 % of daily active accounts in week 8»."""
    known = frame[frame[metric.name].notna()]
    if known.empty:
        return "How new devices are taken up"
    last = known.loc[known.groupby("group_id")["weeks_since"].idxmax()]
    (row,) = records(last.nlargest(1, metric.name))
    share = value_text(row[metric.name], metric.unit)
    return f"{row['group_name']}: {share} of daily active accounts in week {row['weeks_since'] + 1}"


def newest_drawn(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say what is left out."""
    count = frame["group_id"].nunique()
    more = f" The newest {len(CATEGORIES)} of {count} are drawn; the table has all." if count > len(CATEGORIES) else ""
    return f"Those first seen in the range, at least four weeks after the data begin.{more}"


def _newest(frame: pd.DataFrame) -> list[str]:
    first = frame.drop_duplicates("group_id").sort_values("first_seen_day", ascending=False, kind="stable")
    return [str(name) for name in first["group_id"].head(len(CATEGORIES))]


def drawn_groups(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str | None:
    """Say that not all groups are drawn, or that they overlap; None where neither is so."""
    kind, groups = str(frame["group_kind"].iloc[0]), frame["group_id"].nunique()
    if metric.name == "account_share":
        more = " The six with most watch time are drawn; the table has all." if groups > len(CATEGORIES) else ""
        return f"An account active on two in a day counts for both.{more}"
    return f"{groups:,} {dimension_label(kind).lower()}s; the table has all." if groups > len(CATEGORIES) else None


def group_table(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show what is watched on each device, model or version, or in each place: the largest dozen, and the others."""
    named = dimension_label(str(frame["group_kind"].iloc[0])) if len(frame) else ""
    return measure_table(frame, metric, filters, measures=GROUP_MEASURES, named=named, most=MAX_GROUPS)


def largest_group(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say which group has most: «TV: 47 % of watch time, up 1.2 pt».

    ``frame`` has the columns group_kind, group_id, watch_time_share and compare_watch_time_share, the largest first.
    """
    share = METRICS["watch_time_share"]
    rows = records(frame[frame[share.name].notna()].head(1))
    if not rows:
        return share.label
    row = rows[0]
    change = change_between(row[share.name], row[f"compare_{share.name}"], share)
    changed = f", {change.word} {change.size}".rstrip() if change else ""
    name = value_label(row["group_kind"], row["group_id"])
    return f"{name}: {value_text(row[share.name], share.unit)} of watch time{changed}"


def uses_table(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show what each device is used for: a row each.

    ``frame`` has the columns device_type, top_genre, top_genre_share and those of the measures.
    """
    told = [
        None if is_missing(genre) else f"{genre}, {value_text(share, Unit.RATE)}"
        for genre, share in zip(frame["top_genre"], frame["top_genre_share"], strict=True)
    ]
    shown = frame.assign(genre_told=pd.Series(told, index=frame.index, dtype=object))
    return measure_table(
        shown, metric, filters, measures=USES, named="Device", texts={"Most watched genre": "genre_told"}
    )


def films_by_device(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say on which device films have the largest share, and on which the smallest."""
    shares = frame.set_index("device_type")["film_share"].dropna()
    if shares.empty or shares.max() == shares.min():
        return f"{metric.label} by device, and what it is used for"
    most, least = str(shares.idxmax()), str(shares.idxmin())
    return (
        f"Films are {value_text(shares[most], Unit.RATE)} of viewing on {_device(most)}, "
        f"{value_text(shares[least], Unit.RATE)} on {_device(least)}"
    )


def not_by_plays(_frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str | None:
    """Say which filters in force reach neither sessions nor completion; None where there is none."""
    labels = [each.label.lower() for each in DIMENSIONS if each.of_plays and filters.chosen(each.name) is not None]
    return f"Session length and completion are not filtered by {list_text(labels)}." if labels else None


def hours_of_devices(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> go.Figure:
    """Draw each device's own day as lit windows: the share of its watch time in each hour."""
    return heatmap(frame, metric, filters, down="device_type", dimension="device", across_dimension="hour")


def device_peaks(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say at which hour the two devices that are watched most are watched most: «TV is watched most at 20:00, …»."""
    told = frame[frame[metric.name].notna()]
    if told.empty:
        return metric.label
    totals = told.groupby("device_type")["watch_hours"].sum().sort_values(ascending=False, kind="stable")
    peaks = [
        f"{_device(str(device))} at {int(own.loc[own[metric.name].idxmax(), 'hour']):02}:00"
        for device in totals.index[:2]
        if not (own := told[told["device_type"] == device]).empty
    ]
    return f"Watched most on {list_text(peaks)}"


def profiles_by_device(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw on which devices each sort of profile watches as bars side by side, each sort's adding up to 100 %.

    ``frame`` has the columns profile_type, device_type, profile_share and the metric's own.
    """
    figure = go.Figure()
    devices = list(dict.fromkeys(frame["device_type"]))
    for sort in dict.fromkeys(frame["profile_type"]):
        own = frame[frame["profile_type"] == sort]
        pick = value_pick("profile_type", str(sort))
        figure.add_bar(
            x=[devices.index(device) for device in own["device_type"]],
            y=numbers(own[metric.name]),
            name=pick.label,
            meta={"pick": pick.search, "label": pick.label},
            marker={"color": token(category_token("profile_type", str(sort)))},
            hovertext=[
                hover_text(
                    row[metric.name],
                    metric,
                    f"{pick.label}, {_device(row['device_type'])}",
                    "" if is_missing(row["profile_share"]) else f"{value_text(row['profile_share'], Unit.RATE)} of it",
                )
                for row in records(own)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            customdata=pick_data([value_pick("device", str(device)) for device in own["device_type"]]),
        )
    figure.update_xaxes(
        ticks="", tickvals=list(range(len(devices))), ticktext=[_device(str(device)) for device in devices]
    )
    figure.update_yaxes(**value_axis(numbers(frame[metric.name]), metric.unit))
    figure.update_layout(barmode="group", bargap=0.3, hovermode="closest", showlegend=True)
    return figure


def kids_device(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say on which device kids profiles watch more than the others: «Kids profiles watch 31 % on Tablet, …»."""
    shares = frame.pivot_table(index="device_type", columns="profile_type", values=metric.name)
    if not {"kids", "standard"} <= set(shares):
        return f"{metric.label} by profile and device"
    device = str((shares["kids"] - shares["standard"]).idxmax())
    kids, others = (value_text(shares.loc[device, sort], metric.unit) for sort in ("kids", "standard"))
    return f"Kids profiles watch {kids} on {_device(device)}, others {others}"


def device_sets(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw an UpSet plot: a bar for each set of devices, and below it a dot for each device that is in it.

    ``frame`` has the columns device_set (devices joined by a plus), account_share and the metric's own; at most the 15
    largest sets are drawn, which is told. After Lex et al., UpSet: Visualization of Intersecting Sets, 2014.
    """
    known = frame[frame[metric.name].notna()]
    shown = records(known.head(MAX_SETS))
    if not shown:
        return go.Figure()
    sets = [str(row["device_set"]).split("+") for row in shown]
    devices = _by_accounts(known, metric)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.62, 0.38], vertical_spacing=0.04)
    places = list(range(len(sets)))
    picks = [several_pick("device", devices_in) for devices_in in sets]
    figure.add_bar(
        x=places,
        y=[float(row[metric.name]) for row in shown],
        marker={"color": token("accent")},
        text=[value_text(row[metric.name], metric.unit) for row in shown],
        textposition="outside",
        textfont={"size": 12},
        cliponaxis=False,
        hovertext=[
            hover_text(
                row[metric.name], metric, f"only {pick.label}", f"{value_text(row['account_share'], Unit.RATE)} of all"
            )
            for row, pick in zip(shown, picks, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        customdata=pick_data(picks),
        row=1,
        col=1,
    )
    for members, color in ((False, "hairline"), (True, "ink")):
        cells = [
            (place, row)
            for place, devices_in in enumerate(sets)
            for row, device in enumerate(devices)
            if (device in devices_in) == members
        ]
        _add_dots(figure, cells, devices, token(color))
    for place, devices_in in enumerate(sets):
        rows = sorted(devices.index(device) for device in devices_in)
        figure.add_shape(
            type="line",
            x0=place,
            x1=place,
            y0=rows[0],
            y1=rows[-1],
            line={"color": token("ink"), "width": 2},
            row=2,
            col=1,
        )
    figure.update_xaxes(showticklabels=False, ticks="", range=[-0.6, max(len(sets), SLOTS_MIN) - 0.4])
    highest = max(float(row[metric.name]) for row in shown)
    figure.update_yaxes(**value_axis([highest * 1.1], metric.unit), row=1, col=1)
    figure.update_yaxes(
        tickvals=list(range(len(devices))),
        ticktext=[_device(device) for device in devices],
        range=[len(devices) - 0.5, -0.5],
        showgrid=False,
        row=2,
        col=1,
    )
    figure.update_layout(showlegend=False, hovermode="closest", bargap=0.35)
    if len(known) > len(shown):
        note(
            figure, f"the {len(shown)} largest of {len(known):,} sets", x=1, y=1, xref="paper", yref="paper",
            xanchor="right",
        )  # fmt: skip
    return figure


def one_device(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how many accounts keep to one sort of device: «43 % of active accounts watch on one sort of device only».

    ``frame`` has the columns devices (how many are in the set), account_share and the metric's own.
    """
    told = frame[frame[metric.name].notna()]
    if told.empty or len(told) < len(frame):
        return metric.label
    share = told.loc[told["devices"] == 1, "account_share"].sum()
    return f"{value_text(share, Unit.RATE)} of active accounts watch on one sort of device only"


def switches_matrix(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> html.Div:
    """Show from which device to which: rows are devices begun on, columns those completed on, cells shares of the row.

    ``frame`` has the columns device_type, completed_on, finished_titles and the metric's own. What stayed on its device
    has no bar: beside it nothing else would be seen.
    """
    devices = _by_accounts(frame, METRICS["finished_titles"], named="device_type")
    columns = [*devices, *(device for device in dict.fromkeys(frame["completed_on"]) if device not in devices)]
    cells = {(row["device_type"], row["completed_on"]): row for row in records(frame)}
    moved = [row[metric.name] for (begun, ended), row in cells.items() if begun != ended]
    highest = max((share for share in moved if not is_missing(share)), default=0)
    body = []
    for device in devices:
        pick = value_pick("device", device)
        line: list[Any] = [html.Th(pick_button(pick.label, pick), scope="row")]
        line += [_switch_cell(cells.get((device, column)), metric, highest) for column in columns]
        body.append(html.Tr(line))
    head = html.Tr([html.Th("Begun on", scope="col"), *(html.Th(_device(column), scope="col") for column in columns)])
    table = html.Table([html.Thead(head), html.Tbody(body)], className="measures")
    label = "Completed on, by the device begun on"
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": label})


def switched(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how much is completed on another device: «6 % of completed titles were completed on another device».

    ``frame`` has the columns device_type, completed_on and finished_titles; unknown devices are left out.
    """
    told = frame[(frame["device_type"] != "unknown") & (frame["completed_on"] != "unknown")]
    whole = told["finished_titles"].sum()
    if not whole or told["finished_titles"].isna().any():
        return metric.label
    elsewhere = told.loc[told["device_type"] != told["completed_on"], "finished_titles"].sum()
    return f"{value_text(elsewhere / whole, Unit.RATE)} of completed titles were completed on another device"


def _switch_cell(row: dict[str, Any] | None, metric: Metric, highest: float) -> html.Td:
    if row is None:
        return html.Td("", className="number")
    if is_missing(row[metric.name]):
        return html.Td(HIDDEN if row.get(SUPPRESSED) else "", className="number secondary")
    share = float(row[metric.name])
    stayed = row["device_type"] == row["completed_on"]
    reach = 0.0 if stayed or not highest else share / highest
    return html.Td(
        value_text(share, metric.unit),
        className="number barred",
        style={"--share": f"{reach:.1%}"},
        title=f"{value_text(row['finished_titles'], Unit.COUNT)} titles",
        **{"data-value": repr(share)},
    )


def _add_dots(figure: go.Figure, cells: Sequence[tuple[int, int]], devices: Sequence[str], color: str) -> None:
    picks = [value_pick("device", devices[row]) for _, row in cells]
    figure.add_scatter(
        x=[place for place, _ in cells],
        y=[row for _, row in cells],
        mode="markers",
        marker={"size": 11, "color": color},
        text=[pick.label for pick in picks],
        hovertemplate="%{text}<extra></extra>",
        customdata=pick_data(picks),
        row=2,
        col=1,
    )


def _by_accounts(frame: pd.DataFrame, metric: Metric, named: str = "device_set") -> list[str]:
    """Return the devices, that with most first."""
    totals: dict[str, float] = {}
    for row in records(frame):
        for device in str(row[named]).split("+"):
            totals[device] = totals.get(device, 0) + (0 if is_missing(row[metric.name]) else row[metric.name])
    return sorted(totals, key=lambda device: -totals[device])


def _device(device: str) -> str:
    return value_label("device", device)
