"""What a change is made of: by hand, and adding up for any filters."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions.options import OPTION_BY_NAME
from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.filters import parse_search
from queries.run import run, run_compared
from tests.queries.cases import Case, draw_filters, rows_of
from tests.queries.oracle import but_plays
from tests.sources import Row, write_source

HOUR_MS = 3_600_000
# The first of two weeks; the data end with the second, and its last day is followed by one that is not complete.
FIRST = datetime(2026, 3, 2)
QUERY_OF = {
    "watch_hours": "viewing_summary",
    "completion_rate": "completion_summary",
    "recommendation_share": "viewing_summary",
    "rebuffer_ratio": "viewing_summary",
}


def play(number: int, day: int, device: str, watch_h: float) -> Row:
    return {
        "play_id": f"p{number}",
        "account_id": "ann",
        "title_id": "film",
        "started_at": FIRST + timedelta(days=day, hours=8),
        "watch_ms": int(watch_h * HOUR_MS),
        "device_type": device,
        "utc_offset_min": 0,
    }


def built(folder: Path, plays: list[Row]) -> Build:
    film = {"title_id": "film", "name": "The Salt Year", "kind": "film"}
    last = {**play(99, 14, "tv", 0), "title_id": "trailer"}
    trailer = {"title_id": "trailer", "name": "The Salt Year", "kind": "trailer"}
    source = write_source(folder / "source", {"titles": [film, trailer], "plays": [*plays, last]})
    build_warehouse(source, folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def test_volume_mix_and_rate_by_hand(tmp_path: Path) -> None:
    # Week 1: 3 plays of 1 h on a television, 1 of 0.5 h on a phone: 3.5 h, 4 plays, 0.875 h a play. Week 2: 3 plays of
    # 2 h on a television, 3 of 0.5 h on a phone: 7.5 h, 6 plays, 1.25 h a play. Shares of plays: television 0.75 to
    # 0.5, phone 0.25 to 0.5. Rates: 1 to 2 and 0.5 to 0.5. Means: 5 plays, 1.0625 h. Volume: (6 - 4) * 1.0625 = 2.125.
    # Mix: television 5 * -0.25 * (1.5 - 1.0625) = -0.546875, phone 5 * 0.25 * (0.5 - 1.0625) = -0.703125. Rate:
    # television 5 * 0.625 * 1 = 3.125, phone 0. Together 2.125 - 0.546875 - 0.703125 + 3.125 = 4 = 7.5 - 3.5.
    build = built(
        tmp_path,
        [
            *(play(number, number, "tv", 1) for number in range(3)),
            play(3, 3, "mobile", 0.5),
            *(play(number, number + 3, "tv", 2) for number in range(4, 7)),
            *(play(number, number + 3, "mobile", 0.5) for number in range(7, 10)),
        ],
    )
    filters = parse_search("start_day=2026-03-09&end_day=2026-03-16", build.manifest.spans)
    rows = rows_of(run("change_by_mix_and_rate", filters, build))
    found = [(row["group_id"], row["mix_effect"], row["rate_effect"], row["effect"]) for row in rows]
    assert found == [
        ("volume", None, None, 2.125),
        ("tv", -0.546875, 3.125, 2.578125),
        ("mobile", -0.703125, 0, -0.703125),
    ]
    assert (rows[1]["compare_base_share"], rows[1]["base_share"]) == (0.75, 0.5)
    assert (rows[1]["compare_group_value"], rows[1]["group_value"]) == (1, 2)


def test_a_group_of_one_period_alone_is_all_mix(tmp_path: Path) -> None:
    # Week 1: 1 play of 1 h on a television. Week 2: the same, and 1 of 3 h on a phone: 1 h a play to 2, shares 1 to 0.5
    # and 0 to 0.5. Means: 1.5 plays, 1.5 h. Volume 1 * 1.5; mix of the television 1.5 * -0.5 * (1 - 1.5) = 0.375, of
    # the phone 1.5 * 0.5 * (3 - 1.5) = 1.125; no rate changed. Together 3 = 4 - 1.
    build = built(tmp_path, [play(1, 0, "tv", 1), play(2, 7, "tv", 1), play(3, 8, "mobile", 3)])
    filters = parse_search("start_day=2026-03-09&end_day=2026-03-16", build.manifest.spans)
    rows = rows_of(run("change_by_mix_and_rate", filters, build))
    assert {row["group_id"]: (row["mix_effect"], row["rate_effect"]) for row in rows} == {
        "volume": (None, None),
        "tv": (0.375, 0),
        "mobile": (1.125, 0),
    }
    assert sum(row["effect"] for row in rows) == 3


def test_nothing_is_told_of_a_change_from_nothing(tmp_path: Path) -> None:
    build = built(tmp_path, [play(1, 0, "mobile", 1), play(2, 8, "tv", 1)])
    filters = parse_search("start_day=2026-03-09&end_day=2026-03-16&device=tv", build.manifest.spans)
    assert run("change_by_mix_and_rate", filters, build).empty


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_effects_add_up_to_the_change(world: Case, data: st.DataObject) -> None:
    measure = data.draw(st.sampled_from(list(OPTION_BY_NAME["moved_measure"].choices)), "moved_measure")
    by = data.draw(st.sampled_from(list(OPTION_BY_NAME["moved_by"].choices)), "moved_by")
    filters = replace(draw_filters(world, data), options=(("moved_measure", measure), ("moved_by", by)))
    rows = rows_of(run("change_by_mix_and_rate", filters, world.build))
    summary = run_compared(QUERY_OF[measure], but_plays(filters), world.build)
    whole = summary[summary["period_start"].isna()].set_index("span")[measure]
    if not rows:
        bases = whole.reindex(["current", "comparison"])
        assert bases.isna().any() or not bases.all()
        return
    assert sum(row["effect"] for row in rows) == pytest.approx(whole["current"] - whole["comparison"], abs=1e-9)
    for share in ("base_share", "compare_base_share"):
        assert sum(row[share] for row in rows if row["group_kind"] != "volume") == pytest.approx(1)
