"""What was planted in a demo world, by name: for those who check an analysis, never for the analysis itself."""

import json
from typing import Any

from pipeline.demo import plants
from pipeline.demo.art import PALETTES
from pipeline.demo.catalogue import PLANTED_FILMS, RISING_FILMS, RISING_MICRO_GENRE
from pipeline.demo.marketing import (
    CAMPAIGN_DAYS,
    CAMPAIGN_FILMS,
    COVER_TESTS,
    EXPERIMENT_DAYS,
    TRAILER_TESTS,
    campaign_first_day,
    experiments_first_day,
)
from pipeline.demo.people import PLANS, after_bad_month, hazards
from pipeline.demo.settings import Settings
from pipeline.demo.viewing import CDNS, Viewing

MADE_BY = "marquee demo"


def truth_of(viewing: Viewing, written: int, duplicates: int) -> dict[str, Any]:
    """Return the truth of a world of ``written`` player events: what is planted, how strong, and what it is called."""
    settings = viewing.settings
    strengths = {name.lower(): value for name, value in vars(plants).items() if name.isupper() and name != "PLANTS"}
    truth = {
        "made_by": MADE_BY,
        "seed": settings.seed,
        "events": written,
        "duplicate_events": duplicates,
        "planted": {name: settings.planted(name) for name in plants.PLANTS},
        "strengths": strengths,
        "names": _names(viewing),
    }
    told: dict[str, Any] = json.loads(json.dumps(truth, default=str))
    return told


def _names(viewing: Viewing) -> dict[str, Any]:
    settings, catalogue = viewing.settings, viewing.catalogue
    films = catalogue.title_ids[:PLANTED_FILMS]
    covers = catalogue.artworks["artwork_id"]
    (uplift, uplift_film), (none, none_film) = COVER_TESTS.items()
    ((trailer_test, pair),) = TRAILER_TESTS.items()
    versions = [catalogue.title_ids[number] for number in catalogue.trailers[pair]]
    works = catalogue.people["title_id"]
    people = dict(zip(zip(works, catalogue.people["role"], catalogue.people["billing"], strict=True),
                      catalogue.people["person"], strict=True))  # fmt: skip
    days = {
        name: [settings.day(first), settings.day(first + length - 1)]
        for name, first, length in (
            ("campaign", campaign_first_day(settings), CAMPAIGN_DAYS),
            ("test", experiments_first_day(settings), EXPERIMENT_DAYS),
        )
    }

    def cover_test(experiment: str, film: int) -> dict[str, Any]:
        first = catalogue.first_artwork_of_work[film]
        return {
            "experiment_id": experiment,
            "title_id": films[film],
            "artwork_ids": covers[first : first + 2],
            "days": days["test"],
        }

    return {
        # With the months of many stalls in, by plan: in the first three months, and later.
        "churn_hazard": {"monthly_hazard": dict(zip(PLANS, _hazards(settings), strict=True))},
        "rebuffering_churn": {},
        "rewatched_scenes": {"title_id": films[2], "scenes_min": plants.REWATCHED_SCENES_MIN},
        "skipped_scene": {"title_id": films[3], "scene_min": plants.SKIPPED_SCENE_MIN},
        "abandoned_title": {"title_id": films[1], "minute": plants.ABANDONED_AT_MIN},
        # An account's number, the hexadecimal end of its id, modulo their number gives the place of its palette.
        "colour_taste": {
            "palettes": PALETTES,
            "palette_of_artwork": {
                artwork: PALETTES[palette]
                for artwork, palette in zip(covers, catalogue.palette_of_artwork, strict=True)
            },
        },
        "artwork_uplift": cover_test(uplift, uplift_film) | {"better": "B", "no_effect": cover_test(none, none_film)},
        "trailer_uplift": {
            "experiment_id": trailer_test,
            "title_ids": versions,
            "film_id": films[catalogue.work_of_title[catalogue.trailers[pair, 0]]],
            "better": "B",
            "days": days["test"],
        },
        "campaign_uplift": {
            "campaign_id": "campaign-mobile",
            "device_type": "mobile",
            "title_id": films[CAMPAIGN_FILMS["mobile"]],
            "days": days["campaign"],
            "no_effect": {
                "campaign_id": "campaign-tv",
                "device_type": "tv",
                "title_id": films[CAMPAIGN_FILMS["tv"]],
                "days": days["campaign"],
            },
        },
        "isp_incident": {"isp": "US-net-1", "days": plants.INCIDENT_DAYS, "slower_cdn": CDNS[1]},
        "weekday_contrast": {},
        "rising_micro_genre": {"micro_genre": RISING_MICRO_GENRE, "title_ids": films[RISING_FILMS]},
        "shared_audience": {
            "director": people[films[0], "director", 1],
            "director_title_ids": films[:2],
            "actor": people[films[2], "cast", 1],
            "actor_title_ids": films[2:4],
        },
        "binge_at_release": {
            "first_episode_ids": [
                catalogue.title_ids[first]
                for first in catalogue.whole_seasons
                if 0 <= catalogue.released[first] < settings.days
            ],
        },
    }


def _hazards(settings: Settings) -> list[list[float]]:
    """Return the monthly hazards by plan, early and later, over months of many stalls and of few."""
    usual = hazards(settings)
    share = plants.BAD_MONTH_SHARE
    hazard = (1 - share) * usual + share * after_bad_month(usual, settings)
    return [[round(float(value), 5) for value in row] for row in hazard]
