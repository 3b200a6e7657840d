"""The colours of covers: against a slow reference pixel by pixel, by hand, and beside scikit-image and scipy."""

from collections import Counter
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from scipy.optimize import linprog
from scipy.spatial.distance import cosine as scipy_cosine
from scipy.spatial.distance import jensenshannon
from skimage.color import rgb2hsv, rgb2lab

from definitions.colours.bins import BIN_DISTANCES, BIN_LAB, BIN_RGB, FAMILY_OF_BIN, hex_of
from definitions.colours.covers import CoverColours, colours_of, family_of, palette_of
from definitions.colours.distances import cosine, earth_movers, jensen_shannon, lower_bounds, nearest
from definitions.colours.families import BINS, FAMILIES
from definitions.colours.images import open_cover
from pipeline.build.cover_map import LANDMARKS, places_of

Pixel = tuple[int, int, int]


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    written = BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def measured(image: Image.Image, form: str = "PNG", **options: Any) -> CoverColours:
    found = colours_of(open_cover(saved(image, form, **options)))
    assert found is not None
    return found


def flat(colour: Pixel, width: int = 6, height: int = 9) -> Image.Image:
    return Image.new("RGB", (width, height), colour)


def beside(*images: Image.Image) -> Image.Image:
    """One image of several of one size, from left to right."""
    width, height = images[0].size
    joined = Image.new("RGB", (width * len(images), height))
    for number, image in enumerate(images):
        joined.paste(image, (number * width, 0))
    return joined


def noise(seed: int = 7, width: int = 23, height: int = 31) -> Image.Image:
    """An image of all sorts of colours."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def bin_by_hand(pixel: Pixel) -> int:
    red, green, blue = ((level + 25) // 51 for level in pixel)
    return 36 * red + 6 * green + blue


def reference(pixels: list[Pixel]) -> tuple[dict[int, float], dict[int, tuple[float, ...]]]:
    """The share of each bin and the mean colour of its pixels, one pixel after the other."""
    counts = Counter(map(bin_by_hand, pixels))
    means = {
        bin_number: tuple(
            sum(pixel[channel] for pixel in pixels if bin_by_hand(pixel) == bin_number) / count for channel in range(3)
        )
        for bin_number, count in counts.items()
    }
    return {bin_number: count / len(pixels) for bin_number, count in counts.items()}, means


def assert_as_reference(found: CoverColours, pixels: list[Pixel]) -> None:
    shares, means = reference(pixels)
    assert {bin_number: found.shares[bin_number] for bin_number in np.flatnonzero(found.shares)} == pytest.approx(
        shares
    )
    assert found.shares.sum() == pytest.approx(1)
    for bin_number, mean in means.items():
        assert found.bin_rgb[bin_number] == pytest.approx(mean, abs=0.5)


def swapping_red_and_green() -> bytes:
    """The profile of sRGB, but its red is green and its green red."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"....").replace(b"gXYZ", b"rXYZ").replace(b"....", b"gXYZ")


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_vectors_are_those_of_a_slow_reference_in_every_mode(mode: str) -> None:
    image = noise()
    if mode == "RGBA":
        image.putalpha(Image.fromarray(np.tile(np.arange(23, dtype=np.uint8) * 11, (31, 1))))
    elif mode == "LA":
        image = image.convert("L")
        image.putalpha(image.point(lambda level: 255 - level))
    elif mode == "I;16":
        image = Image.fromarray((np.asarray(image.convert("L")).astype(np.uint16) << 8) + 37)
    elif mode == "P":
        image = image.quantize(40)
    elif mode != "RGB":
        image = image.convert(mode)
    form = "JPEG" if mode == "CMYK" else "PNG"
    content = saved(image, form)
    found = colours_of(open_cover(content))
    assert found is not None
    # What a decoder makes of the file, without ours.
    decoded: Image.Image = Image.open(BytesIO(content))
    if mode == "I;16":
        decoded = Image.fromarray((np.asarray(decoded) >> 8).astype(np.uint8))
    alphas = np.asarray(decoded.convert("RGBA"))[..., 3].ravel().tolist()
    pixels = [(red, green, blue) for red, green, blue in np.asarray(decoded.convert("RGB")).reshape(-1, 3).tolist()]
    assert_as_reference(found, [pixel for pixel, alpha in zip(pixels, alphas, strict=True) if alpha >= 128])
    assert (mode in {"RGBA", "LA"}) == (min(alphas) < 128)


