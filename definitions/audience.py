"""What an account did in a window of days, as a set: each thing that it can have done has a bit in a mask.

Accounts counted by their sets can be counted over any choice of things afterwards, each once: an account is counted
where its set and the choice have a bit in common. One active play sets a bit in each of the four sorts of set.
"""

from dataclasses import dataclass
from itertools import product

from definitions.values import DEFAULT_KINDS, DEVICE_TYPES, KINDS, PROFILE_TYPES

# Masks are signed 64-bit integers, so one holds 63 bits.
BITS_PER_MASK = 63
_DEVICES = (*DEVICE_TYPES, None)
_PROFILES = (*PROFILE_TYPES, None)
_FIRST_DEVICE_BIT = len(KINDS)
_FIRST_PROFILE_BIT = _FIRST_DEVICE_BIT + len(_DEVICES)


@dataclass(frozen=True, slots=True)
class AudienceCell:
    """One thing that an account can have done: to play a kind, on a sort of device, with a sort of profile.

    ``counted_by`` says which sort of set ``bit`` belongs to: by "kind", by "device" or by "profile_type" (both of the
    kinds shown by default only), or by "all" three together.
    """

    counted_by: str
    kind: str
    device_type: str | None
    profile_type: str | None
    bit: int

    @property
    def mask_low(self) -> int:
        """The bit's place among the first 63."""
        return 1 << self.bit if self.bit < BITS_PER_MASK else 0

    @property
    def mask_high(self) -> int:
        """The bit's place among those after the first 63."""
        return 1 << self.bit - BITS_PER_MASK if self.bit >= BITS_PER_MASK else 0


def _cells() -> tuple[AudienceCell, ...]:
    # Those of the default kinds fill the first mask, so that the second is hardly ever needed.
    kinds = (*DEFAULT_KINDS, *(kind for kind in KINDS if kind not in DEFAULT_KINDS))
    together = enumerate(product(kinds, _DEVICES, _PROFILES))
    cells = []
    for bit, (kind, device, profile) in together:
        # The bits of the other three do not overlap: one mask holds all of them while an account's days are followed.
        cells.append(AudienceCell("all", kind, device, profile, bit))
        cells.append(AudienceCell("kind", kind, device, profile, KINDS.index(kind)))
        if kind in DEFAULT_KINDS:
            device_bit, profile_bit = _DEVICES.index(device), _PROFILES.index(profile)
            cells.append(AudienceCell("device", kind, device, profile, _FIRST_DEVICE_BIT + device_bit))
            cells.append(AudienceCell("profile_type", kind, device, profile, _FIRST_PROFILE_BIT + profile_bit))
    return tuple(cells)


AUDIENCE_CELLS = _cells()
COUNTED_BY = ("kind", "device", "profile_type", "all")
