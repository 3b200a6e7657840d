"""Scenes watched again, skipped and left are found in the timeline where they are planted, and not where they are not.

The rule, written before its first run. In a world of 120 days the timeline's query is asked, over all the data, about
the film in which a scene is planted. The scene is "found" where some ten seconds of it stand out: the lower limits,
which hold for all tens of seconds of the film at once with a chance of 95 % at least, lie above twice the film's own
average. Of scenes watched again, each has to be found; of the film that is abandoned, ten seconds around the minute.
It is "not found" where none of its tens of seconds stands out. On one seed each must be so. `make verify` repeats both
on the 20 seeds 401 to 420: by chance alone a plain world may say "found" in 5 % of films, so of 20 seeds, five may miss
(the binomial chance of more is 0.0003).
"""

import numpy as np
import pandas as pd
import pytest

from pipeline.demo.plants import ABANDONED_AT_MIN, REWATCHED_SCENES_MIN, SKIPPED_SCENE_MIN
from queries.db import Build
from queries.filters import parse_search
from queries.run import run
from tests.queries.demo_worlds import demo_build

ABANDONED, REWATCHED, SKIPPED = "film-00002", "film-00003", "film-00004"
PLANTS = ("rewatched_scenes", "skipped_scene", "abandoned_title")
SEEDS = range(401, 421)
MAY_MISS = 5


def stands_out(build: Build, title: str, column: str, from_s: float, to_s: float) -> bool:
    filters = parse_search(f"period=all&compare=none&of_title={title}", build.manifest.spans)
    frame: pd.DataFrame = run("audience_by_position", filters, build)
    scene = frame[(frame["from_s"] >= from_s) & (frame["to_s"] <= to_s)]
    assert len(scene) > 0
    return bool(scene[column].any())


def found_in(build: Build) -> dict[str, list[bool]]:
    """Return of each plant whether its scenes are found."""
    skipped_from, skipped_to = SKIPPED_SCENE_MIN
    left_s = ABANDONED_AT_MIN * 60
    return {
        "rewatched_scenes": [
            stands_out(build, REWATCHED, "replays_stand_out", low * 60, high * 60) for low, high in REWATCHED_SCENES_MIN
        ],
        "skipped_scene": [stands_out(build, SKIPPED, "skips_stand_out", skipped_from * 60, skipped_to * 60)],
        "abandoned_title": [stands_out(build, ABANDONED, "exits_stand_out", left_s - 10, left_s + 10)],
    }


def test_planted_scenes_are_found(planted_world: Build) -> None:
    assert found_in(planted_world) == {
        "rewatched_scenes": [True, True],
        "skipped_scene": [True],
        "abandoned_title": [True],
    }


def test_scenes_that_are_left_out_are_not_found(plain_world: Build) -> None:
    assert found_in(plain_world) == {
        "rewatched_scenes": [False, False],
        "skipped_scene": [False],
        "abandoned_title": [False],
    }


def test_similar_titles_are_those_of_the_kind_and_length(planted_world: Build) -> None:
    filters = parse_search(f"period=all&of_title={REWATCHED}", planted_world.manifest.spans)
    frame = run("audience_by_position", filters, planted_world)
    with planted_world.cursor() as cursor:
        curves = cursor.execute("from title_curves inner join titles using (title_id) where kind = 'film'").df()
    runtime_ms = curves.loc[curves["title_id"] == REWATCHED, "runtime_ms"].iloc[0]
    lengths = curves["runtime_ms"].between(runtime_ms * 4 // 5, runtime_ms * 5 // 4)
    others = curves[lengths & (curves["title_id"] != REWATCHED)]
    assert set(frame["similar_titles"]) == {others["title_id"].nunique()}
    halfway = others[others["percent"] == 50]
    shares = halfway["played_ms"] * 100 / (halfway["followed_plays"] * halfway["runtime_ms"])
    middle = frame[(frame["from_s"] + frame["to_s"]) * 50_000 // runtime_ms == 50].iloc[0]
    assert [middle["similar_low"], middle["similar_high"]] == pytest.approx(list(np.quantile(shares, [0.25, 0.75])))


@pytest.mark.verify
def test_scenes_are_found_and_not_found_on_many_seeds() -> None:
    missed: dict[str, list[int]] = {plant: [] for plant in PLANTS}
    false_alarms: dict[str, list[int]] = {plant: [] for plant in PLANTS}
    for seed in SEEDS:
        with demo_build(seed) as build:
            for plant, found in found_in(build).items():
                missed[plant] += [] if all(found) else [seed]
        with demo_build(seed, PLANTS) as build:
            for plant, found in found_in(build).items():
                false_alarms[plant] += [seed] if any(found) else []
    assert max(map(len, missed.values())) <= MAY_MISS, missed
    assert max(map(len, false_alarms.values())) <= MAY_MISS, false_alarms
