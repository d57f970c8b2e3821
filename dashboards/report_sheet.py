"""From the parts of a report to one file: no script, no link out, style and figures inside."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from carryover.charts import palette
from carryover.charts.base import Empty
from carryover.charts.svg import svg
from carryover.charts.words import day_text
from dashboards.report import glossary
from dashboards.sheet import templates

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from carryover.charts.base import Drawing
    from dashboards.report import Part

MARK: Final = '<meta name="generator" content="carryover report">'
"""A file whose head holds this is a report of ours and may be replaced."""
PAPER_PX: Final = 688
"""Between the margins of A4."""
HALF_PX: Final = 330
PHONE_PX: Final = 356


def report_html(
    parts: Sequence[Part], now: datetime, squad: dict[str, object] | None = None
) -> str:
    """Return the text of a report; `squad` is the table that opens one of several athletes."""
    template = templates().get_template("report.html")
    return template.render(
        mark=Markup(MARK), css=Markup(_css()), parts=parts, squad=squad,  # noqa: S704 - our own
        made=day_text(now.date()), words=glossary(), draw=_draw,
    )  # fmt: skip


def _draw(drawing: Drawing, width: int = PAPER_PX) -> Markup:
    """Return a figure twice, for paper and for a phone; the style shows one of them."""
    if isinstance(drawing, Empty):
        return Markup("")
    wide, small = svg(drawing, width), svg(drawing, PHONE_PX, narrow=True)
    text = f'<div class="paper">{wide}</div><div class="phone">{small}</div>'
    return Markup(text)  # noqa: S704 - `svg` escapes all text


def _css() -> str:
    """Return the style, with the dark tones of the figures."""
    sheet = files("dashboards").joinpath("static", "report.css").read_text("utf-8")
    tones = "".join(
        f'svg [{kind}="{light}"]{{{kind}:{dark}}}'
        for light, dark in palette.DARK.items() for kind in ("fill", "stroke")
    )  # fmt: skip
    return f"{sheet}@media screen and (prefers-color-scheme: dark){{{tones}}}"
