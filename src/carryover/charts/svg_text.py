"""Text in a drawing without a browser: how wide it is, and which of it is markup."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Final

FONT_PX: Final = 13.0
LINE_EM: Final = 1.2
WIDTHS: Final = {
    **dict.fromkeys("ijl|.,:;'!()[] ", 0.29),
    **dict.fromkeys("frtI-–", 0.36),
    **dict.fromkeys("mwMW%—", 0.86),
    **dict.fromkeys("ABCDEFGHKNOPQRSTUVXYZ+−±=<>~", 0.68),
}
"""Widths of letters in em, those of Helvetica and its kin to a tenth."""
OTHER: Final = 0.56
TAG: Final = re.compile(r"(<br ?/?>|</?b>)")
"""The markup that our figures use; anything else in angle brackets is text."""


def number_text(value: float) -> str:
    """Return a place in px to a tenth, as short as it goes."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def lines_of(markup: str) -> list[str]:
    """Return the lines of a text without its markup, as a reader sees them."""
    return [unescape(re.sub(r"</?b>", "", line)) for line in re.split(r"<br ?/?>", markup)]


def width_px(markup: str, size_px: float = FONT_PX) -> float:
    """Return about how wide the longest line of a text is."""
    return size_px * max(sum(WIDTHS.get(c, OTHER) for c in line) for line in lines_of(markup))


def text_element(
    markup: str, x: float, y: float, *, anchor: str, fill: str, size_px: float = FONT_PX,
    turned: bool = False,
) -> str:  # fmt: skip
    """Return a text whose first baseline is at `y`; `anchor` is start, middle or end.

    Bold and line breaks are read as Plotly reads them, all else is shown as it stands.
    """
    place = f'x="{number_text(x)}" y="{number_text(y)}"'
    if turned:
        place = f'transform="translate({number_text(x)} {number_text(y)}) rotate(-90)"'
    size = "" if size_px == FONT_PX else f' font-size="{number_text(size_px)}"'
    back = "0" if turned else number_text(x)
    return (
        f'<text {place} text-anchor="{anchor}" fill="{fill}"{size}>'
        f"{_spans(markup, back, LINE_EM * size_px)}</text>"
    )


def _spans(markup: str, back: str, line_px: float) -> str:
    """Return the inside of a text element: spans for bold parts and for further lines."""
    parts, is_bold, is_new = [], False, False
    for part in TAG.split(markup):
        if part in {"<b>", "</b>"}:
            is_bold = part == "<b>"
        elif TAG.fullmatch(part):
            is_new = True
        elif part:
            words = escape(unescape(part), quote=False)
            down = f' x="{back}" dy="{number_text(line_px)}"' if is_new else ""
            bold = ' font-weight="600"' if is_bold else ""
            parts.append(f"<tspan{down}{bold}>{words}</tspan>" if down or bold else words)
            is_new = False
    return "".join(parts)
