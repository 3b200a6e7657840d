"""Titles, and the people, tags and covers that belong to them."""

from definitions.contract import (
    Column,
    Table,
    ValueType,
    choice,
    count,
    milliseconds,
    money,
    optional_id,
    required_id,
    text,
    timestamp,
)
from definitions.values import KINDS

TITLE_ID = optional_id("title_id", "the title", "titles.title_id")
SERIES_ID = optional_id("series_id", "the series, when all its episodes are meant", "titles.series_id")

TITLES = Table(
    name="titles",
    grain="one playable title",
    key=("title_id",),
    columns=(
        required_id("title_id", "the title"),
        text("name", "what viewers call it", required=True),
        choice("kind", "what it is", KINDS, required=True),
        text("subtype", "the source's own word for the kind, such as teaser, hook or recap"),
        optional_id("series_id", "the series an episode belongs to"),
        text("series_name", "what viewers call the series"),
        count("season_number", "the season within the series"),
        count("episode_number", "the episode within the season"),
        milliseconds("runtime_ms", "how long the title runs"),
        Column("released_on", ValueType.DATE, "the day it became available"),
        Column("original", ValueType.BOOLEAN, "whether the service made it or had it made"),
        Column("country", ValueType.COUNTRY, "the country that produced it"),
        Column("language", ValueType.LANGUAGE, "the language it was made in"),
        text("maturity", "its maturity rating in the source's own scale"),
        money("cost_minor", "what it cost to make or license"),
        Column("currency", ValueType.CURRENCY, "the currency of the cost"),
    ),
)

TITLE_PEOPLE = Table(
    name="title_people",
    grain="one person in one role on one title or series",
    one_of=("title_id", "series_id"),
    columns=(
        TITLE_ID,
        SERIES_ID,
        text("person", "the person's name as credited", required=True),
        choice("role", "what the person did", ("director", "cast", "creator", "writer"), required=True),
        count("billing", "the place in the credits, from 1", minimum=1),
    ),
)

TITLE_TAGS = Table(
    name="title_tags",
    grain="one tag of one title or series",
    one_of=("title_id", "series_id"),
    columns=(
        TITLE_ID,
        SERIES_ID,
        text("tag", "the tag", required=True),
        choice("tag_kind", "what the tag says", ("genre", "micro_genre", "mood", "element"), required=True),
        Column("weight", ValueType.REAL, "how strongly the tag applies, 0 to 1", minimum=0, maximum=1),
    ),
)

ARTWORKS = Table(
    name="artworks",
    grain="one image made for one title or series",
    key=("artwork_id",),
    one_of=("title_id", "series_id"),
    columns=(
        required_id("artwork_id", "the image"),
        TITLE_ID,
        SERIES_ID,
        text("path", "where the image file is, relative to the source folder", required=True),
        text("variant", "which of several images for the same title"),
        timestamp("live_from", "when it was first shown"),
        timestamp("live_to", "when it was last shown"),
    ),
)

TABLES = (TITLES, TITLE_PEOPLE, TITLE_TAGS, ARTWORKS)
