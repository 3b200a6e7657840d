"""The tokens' colours by computation: lightness steps, distance under colour blindness, contrast of every pair."""

import itertools
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from components.colours import CATEGORIES, DIVERGING, OTHER, SEQUENTIAL, category_token

Vector = npt.NDArray[np.float64]
TOKENS = (Path(__file__).parents[2] / "assets" / "tokens.css").read_text(encoding="utf-8")
THEMES = ("light", "dark")
# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
VISIONS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
# Björn Ottosson 2020.
CONES = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)  # fmt: skip
OKLAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)  # fmt: skip
PAGES = ("surface", "raised")
TEXT = [
    *itertools.product(("ink", "secondary"), (*PAGES, "accent-wash")),
    *itertools.product(("accent", "better", "worse"), PAGES),
    ("ink", "hairline"),
    ("on-accent", "accent"),
]
GRAPHICS = [
    *itertools.product((*CATEGORIES, OTHER, "accent", "faint", "control-edge"), PAGES),
    ("accent", "accent-wash"),
    ("sequential-6", "sequential-1"),
    ("diverging-1", "diverging-4"),
    ("diverging-7", "diverging-4"),
]


def linear(theme: str, token: str) -> Vector:
    block = TOKENS[TOKENS.index(f'[data-bs-theme="{theme}"] {{') :]
    found = re.search(rf"--{token}: #([0-9a-f]{{6}});", block[: block.index("}")])
    assert found, f"--{token} is not in the {theme} theme"
    coded = np.array([int(found[1][i : i + 2], 16) / 255 for i in (0, 2, 4)])
    return np.asarray(np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4))


def oklab(rgb: Vector) -> Vector:
    return np.asarray(np.cbrt(CONES @ np.clip(rgb, 0, 1)) @ OKLAB.T)


def contrast(theme: str, one: str, other: str) -> float:
    weights = np.array([0.2126, 0.7152, 0.0722])
    dark, light = sorted(float(weights @ linear(theme, token)) for token in (one, other))
    return (light + 0.05) / (dark + 0.05)


def distance(theme: str, one: str, other: str, vision: str) -> float:
    seen = [oklab(VISIONS[vision] @ linear(theme, token)) for token in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1])) * 100


def test_the_computation_knows_black_and_white() -> None:
    assert oklab(np.ones(3)) == pytest.approx([1, 0, 0], abs=1e-4)
    assert distance("light", "raised", "raised", "tritanopia") == 0
    assert contrast("light", "raised", "ink") == pytest.approx(17.3, abs=0.1)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", THEMES)
def test_categories_are_told_apart_whatever_one_sees(theme: str, vision: str) -> None:
    near = {pair: distance(theme, *pair, vision) for pair in itertools.combinations(CATEGORIES, 2)}
    assert {pair: round(size, 1) for pair, size in near.items() if size < 9} == {}
    grey = {name: distance(theme, name, OTHER, vision) for name in CATEGORIES}
    assert {name: round(size, 1) for name, size in grey.items() if size < 6.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_no_category_looks_like_the_accent(theme: str) -> None:
    assert min(distance(theme, name, "accent", "normal") for name in CATEGORIES) > 9


@pytest.mark.parametrize("theme", THEMES)
def test_the_lightness_of_categories_rises_in_equal_steps(theme: str) -> None:
    steps = np.diff(sorted(oklab(linear(theme, name))[0] for name in CATEGORIES))
    assert steps == pytest.approx([0.05] * 5, abs=0.006)


@pytest.mark.parametrize("theme", THEMES)
def test_the_sequential_scale_runs_evenly_from_the_surface_to_the_accent(theme: str) -> None:
    steps = np.diff([oklab(linear(theme, name))[0] for name in SEQUENTIAL])
    towards = -1 if theme == "light" else 1
    assert np.all(steps * towards > 0)
    assert steps == pytest.approx([steps.mean()] * 5, rel=0.15)
    assert linear(theme, "sequential-6") == pytest.approx(linear(theme, "accent"))
    # No value, which is empty, and the lowest are told apart by the gap between the cells and the pointer.
    assert contrast(theme, "sequential-1", "raised") < 1.25


@pytest.mark.parametrize("theme", THEMES)
def test_the_diverging_scale_leaves_its_middle_evenly_on_both_sides(theme: str) -> None:
    lightness = [oklab(linear(theme, name))[0] for name in DIVERGING]
    towards = -1 if theme == "light" else 1
    assert np.all(np.diff(lightness[3:]) * towards > 0)
    assert np.all(np.diff(lightness[3::-1]) * towards > 0)
    assert lightness[0] == pytest.approx(lightness[-1], abs=0.06)
    ends = [distance(theme, "diverging-1", "diverging-7", vision) for vision in VISIONS]
    assert min(ends) > 9


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (GRAPHICS, 3.0)], ids=["text", "graphics"])
def test_every_pair_of_tokens_that_occurs_has_contrast(theme: str, pairs: list[tuple[str, str]], least: float) -> None:
    found = {pair: round(contrast(theme, *pair), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


def test_faint_is_not_used_for_text_of_body_size() -> None:
    sheets = (Path(__file__).parents[2] / "assets").glob("*.css")
    rules = [rule for sheet in sheets for rule in sheet.read_text(encoding="utf-8").split("}")]
    faint = [
        rule.partition("{")[0].split("*/")[-1].strip() for rule in rules if re.search(r"\bcolor: var\(--faint", rule)
    ]
    assert [selector for selector in faint if not re.search(r"summary|\bi$|icon|permalink", selector)] == []


def test_a_value_has_one_colour_whatever_is_shown_beside_it() -> None:
    assert category_token("device", "tv") == category_token("device", "tv", ("mobile", "tv")) == "category-1"
    assert category_token("device", "other") == category_token("device", "unknown") == "category-other"
    assert [category_token("kind", kind) for kind in ("film", "episode", "live")] == [
        "category-1",
        "category-2",
        "category-5",
    ]
    countries = ("IN", "DE", "FR", "US", "BR", "JP", "GB")
    assert category_token("country", "JP", countries) == "category-6"
    assert category_token("country", "GB", countries) == category_token("country", "AT", countries) == "category-other"
