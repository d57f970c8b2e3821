"""A plan as an iCalendar file (RFC 5545): an all-day event a block, and one a suggested session."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Final

from carryover.plan.model import ON, Block, Plan

LINE_END: Final = "\r\n"
MAX_OCTETS: Final = 75
PRODUCT: Final = "-//carryover//block plan//EN"
DAY: Final = dt.timedelta(days=1)


def calendar_text(plan: Plan) -> str:
    """Return the text of the file; the same plan gives the same bytes."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    for block in plan.blocks():
        lines += _event(plan, f"block {block.number}", block.from_date, block.to_date,
                        _block_words(plan, block))  # fmt: skip
    for day in plan.session_dates():
        lines += _event(plan, f"session {day}", day, day, (
            "Glute strength session",
            "A suggestion: another day of the week will do, best one with an easy run or none.",
        ))  # fmt: skip
    lines.append("END:VCALENDAR")
    return "".join(piece + LINE_END for line in lines for piece in folded(line))


def _block_words(plan: Plan, block: Block) -> tuple[str, str]:
    n = block.n_weeks
    weeks = f"{n} week{'s' if n != 1 else ''}"
    if block.state == ON:
        a_week = plan.limits.sessions
        return (
            f"On-block {block.number}: {a_week} glute session{'s' if a_week != 1 else ''} a week",
            f"{weeks}, {block.sessions} sessions in all.",
        )
    return (
        f"Off-block {block.number}: no glute sessions",
        f"{weeks} without glute strength work; running goes on as usual.",
    )


def _event(
    plan: Plan, what: str, first: dt.date, last: dt.date, words: tuple[str, str]
) -> list[str]:
    """Return an all-day event; its end is the day after, as the standard has it."""
    key = hashlib.sha256(f"{plan.athlete_id}|{plan.start}|{what}".encode()).hexdigest()
    summary, description = words
    return [
        "BEGIN:VEVENT",
        f"UID:{key[:32]}@carryover",
        f"DTSTAMP:{plan.made_on:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{last + DAY:%Y%m%d}",
        f"SUMMARY:{_escaped(summary)}",
        f"DESCRIPTION:{_escaped(description)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """Yield pieces of at most 75 octets, all but the first after a blank; no letter is parted."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > MAX_OCTETS:
            yield piece
            piece = " "
        piece += letter
    yield piece
