"""The published tables of the colours that accounts watch: by account and day, of late, and in clusters."""

from definitions.colours.families import FAMILIES
from definitions.contract import Column, Table, ValueType, count, milliseconds, required_id, text
from definitions.values import DEFAULT_KINDS
from definitions.warehouse_columns import (
    ACCOUNT_COUNTRY,
    ACCOUNT_NUMBER,
    DEVICE_TYPE,
    KIND,
    MONTH,
    PROFILE_TYPE,
    SHOW_ID,
    day,
)

# Colours of late: of so many days (UTC) before the end of the complete ones.
COLOUR_DAYS = 90
# Above so many accounts, so many are on the map; and above fewer, so few are looked at to find clusters. All accounts
# are then assigned to these.
COLOUR_SAMPLE_ACCOUNTS = 20_000
CLUSTER_SAMPLE_ACCOUNTS = 5_000
MOST_COLOUR_CLUSTERS = 6
# Of fewer accounts in the mean, clusters would be chance's.
LEAST_CLUSTER_ACCOUNTS = 20

_OF_LATE = (
    f"in the last {COLOUR_DAYS} complete days (UTC), of {', '.join(DEFAULT_KINDS)} whose film or series has a cover of "
    "known colours"
)
CLUSTER = count(
    "cluster",
    "which cluster its colours are in, by the cosine to the cluster's middle; 1 has the most accounts",
    minimum=1,
)

ACCOUNT_SHOWS = Table(
    name="account_shows",
    grain=(
        "one account, film or series and day by all three clocks, device type, kind and profile type. In the order of "
        "accounts, so that those of one are found"
    ),
    columns=(
        required_id("account_id", "the account"),
        ACCOUNT_NUMBER,
        SHOW_ID,
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        day("local_day", "the day it was played, by the viewer's clock", required=True),
        day("utc_day", "the day it was played, in UTC", required=True),
        day("service_day", "the day it was played, in the service's zone", required=True),
        milliseconds("watch_ms", "watch time"),
        MONTH,
    ),
)

ACCOUNT_COLOURS = Table(
    name="account_colours",
    grain=f"one account that watched anything {_OF_LATE}",
    key=("account_id",),
    columns=(
        required_id("account_id", "the account", "accounts.account_id"),
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's plan on the last of these days; null when unknown"),
        milliseconds("watch_ms", "the watch time by which its titles are weighted"),
        Column("brightness", ValueType.REAL, "the mean brightness of the covers, 0 to 100"),
        Column("saturation", ValueType.REAL, "their mean saturation, 0 to 1"),
        Column("warmth", ValueType.REAL, "their mean warmth, 0 to 1; null where nothing on them has a hue"),
        *(
            Column(f"{family}_share", ValueType.REAL, f"the share of {family} in its average colour, 0 to 1")
            for family in FAMILIES
        ),
        CLUSTER,
        Column(
            "map_x",
            ValueType.REAL,
            f"where it lies on the map, on which accounts of like colours lie near each other; null but for "
            f"{COLOUR_SAMPLE_ACCOUNTS:,} accounts where there are more",
        ),
        Column("map_y", ValueType.REAL, "the same, the other way"),
    ),
)

COLOUR_CLUSTERS = Table(
    name="colour_clusters",
    grain="one cluster of the accounts in account_colours, by k-means of their average colours under the cosine",
    key=("cluster",),
    columns=(
        CLUSTER,
        count("accounts", "its accounts"),
        milliseconds("watch_ms", "their watch time"),
        Column(
            "mean_silhouette",
            ValueType.REAL,
            "how far apart the clusters are, -1 to 1, the same for all: the mean, over the accounts that they were "
            "found by, of how much nearer the next cluster's middle would have to come to be as near as the own one. "
            f"Of 2 to {MOST_COLOUR_CLUSTERS} clusters it is the largest of these; null where there is one cluster",
        ),
        day("end_day", "the day after the last of the days looked at (UTC)", required=True),
    ),
)

COLOUR_CLUSTER_SHOWS = Table(
    name="colour_cluster_shows",
    grain="one film or series that accounts of a cluster watched, in the days of account_colours",
    key=("cluster", "show_id"),
    columns=(
        CLUSTER,
        SHOW_ID,
        milliseconds("watch_ms", "the watch time of the cluster's accounts"),
    ),
)

CUSTOMER_COLOUR_TABLES = (ACCOUNT_SHOWS, ACCOUNT_COLOURS, COLOUR_CLUSTERS, COLOUR_CLUSTER_SHOWS)
