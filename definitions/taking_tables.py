"""The published tables of which covers are taken, and by whom."""

from definitions.colours.families import FAMILIES
from definitions.contract import Column, Table, ValueType, choice, count, optional_id, required_id, text
from definitions.taking import (
    AUDIENCES,
    NEW_ACCOUNT_DAYS,
    OLD_ACCOUNT_DAYS,
    PARTS,
    PARTS_OF,
    PLACE_BANDS,
    ROW_BANDS,
    TASTE_MIN_TAKEN,
)
from definitions.values import SHOWN_MIN_MS
from definitions.warehouse_columns import KIND, MONTH, SHOW_ID, day

_MONTH_START = day("month_start", "the first day of the month, in UTC", required=True)
_ARTWORK_ID = optional_id("artwork_id", "the cover; null when unknown")
_ROW_BAND = choice(
    "row_band", "which row of the page it stood in: top (1 and 2), middle (3 to 5), below", tuple(ROW_BANDS)
)
_PLACE_BAND = choice("place_band", "which place in the row: first (1 to 3), next (4 to 6), later", tuple(PLACE_BANDS))
_IMPRESSIONS = count("impressions", f"how often it was on screen for {SHOWN_MIN_MS:,} ms or more", minimum=1)
_TAKEN = count("taken_impressions", "how many of them a play followed, as in cover_cube")

COVER_TAKES = Table(
    name="cover_takes",
    grain=(
        "one month, account, cover of a film or series and kind of title, and place on the page, by UTC; those shown "
        "by an experiment apart"
    ),
    columns=(
        _MONTH_START,
        required_id("account_id", "the account"),
        SHOW_ID,
        _ARTWORK_ID,
        KIND,
        _ROW_BAND,
        _PLACE_BAND,
        optional_id("experiment_id", "the experiment that chose the cover; null where none did"),
        text("variant", "the experiment's variant"),
        _IMPRESSIONS,
        _TAKEN,
        MONTH,
    ),
)

COVER_CELLS = Table(
    name="cover_cells",
    grain="one month, cover of a film or series and kind of title, and place on the page, by UTC",
    columns=(
        _MONTH_START,
        SHOW_ID,
        _ARTWORK_ID,
        KIND,
        _ROW_BAND,
        _PLACE_BAND,
        _IMPRESSIONS,
        _TAKEN,
        count("accounts", "accounts that it was shown to", minimum=1),
    ),
)

COLOUR_AUDIENCES = Table(
    name="colour_audiences",
    grain=(
        "one month, audience of one sort, colour of covers, genres of what they are of, half of the titles, and part "
        "of the accounts or of the titles, by UTC; of the kinds shown by default, and of covers whose colour is known"
    ),
    columns=(
        _MONTH_START,
        choice(
            "audience_by",
            "the sort of audience. The rows of one sort are the whole, so never add up over several",
            tuple(AUDIENCES),
            required=True,
        ),
        text(
            "audience",
            "the account's country; new (signed up less than "
            f"{NEW_ACCOUNT_DAYS} days before the month), recent or old ({OLD_ACCOUNT_DAYS} and more); or the colour or "
            "the genre of which, over all the data, it took most beyond what everybody took of the same covers, told "
            "by that half of the films and series which the row is not of. Unknown where that is, or where it took "
            f"fewer than {TASTE_MIN_TAKEN}",
            required=True,
        ),
        choice("colour_family", "what the cover's colour is called", FAMILIES, required=True),
        text("genres", "the title's genres, as in shows; null when it has none"),
        count("title_half", "which half of the titles, drawn by their ids, these are of: 0 or 1"),
        choice(
            "parts_of",
            "what the parts are of: accounts, titles, or pairs of both. The rows of one sort are the whole, so never "
            "add up over several",
            PARTS_OF,
            required=True,
        ),
        count("part", f"one of {PARTS} parts that these are drawn into by their ids, from 0"),
        _IMPRESSIONS,
        _TAKEN,
        Column(
            "expected_taken",
            ValueType.REAL,
            "how many of them would have been taken at everybody's take rates of the same covers in the month",
            minimum=0,
        ),
        count("accounts", "accounts that one of their titles was shown to: of that with most such accounts", minimum=1),
    ),
)

COVER_TESTS = Table(
    name="cover_tests",
    grain="one variant of one experiment that chose covers, over the whole experiment",
    key=("experiment_id", "variant"),
    columns=(
        required_id("experiment_id", "the experiment"),
        text("variant", "the variant", required=True),
        optional_id("show_id", "the film or series that it was shown of; null where it was not shown"),
        optional_id("artwork_id", "the cover that it was, by what was shown most; null when unknown"),
        Column(
            "told_by_exposures",
            ValueType.BOOLEAN,
            "whether exposures tell which accounts it was drawn for; else the covers shown do",
            required=True,
        ),
        count("drawn_accounts", "accounts that it was drawn for, and no other variant with it", minimum=1),
        count("shown_accounts", "those of them that were shown any of the experiment's covers"),
        count("impressions", f"how often that was, for {SHOWN_MIN_MS:,} ms or more"),
        count("taken_impressions", "how many of them a play followed, as in cover_cube"),
        count("squared_impressions", "the sum over accounts of the squares of their impressions"),
        count("squared_taken", "the sum over accounts of the squares of their taken impressions"),
        count("impressions_by_taken", "the sum over accounts of the products of both"),
    ),
)

TAKING_TABLES = (COVER_TAKES, COVER_CELLS, COLOUR_AUDIENCES, COVER_TESTS)
