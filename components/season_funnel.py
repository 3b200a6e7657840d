"""How far viewers get through the seasons of a series, and from which episode on they stay."""

from typing import Any

import pandas as pd
from dash import html

from components.chart_parts import records
from components.format import NO_VALUE, is_missing, value_text
from components.tables import measure_cell
from components.title_audience import title_table
from components.title_links import TITLE, title_link
from definitions.metric import Metric, Unit
from queries.filters import FilterState

HOOKED_SHARE = 0.70
# Of fewer accounts a share of 70 % says little.
HOOKED_MIN_ACCOUNTS = 20
MAX_EPISODES_DRAWN = 200


def season_funnel(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show a row for each episode: the accounts that began it, and which share finished it, went on, and finished all.

    An episode's name opens its page, with the filters carried along but that of titles.
    ``frame`` has the columns season_number, episode_number, name, known_starters, episode_finishers, went_on_share,
    season_finish_share and the metric's own, a count.
    """
    shown = frame.head(MAX_EPISODES_DRAWN)
    largest = shown[metric.name].max()
    hooked = {row["title_id"] for row in hooked_episodes(frame)}
    body = []
    for row in records(shown):
        begun = row[metric.name]
        finished = _share(row["episode_finishers"], row["known_starters"])
        reach = 0 if is_missing(begun) or not largest else begun / largest
        title = f"{episode_code(row)} {row['name']}"
        name: list[Any] = [title_link(f"{TITLE}{row['title_id']}", title, filters.without("title"))]
        if row["title_id"] in hooked:
            name.append(html.Span("hooked", className="secondary"))
        body.append(
            html.Tr(
                [
                    html.Th(name, scope="row", style={"--share": f"{reach:.1%}"}),
                    measure_cell(begun, value_text(begun, Unit.COUNT)),
                    *(
                        measure_cell(value, value_text(value, Unit.RATE), is_main=False, missing=NO_VALUE)
                        for value in (finished, row["went_on_share"], row["season_finish_share"])
                    ),
                ]
            )
        )
    heads = ("Episode", "Began it", "Finished it", "Began the next", "Finished the season")
    return title_table(heads, body, "Episodes by season", aside=(2, 3))


def hooked_episodes(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the row of the hooked episode of each season that has one: the first whose viewers finish it to 70 %."""
    found: dict[Any, dict[str, Any]] = {}
    for row in records(frame):
        share = row["season_finish_share"]
        if not is_missing(share) and share >= HOOKED_SHARE and row["known_starters"] >= HOOKED_MIN_ACCOUNTS:
            found.setdefault((row["show_id"], row["season_number"]), row)
    return list(found.values())


def hooked(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say from which episode on viewers stay: «Hooked by S1 E3: 74 % of those who began it finish the season»."""
    if frame["season_finish_share"].isna().all():
        return "How far viewers get, episode by episode"
    episodes = hooked_episodes(frame)
    if not episodes:
        return "No episode has hooked its viewers"
    share = value_text(episodes[0]["season_finish_share"], Unit.RATE)
    return f"Hooked by {episode_code(episodes[0])}: {share} of those who began it finish the season"


def what_the_funnel_counts(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say who is counted, and what of it cannot be known."""
    unknown = int((frame["known_starters"] == 0).sum())
    sentences = [
        "Of the accounts that began the season in the range, by its end; a longer range gives them more time. Hooked: "
        f"the first episode of which 70 % finish the season, of {HOOKED_MIN_ACCOUNTS} accounts or more.",
        f"Whether the season was finished is not known for {unknown:,} of the episodes: runtimes are missing."
        if unknown
        else "",
    ]
    return " ".join(filter(None, sentences))


def episode_code(row: dict[str, Any]) -> str:
    """Return an episode's place, such as «S1 E3»; without its season where that is not known."""
    season = "" if is_missing(row["season_number"]) else f"S{row['season_number']:.0f} "
    return f"{season}E{row['episode_number']:.0f}"


def _share(part: Any, whole: Any) -> float | None:
    return None if is_missing(part) or is_missing(whole) or not whole else float(part) / float(whole)
