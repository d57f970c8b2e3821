"""`plan.csv`: one row a block below `# name: value` lines that say how the plan was made.

Its seal is a SHA-256 over every other line. It shows whether the file was changed since; it is no
signature: who wants to cheat can seal anew.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Callable
from typing import Final, TypeVar

from carryover.errors import SettingsError
from carryover.plan.model import (
    MAX_BLOCK_WEEKS,
    OFF,
    ON,
    WEEK,
    WEEKDAYS,
    Block,
    Calendar,
    Limits,
    Plan,
    Span,
)  # fmt: skip

COLUMNS: Final = ["block", "from", "to", "weeks", "state", "sessions"]
REMEDY: Final = "Mend that line, or move the file away and run `carryover plan`."
NEVER: Final = "more than five years"
SEAL: Final = "seal"
CANDIDATE: Final = "candidate"
NAMED: Final = re.compile(r"#\s*([a-z][a-z -]*):\s*(.*)")
T = TypeVar("T")


def plan_text(plan: Plan) -> str:
    """Return the sealed text of a plan."""
    buffer = io.StringIO()
    rows = csv.writer(buffer, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows(
        (b.number, b.from_date, b.to_date, b.n_weeks, b.state, b.sessions) for b in plan.blocks()
    )
    lines = [f"# {name}: {value}".rstrip() for name, value in _told(plan)]
    lines += buffer.getvalue().splitlines()
    return "\n".join([f"# {SEAL}: {seal_of(lines)}", *lines]) + "\n"


def seal_of(lines: list[str]) -> str:
    """Return the hash of all lines but the seal's own; line ends and blank lines do not count."""
    held = [line.strip() for line in lines]
    kept = [line for line in held if line and not line.startswith(f"# {SEAL}:")]
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()


def read_plan(text: str, path: str) -> Plan:
    """Return the plan of a text.

    An edited plan is read as it stands and is not `intact`. Raises SettingsError naming the line.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    told: dict[str, tuple[int, str]] = {}
    candidates: list[Calendar] = []
    rows: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        named = NAMED.match(line.strip())
        if named and named[1] == CANDIDATE:
            candidates.append(_read(_calendar, named[2], path, number))
        elif named:
            told[named[1]] = (number, named[2])
        elif line.strip() and not line.startswith("#"):
            rows.append((number, line))
    return _plan(_Lines(told, path), rows, tuple(candidates), seal_of(lines))


class _Lines:
    """The named lines of a file, each read with its place in an error."""

    def __init__(self, told: dict[str, tuple[int, str]], path: str) -> None:
        self.told = told
        self.path = path

    def read(self, name: str, parse: Callable[[str], T]) -> T:
        """Return a line's value; raises SettingsError where it is missing or none."""
        if name not in self.told:
            raise SettingsError(
                f"there is no line `# {name}: …`", subject=self.path, remedy=REMEDY
            )  # fmt: skip
        number, value = self.told[name]
        return _read(parse, value, self.path, number)


def _plan(
    lines: _Lines, rows: list[tuple[int, str]], candidates: tuple[Calendar, ...], seal: str
) -> Plan:
    start, calendar = _blocks(rows, lines.path)
    limits = Limits(
        sessions=lines.read("sessions a week", int),
        weekdays=lines.read("session days", _weekdays),
        busy=lines.read("busy", _spans),
        races=lines.read("races", _dates),
    )
    return Plan(
        athlete_id=lines.read("athlete", str),
        made_on=lines.read("made on", dt.date.fromisoformat),
        start=start,
        calendar=calendar,
        limits=limits,
        metric=lines.read("metric", str),
        outcome=lines.read("outcome", str),
        tau_d=lines.read("fading days", float),
        half=lines.read("wanted half-width", float),
        weeks=lines.read("expected weeks", _weeks),
        weeks_as_now=lines.read("weeks going on as now", _weeks),
        seed=lines.read("seed", int),
        randomised=lines.read("randomised", _truth),
        candidates=candidates,
        noise=lines.read("noise", str),
        replaces=lines.read("replaces", str),
        intact=lines.read(SEAL, str) == seal,
    )


