"""The effects planted in the demo world: what each is called, and how strong it is."""

from datetime import date

CHURN_HAZARD = {
    "basic_ads": (0.10, 0.05),
    "standard": (0.06, 0.03),
    "premium": (0.04, 0.02),
}
"""The monthly chance to leave by plan, in the first three months of life and after."""
EVEN_HAZARD = 0.04

BAD_MONTH_SHARE = 0.15
BAD_MONTH_ODDS_RATIO = 2.5
UNPAID_SHARE = 0.2
"""How many of those who leave do so by a payment that failed for good; the others cancel."""
REWATCH_SHARE = 0.35
REWATCHED_SCENES_MIN = ((21, 24), (63, 65))
SKIP_SHARE = 0.50
SKIPPED_SCENE_MIN = (30, 35)
ABANDON_SHARE = 0.40
ABANDONED_AT_MIN = 37
COLOUR_PREFERENCE = 1.8
ARTWORK_UPLIFT = 1.5
TRAILER_FOLLOW_SHARE = 0.2
"""How many who watch a trailer go on to its film."""
TRAILER_UPLIFT = 2.5
CAMPAIGN_UPLIFT_SHARE = 0.10
INCIDENT_DAYS = (date(2026, 5, 11), date(2026, 5, 13))
INCIDENT_STALL_FACTOR = 8.0
CDN_STARTUP_FACTOR = 1.3
"""How much longer the second content network takes to start; part of the world, and not to be switched off."""
FILM_SHARE_WEEKDAY = 0.22
FILM_SHARE_WEEKEND = 0.50
FILM_SHARE_EVEN = 0.30
RISE_PER_YEAR = 6.0
RISING_SHARE_AT_END = 0.12
"""Of the films that grown-ups choose, on the last day; and on every day where nothing rises, the third of it."""
FAN_SHARE = 0.12
DEVOTION_SHARE = 0.3
"""How much of a fan's film viewing goes to the director's films, and as much to the actor's."""
BINGE_DAYS = 7
"""How long a season that came out as a whole is binged: a week, so that weekdays and weekends have their share."""
BINGER_SHARE = 0.35

PLANTS = (
    "churn_hazard",
    "rebuffering_churn",
    "rewatched_scenes",
    "skipped_scene",
    "abandoned_title",
    "colour_taste",
    "artwork_uplift",
    "trailer_uplift",
    "campaign_uplift",
    "isp_incident",
    "weekday_contrast",
    "rising_micro_genre",
    "shared_audience",
    "binge_at_release",
)
