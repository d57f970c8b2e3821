"""Trials of the schedule: nights, schedules and servers killed, days off, ten nights on end."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.trust.served import Served, add_run
from benchmarks.trust.trial import Trial
from benchmarks.trust.wheelhouse import is_possible, offline_install
from carryover.nights import CUT_OFF, OK

SEED: Final = 20261101
DAYS_OFF: Final = 5


def trials(full: bool) -> list[Trial]:  # noqa: FBT001 - a part's door
    """Run the trials against a server of their own; the first number is the full form's."""
    chance = random.Random(SEED)
    with (
        tempfile.TemporaryDirectory(prefix="carryover-schedule-") as folder,
        Served(Path(folder)) as place,
    ):
        place.start_server()
        place.start_serve()
        held = [
            counted("killed nights: the next one completes the work", ("S3",),
                    3 if full else 1, lambda n: killed_night(place, n, chance)),
            counted("power cuts in the middle of a night (server, schedule and night killed at "
                    "once): the next scheduled night runs unaided", ("S4",),
                    3 if full else 1, lambda n: power_cut(place, 100 + n, chance)),
            counted("five days off: late runs end in one night that works", ("S5",),
                    2 if full else 1, lambda n: five_days_off(place, 200 + n)),
            counted("five late runs come to a schedule that is on (a laptop that slept)", ("S5",),
                    1, lambda n: five_at_once(place, 300 + n)),
            counted("SIGTERM and restart: the schedule stands and its next run completes",
                    ("S7",), 2 if full else 1, lambda n: stopped_and_started(place, 400 + n)),
            nights_on_end(place, 10 if full else 2, 500),
            counted("the server goes away: the schedule ends with an error", ("S2",), 1,
                    lambda _: server_lost(place)),
        ]  # fmt: skip
    return [*held, offline_install()] if full and is_possible() else held


def counted(
    what: str, checks: tuple[str, ...], tries: int, attempt: Callable[[int], list[str]]
) -> Trial:
    """Return a trial of so many tries; each returns what went wrong in it."""
    begun, slowest, failures, hung = time.monotonic(), 0.0, list[str](), 0
    for number in range(tries):
        started = time.monotonic()
        try:
            failures += [f"{number}: {wrong}" for wrong in attempt(number)]
        except TimeoutError as error:
            hung += 1
            failures.append(f"{number}: {error}")
        slowest = max(slowest, time.monotonic() - started)
    return Trial(
        checks, what, tries, hung=hung, failures=tuple(failures), slowest_s=round(slowest, 1),
        took_s=round(time.monotonic() - begun, 1),
    )  # fmt: skip


def killed_night(place: Served, number: int, chance: random.Random) -> list[str]:
    """Kill a night that is at it; the next one has all files."""
    cut = _cut_in_the_middle(place, number, chance, place.kill_night)
    return _next_night(place, cut)


def power_cut(place: Served, number: int, chance: random.Random) -> list[str]:
    """Kill server, schedule and night at once; after a start of both the next run completes."""
    cut = _cut_in_the_middle(place, number, chance, place.kill)
    place.start_server()
    place.start_serve()
    return _next_night(place, cut)


def killed_and_days_off(place: Served, number: int, chance: random.Random) -> list[str]:
    """Kill schedule and night, and leave them off for five days; one night does all the work."""
    cut = _cut_in_the_middle(place, number, chance, lambda: place.kill(server=False))
    held = len(place.rows())
    return _after_days_off(place, number + 1, held) + _told_as_cut_off(place, cut)


def five_days_off(place: Served, number: int) -> list[str]:
    """Five runs were missed while the schedule was off: one works, the rest are called off."""
    place.stop_serve()
    return _after_days_off(place, number, len(place.rows()))


def five_at_once(place: Served, number: int) -> list[str]:
    """Five late runs come to a schedule that is on: all end well, one changes something."""
    add_run(place.home, number)
    held = len(place.rows())
    late = _missed_nights(place)
    ends = [place.ended(run, 600) for run in late]
    wrong = [] if set(ends) == {"COMPLETED"} else [f"ends: {ends}"]
    return wrong + _effective(place, held) + _all_loaded(place)


