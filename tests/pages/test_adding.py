"""Adding a page is one file; adding a chart is one .sql and one line. Nothing else is touched."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.pages.checkout import checkout_with

PAGE = '''"""A trial page."""
import dash
from components.card import Card
from components.figures import trend
from components.page import page
from components.panel import declare

dash.register_page(__name__, path="/trial", name="On trial", order=50)
CARDS = declare(
    Card("trial-plays", "Plays", "plays_by_day", trend, "plays", compared=True),
)


def layout(**_query):
    return page("Does it appear?", CARDS)
'''

CHART = """-- Grain: one day. Answers: how many plays?
select
    day as period_start,
    day as first_day,
    true as is_complete,
    cast(sum(plays) as bigint) as plays
from filtered_viewing($calendar, $chart_range, $split_by, $filters)
group by day
order by day
"""

ASK = """
import csv
import json
import app
from components.card import answer_of
from components.navigation import nav_links
from components.panel import View
from queries.db import served_warehouse

client = app.server.test_client()
layout = json.dumps(client.get("/_dash-layout").json)
answer = answer_of("trial-plays", View.FIGURE, "?period=all", served_warehouse().current().id)
rows = answer_of("trial-plays", View.TABLE, "?period=all", served_warehouse().current().id)
print(json.dumps({
    "in_navigation": "On trial" in layout,
    "traces": len(json.loads(getattr(answer.body[0], "data-figure"))["data"]),
    "csv": next(csv.reader(client.get(answer.export.href("csv")).text.splitlines())),
    "table": type(rows.body[0]).__name__,
    "page": client.get("/trial").status_code,
}))
"""


def test_a_page_and_a_chart_appear_untouched_elsewhere(tmp_path: Path, small_warehouse: Path) -> None:
    checkout = checkout_with(tmp_path, {"pages/trial.py": PAGE, "queries/plays_by_day.sql": CHART})
    environment = os.environ | {"MARQUEE_WAREHOUSE": str(small_warehouse), "PYTHONPATH": str(checkout)}
    asked = subprocess.run(
        [sys.executable, "-c", ASK], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stderr
    told: dict[str, Any] = json.loads(asked.stdout)
    assert told == {
        "in_navigation": True,
        "traces": 2,
        "csv": ["span", "period_start", "first_day", "is_complete", "plays"],
        "table": "Div",
        "page": 200,
    }
