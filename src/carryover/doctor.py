"""`carryover doctor`: environment, configuration, files set aside, what a verdict lacks."""

from __future__ import annotations

import datetime as dt
import platform
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from carryover.app import open_home
from carryover.catalogue.names import nearest
from carryover.catalogue.own_names import COLUMNS, own_line
from carryover.catalogue.screening_tests import nearest_tests
from carryover.errors import CarryoverError
from carryover.home import Home
from carryover.mending import asides
from carryover.nights import CUT_OFF, FAILED, LATE, nights, standing
from carryover.restoring import is_old
from carryover.settings import OWN_NAMES, Settings
from carryover.tally import as_sum, files_by_status
from carryover.warehouse.read import Reader, open_own

PACKAGES = ("duckdb", "polars", "prefect", "plotly", "fitparse", "gpxpy")
MIN_FREE_BYTES = 1 << 30


class Mood(StrEnum):
    """How a finding stands."""

    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    mood: Mood
    what: str
    remedy: str = ""

    @property
    def is_failure(self) -> bool:
        """Whether something is broken, not merely worth knowing."""
        return self.mood is Mood.WRONG

    def text(self) -> str:
        """Return it as a line, its remedy below."""
        line = f"{self.mood:<5}  {self.what}"
        return f"{line}\n       → {self.remedy}" if self.remedy else line

    def as_dict(self) -> dict[str, str]:
        """Return it for a machine."""
        return {name: str(value) for name, value in asdict(self).items()}


def examine(root: Path) -> list[Finding]:
    """Look at a home and return what was found; never raises for what is wrong in it."""
    findings = [_environment()]
    try:
        home, settings = open_home(root)
    except CarryoverError as error:
        return [*findings, Finding(Mood.WRONG, str(error))]
    names = ", ".join(a.name for a in settings.everyone())
    findings.append(Finding(Mood.FINE, f"configuration of {home.root} is right, for {names}"))
    findings.append(_space(home))
    findings += _plans(settings)
    findings += _nights(home, dt.datetime.now(dt.UTC))
    findings += _damage(home)
    try:
        with open_own(home.published) as reader:
            findings += _data(reader)
    except CarryoverError as error:
        findings.append(Finding(Mood.NOTE, error.what, error.remedy))
    return findings


def _environment() -> Finding:
    held = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return Finding(Mood.FINE, f"Python {platform.python_version()}, {held}")


def _plans(settings: Settings) -> Iterator[Finding]:
    """Tell each plan, and whether it still is as it was sealed."""
    for plan in settings.plans:
        drawn = "drawn by lot, " if plan.randomised else ""
        what = f"block plan of {plan.athlete_id}: {drawn}made on {plan.made_on}, until {plan.end}"
        if plan.intact:
            yield Finding(Mood.FINE, what)
            continue
        lost = "; it no longer counts as drawn by lot" if plan.randomised else ""
        yield Finding(
            Mood.NOTE, f"{what}; it was changed after it was sealed{lost}",
            "Bring back the file as it was, or make a new plan with carryover plan --replace."
            if plan.randomised else "",
        )  # fmt: skip


def _nights(home: Home, now: dt.datetime) -> Iterator[Finding]:
    """Tell the newest night, and whether the last one that ended well is too long ago."""
    stand = standing(nights(home), now)
    if stand is None:
        yield Finding(Mood.NOTE, "no night is written down yet", "Run carryover nightly.")
        return
    newest, good = stand.newest, stand.last_good
    took = f" in {newest['wall_s']:.0f} s" if newest["wall_s"] is not None else ""
    why = f": {newest['reason']}" if newest["reason"] else ""
    bad = newest["state"] in {FAILED, CUT_OFF}
    yield Finding(
        Mood.NOTE if bad else Mood.FINE,
        f"newest night: {_when(newest['started_at'])}, {newest['state']}{took}{why}",
        "Run carryover nightly and see what it says." if bad else "",
    )
    if stand.is_late:
        last = f"the last was {_when(good['started_at'])}" if good else "none is known"
        yield Finding(
            Mood.NOTE,
            f"no night has ended well for {LATE.total_seconds() / 3600:.0f} hours; {last}",
            "Run carryover nightly, or keep carryover serve running.",
        )


def _damage(home: Home) -> Iterator[Finding]:
    """Tell each store that was set aside, and whether a warehouse of before is shown."""
    for path, at in asides(home).rows():
        yield Finding(
            Mood.NOTE,
            f"{path}: could not be read any more on {_when(at)}; every file was read anew",
            "Delete it when you like. If it happens again, have the disk looked at.",
        )
    if is_old(home):
        yield Finding(
            Mood.NOTE, "a warehouse of before was brought back and is shown",
            "The next night with new files replaces it; carryover build does so at once.",
        )  # fmt: skip


