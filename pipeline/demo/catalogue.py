"""The invented service's titles, with their people, tags and covers."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import numpy as np

from pipeline.demo import words
from pipeline.demo.art import PALETTES, suitable_palettes
from pipeline.demo.columns import Bools, Floats, Ints
from pipeline.demo.settings import Settings

EPISODE_SHARE = 0.62
TRAILER_SHARE = 0.08
KIDS_SHARE = 0.2
EPISODES_A_SEASON = 8
COUNTRIES_OF_ORIGIN = (("US", "en"), ("GB", "en"), ("IN", "hi"), ("DE", "de"), ("FR", "fr"), ("JP", "ja"), ("BR", "pt"))
# The first films carry the planted effects and the campaigns: for grown-ups, and there from the beginning.
PLANTED_FILMS = 10
FRESH_NAMES_DRAWN = 20
SEVERAL_VARIANTS_SHARE = 0.25
THREE_VARIANTS_SHARE = 0.06
RISING_FILMS = slice(4, 8)
RISING_MICRO_GENRE = "restless seafaring thriller with a slow burn"


@dataclass(slots=True)
class Catalogue:
    """Titles as rows and as arrays; a work is a film or a series, and has the tags, people and covers.

    ``films`` holds title numbers, ``trailers`` a row per pair of versions; ``first_episode`` and ``episodes`` index by
    series number; ``whole_seasons`` holds the first episodes of the seasons whose episodes come out on one day; arrays
    ending in ``_of_work`` index by work number, and ``work_of_title`` maps to it.
    """

    titles: dict[str, list[Any]]
    people: dict[str, list[Any]]
    tags: dict[str, list[Any]]
    artworks: dict[str, list[Any]]
    runtime_ms: Ints
    released: Ints
    work_of_title: Ints
    films: Ints
    trailers: Ints
    series_works: Ints
    first_episode: Ints
    episodes: Ints
    whole_seasons: Ints
    popularity: Floats
    kids: Bools
    palette_of_artwork: Ints
    first_artwork_of_work: Ints
    variants_of_work: Ints
    work_names: list[str]
    genre_of_work: list[str]
    mood_of_work: list[str]

    @property
    def title_ids(self) -> list[str]:
        """The titles' ids, by title number."""
        return self.titles["title_id"]


