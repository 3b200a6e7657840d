"""Devices & places: on what, and where, do people watch?"""

import dash
from dash import html

from components.card import Card
from components.devices import (
    adoption,
    adoption_curves,
    device_peaks,
    device_sets,
    drawn_groups,
    fastest_adoption,
    films_by_device,
    group_table,
    hours_of_devices,
    kids_device,
    largest_group,
    newest_drawn,
    not_by_plays,
    one_device,
    profiles_by_device,
    shares_over_time,
    switched,
    switches_matrix,
    uses_table,
)
from components.page import page
from components.panel import Width, declare
from components.world_map import largest_country, world_map

dash.register_page(__name__, path="/devices", name="Devices", title="Devices & places · Marquee", order=20)

OF_GROUPS = (
    "group_name",
    "watch_time_share",
    "compare_watch_time_share",
    "watch_hours",
    "compare_watch_hours",
    "plays",
    "compare_plays",
    "mean_daily_active_accounts",
    "compare_mean_daily_active_accounts",
)
CARDS = declare(
    Card(
        "devices-trend",
        "Devices, models and app versions over time",
        "device_shares_by_period",
        shares_over_time,
        "watch_time_share",
        headline=adoption,
        note=drawn_groups,
        columns=(
            "first_day",
            "is_complete",
            "group_name",
            "watch_time_share",
            "play_share",
            "account_share",
            "watch_hours",
            "plays",
            "mean_daily_active_accounts",
        ),
        options=("devices_measure", "devices_by"),
        measure="devices_measure",
        width=Width.FULL,
    ),
    Card(
        "devices-groups",
        "Watch time by device",
        "viewing_by_device",
        group_table,
        "watch_time_share",
        headline=largest_group,
        columns=OF_GROUPS,
        options=("devices_by",),
        width=Width.FULL,
        height_px=240,
    ),
    Card(
        "devices-adoption",
        "How new devices are taken up",
        "adoption_by_week",
        adoption_curves,
        "adoption_share",
        headline=fastest_adoption,
        note=newest_drawn,
        columns=("group_name", "first_seen_day", "weeks_since", "adoption_share", "mean_daily_active_accounts"),
        options=("adopted",),
        nothing="Nothing was first seen a week or more before the range's end; a longer range may hold something new.",
        width=Width.FULL,
        height_px=280,
    ),
    Card(
        "devices-uses",
        "What each device is used for",
        "uses_of_devices",
        uses_table,
        "film_share",
        headline=films_by_device,
        note=not_by_plays,
        width=Width.FULL,
        height_px=240,
    ),
    Card(
        "devices-hours",
        "Hours of the day by device",
        "viewing_by_device_hour",
        hours_of_devices,
        "hour_share",
        headline=device_peaks,
        height_px=280,
    ),
    Card(
        "devices-kids",
        "Kids profiles by device",
        "devices_by_profile_type",
        profiles_by_device,
        "watch_time_share",
        headline=kids_device,
        height_px=280,
    ),
    Card(
        "devices-sets",
        "Accounts by set of devices",
        "accounts_by_device_set",
        device_sets,
        "device_set_accounts",
        headline=one_device,
        width=Width.HALF,
    ),
    Card(
        "devices-switches",
        "Begun on one device, completed on another",
        "device_switches",
        switches_matrix,
        "finish_share",
        headline=switched,
        nothing="Nothing begun in these days was completed in them.",
        width=Width.HALF,
    ),
    Card(
        "places-map",
        "Watch time by country",
        "viewing_by_country",
        world_map,
        "watch_hours",
        headline=largest_country,
        columns=OF_GROUPS,
        width=Width.FULL,
        height_px=460,
    ),
    Card(
        "places-areas",
        "Watch time by region and postal area",
        "viewing_by_place",
        group_table,
        "watch_time_share",
        headline=largest_group,
        columns=OF_GROUPS,
        options=("places_by",),
        width=Width.FULL,
    ),
)


def layout(**_query: str) -> html.Div:
    """Lay the page out."""
    return page("On what, and where, do people watch?", CARDS)
