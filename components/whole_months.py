"""The whole months that cards tell of which add up no days."""

import pandas as pd

from queries.filters import FilterState


def shown_told(frame: pd.DataFrame, filters: FilterState) -> str:
    """Say of which whole months a card counts covers shown, and why of these where none lies in the range."""
    first, last = (pd.Timestamp(frame[name].dropna().iloc[0]) for name in ("first_month", "last_month"))
    span = f"{first:%B %Y}" if first == last else f"{first:%B %Y} to {last:%B %Y}"
    outside = " (no whole month lies in the range, so those before its end)" if first.date() < filters.start_day else ""
    return f"Covers shown in {span}{outside}."