def test_vectors_are_those_of_the_colours_that_the_profile_means() -> None:
    # A profile whose red is green: what the file calls (204, 51, 0) is (51, 204, 0) on a screen.
    image = beside(flat((204, 51, 0)), flat((0, 0, 204)))
    found = measured(image, icc_profile=swapping_red_and_green())
    assert found.shares[bin_by_hand((51, 204, 0))] == found.shares[bin_by_hand((0, 0, 204))] == 0.5
    # Of a picture in greys, the profile that a camera wrote is one of greys, or none.
    assert measured(flat((102, 102, 102)).convert("L"), icc_profile=b"none").shares[bin_by_hand((102, 102, 102))] == 1


def test_a_flat_image_is_one_bin_and_its_edges_are_halfway() -> None:
    for level, of_axis in ((0, 0), (25, 0), (26, 1), (76, 1), (77, 2), (229, 4), (230, 5), (255, 5)):
        found = measured(flat((level, level, level)))
        assert np.flatnonzero(found.shares).tolist() == [43 * of_axis]
        assert found.shares.sum() == 1
        assert found.palette == [43 * of_axis]
        assert found.bin_rgb[43 * of_axis].tolist() == [level] * 3


def test_vectors_do_not_depend_on_the_size_and_hardly_on_the_format() -> None:
    image = beside(*(flat(colour, 120, 180) for colour in ((200, 30, 40), (20, 40, 180), (240, 230, 60))))
    told = measured(image)
    for size in ((720, 360), (60, 30), (360, 7)):
        assert measured(image.resize(size, Image.Resampling.NEAREST)).shares == pytest.approx(told.shares)
    # Formats that lose something blur edges; less than a fiftieth of the picture comes into another bin.
    for form in ("JPEG", "WEBP", "AVIF"):
        assert np.abs(measured(image, form, quality=95).shares - told.shares).sum() / 2 < 0.02
    assert measured(image, "GIF").shares == pytest.approx(told.shares)
    assert measured(image, "WEBP", lossless=True).shares == pytest.approx(told.shares)


def test_large_images_are_counted_in_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = measured(noise())
    monkeypatch.setattr("definitions.colours.covers.PIXELS_AT_ONCE", 100)
    in_strips = measured(noise())
    assert in_strips.shares == pytest.approx(whole.shares)
    assert np.array_equal(in_strips.bin_rgb, whole.bin_rgb)


def test_what_is_transparent_is_left_out() -> None:
    image = flat((255, 0, 0), 4, 4).convert("RGBA")
    image.paste((0, 0, 255, 0), (0, 0, 2, 4))
    assert measured(image).shares[bin_by_hand((255, 0, 0))] == 1
    assert colours_of(Image.new("RGBA", (4, 4), (9, 9, 9, 127))) is None
    # One opaque pixel, which is lost where the image is made small.
    large = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    large.putpixel((7, 7), (255, 255, 255, 255))
    found = colours_of(large)
    assert found is not None
    assert found.features.brightness == pytest.approx(100, abs=0.01)


def test_features_by_hand() -> None:
    # Half black, half white: L* is 0 and 100; nothing has a hue.
    features = measured(beside(flat((0, 0, 0)), flat((255, 255, 255)))).features
    assert features.brightness == pytest.approx(50, abs=0.01)
    assert features.contrast == pytest.approx(50, abs=0.01)
    assert (features.saturation, features.warmth, features.dominant_hue_deg) == (0, None, None)
    assert (features.near_black_share, features.near_white_share) == (0.5, 0.5)
    assert features.colourfulness == 0
    # Pure red: rg = 255 and yb = 127.5 everywhere, so 0.3 · √(255² + 127.5²) = 85.53.
    features = measured(flat((255, 0, 0))).features
    assert (features.saturation, features.warmth, features.dominant_hue_deg) == (1, 1, 0)
    assert features.colourfulness == pytest.approx(85.53, abs=0.01)
    # Red and cyan: rg is 255 and −255, yb 127.5 and −127.5; their means are nought: √(255² + 127.5²) = 285.1.
    features = measured(beside(flat((255, 0, 0)), flat((0, 255, 255)))).features
    assert features.colourfulness == pytest.approx(285.10, abs=0.01)
    assert features.warmth == 0.5


def test_the_dominant_hue_is_not_cut_in_two_at_red() -> None:
    # HSV (350°, 1, 1) is (255, 0, 42.5) and (10°, 1, 1) is (255, 42.5, 0).
    found = measured(beside(flat((255, 0, 43)), flat((255, 43, 0)), flat((0, 0, 255)))).features
    assert found.dominant_hue_deg is not None
    assert (found.dominant_hue_deg + 180) % 360 == pytest.approx(180, abs=0.1)
    assert found.warmth == pytest.approx(2 / 3)


