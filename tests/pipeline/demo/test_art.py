"""The demo world's covers: the same for a brief, legible, and unlike each other where they are to be."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageFilter

from pipeline.demo.art import (
    LAYOUTS,
    PALETTES,
    CoverBrief,
    contact_sheet,
    draw_covers,
    suitable_layouts,
    suitable_palettes,
)
from pipeline.demo.art.covers import SUIT_GENRE, Lettering, contrast, draw
from pipeline.demo.art.typesetting import TITLES, Box, broken, set_credit, set_title, style_of, unbroken

TITLES_TO_SET = (
    "Tide",
    "The Hollow Harbour",
    "Valparaíso, Winter Alibi",
    "Łódź, Ğürün Øre",
    "Biscuit and the Hiccupping Dragon",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "What the Lighthouse Keeper’s Daughter Wrote to the Ministry of Weather in the Last of the Quiet Years",
)


def brief(**own: object) -> CoverBrief:
    given = CoverBrief(Path(), "The Hollow Harbour", "Amélie Fournier", "drama", "tender", None, None, 1)
    return replace(given, **own)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def pictures() -> dict[tuple[str, str, int], Image.Image]:
    """Covers by layout, palette and seed, small."""
    return {
        (layout, palette, seed): draw(brief(layout=layout, palette=palette, seed=seed))[0].reduce(5)
        for layout in LAYOUTS
        for palette in PALETTES
        for seed in (1, 2)
    }


def test_a_brief_gives_the_same_bytes_with_any_number_of_processes(tmp_path: Path) -> None:
    files, counts = {}, []
    for name, processes in (("one", 1), ("two", 2), ("again", 2)):
        briefs = [
            brief(path=tmp_path / name / f"{number}.jpg", layout=layout, seed=number)
            for number, layout in enumerate((*LAYOUTS, None))
        ]
        counts.append(0)

        def count(drawn: int) -> None:
            counts[-1] += drawn

        draw_covers(briefs, processes, count)
        files[name] = [entry.path.read_bytes() for entry in briefs]
    assert counts == [len(LAYOUTS) + 1] * 3
    assert files["one"] == files["two"] == files["again"]
    draw_covers([brief(path=tmp_path / "other.jpg", layout=next(iter(LAYOUTS)), seed=77)], processes=1)
    assert (tmp_path / "other.jpg").read_bytes() != files["one"][0]
    with Image.open(tmp_path / "two" / "0.jpg") as cover:
        assert (cover.format, cover.size, cover.mode) == ("JPEG", (600, 900), "RGB")


def test_contrast_is_as_wcag_has_it() -> None:
    # White on black is 21 : 1 by definition; #777777 on white is the example known to miss 4.5 narrowly, at 4.48.
    pixels = np.array([[0, 0, 0], [119, 119, 119], [255, 255, 255]], dtype=np.uint8)
    assert contrast((255, 255, 255), pixels) == pytest.approx([21, 4.478, 1], abs=0.001)


@pytest.mark.parametrize("seed", [3, *(pytest.param(seed, marks=pytest.mark.verify) for seed in range(4, 8))])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_letter_can_be_read(layout: str, seed: int) -> None:
    genres = (*TITLES, "unknown")
    for number, palette in enumerate(PALETTES):
        title = TITLES_TO_SET[(number + seed) % len(TITLES_TO_SET)]
        asked = brief(layout=layout, palette=palette, seed=seed, title=title, genre=genres[number % len(genres)])
        image, lettering = draw(asked)
        for letters in lettering:
            assert contrast(letters.ink, letters.under).min() >= 4.5, asked
            # As it is in the end: the middle of the letters against what is around them.
            inside = np.asarray(letters.letters) == 255
            around = np.asarray(letters.letters.filter(ImageFilter.BoxBlur(4))) > 0
            pixels = np.asarray(image)
            ink = tuple(int(value) for value in np.median(pixels[inside], axis=0))
            ground = np.median(pixels[around & (np.asarray(letters.letters) == 0)], axis=0).astype(np.uint8)
            assert contrast((ink[0], ink[1], ink[2]), ground) >= 4.5, asked


@pytest.mark.parametrize("genre", [*TITLES, "unknown"])
@pytest.mark.parametrize("title", TITLES_TO_SET)
def test_titles_fit_into_their_box(genre: str, title: str) -> None:
    for box in (
        Box(44, 66, 556, 270),
        Box(126, 312, 474, 536, anchor="middle"),
        Box(44, 690, 556, 786, "left", "bottom"),
    ):
        left, top, right, bottom = set_title(title, style_of(genre), box, 100).getbbox() or (0, 0, 0, 0)
        # Round letters, italics and tails overshoot; accents and tails stand outside the capitals' height.
        assert box.left - 8 <= left < right <= box.right + 8
        assert box.top - 34 <= top < bottom <= box.bottom + 34
        assert right - left > 0.3 * (box.right - box.left) or bottom - top > 0.3 * (box.bottom - box.top)


def test_credits_fit_too() -> None:
    long = "Maximiliana Abernathy-Castellan and Wilhelmina Featherstonehaugh"
    left, _, right, _ = set_credit(long, Box(118, 634, 482, 648), 21).getbbox() or (0, 0, 0, 0)
    assert 112 <= left < right <= 488


def test_lines_are_broken_evenly_and_never_after_a_small_word() -> None:
    assert unbroken("The Rivers of a Kochi") == ["The Rivers", "of a Kochi"]
    assert unbroken("Made Of") == ["Made", "Of"]
    # Of all ways to break into two, "of Distant" / "Things Seen" has the shortest longest line.
    assert broken(["of", "Distant", "Things", "Seen"], 2) == ["of Distant", "Things Seen"]
    assert broken(["The", "Ferry"], 1) == ["The Ferry"]
    assert broken(["A", "B", "C"], 3) == ["A", "B", "C"]


def test_genres_are_set_in_different_type() -> None:
    box = Box(44, 66, 556, 270)
    masks = {genre: set_title("Tide", style, box, 100).tobytes() for genre, style in TITLES.items()}
    assert len(set(masks.values())) == len(TITLES)


def test_layouts_differ_in_where_light_and_dark_are(pictures: dict[tuple[str, str, int], Image.Image]) -> None:
    maps = {}
    for layout in LAYOUTS:
        # In grey and without detail: the mean of all palettes, so that their tones do not count.
        blurred = [
            np.asarray(picture.convert("L").filter(ImageFilter.GaussianBlur(6)), dtype=float)
            for (of_layout, _, _), picture in pictures.items()
            if of_layout == layout
        ]
        mean = np.mean(blurred, axis=0)
        maps[layout] = (mean - mean.mean()) / mean.std()
    distances = {pair: float(np.abs(maps[pair[0]] - maps[pair[1]]).mean()) for pair in combinations(LAYOUTS, 2)}
    assert len(LAYOUTS) >= 8
    assert min(distances.values()) > 0.2, min(distances, key=lambda pair: distances[pair])


def bins(picture: Image.Image) -> npt.NDArray[np.float64]:
    """The share of pixels in each of 6 × 6 × 6 bins of sRGB, as definitions.metrics.colour has them."""
    cell = np.minimum(np.asarray(picture).astype(int) * 6 // 256, 5)
    place = cell[..., 0] * 36 + cell[..., 1] * 6 + cell[..., 2]
    shares: npt.NDArray[np.float64] = np.bincount(place.ravel(), minlength=216) / place.size
    return shares


def test_palettes_can_be_told_apart_by_their_colours(pictures: dict[tuple[str, str, int], Image.Image]) -> None:
    shares = {key: bins(picture) for key, picture in pictures.items()}
    # Half of the covers say what a family looks like, the others are told apart by it.
    known = {
        family: np.mean(
            [share for (_, palette, seed), share in shares.items() if (palette, seed) == (family, 1)], axis=0
        )
        for family in PALETTES
    }
    for pair in combinations(PALETTES, 2):
        # Half the sum of differences: 0 for the same colours, 1 for none in common.
        assert np.abs(known[pair[0]] - known[pair[1]]).sum() / 2 > 0.5, pair
    told = [
        min(PALETTES, key=lambda family: float(np.abs(known[family] - share).sum())) == palette
        for (_, palette, seed), share in shares.items()
        if seed == 2
    ]
    assert np.mean(told) >= 0.9


def test_genre_and_mood_choose_what_is_not_given() -> None:
    assert len(PALETTES) >= 8
    for genre in SUIT_GENRE:
        assert set(suitable_layouts(genre)) < set(LAYOUTS)
        assert set(suitable_palettes(genre, "tense")) < set(PALETTES)
    assert suitable_palettes("unknown", "unknown") == PALETTES
    assert suitable_layouts("unknown") == tuple(LAYOUTS)
    tense, tender = (draw(brief(genre="crime", mood=mood))[0].tobytes() for mood in ("tense", "tender"))
    assert tense != tender
    image, lettering = draw(brief(genre="unknown", mood="unknown", credit=""))
    assert (image.size, len(lettering)) == ((600, 900), 1)


def test_what_cannot_be_drawn_or_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "cover.jpg").mkdir()
    for processes in (1, 2):
        with pytest.raises(OSError, match=r"cover\.jpg"):
            draw_covers([brief(path=tmp_path / "cover.jpg")], processes)
    with pytest.raises(ValueError, match=r"'cubist' is no layout\. There are: horizon"):
        draw(brief(layout="cubist"))
    with pytest.raises(ValueError, match=r"'mud' is no palette\. There are: ember"):
        draw(brief(palette="mud"))
    with pytest.raises(ValueError, match="'海' is in none of the covers' fonts"):
        draw(brief(title="海 Tide"))


def test_the_sheet_shows_forty_covers_of_different_works(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[CoverBrief] = []

    def drawn(asked: CoverBrief) -> tuple[Image.Image, list[Lettering]]:
        shown.append(asked)
        return Image.new("RGB", (600, 900)), []

    monkeypatch.setattr(contact_sheet, "draw", drawn)
    # Eight columns of 180 px and five rows of 270 px, with 14 px around each.
    assert contact_sheet.draw_sheet().size == (8 * 194 + 14, 5 * 284 + 14)
    assert len({cover.title for cover in shown}) == 40
    assert {cover.layout for cover in shown} == set(LAYOUTS)
    assert {cover.palette for cover in shown} == set(PALETTES)
