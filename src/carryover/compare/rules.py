"""Rules that recognise why two readers differ on a value.

A rule looks at the values and at both profiles, so that it does not explain more than it says.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from carryover.compare.differences import Difference
from carryover.compare.readings import (
    DeveloperKey,
    Known,
    Knows,
    Reading,
    SubFieldKey,
    Value,
    same,
    scaled,
)
from carryover.decode.fit.base_types import BASE_TYPES, BY_NAME, MASK
from carryover.decode.fit.profile import profile

FIELD_DESCRIPTION: Final = 206
DESCRIBED_BASE, DESCRIBED_NAME = 2, 3
HR, EVENT_TIMESTAMP = 132, 9
DAMAGED: Final = "damaged after byte"
"""What our reader says where messages in the middle cannot be read."""


@dataclass(frozen=True, slots=True)
class Case:
    """A difference and all that a rule may look at; `declared` are base types by app field."""

    told: Difference
    ours: Reading
    theirs: Reading
    declared: Mapping[str, frozenset[int]]

    @property
    def native(self) -> int | None:
        """The field's number, where it is one of the profile."""
        return self.told.key if isinstance(self.told.key, int) else None

    @property
    def our_known(self) -> Known | None:
        """What our profile says of the field."""
        return None if self.native is None else self.ours.knows(self.told.message, self.native)

    @property
    def their_known(self) -> Known | None:
        """What the other profile says of the field."""
        return None if self.native is None else self.theirs.knows(self.told.message, self.native)

    def sources(self, knows: Knows, target: int | None = None) -> set[int]:
        """Return fields of our message that pack another one, as a profile has it.

        Without a target it is the field in question.
        """
        wanted = self.native if target is None else target
        present = (key for key in self.told.our_message if isinstance(key, int))
        packs = ((key, knows(self.told.message, key)) for key in present)
        return {key for key, told in packs if told is not None and wanted in told.targets}


def declared_types(told: Reading) -> dict[str, frozenset[int]]:
    """Return the base types that a file declares for developer fields, by their name."""
    found: dict[str, set[int]] = {}
    for row in told.messages.get(FIELD_DESCRIPTION, []):
        name, base = row.get(DESCRIBED_NAME), row.get(DESCRIBED_BASE)
        if isinstance(name, str) and isinstance(base, int):
            found.setdefault(name, set()).add(base & MASK)
    return {name: frozenset(bases) for name, bases in found.items()}


def is_unscaled(case: Case) -> bool:
    """Their value becomes ours by our profile's scale, which theirs does not have."""
    ours, theirs = case.our_known, case.their_known
    if ours is None or case.told.ours is None or case.told.theirs is None:
        return False
    if theirs is not None and (theirs.scale, theirs.offset) == (ours.scale, ours.offset):
        return False
    raw = case.told.theirs
    if theirs is not None:
        raw = scaled(scaled(raw, 1, -theirs.offset), 1 / theirs.scale, 0)
    return same(case.told.ours, scaled(raw, ours.scale, ours.offset))


def is_unpacked_by_us_alone(case: Case) -> bool:
    """Our profile unpacks the field from one that is there; theirs does not know how."""
    return (
        case.native is not None
        and case.told.theirs is None
        and bool(case.sources(case.ours.knows))
        and not case.sources(case.theirs.knows)
    )


def is_sub_field_unknown(case: Case) -> bool:
    """Their profile has no such sub-field, or nothing in this message that chooses it."""
    key = case.told.key
    if not isinstance(key, SubFieldKey) or case.told.theirs is not None:
        return False
    known = case.theirs.knows(case.told.message, key.field)
    choices = known.sub_fields.get(key.name, frozenset()) if known else frozenset()
    return not any(case.told.our_message.get(field) == value for field, value in choices)


def is_chosen_by_unpacked(case: Case) -> bool:
    """The field that has the sub-field, or the one that chooses it, lies packed in another."""
    key = case.told.key
    if not isinstance(key, SubFieldKey) or case.told.theirs is not None:
        return False
    told = case.ours.knows(case.told.message, key.field)
    message = case.told.our_message
    choices = told.sub_fields.get(key.name, frozenset()) if told else frozenset()
    choosers = {field for field, value in choices if message.get(field) == value}
    held = (case.ours.knows(case.told.message, k) for k in message if isinstance(k, int))
    decisive = choosers | {key.field}
    return any(known is not None and decisive & known.targets for known in held)


def is_lost_to_nothing(case: Case) -> bool:
    """They had our value and wrote an empty one over it."""
    before = case.theirs.overwritten.get((case.told.message, case.told.ordinal, case.told.key))
    return case.told.theirs is None and before is not None and same(before, case.told.ours)


