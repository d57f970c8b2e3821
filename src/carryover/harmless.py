"""Text from files, made fit for a terminal: it may be seen there, and do nothing."""

from __future__ import annotations

import re
from typing import Final

CONTROLS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What moves a cursor, rings, rewrites a title or turns the direction of what follows."""


def harmless(text: str) -> str:
    r"""Return a text whose control characters are spelt out (`\u001b`), but for tab and line end.

    Inside JSON this is the same text.
    """
    return CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
