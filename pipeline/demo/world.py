"""Writes a demo world as a source, and beside it the truth that was planted in it."""

import json
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from definitions.tables import CONTRACT
from pipeline.demo import plants
from pipeline.demo.accounts import account_tables
from pipeline.demo.art import PALETTES, CoverBrief, draw_covers, suitable_layouts
from pipeline.demo.catalogue import Catalogue, make_catalogue
from pipeline.demo.columns import write_table
from pipeline.demo.marketing import contact_tables, marketing_tables
from pipeline.demo.people import make_people
from pipeline.demo.settings import Part, Settings
from pipeline.demo.truth import MADE_BY, truth_of
from pipeline.demo.viewing import Viewing, make_viewing
from pipeline.demo.write import write_part
from pipeline.errors import SourceError
from pipeline.progress import Progress, Silent

MARKER = ".marquee-demo"
TRUTH_FILE = "truth.json"
EVENTS_AN_ACTIVE_DAY = 34
ACCOUNTS_MIN = 40
DAYS_MIN = 90
DAYS_MAX = 1_825
EVENTS_A_PART_MAX = 500_000
_viewings: dict[Settings, Viewing] = {}


def write_demo_source(
    source: Path, *, events: int, seed: int, days: int = 400, titles: int = 400, accounts: int | None = None,
    without: Iterable[str] = (), progress: Progress | None = None, processes: int = 2,
) -> int:  # fmt: skip
    """Write a world of about ``events`` player events, and return how many; the truth goes to the folder above.

    The world is the same with any number of processes.
    Raises SourceError when a plant is unknown, or the folder or the truth file there is not a demo's.
    """
    progress = progress or Silent()
    unknown = sorted(set(without) - set(plants.PLANTS))
    if unknown:
        raise SourceError(f"--without {unknown[0]}: there is no such plant. There are: {', '.join(plants.PLANTS)}.")
    if not DAYS_MIN <= days <= DAYS_MAX:
        raise SourceError(f"--days {days}: expected {DAYS_MIN} to {DAYS_MAX}; campaigns, tests and months must fit in.")
    accounts = accounts or max(ACCOUNTS_MIN, round(events / (days * 0.5 * EVENTS_AN_ACTIVE_DAY)))
    settings = Settings(events, seed, days, titles, accounts, frozenset(without))
    source = source.absolute()
    truth_file = source.parent / TRUTH_FILE
    _require_ours(source, truth_file)
    source.parent.mkdir(parents=True, exist_ok=True)
    folder, before = (source.parent / f".demo-{state}-{source.name}" for state in ("new", "old"))
    if before.exists() and not source.exists():
        before.rename(source)
    shutil.rmtree(before, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        written, truth = _write(folder, settings, progress, processes)
        (folder / MARKER).touch()
        made = truth_file.with_name(f".{TRUTH_FILE}")
        made.write_text(json.dumps(truth, indent=2), encoding="utf-8")
        # Killed in between, the old world is still there under its other name, and the next run begins with it.
        if source.exists():
            source.rename(before)
        folder.rename(source)
        made.replace(truth_file)
        shutil.rmtree(before, ignore_errors=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return written


def _require_ours(source: Path, truth_file: Path) -> None:
    if source.exists() and (not source.is_dir() or any(source.iterdir())) and not (source / MARKER).exists():
        raise SourceError(f"{source} holds something that is no demo. Choose another --source.")
    if truth_file.exists() and f'"made_by": "{MADE_BY}"' not in truth_file.read_text(encoding="utf-8"):
        raise SourceError(f"{truth_file} is not a demo's. Move it, or choose another --source.")


def _write(folder: Path, settings: Settings, progress: Progress, processes: int) -> tuple[int, dict[str, object]]:
    progress.step("Making titles and accounts")
    viewing = _viewing(settings)
    catalogue = viewing.catalogue
    briefs = cover_briefs(catalogue, settings, folder)
    progress.plan(settings.events + len(briefs))
    tables = marketing_tables(settings, catalogue)
    tables |= {"titles": catalogue.titles, "title_people": catalogue.people, "title_tags": catalogue.tags}
    tables["artworks"] = catalogue.artworks
    for name, columns in tables.items():
        write_table(CONTRACT[name], columns, folder / f"{name}.parquet")
    portions = zip(account_tables(viewing.people, settings), contact_tables(settings, viewing.people), strict=True)
    for number, (own, contacts) in enumerate(portions):
        for name, columns in (own | contacts).items():
            write_table(CONTRACT[name], columns, folder / name / f"{number:05d}.parquet")
    progress.step("Drawing covers")
    draw_covers(briefs, processes, progress.done)
    progress.step("Playing")
    written = duplicates = 0
    for rows, twice in _written([(settings, folder, part) for part in _parts(viewing)], processes):
        written, duplicates = written + rows, duplicates + twice
        progress.done(rows)
    return written, truth_of(viewing, written, duplicates)


def cover_briefs(catalogue: Catalogue, settings: Settings, folder: Path) -> list[CoverBrief]:
    """Return what each of the catalogue's covers shows; the variants of one work differ in layout."""
    random = settings.random("covers")
    credits = [
        person
        for person, role in zip(catalogue.people["person"], catalogue.people["role"], strict=True)
        if role in ("director", "creator")
    ]
    briefs = []
    for work, (first, variants) in enumerate(
        zip(catalogue.first_artwork_of_work, catalogue.variants_of_work, strict=True)
    ):
        genre, mood = catalogue.genre_of_work[work], catalogue.mood_of_work[work]
        layouts = random.permutation(suitable_layouts(genre))
        briefs += [
            CoverBrief(
                path=folder / catalogue.artworks["path"][first + variant],
                title=catalogue.work_names[work],
                credit=credits[work],
                genre=genre,
                mood=mood,
                layout=str(layouts[variant]),
                palette=PALETTES[catalogue.palette_of_artwork[first + variant]],
                seed=settings.seed,
            )
            for variant in range(variants)
        ]
    return briefs


def _parts(viewing: Viewing) -> list[Part]:
    """Return the parts of all days, whose player events are in proportion to the accounts with a subscription."""
    settings = viewing.settings
    active = viewing.people.active_counts(settings.days)
    ends = np.round(np.cumsum(active / active.sum()) * settings.events).astype(int)
    parts = []
    for day, events in enumerate(np.diff(ends, prepend=0)):
        bounds = np.linspace(0, events, -(-events // EVENTS_A_PART_MAX) + 1).astype(int)
        parts += [Part(day, number, int(own)) for number, own in enumerate(np.diff(bounds))]
    return parts


def _written(tasks: list[tuple[Settings, Path, Part]], processes: int) -> Iterator[tuple[int, int]]:
    if processes == 1:
        yield from map(_write_one, tasks)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_write_one, tasks, chunksize=4)


def _write_one(task: tuple[Settings, Path, Part]) -> tuple[int, int]:
    settings, folder, part = task
    return write_part(_viewing(settings), folder, part)


def _viewing(settings: Settings) -> Viewing:
    """Return the viewing of a world, worked out once in each process."""
    if settings not in _viewings:
        _viewings[settings] = make_viewing(settings, make_catalogue(settings), make_people(settings))
    return _viewings[settings]