def stopped_and_started(place: Served, number: int) -> list[str]:
    """Stop the schedule as a service manager does: it stands on the server, and goes on."""
    wrong = [f"exit code {code}"] if (code := place.stop_serve()) else []
    wrong += _active(place, "after the stop")
    place.start_serve()
    wrong += _active(place, "after the start")
    add_run(place.home, number)
    return wrong + _next_night(place)


def nights_on_end(place: Served, tries: int, first: int) -> Trial:
    """Run nights one after another, each with a new file; no fault comes from a server's lock."""

    def one(number: int) -> list[str]:
        add_run(place.home, first + number)
        return _next_night(place)

    trial = counted("nights in a row with a server: none fails", ("S9",), tries, one)
    locked = place.server_log.count("(sqlite3.OperationalError) database is locked")
    note = f"the server met a lock of its own database {locked} times, and tried again"
    return replace(trial, note=note if locked else "")


def server_lost(place: Served) -> list[str]:
    """Kill the server alone: the schedule says so and leaves with an error."""
    place.kill(serve=False)
    until = time.monotonic() + 180
    while not place.gone() and time.monotonic() < until:
        time.sleep(1)
    if not place.gone():
        return ["the schedule stands there without a server"]
    code = place.stop_serve()
    told = "has not answered" in place.serve_log
    return ([] if code == 1 else [f"exit code {code}"]) + ([] if told else ["it did not say why"])


def _cut_in_the_middle(
    place: Served, number: int, chance: random.Random, cut: Callable[[], None]
) -> str:
    """Begin a night with a new file, cut it off at a random moment, and return its run."""
    add_run(place.home, number)
    held = len(place.rows())
    run = place.order(dt.datetime.now(dt.UTC))
    place.wait_for_night(held)
    time.sleep(chance.uniform(0.0, 3.0))
    cut()
    return run


def _next_night(place: Served, cut: str | None = None) -> list[str]:
    """Let the next run come; return what is wrong with it, with the one before, with the home."""
    run = place.order(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1))
    wrong = [] if (end := place.ended(run)) == "COMPLETED" else [f"the next run ended as {end}"]
    if cut is not None:
        wrong += _told_as_cut_off(place, cut)
    return wrong + _all_loaded(place)


def _told_as_cut_off(place: Served, cut: str) -> list[str]:
    """Return what is wrong where the server or the home does not tell of a run that was cut off."""
    before = place.ended(cut, 60)
    wrong = [] if before == "CRASHED" else [f"the run that was cut off stands as {before}"]
    states = [row["state"] for row in place.rows()]
    return wrong + ([] if CUT_OFF in states else ["no night is recorded as cut off"])


def _after_days_off(place: Served, number: int, held: int) -> list[str]:
    """Start a schedule that was off, with a new file and five runs that were missed."""
    add_run(place.home, number)
    late = _missed_nights(place)
    place.start_serve()
    ends = [place.ended(run) for run in late]
    wrong = [] if ends == ["CANCELLED"] * (DAYS_OFF - 1) + ["COMPLETED"] else [f"ends: {ends}"]
    return wrong + _effective(place, held) + _all_loaded(place)


def _missed_nights(place: Served) -> list[str]:
    """Put five runs of the past days onto the schedule, the oldest first."""
    now = dt.datetime.now(dt.UTC)
    return [place.order(now - dt.timedelta(days=d)) for d in range(DAYS_OFF, 0, -1)]


def _effective(place: Served, held: int) -> list[str]:
    """Return what is wrong where not one night changed something (others: `nothing new`)."""
    worked = sum(row["state"] == OK for row in place.rows()[held:])
    return [] if worked == 1 else [f"{worked} nights changed something"]


def _all_loaded(place: Served) -> list[str]:
    """Return what the published warehouse lacks of what lies in the home."""
    on_disk = {path.name for path in place.home.raw.iterdir()}
    loaded = set(place.published_files().filter(status="loaded")["path"])
    return [f"not in the warehouse: {sorted(on_disk - loaded)}"] if on_disk - loaded else []


def _active(place: Served, when: str) -> list[str]:
    held = place.deployment()
    active = not held["paused"] and [s["active"] for s in held["schedules"]] == [True]
    return [] if active else [f"the schedule is not active {when}"]
