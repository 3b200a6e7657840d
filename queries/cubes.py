"""Chooses, of the rows that a build has added up in advance, the fewest that answer exactly."""

from collections.abc import Mapping

from definitions.values import DEFAULT_KINDS

# The parameters of the filters that a split of viewing_cube, title_cube and start_cube tells apart.
_SPLIT_OF = {"devices": "device", "countries": "country", "plans": "plan", "profile_types": "profile_type"}


def cube_parameters(filters: Mapping[str, object]) -> dict[str, str]:
    """Return what a query binds besides the ``filters`` of FilterState.parameters: which rows of the cubes it reads."""
    return {"split_by": split_by(filters), "counted_by": counted_by(filters)}


def split_by(filters: Mapping[str, object]) -> str:
    """Return the split of sums that knows all that is chosen; kinds are told apart in every one."""
    splits = [split for parameter, split in _SPLIT_OF.items() if filters[parameter] is not None]
    return splits[0] if len(splits) == 1 else "all" if splits else "none"


def counted_by(filters: Mapping[str, object]) -> str:
    """Return the sort of sets of active accounts that knows what is chosen; all tell countries and plans apart."""
    sorts = [
        name
        for name, values in (("device", "devices"), ("profile_type", "profile_types"))
        if filters[values] is not None
    ]
    if not sorts:
        return "kind"
    return sorts[0] if len(sorts) == 1 and _are_default_kinds(filters["kinds"]) else "all"


def _are_default_kinds(selection: object) -> bool:
    # Sets by device and by profile type are of what the kinds shown by default did.
    return isinstance(selection, Mapping) and (
        not selection["excluded"] and set(selection["chosen_values"]) == set(DEFAULT_KINDS)
    )