def test_features_are_those_of_scikit_image() -> None:
    image = noise(width=60, height=90)
    features = measured(image).features
    pixels = np.asarray(image) / 255
    lightness = rgb2lab(pixels)[..., 0]
    assert features.brightness == pytest.approx(lightness.mean(), abs=1e-3)
    assert features.contrast == pytest.approx(lightness.std(), abs=1e-3)
    assert features.saturation == pytest.approx(rgb2hsv(pixels)[..., 1].mean())
    has_hue = np.ptp(pixels, axis=-1) >= 0.1
    hue_deg = rgb2hsv(pixels)[..., 0][has_hue] * 360
    assert features.warmth == pytest.approx(((hue_deg >= 330) | (hue_deg < 90)).mean())
    assert pytest.approx(rgb2lab(BIN_RGB[None] / 255)[0], abs=1e-3) == BIN_LAB


def test_features_are_taken_of_at_most_256_pixels_a_side() -> None:
    # Stripes of one pixel in black and white are grey once two of them are one pixel: their contrast is gone.
    stripes = np.zeros((512, 512, 3), dtype=np.uint8)
    stripes[:, ::2] = 255
    assert measured(Image.fromarray(stripes)).features.contrast < 1
    assert measured(Image.fromarray(stripes[:256, :256])).features.contrast == pytest.approx(50, abs=0.01)


def test_a_palette_is_the_fewest_bins_that_cover_nine_tenths() -> None:
    shares = np.zeros(BINS)
    shares[[5, 100, 200]] = 0.3, 0.6, 0.1
    assert palette_of(shares) == [100, 5]
    shares[[5, 100, 200]] = 0.3, 0.59, 0.11
    assert palette_of(shares) == [100, 5, 200]
    shares = np.full(BINS, 1 / BINS)
    assert palette_of(shares) == list(range(195))  # 195 of 216 are 90.3 %, 194 are 89.8 %


def test_colours_are_called_what_people_call_them() -> None:
    names = {
        "black": (0x000000, 0x330000, 0x333333),
        "grey": (0x666666, 0xCCCCCC),
        "white": (0xFFFFFF,),
        "red": (0xFF0000, 0x990000),
        "orange": (0xFF9900, 0xFFCC99),
        "yellow": (0xFFFF00, 0xFFFF99),
        "green": (0x00CC00, 0x336633),
        "teal": (0x009999, 0x66CCCC),
        "blue": (0x0000FF, 0x003366, 0x99CCFF),
        "purple": (0x6600CC, 0x330066),
        "pink": (0xFF00FF, 0xFFCCCC),
        "brown": (0x663300, 0x996633),
    }
    called = {hex_of(tuple(rgb.tolist())): name for rgb, name in zip(BIN_RGB, FAMILY_OF_BIN, strict=True)}
    assert {name: {called[f"#{colour:06x}"] for colour in colours} for name, colours in names.items()} == {
        name: {name} for name in FAMILIES
    }


def test_a_cover_is_called_by_its_chromatic_colours_where_a_fifth_has_them() -> None:
    red, blue, black, white = (bin_by_hand(colour) for colour in ((255, 0, 0), (0, 0, 255), (0, 0, 0), (255, 255, 255)))
    shares = np.zeros(BINS)
    shares[[red, blue, black, white]] = 0.12, 0.08, 0.5, 0.3
    assert family_of(shares) == "red"
    shares[[red, blue, black, white]] = 0.11, 0.08, 0.5, 0.31
    assert family_of(shares) == "black"


# A few bins each, so that linprog, which is slow, answers soon.
few_bins = st.dictionaries(st.integers(0, BINS - 1), st.integers(1, 50), min_size=1, max_size=7)


def vector(weights: dict[int, int]) -> npt.NDArray[np.float64]:
    shares = np.zeros(BINS)
    for bin_number, weight in weights.items():
        shares[bin_number] = weight / sum(weights.values())
    return shares


def least_cost(left: npt.NDArray[np.float64], right: npt.NDArray[np.float64]) -> float:
    """The earth mover's distance as a linear programme, by another solver."""
    leaving, arriving = np.flatnonzero(left), np.flatnonzero(right)
    rows = [np.kron(np.eye(len(leaving))[n], np.ones(len(arriving))) for n in range(len(leaving))]
    rows += [np.kron(np.ones(len(leaving)), np.eye(len(arriving))[n]) for n in range(len(arriving))]
    solved = linprog(
        BIN_DISTANCES[np.ix_(leaving, arriving)].ravel(),
        A_eq=np.array(rows),
        b_eq=np.concatenate([left[leaving], right[arriving]]),
    )
    assert solved.success
    return float(solved.fun)


