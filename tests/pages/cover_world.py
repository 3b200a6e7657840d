"""Films with covers of flat halves, whose colours and distances are worked out by hand."""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image

from pipeline.build.build import build_warehouse
from tests.sources import Row, write_source

RED, BLUE, BLACK = (255, 0, 0), (0, 0, 255), (0, 0, 0)
# Title, genres, when it came out, and its covers: variant, when it went live, left half, right half.
FILMS: tuple[tuple[str, tuple[str, ...], date, tuple[tuple[str, int, tuple[int, ...], tuple[int, ...]], ...]], ...] = (
    ("Ash", ("drama",), date(2026, 1, 1), (("A", 2, RED, RED), ("B", 1, RED, BLACK))),
    ("Blue hour", ("drama", "romance"), date(2026, 2, 1), (("A", 1, RED, BLUE),)),
    ("Cold", ("comedy",), date(2026, 3, 1), (("A", 1, BLUE, BLUE),)),
    # The image of Cold again.
    ("arc", ("mystery",), date(2026, 4, 1), (("A", 1, BLUE, BLUE),)),
)


def halves(left: tuple[int, ...], right: tuple[int, ...], form: str = "PNG") -> bytes:
    """Return an image file whose halves have a colour each."""
    image = Image.new("RGB", (20, 30), left)
    image.paste(right, (10, 0, 20, 30))
    written = BytesIO()
    image.save(written, form)
    return written.getvalue()


def write_cover_world(folder: Path) -> None:
    """Write the source below ``folder``, with a cover that is no image and one that is not there, and build it."""
    titles: list[Row] = [
        {"title_id": name, "name": name, "kind": "film", "released_on": day} for name, _, day, _ in FILMS
    ]
    titles += [{"title_id": name, "name": name, "kind": "film"} for name in ("Dusk", "Eve")]
    artworks: list[Row] = [
        {"artwork_id": f"{name} {variant}", "title_id": name, "variant": variant,
         "path": f"{name}-{variant}.png", "live_from": datetime(2026, 1, live)}
        for name, _, _, covers in FILMS
        for variant, live, _, _ in covers
    ]  # fmt: skip
    artworks += [
        {"artwork_id": name, "title_id": name, "path": f"{name}.png", "variant": None} for name in ("Dusk", "Eve")
    ]
    source = write_source(
        folder / "source",
        {
            "titles": titles,
            "title_tags": [
                {"title_id": name, "tag": tag, "tag_kind": "genre"} for name, tags, _, _ in FILMS for tag in tags
            ],
            "artworks": artworks,
            "accounts": [{"account_id": "ann"}],
            "plays": [
                {"play_id": str(day), "account_id": "ann", "title_id": "Ash", "watch_ms": 60_000,
                 "started_at": datetime(2026, 6, day, 12), "utc_offset_min": 0}
                for day in (1, 2, 3)
            ],
        },
    )  # fmt: skip
    for name, _, _, covers in FILMS:
        for variant, _, left, right in covers:
            (source / f"{name}-{variant}.png").write_bytes(halves(left, right))
    (source / "Dusk.png").write_bytes(b"no image")
    build_warehouse(source, folder / "warehouse")
