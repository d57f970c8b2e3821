"""What a night finds under `data/raw/`, and what of it is to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from carryover.intake import Found, lies_in


@dataclass(frozen=True, slots=True)
class Plan:
    """What a night finds: every file on disk, and batches of those not read yet."""

    found: list[Found]
    batches: list[list[Found]]
    unreadable: dict[str, str]
    """Place of a file that could not be read → why; what the store holds of it stays."""

    def on_disk(self, before: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return place and hash of every file there is, in order; `before`: as of last night."""
        unread = [(place, sha256) for place, sha256 in before if lies_in(place, self.unreadable)]
        return sorted([(f.place, f.sha256) for f in self.found] + unread)