@settings(max_examples=40, deadline=None)
@given(few_bins, few_bins)
def test_distances_are_those_of_independent_solvers(left: dict[int, int], right: dict[int, int]) -> None:
    one, other = vector(left), vector(right)
    assert earth_movers(one, other) == pytest.approx(least_cost(one, other), abs=1e-6)
    assert earth_movers(one, other) == pytest.approx(earth_movers(other, one), abs=1e-9)
    assert cosine(one, other) == pytest.approx(scipy_cosine(one, other), abs=1e-12)
    assert jensen_shannon(one, other) == pytest.approx(jensenshannon(one, other, base=2), abs=1e-7)
    assert cosine(np.array([one, other]), other) == pytest.approx([cosine(one, other), 0], abs=1e-12)
    assert jensen_shannon(np.array([one, other]), other) == pytest.approx([jensen_shannon(one, other), 0], abs=1e-7)
    bounds = lower_bounds(one, np.array([one, other]))
    assert bounds[0] <= 0
    assert bounds[1] <= earth_movers(one, other)


def test_distances_by_hand() -> None:
    black, white, grey = (vector({bin_by_hand((level, level, level)): 1}) for level in (0, 255, 102))
    # All of it goes from L* 0 to L* 100.
    assert earth_movers(black, white) == pytest.approx(100, abs=0.01)
    # Half of it does, the other half is there already.
    assert earth_movers(black, (black + white) / 2) == pytest.approx(50, abs=0.01)
    # #666666 has L* 43.2: from black 43.2, to white 56.8.
    assert earth_movers(black, grey) == pytest.approx(43.2, abs=0.05)
    assert (cosine(black, white), jensen_shannon(black, white)) == (1, 1)
    # (1, 0) and (½, ½): cos is 1/√2; the divergences from (¾, ¼) are log2(4/3) and ½·log2(2/3) + ½·log2(2).
    assert cosine(black, (black + white) / 2) == pytest.approx(1 - 1 / np.sqrt(2))
    divergence = (np.log2(4 / 3) + (np.log2(2 / 3) + 1) / 2) / 2
    assert jensen_shannon(black, (black + white) / 2) == pytest.approx(np.sqrt(divergence))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_the_nearest_are_exactly_those_that_all_distances_tell(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    covers = np.array(
        [vector({int(b): int(random.integers(1, 9)) for b in random.integers(0, BINS, 6)}) for _ in range(30)]
    )
    covers[7] = covers[3]  # a tie, which the earlier row wins
    distances = np.array([earth_movers(cover, covers[3]) for cover in covers])
    expected = np.lexsort((np.arange(30), distances))[:count]
    rows, found = nearest(covers[3], covers, count)
    assert rows.tolist() == expected.tolist()
    assert found == pytest.approx(distances[expected])
    assert len(nearest(covers[0], covers[:2], 8)[0]) == 2


def test_places_on_the_map_are_as_far_apart_as_covers_that_lie_on_a_line() -> None:
    # Flat greys lie on the line of L*: the map can show them exactly, the lighter above.
    levels = [51 * level for level in (3, 0, 5, 1, 4, 2)]
    vectors = np.array([vector({bin_by_hand((level, level, level)): 1}) for level in levels])
    places = places_of(vectors)
    lightness = np.array([BIN_LAB[43 * (level // 51)][0] for level in levels])
    assert places[:, 0] == pytest.approx(np.zeros(6), abs=2e-3)
    assert places[:, 1] - places[1, 1] == pytest.approx(lightness - lightness[1], abs=2e-3)
    assert places_of(vectors[:1]).tolist() == [[0, 0]]
    assert places_of(vectors[:0]).shape == (0, 2)
    # Two covers that look the same, and nothing else: no distance to show.
    assert places_of(vectors[[0, 0]]).tolist() == [[0, 0], [0, 0]]


def test_covers_that_are_no_landmarks_are_placed_among_them() -> None:
    random = np.random.default_rng(3)
    vectors = np.array([vector({int(b): 1 for b in random.integers(0, BINS, 9)}) for _ in range(LANDMARKS + 8)])
    vectors[-1] = vectors[0]
    places = places_of(vectors)
    assert places[-1] == pytest.approx(places[0], abs=2e-3)
    left, right = np.triu_indices(len(vectors), 1)
    on_map = np.linalg.norm(places[left] - places[right], axis=1)
    told = [earth_movers(vectors[a], vectors[b]) for a, b in zip(left, right, strict=True)]
    assert np.corrcoef(on_map, told)[0, 1] > 0.6