def is_overwritten(case: Case) -> bool:
    """They had our value, the message's own, and wrote an unpacked one over it."""
    before = case.theirs.overwritten.get((case.told.message, case.told.ordinal, case.told.key))
    return case.told.theirs is not None and before is not None and same(before, case.told.ours)


def is_unpacked_over_own(case: Case) -> bool:
    """They show what a packed field of the message holds, not the message's own value."""
    theirs = case.told.theirs
    if case.native is None or case.told.ours is None or theirs is None:
        return False
    for source in case.sources(case.theirs.knows):
        ours, other = (m.get(source) for m in (case.told.our_message, case.told.their_message))
        known = case.theirs.knows(case.told.message, source)
        several = known is not None and len(known.targets) > 1
        # One of several in a field, or packed itself: then the value cannot be read off here.
        if several or isinstance(ours, list) or not same(ours, other) or same(ours, theirs):
            return True
    return False


def is_before_damage(case: Case) -> bool:
    """Theirs is the last message before the damage that stopped them; here it is left out."""
    last = len(case.theirs.messages[case.told.message]) - 1
    damaged = any(DAMAGED in remark for remark in case.ours.remarks)
    return bool(case.theirs.stopped) and damaged and case.told.ordinal == last


def is_packed_twice(case: Case) -> bool:
    """Theirs is missing; the field that packs it lies packed in another one."""
    if case.native is None or case.told.theirs is not None:
        return False
    first = case.sources(case.ours.knows)
    return any(case.sources(case.ours.knows, source) for source in first)


def is_undeclared(case: Case) -> bool:
    """A developer field that no app declared; its bytes are kept here."""
    key = case.told.key
    undeclared = isinstance(key, DeveloperKey) and key.name.startswith("undeclared_")
    return undeclared and case.told.theirs is None


def is_last_of_many(case: Case) -> bool:
    """Of a heart rate message's beat times they keep the last, counted from elsewhere."""
    ours, theirs = case.told.ours, case.told.theirs
    if (case.told.message, case.native) != (HR, EVENT_TIMESTAMP) or not isinstance(ours, list):
        return False
    last = ours[-1]
    if isinstance(theirs, list | str) or theirs is None or last is None:
        return False
    # Whole seconds apart: the fraction of the second is what the file holds.
    return math.isclose(abs(math.remainder(last - theirs, 1.0)), 0.0, abs_tol=1e-6)


def is_empty_for_z(case: Case) -> bool:
    """An unpacked 0 in a field whose type calls 0 empty."""
    if case.native is None or case.told.ours is not None or case.told.theirs != 0:
        return False
    held = profile().message(case.told.message)
    told = held.fields.get(case.native) if held else None
    return told is not None and told.base_type in BY_NAME and BY_NAME[told.base_type].invalid == 0


def is_text_beyond_its_end(case: Case) -> bool:
    """Theirs goes on behind the byte 0 that ends a text."""
    ours, theirs = case.told.ours, case.told.theirs
    return (
        isinstance(theirs, list)
        and all(isinstance(part, str) for part in theirs)
        and _readable(theirs[0]) == _readable(ours if isinstance(ours, str) else "")
    )


def is_damaged_text(case: Case) -> bool:
    """Bytes that are no letters: we mark them, they leave them out."""
    ours, theirs = case.told.ours, case.told.theirs
    if not isinstance(ours, str) or "\N{REPLACEMENT CHARACTER}" not in ours:
        return False
    return (theirs is None or isinstance(theirs, str)) and _readable(ours) == _readable(theirs)


def _readable(text: str | None) -> str:
    return (text or "").replace("\N{REPLACEMENT CHARACTER}", "").strip()


def is_not_a_number(case: Case) -> bool:
    """Theirs is "not a number" where the file says "empty"."""
    theirs = _cells(case.told.theirs)
    ours = [None] * len(theirs) if case.told.ours is None else _cells(case.told.ours)
    pairs = list(zip(ours, theirs, strict=False))
    return len(ours) == len(theirs) and all(
        same(mine, other) or (mine is None and isinstance(other, float) and math.isnan(other))
        for mine, other in pairs
    )


def _cells(value: Value | None) -> list[Any]:
    return value if isinstance(value, list) else [value]


def is_invalid_marker(case: Case) -> bool:
    """Theirs is the number that says "empty" for the type that the file declares."""
    key, theirs = case.told.key, case.told.theirs
    if not isinstance(key, DeveloperKey) or case.told.ours is not None:
        return False
    markers = {BASE_TYPES[base].invalid for base in case.declared.get(key.name, ())}
    return bool(markers) and all(cell in markers for cell in _cells(theirs))
