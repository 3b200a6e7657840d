"""Works out what SQL alone does not know of average colours: another segment's, and how far two are apart."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from definitions.colours.distances import cosine, earth_movers, jensen_shannon
from definitions.colours.families import BINS
from queries.asking import Asking
from queries.db import served_warehouse
from queries.shown import whole_build_id

Vector = npt.NDArray[np.float64]
# What is chosen instead of a segment to compare with all accounts, whatever the filters.
EVERYBODY = "everybody"
# As queries/run.py names it.
_SUPPRESSED = "is_suppressed"


def with_other_segment(frame: pd.DataFrame, ask: Asking) -> pd.DataFrame:
    """Return both sides of average_colour_compared: the second of another segment's build, where one is chosen.

    Where one side tells of too few accounts, a row of it alone. Raises SegmentError, SegmentNotReadyError.
    """
    other_segment = ask.filters.option("other_segment")
    if other_segment:
        second = _of_segment(ask, other_segment).assign(side="second")
        both = [frame, second.reindex(columns=frame.columns)] if len(frame) and len(second) else [frame.head(0)]
        frame = pd.concat(both, ignore_index=True)
    if _SUPPRESSED in frame and frame[_SUPPRESSED].any():
        return frame[frame[_SUPPRESSED].astype("bool")].head(1)
    return frame


def with_distances(frame: pd.DataFrame, ask: Asking) -> pd.DataFrame:
    """Return the distances of colour_distances, worked out from the rows of average_colour_compared."""
    compared = ask("average_colour_compared")
    if compared.empty:
        return frame.head(0)
    if _SUPPRESSED in compared and compared[_SUPPRESSED].any():
        return frame.assign(colour_distance=np.nan, in_common_share=np.nan, **{_SUPPRESSED: True})
    first, second = (side_vector(compared, side) for side in ("first", "second"))
    distances = {
        "cosine": float(cosine(first, second)),
        "jensen_shannon": float(jensen_shannon(first, second)),
        "earth_movers": earth_movers(first, second),
    }
    return frame.assign(
        colour_distance=frame["distance_name"].map(distances).astype("float64"),
        in_common_share=float(np.minimum(first, second).sum()),
    )


def side_vector(compared: pd.DataFrame, side: str) -> Vector:
    """Return the 216 shares of one side of average_colour_compared: "first" or "second"."""
    rows = compared[compared["side"] == side]
    vector = np.zeros(BINS)
    vector[rows["bin"].to_numpy(dtype=np.int64)] = rows["colour_share"].to_numpy(dtype=np.float64)
    return vector


def _of_segment(ask: Asking, segment_id: str) -> pd.DataFrame:
    """Return the rows of average_colour_by_group of all that are chosen of another segment; or of everybody."""
    own = ("colour_account", "colours_by")
    filters = replace(ask.filters, options=tuple(pair for pair in ask.filters.options if pair[0] not in own))
    if segment_id == EVERYBODY:
        filters, other_id = filters.without_any(), None
    else:
        other_id = segment_id
    build = ask.build
    if other_id is not None or build.id != whole_build_id(build.id):
        build = served_warehouse().shown(whole_build_id(build.id), other_id)
    return ask.answer("average_colour_by_group", filters, build)
