from typing import Any

import pandas as pd
import pytest

import components.filter_bar
from components.filter_bar import carried, carried_to_parts, chips, choices_of, filter_bar, messages, shown, summary
from components.labels import dimension_label, selections_text, value_label
from definitions.dimensions import BAR_DIMENSIONS
from definitions.segments import Segment, delete_segment
from queries.db import served_warehouse
from queries.filters import to_search
from tests.components.trees import walk, words
from tests.components.world import StubBuild, filters_of

SETTINGS = {
    "period": "last-28-days",
    "compare": "previous",
    "granularity": "auto",
    "calendar": "local",
    "segment": "everybody",
}
NOTHING: dict[str, Any] = {dimension.name: [] for dimension in BAR_DIMENSIONS}


def search_of(filters_search: str = "", changed: str = "filter-device", **controls: Any) -> str:
    settings = {name: controls.get(name, default) for name, default in SETTINGS.items()}
    selections = {name: controls.get(name, []) for name in NOTHING}
    days = {"first-day": controls.get("first_day"), "last-day": controls.get("last_day")}
    return to_search(choices_of(settings, selections, days, filters_of(filters_search), changed=changed))


def test_every_declared_dimension_has_a_labelled_control() -> None:
    bar = filter_bar()
    labels = {part.htmlFor for part in walk(bar) if type(part).__name__ == "Label"}
    controls = {part.id for part in walk(bar) if getattr(part, "id", "") in labels}
    assert labels == controls
    assert {f"filter-{dimension.name}" for dimension in BAR_DIMENSIONS} < controls


def test_controls_that_say_the_defaults_make_an_empty_link() -> None:
    assert search_of() == ""


def test_controls_make_a_short_readable_link() -> None:
    assert search_of(device=["tv", "mobile"], period="last-90-days") == "period=last-90-days&device=tv&device=mobile"


def test_choosing_days_starts_from_those_on_the_screen() -> None:
    assert (
        search_of("period=last-7-days", "filter-period", period="custom") == "start_day=2023-06-24&end_day=2023-07-01"
    )


@pytest.mark.parametrize(
    ("changed", "link"),
    [
        ("filter-first-day", "start_day=2023-06-20&end_day=2023-07-01"),
        ("filter-last-day", "start_day=2023-06-24&end_day=2023-06-29"),
    ],
)
def test_people_choose_the_last_day_that_counts(changed: str, link: str) -> None:
    chosen = search_of("period=last-7-days", changed, period="custom", first_day="2023-06-20", last_day="2023-06-28")
    assert chosen == link


def test_a_half_typed_day_changes_nothing() -> None:
    chosen = search_of("period=last-7-days", "filter-first-day", period="custom", first_day=None)
    assert chosen == "start_day=2023-06-24&end_day=2023-07-01"


def test_a_chip_is_a_link_to_the_page_without_its_filter() -> None:
    device, country = chips(filters_of("period=all&device=tv&device=mobile&country=IN"), "/titles")
    assert words(device) == "Device: TV, Phone"
    assert device.children.href == "/titles?period=all&country=IN"
    assert words(country) == "Country: India"
    assert country.children.href == "/titles?period=all&device=tv&device=mobile"


def test_a_chip_of_what_the_page_does_not_look_at_says_so() -> None:
    country, kind = chips(filters_of("country=IN&kind=series"), "/artwork", unused=("period", "country"))
    assert (words(country), country.className) == ("Country: India · does nothing here", "unused")
    assert (words(kind), kind.className) == ("Kind: Series", None)


def test_a_segment_is_chosen_and_given_up_in_its_list() -> None:
    assert search_of("device=tv", "filter-segment", segment="abcd2345") == "segment=abcd2345&device=tv"
    assert search_of("segment=abcd2345&device=tv", "filter-segment", segment="everybody") == "device=tv"
    assert search_of("segment=abcd2345", "filter-device", segment="abcd2345", device=["tv"]) == (
        "segment=abcd2345&device=tv"
    )
    assert carried("?segment=abcd2345&show=a.table") == "?segment=abcd2345"


def test_a_segments_chip_has_its_name_and_leads_to_everybody(saved: Segment) -> None:
    segment, device = chips(filters_of(f"segment={saved.id}&device=tv"), "/titles")
    assert words(segment) == "Segment: Night <owls>"
    assert segment.children.href == "/titles?device=tv"
    assert segment.children.title == "Remove the filter Segment"
    assert device.children.href == f"/titles?segment={saved.id}"


