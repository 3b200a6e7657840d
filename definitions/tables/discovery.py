"""Covers shown, browsing, searches and ratings."""

from definitions.contract import (
    Column,
    Table,
    ValueType,
    choice,
    count,
    milliseconds,
    optional_id,
    required_id,
    text,
    timestamp,
)
from definitions.values import DEVICE_TYPES, ORIGINS

DEVICE_TYPE = choice("device_type", "what sort of device it happened on", DEVICE_TYPES)
PROFILE_ID = optional_id("profile_id", "the profile")
VISIT_ID = optional_id("visit_id", "the sitting it belongs to")

IMPRESSIONS = Table(
    name="impressions",
    grain="one cover shown to one profile",
    key=("impression_id",),
    day_of="ts",
    columns=(
        required_id("impression_id", "the impression"),
        timestamp("ts", "when the cover came on screen", required=True),
        required_id("account_id", "the account"),
        required_id("title_id", "the title", "titles.title_id"),
        PROFILE_ID,
        optional_id("artwork_id", "the cover shown", "artworks.artwork_id"),
        VISIT_ID,
        text("row_name", "the row of the home page"),
        count("row_position", "the row's place on the page, from 1", minimum=1),
        count("column_position", "the cover's place in the row, from 1", minimum=1),
        milliseconds("on_screen_ms", "how long it was on screen"),
        choice("origin", "what sort of row it stood in", ORIGINS),
        DEVICE_TYPE,
        optional_id("experiment_id", "the test that chose the cover", "experiments.experiment_id"),
        text("variant", "the test's variant"),
    ),
)

BROWSE_EVENTS = Table(
    name="browse_events",
    grain="one scroll, row open, title open, page open or suggestion chosen",
    day_of="ts",
    columns=(
        timestamp("ts", "when it happened", required=True),
        required_id("account_id", "the account"),
        text("event", "what the viewer did, in the source's own words", required=True),
        VISIT_ID,
        PROFILE_ID,
        optional_id("title_id", "the title concerned"),
        count("depth", "how far down the page, in rows"),
        DEVICE_TYPE,
    ),
)

SEARCHES = Table(
    name="searches",
    grain="one typed search",
    key=("search_id",),
    day_of="ts",
    columns=(
        required_id("search_id", "the search"),
        timestamp("ts", "when it was typed", required=True),
        required_id("account_id", "the account"),
        text("query", "what was typed", required=True),
        PROFILE_ID,
        VISIT_ID,
        count("results", "how many titles it found"),
        optional_id("chosen_title_id", "the title chosen from the results"),
        count("chosen_position", "that title's place among the results, from 1", minimum=1),
        DEVICE_TYPE,
        Column("country", ValueType.COUNTRY, "where it was typed"),
        Column(
            "utc_offset_min",
            ValueType.INTEGER,
            "how far the viewer's clock was ahead of UTC",
            unit="min",
            minimum=-720,
            maximum=840,
        ),
    ),
)

RATINGS = Table(
    name="ratings",
    grain="one rating",
    key=("rating_id",),
    columns=(
        required_id("rating_id", "the rating"),
        timestamp("ts", "when it was given", required=True),
        required_id("account_id", "the account"),
        required_id("title_id", "the title", "titles.title_id"),
        Column("rating", ValueType.REAL, "the value given, on its scale", required=True),
        choice("scale", "the scale: thumbs are 0 or 1 (2 for two thumbs up), stars 1 to 5", ("thumbs", "five_stars")),
        PROFILE_ID,
    ),
)

TABLES = (IMPRESSIONS, BROWSE_EVENTS, SEARCHES, RATINGS)