def make_catalogue(settings: Settings) -> Catalogue:
    """Return the catalogue; the same settings give the same."""
    random = settings.random("catalogue")
    seasons = max(2, round(settings.titles * EPISODE_SHARE / EPISODES_A_SEASON))
    series_count = max(1, round(seasons / 1.6))
    trailers = 2 * max(1, round(settings.titles * TRAILER_SHARE / 2))
    films = max(PLANTED_FILMS, settings.titles - seasons * EPISODES_A_SEASON - trailers)
    works = films + series_count
    kids = random.random(works) < KIDS_SHARE
    kids[:PLANTED_FILMS] = False
    kids[films] = True
    names = _names(kids, random)
    genres = [
        "family" if for_kids else words.GENRES[pick]
        for for_kids, pick in zip(kids, random.integers(0, 8, works), strict=True)
    ]
    origins = [COUNTRIES_OF_ORIGIN[pick] for pick in random.integers(0, len(COUNTRIES_OF_ORIGIN), works)]
    # The last series comes out halfway, so that its season can be followed.
    latest = np.where(np.arange(works) < films, 0.9, 0.5)
    premieres = np.floor((-0.6 + random.random(works) * (0.6 + latest)) * settings.days).astype(np.int64)
    premieres[:PLANTED_FILMS] = -30
    premieres[films : films + 2] = -60
    rows: list[dict[str, Any]] = []

    def add(work: int, **own: Any) -> None:
        country, language = origins[work]
        rows.append(
            {
                "subtype": None,
                "series_id": None,
                "series_name": None,
                "season_number": None,
                "episode_number": None,
                "original": bool(work % 5 < 2),
                "country": country,
                "language": language,
                "maturity": "all" if kids[work] else ("7+", "13+", "16+", "18+")[work % 4],
                "currency": "EUR",
                "work": work,
                **own,
            }
        )

    film_minutes = np.clip(random.normal(106, 13, films), 84, 160)
    for work in range(films):
        minutes = float(film_minutes[work]) * (0.75 if kids[work] else 1)
        add(
            work,
            title_id=f"film-{work + 1:05d}",
            name=names[work],
            kind="film",
            runtime_ms=round(minutes * 60_000),
            released=int(premieres[work]),
            cost_minor=round(minutes * 4_000_000),
        )
    first_episode, episode_counts, whole_seasons = [], [], []
    for series in range(series_count):
        work = films + series
        first_episode.append(len(rows))
        in_series = seasons // series_count + (series < seasons % series_count)
        minutes = 12.0 if kids[work] else (31.0, 46.0, 54.0)[series % 3]
        is_weekly = series % 2 == 1
        for season in range(in_series):
            whole_seasons += [] if is_weekly else [len(rows)]
            for episode in range(EPISODES_A_SEASON):
                add(
                    work,
                    title_id=f"series-{series + 1:04d}-{season + 1}-{episode + 1:02d}",
                    name=f"Episode {episode + 1}",
                    kind="episode",
                    series_id=f"series-{series + 1:04d}",
                    series_name=names[work],
                    season_number=season + 1,
                    episode_number=episode + 1,
                    runtime_ms=round(minutes * 60_000 * float(random.uniform(0.95, 1.06))),
                    released=int(premieres[work]) + 180 * season + 7 * episode * is_weekly,
                    cost_minor=round(minutes * 3_000_000),
                )
        episode_counts.append(len(rows) - first_episode[-1])
    first_trailer = len(rows)
    for trailer in range(trailers):
        # By pairs of versions, the first pair for the last of the planted films.
        work = (PLANTED_FILMS - 1 - trailer // 2) % films
        add(
            work,
            title_id=f"trailer-{trailer + 1:05d}",
            name=f"{names[work]}: trailer {'AB'[trailer % 2]}",
            kind="trailer",
            subtype=("teaser", "trailer", "clip")[trailer // 2 % 3],
            runtime_ms=120_000,
            released=int(premieres[work]) - 21,
            cost_minor=2_000_000,
        )
    micro_genres = [
        f"{mood} {place} {genre} {twist}"
        for mood, place, genre, twist in zip(
            random.choice(words.MOODS, works),
            random.choice(words.SETTINGS_OF_STORIES, works),
            genres,
            random.choice(words.TWISTS, works),
            strict=True,
        )
    ]
    micro_genres[RISING_FILMS] = [RISING_MICRO_GENRE] * 4
    genres[RISING_FILMS] = ["thriller"] * 4
    work_ids = [(f"film-{work + 1:05d}", None) for work in range(films)]
    work_ids_series = [(None, f"series-{series + 1:04d}") for series in range(series_count)]
    every_id: list[tuple[str | None, str | None]] = [*work_ids, *work_ids_series]
    moods = [micro_genre.split(" ")[0] for micro_genre in micro_genres]
    artworks, palettes, first_artwork, variants = _artworks(every_id, genres, moods, settings, random)
    titles = {name: [row[name] for row in rows] for name in rows[0] if name not in ("work", "released")}
    titles["released_on"] = [settings.first_day + timedelta(days=row["released"]) for row in rows]
    popularity = np.exp(random.normal(0, 1.0, works))
    # The first two are tested, and a test needs many who see them.
    popularity[:4] = np.quantile(popularity, [0.92, 0.92, 0.8, 0.8])
    popularity[RISING_FILMS] = np.quantile(popularity, 0.6)
    return Catalogue(
        titles=titles,
        people=_people(every_id, films, random),
        tags=_tags(every_id, genres, micro_genres, random),
        artworks=artworks,
        runtime_ms=np.array([row["runtime_ms"] for row in rows]),
        released=np.array([row["released"] for row in rows]),
        work_of_title=np.array([row["work"] for row in rows]),
        films=np.arange(films),
        trailers=np.arange(first_trailer, len(rows)).reshape(-1, 2),
        series_works=np.arange(films, works),
        first_episode=np.array(first_episode),
        episodes=np.array(episode_counts),
        whole_seasons=np.array(whole_seasons),
        popularity=popularity,
        kids=kids,
        palette_of_artwork=palettes,
        first_artwork_of_work=first_artwork,
        variants_of_work=variants,
        work_names=names,
        genre_of_work=genres,
        mood_of_work=moods,
    )


def _names(kids: Bools, random: np.random.Generator) -> list[str]:
    names: dict[str, None] = {}
    for for_kids in kids:
        drawn = (_name(bool(for_kids), random) for _ in range(FRESH_NAMES_DRAWN))
        name = next((name for name in drawn if name not in names), None)
        if name is None:
            # A large catalogue runs out of pairs: its later works are sequels.
            original = _name(bool(for_kids), random)
            name = next(sequel for number in count(2) if (sequel := f"{original} {number}") not in names)
        names[name] = None
    return list(names)


def _name(for_kids: bool, random: np.random.Generator) -> str:
    if for_kids:
        return f"{random.choice(words.KIDS_HEADS)} {random.choice(words.KIDS_TAILS)}"
    adjective, noun = str(random.choice(words.ADJECTIVES)), str(random.choice(words.NOUNS))
    return str(random.choice(words.FORMS)).format(
        a=adjective,
        n=noun,
        one=words.article(adjective),
        many=words.plural(noun),
        p=random.choice(words.PLACES),
    )


def _people(
    work_ids: list[tuple[str | None, str | None]], films: int, random: np.random.Generator
) -> dict[str, list[Any]]:
    """Return credits; the director of films 0 and 1 directs nothing else, the first actor of 2 and 3 neither."""
    everyone = [f"{first} {last}" for first in words.FIRST_NAMES for last in words.LAST_NAMES]
    rows: list[tuple[str | None, str | None, str, str, int]] = []
    for work, (title_id, series_id) in enumerate(work_ids):
        chosen = [everyone[2 + pick] for pick in random.choice(len(everyone) - 2, 6, replace=False)]
        chosen[0] = everyone[0] if work in (0, 1) else chosen[0]
        chosen[1] = everyone[1] if work in (2, 3) else chosen[1]
        roles = ("director" if work < films else "creator", "cast", "cast", "cast", "cast", "writer")
        rows += [
            (title_id, series_id, person, role, place if role == "cast" else 1)
            for place, (person, role) in enumerate(zip(chosen, roles, strict=True))
        ]
    return dict(
        zip(("title_id", "series_id", "person", "role", "billing"), map(list, zip(*rows, strict=True)), strict=True)
    )


def _tags(
    work_ids: list[tuple[str | None, str | None]],
    genres: list[str],
    micro_genres: list[str],
    random: np.random.Generator,
) -> dict[str, list[Any]]:
    rows: list[tuple[str | None, str | None, str, str, float]] = []
    for (title_id, series_id), genre, micro_genre in zip(work_ids, genres, micro_genres, strict=True):
        mood, place, *_ = micro_genre.split(" ")
        weight = round(float(random.uniform(0.5, 1)), 2)
        rows += [
            (title_id, series_id, genre, "genre", 1.0),
            (title_id, series_id, micro_genre, "micro_genre", 1.0),
            (title_id, series_id, mood, "mood", weight),
            (title_id, series_id, place, "element", weight),
        ]
    return dict(
        zip(("title_id", "series_id", "tag", "tag_kind", "weight"), map(list, zip(*rows, strict=True)), strict=True)
    )


def _artworks(
    work_ids: list[tuple[str | None, str | None]],
    genres: list[str],
    moods: list[str],
    settings: Settings,
    random: np.random.Generator,
) -> tuple[dict[str, list[Any]], Ints, Ints, Ints]:
    """Return the covers' rows, each cover's palette, and each work's first cover and number of covers."""
    draw = random.random(len(work_ids))
    variants = 1 + (draw < SEVERAL_VARIANTS_SHARE) + (draw < THREE_VARIANTS_SHARE)
    # The two tests of covers need two each.
    variants[:2] = 2
    owner = np.repeat(np.arange(len(work_ids)), variants)
    first = np.cumsum(variants) - variants
    place = np.arange(len(owner)) - first[owner]
    # Variants differ in layout alone.
    palettes = _palettes(genres, moods)[owner]
    rows: dict[str, list[Any]] = {
        "artwork_id": [f"art-{number + 1:05d}" for number in range(len(owner))],
        "title_id": [work_ids[work][0] for work in owner],
        "series_id": [work_ids[work][1] for work in owner],
        "path": [f"art/{number + 1:05d}.jpg" for number in range(len(owner))],
        "variant": ["ABC"[number] for number in place],
        "live_from": [settings.first_day] * len(owner),
    }
    return rows, palettes, first, variants


def _palettes(genres: list[str], moods: list[str]) -> Ints:
    """Return each work's palette: of those that suit it the rarest so far, so that even a few works share them all."""
    used = dict.fromkeys(PALETTES, 0)
    chosen = []
    for genre, mood in zip(genres, moods, strict=True):
        palette = min(suitable_palettes(genre, mood), key=used.__getitem__)
        used[palette] += 1
        chosen.append(PALETTES.index(palette))
    return np.array(chosen)