def test_segments_are_offered_by_name_and_one_that_is_gone_by_its_id(
    saved: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_values = pd.DataFrame({"dimension": [], "value": []})
    monkeypatch.setattr(components.filter_bar, "run", lambda *_: no_values)
    build: Any = StubBuild()

    def offered(search: str) -> tuple[list[tuple[str, str]], str, bool]:
        told = shown(filters_of(search), search, "/", build)
        return [(one["value"], one["label"]) for one in told["segments"]], told["segment"], told["hide_segments"]

    everybody, owls = ("everybody", "No segment"), (saved.id, "Night <owls>")
    assert offered("") == ([everybody, owls], "everybody", False)
    assert offered(f"segment={saved.id}") == ([everybody, owls], saved.id, False)
    gone = ("zzzzzzzz", "not there")
    assert offered("segment=zzzzzzzz") == ([everybody, owls, gone], "zzzzzzzz", False)
    delete_segment(served_warehouse().folder, saved.id)
    assert offered("") == ([everybody], "everybody", True)


def test_what_is_chosen_on_a_figure_stays_until_its_own_control_is_changed() -> None:
    before = "not_device=tv&title=series+9&country=IN"
    assert search_of(before, "filter-country", country=["DE"]) == "not_device=tv&country=DE&title=series+9"
    assert search_of(before, "filter-device", device=["tv"]) == "device=tv&country=IN&title=series+9"
    assert search_of(before, "filter-country", country=[]) == "not_device=tv&title=series+9"


def test_chips_name_titles_and_what_is_left_out_and_keep_what_the_page_keeps() -> None:
    filters = filters_of("not_device=tv&title=series+9&title=title+4")
    device, title = chips(filters, "/explore", (("table", "titles"),), {"series 9": "The Salt Year"})
    assert words(device) == "Device: not TV"
    assert words(title) == "Title: The Salt Year, title 4"
    assert title.children.href == "/explore?not_device=tv&table=titles"


def test_a_setting_that_was_not_understood_can_be_set_to_the_default() -> None:
    assert filters_of("period=banana&calendar=mars").misread == ("period", "calendar")
    assert search_of("period=banana", "filter-period", period="last-28-days") == ""
    # Another control's change leaves behind what was not understood.
    assert search_of("period=banana", "filter-device", period="", device=["tv"]) == "device=tv"


def test_the_summary_names_both_ranges() -> None:
    assert summary(filters_of("period=last-7-days")) == "24 – 30 Jun 2023, compared with 17 – 23 Jun 2023"
    assert summary(filters_of("compare=none&period=last-7-days")) == "24 – 30 Jun 2023"
    assert summary(filters_of("period=last-7-days"), compared=False) == "24 – 30 Jun 2023"


def test_messages_say_what_is_wrong_and_what_was_changed() -> None:
    assert messages(filters_of("")) is None
    told = messages(filters_of("calendar=mars"))
    assert told is not None
    assert (told.role, words(told)) == ("alert", "calendar can be local, utc, service; not «mars».")
    changed = messages(filters_of("colour=red"))
    assert changed is not None
    assert (changed.role, words(changed)) == ("status", "Not a filter, so left out: «colour».")
    nothing_before = filters_of("period=all")
    assert "Nothing to compare with: the data begin on" in words(messages(nothing_before))
    assert messages(nothing_before, unused=("compare",)) is None
    assert messages(filters_of("period=all&colour=red"), unused=("compare",)) is not None


def test_links_carry_the_filters_and_nothing_else() -> None:
    assert carried("?device=tv&utm_source=mail&compare=previous") == "?device=tv"
    assert carried("") == ""
    assert carried("?device=" + "x" * 100_000) == ""


def test_links_between_parts_carry_what_is_of_all_parts_too() -> None:
    search = "?device=tv&covers=aa,bb&cover=cc&show=compare-bins.table&compare=previous"
    assert carried_to_parts(search) == "?device=tv&covers=aa%2Cbb"
    assert carried_to_parts("?cover=cc") == ""
    assert carried_to_parts("?covers=" + "x" * 100_000) == ""


def test_values_are_called_by_their_names() -> None:
    assert value_label("device", "console") == "Console"
    assert value_label("country", "NZ") == "New Zealand"
    assert value_label("plan", "premium") == "premium"
    assert value_label("device", "unknown") == "Unknown"
    assert value_label("title", "THE DAYS") == "THE DAYS"
    assert dimension_label("profile_type") == "Profile"
    assert dimension_label("title") == "Title"


def test_many_values_are_counted_and_long_ones_cut() -> None:
    chosen = "&".join(f"plan=p{number}" for number in range(6))
    assert selections_text(filters_of(chosen)) == "Plan: p0, p1, p2 and 3 more"
    assert selections_text(filters_of("plan=")) == "Plan: (empty)"
    assert len(selections_text(filters_of("plan=" + "x" * 1_000))) < 60