def _when(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")


def _space(home: Home) -> Finding:
    free = shutil.disk_usage(home.root if home.root.exists() else home.root.parent).free
    if free >= MIN_FREE_BYTES:
        return Finding(Mood.FINE, f"{free / 1e9:.0f} GB of disk are free")
    return Finding(Mood.WRONG, f"only {free / 1e6:.0f} MB of disk are free", "Make room.")


def _data(reader: Reader) -> Iterator[Finding]:
    yield Finding(Mood.FINE, f"files: {as_sum(files_by_status(reader))}")
    inside = files_by_status(reader, inside=True)
    if any(inside.values()):
        yield Finding(Mood.FINE, f"in archives: {as_sum(inside)}")
    aside = reader.frame(
        "select path, status, reason from set_aside where status in ('rejected', 'partial') "
        "order by path, reason"
    )
    for path, status, reason in aside.rows():
        yield Finding(Mood.NOTE, f"{status}: {path}: {reason}")
    yield from _exercises(reader)
    untold = reader.frame(
        "select test, count(*) from screening where test_id is null group by 1 order by 1"
    )
    for test, n in untold.rows():
        near = ", ".join(nearest_tests(test))
        yield Finding(
            Mood.NOTE, f"screening test {test!r} is not in the catalogue: {n} scores of no kind",
            f"Nearest names: {near}." if near else "",
        )  # fmt: skip
    yield from _developer_fields(reader)
    yield from _verdicts(reader)
    yield from _questions(reader)


def _developer_fields(reader: Reader) -> Iterator[Finding]:
    """Tell each developer field that fills no column: who wrote it, why, and what it looks like."""
    unused = reader.frame(
        "select name, units, application_id, message, used_as, count(distinct activity_id), "
        "min(min_value), median(median_value), max(max_value), min(first_text) "
        "from developer_field where channel is null group by all order by all"
    )
    for name, units, app, message, why, n, low, middle, high, text in unused.rows():
        of = f" of {message}" if message and message != "record" else ""
        span = f"; {low:.4g} to {high:.4g}, median {middle:.4g}" if middle is not None else ""
        first = f"; first: {text}" if text else ""
        yield Finding(
            Mood.NOTE,
            f"developer field {name!r} ({units or 'no unit'}){of}, app {app}, "
            f"in {n} recording{'s' * (n != 1)}: {why}{span}{first}",
        )


def _exercises(reader: Reader) -> Iterator[Finding]:
    """List names without an exercise, and those that only look like one: a person decides."""
    unknown = reader.frame(
        "select exercise_raw, count(*) as n from strength_set "
        "where exercise_id is null and matched_by is distinct from 'override' "
        "group by 1 order by n desc, 1"
    )
    for raw, n in unknown.rows():
        if raw is None:
            yield Finding(Mood.NOTE, f"sets without a name count no glute work: {n}")
            continue
        near = nearest(raw, 1)
        guess = (
            f"nearest is {near[0].name} ({near[0].score:.0f} of 100)" if near else "none is near"
        )
        yield Finding(
            Mood.NOTE,
            f"exercise {raw!r} is not known and counts no glute work (sets: {n}); {guess}",
            _own_name(raw, near[0].exercise_id if near else "ignore"),
        )
    alike = reader.frame(
        "select s.exercise_raw, s.exercise_id, e.name, count(*) as n from strength_set as s "
        "join exercise as e using (exercise_id) where s.matched_by = 'fuzzy' "
        "group by all order by n desc, 1"
    )
    for raw, exercise_id, name, n in alike.rows():
        yield Finding(
            Mood.NOTE, f"exercise {raw!r} is taken as {name}, a name that looks alike (sets: {n})",
            f"Right? To settle it: {_own_name(raw, exercise_id)}",
        )  # fmt: skip


def _own_name(raw: str, exercise_id: str) -> str:
    """Return where the line goes that says what a name means, and the line."""
    head = ",".join(COLUMNS)
    return f"Put into {OWN_NAMES} (first line {head}): {own_line(raw, exercise_id)}"


def _questions(reader: Reader) -> Iterator[Finding]:
    """Tell which question is fixed for each athlete, since when, and what is odd about it."""
    rows = reader.frame(
        "select r.athlete_id, r.registered_on, r.version, r.outcome, m.label, r.reason "
        "from registration as r join metric as m using (metric) where r.is_current order by 1"
    )
    for athlete, day, n, outcome, label, reason in rows.rows():
        drift = "late-run drift of " if outcome == "decay" else ""
        number = f" (version {n})" if n > 1 else ""
        yield Finding(
            Mood.FINE,
            f"{athlete}: question fixed on {day}{number}: {drift}{label.lower()}, {reason}",
        )
    odd = reader.frame(
        "select what, remedy from data_issue where subject = 'registrations.csv' order by all"
    )
    for what, remedy in odd.rows():
        yield Finding(Mood.NOTE, f"registrations.csv: {what}", remedy or "")


def _verdicts(reader: Reader) -> Iterator[Finding]:
    rows = reader.frame("select athlete_id, sentence from carry_over where role = 'primary'").rows()
    for athlete, sentence in rows:
        yield Finding(Mood.FINE, f"{athlete}: {sentence}")
    if not rows:
        yield Finding(Mood.NOTE, "no verdict yet: no runs", "Put watch files into data/raw/.")