def _told(plan: Plan) -> list[tuple[str, object]]:
    """Return the named lines in order."""
    weekdays = " ".join(WEEKDAYS[day] for day in plan.limits.weekdays)
    busy = " ".join(f"{first}..{last}" for first, last in plan.limits.busy)
    return [
        ("made on", plan.made_on), ("athlete", plan.athlete_id), ("metric", plan.metric),
        ("outcome", plan.outcome), ("fading days", f"{plan.tau_d:g}"),
        ("wanted half-width", f"{plan.half:.6g}"),
        ("expected weeks", NEVER if plan.weeks is None else plan.weeks),
        ("weeks going on as now", NEVER if plan.weeks_as_now is None else plan.weeks_as_now),
        ("noise", plan.noise), ("sessions a week", plan.limits.sessions),
        ("session days", weekdays), ("busy", busy),
        ("races", " ".join(map(str, plan.limits.races))),
        ("seed", plan.seed), ("randomised", "yes" if plan.randomised else "no"),
        ("replaces", plan.replaces),
        *((CANDIDATE, f"{_state(c.first_on)} {' '.join(map(str, c.lengths))}")
          for c in plan.candidates),
    ]  # fmt: skip


def _blocks(rows: list[tuple[int, str]], path: str) -> tuple[dt.date, Calendar]:
    """Return the first Monday and the calendar that the rows of blocks tell."""
    if not rows or next(csv.reader([rows[0][1]])) != COLUMNS:
        place = f"line {rows[0][0]}" if rows else ""
        raise SettingsError(
            f"the blocks do not begin with the line {','.join(COLUMNS)}", subject=path,
            place=place, remedy=REMEDY,
        )  # fmt: skip
    blocks = [_read(_block, line, path, number) for number, line in rows[1:]]
    if not blocks:
        raise SettingsError("it holds no block", subject=path, remedy=REMEDY)
    for (number, _), before, after in zip(rows[2:], blocks, blocks[1:], strict=False):
        if after.state == before.state or (after.from_date - before.to_date).days != 1:
            raise SettingsError(
                "this block is not the other state from the day after the one before",
                subject=path, place=f"line {number}", remedy=REMEDY,
            )  # fmt: skip
    lengths = tuple(block.n_weeks for block in blocks)
    return blocks[0].from_date, Calendar(blocks[0].state == ON, lengths)


def _block(line: str) -> Block:
    number, first, last, _, state, sessions = next(csv.reader([line]))
    block = Block(
        int(number), state, dt.date.fromisoformat(first), dt.date.fromisoformat(last),
        int(sessions),
    )  # fmt: skip
    whole = (
        block.from_date.weekday() == 0
        and (block.to_date - block.from_date).days % 7 == WEEK.days - 1
    )
    if state not in (ON, OFF) or not whole or not 1 <= block.n_weeks <= 2 * MAX_BLOCK_WEEKS:
        raise ValueError("a block is on or off, from a Monday to a Sunday")
    return block


def _calendar(text: str) -> Calendar:
    state, *lengths = text.split()
    if state not in (ON, OFF) or not lengths:
        raise ValueError("a candidate is on or off, and weeks")
    return Calendar(state == ON, tuple(map(int, lengths)))


def _read(parse: Callable[[str], T], text: str, path: str, number: int) -> T:
    try:
        return parse(text)
    except ValueError as error:
        raise SettingsError(
            f"this cannot be read: {text[:60]!r} ({error})", subject=path,
            place=f"line {number}", remedy=REMEDY,
        ) from error  # fmt: skip


def _weekdays(text: str) -> tuple[int, ...]:
    return tuple(WEEKDAYS.index(word) for word in text.split())


def _spans(text: str) -> tuple[Span, ...]:
    return tuple(span_of(word) for word in text.split())


def span_of(text: str) -> Span:
    """Return the two dates of `2027-01-10..2027-01-20`; raises ValueError for other texts."""
    first, mark, last = text.partition("..")
    span = (dt.date.fromisoformat(first), dt.date.fromisoformat(last if mark else first))
    if span[0] > span[1]:
        raise ValueError("it ends before it begins")
    return span


def _dates(text: str) -> tuple[dt.date, ...]:
    return tuple(dt.date.fromisoformat(word) for word in text.split())


def _weeks(text: str) -> int | None:
    return None if text == NEVER else int(text)


def _truth(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError("yes or no")
    return text == "yes"


def _state(is_on: bool) -> str:  # noqa: FBT001 - the one thing it is about
    return ON if is_on else OFF
