"""The whole demo home: plan a year, simulate each run, write every file, keep the truth."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

from carryover.demo import own_files, strength_writer
from carryover.demo.athlete import Runner
from carryover.demo.diary import Diary, OnOff, PlannedRun, RunKind, plan
from carryover.demo.fit_messages import new_encoder
from carryover.demo.fit_writer import run_fit
from carryover.demo.gpx_writer import CadenceUnit, run_gpx, seen_by_phone
from carryover.demo.home import check_home, check_parameters, publish
from carryover.demo.latent import LatentRun, latent_runs
from carryover.demo.recording import Recording, recorded
from carryover.demo.simulate import simulate
from carryover.demo.truth import (
    BlockTruth,
    DemoTruth,
    Dirt,
    Parameters,
    RunTruth,
    SessionTruth,
)

if TYPE_CHECKING:
    from pathlib import Path

    from carryover.demo.simulate import Signal

Progress = Callable[[int, int], None]

EVERY_SECOND_RUNS: Final = 10
EVERY_SECOND_SHARE: Final = 4
"""So many of the newest runs, but at most one in four, are kept second by second; older ones by
smart recording."""

EFFECT_SD: Final = -1.5
"""The default: one year with blocks finds it more often than not, yet not always."""

PACKED_EVERY: Final = 5
PHONE_RUNS: Final = 4
CUT_AT: Final = 0.6


@dataclass(slots=True)
class _Year:
    """What is being written: plan, states, and the files so far by their place in data/raw."""

    diary: Diary
    latent: list[LatentRun]
    runner: Runner
    seed: int
    raw: Path
    runs: list[RunTruth] = field(default_factory=list)
    sessions: list[SessionTruth] = field(default_factory=list)
    dirt: list[Dirt] = field(default_factory=list)

    def rng(self, *stream: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, *stream])

    def write(self, place: str, content: bytes) -> str:
        path = self.raw / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return place


def write_demo(
    home: Path,
    *,
    weeks: int = 52,
    seed: int = 1,
    effect_sd: float = EFFECT_SD,
    end_date: date | None = None,
    on_off_weeks: OnOff | None = None,
    progress: Progress | None = None,
) -> DemoTruth:
    """Write a synthetic athlete's year into a home and return what was planted in it.

    `effect_sd` is what a steady two glute sessions a week (X = 1, tau 28 d) does to the late-run
    drift of ground contact, in run-to-run SDs of that drift (4.5 ms): negative takes drift off,
    positive adds to it, 0 plants nothing. A fifth of it is undone within 48 h of a session. The
    year ends with the last Sunday up to `end_date` (default: today at the athlete's home).
    `on_off_weeks` plans blocks of so many weeks with and without glute work; by default they are
    drawn. Equal parameters give equal bytes. `progress` hears how many runs are done, of how many.

    A home that already holds this very demo is left as it is. Raises UsageError for a home with
    other files, for parameters out of range and where the extra `demo` is not installed.
    """
    check_parameters(weeks, seed, effect_sd, on_off_weeks)
    runner = Runner()
    zone = ZoneInfo(runner.home_timezone)
    asked = end_date or datetime.now(tz=zone).date()
    sunday = asked - timedelta(days=asked.isoweekday() % 7)
    wanted = Parameters(weeks, seed, float(effect_sd), sunday.isoformat(), on_off_weeks)
    former = check_home(home, wanted, any_end_date=end_date is None)
    if former is not None:
        return former
    new_encoder()
    with publish(home) as build:
        first = sunday - timedelta(days=7 * weeks - 1)
        diary = plan(first, weeks, zone, np.random.default_rng([seed, 0]), on_off_weeks)
        latent = latent_runs(diary, runner, effect_sd, np.random.default_rng([seed, 1]))
        year = _Year(diary, latent, runner, seed, build.raw)
        _write_runs(year, progress)
        _write_strength(year, zone)
        _write_own_files(year, first, weeks)
        build.settings = own_files.settings_toml(runner)
        truth = _truth(year, wanted)
        build.truth = truth.to_json()
    return truth


def _truth(year: _Year, parameters: Parameters) -> DemoTruth:
    blocks = tuple(
        BlockTruth(b.since.isoformat(), b.until.isoformat(), b.on) for b in year.diary.blocks
    )
    return DemoTruth(parameters, blocks, tuple(year.sessions), tuple(year.runs), tuple(year.dirt))


def _write_runs(year: _Year, progress: Progress | None) -> None:
    runs = year.diary.runs
    n_newest = min(EVERY_SECOND_RUNS, len(runs) // EVERY_SECOND_SHARE)
    odd = _odd_runs(year)
    for run in runs:
        newest = run.index >= len(runs) - n_newest
        recording = Recording.EVERY_SECOND if newest else Recording.SMART
        latent = year.latent[run.index]
        rng = year.rng(2, run.index)
        signal = simulate(run, latent, year.runner, rng)
        kept = recorded(signal, recording, rng)
        if run.index in odd.phone:
            place = _write_gpx(year, run, kept, odd.phone.index(run.index))
        else:
            place = _write_fit(year, run, run_fit(run, kept), odd)
        copy = ""
        if run.index == odd.copied:
            copy_rng = year.rng(3, run.index)
            seen = seen_by_phone(recorded(signal, Recording.SMART, copy_rng), copy_rng)
            copy = _write_gpx(year, run, seen, run.index)
        year.runs.append(_run_truth(run, latent, (place, copy), recording))
        if progress is not None:
            progress(run.index + 1, len(runs))


@dataclass(frozen=True, slots=True)
class _OddRuns:
    """Indices of the runs only a phone saw, the one both saw, the cut and the doubled one."""

    phone: tuple[int, ...] = ()
    copied: int = -1
    cut: int = -1
    doubled: int = -1


def _odd_runs(year: _Year) -> _OddRuns:
    runs = year.diary.runs[:-1]
    easy = [r.index for r in runs if r.kind is RunKind.EASY]
    long = [r.index for r in runs if r.kind is RunKind.LONG]
    n_phone = min(PHONE_RUNS, len(easy) // 4)
    if n_phone < 1 or len(long) < 2:  # noqa: PLR2004  (one copied, one doubled)
        return _OddRuns()
    rng = year.rng(4)
    drawn, far = rng.permutation(easy).tolist(), rng.permutation(long).tolist()
    return _OddRuns(tuple(drawn[:n_phone]), far[0], drawn[n_phone], far[1])


def _write_gpx(year: _Year, run: PlannedRun, signal: Signal, number: int) -> str:
    unit = CadenceUnit.STEPS if number % 2 == 0 else CadenceUnit.STRIDES
    name = f"{run.kind.value.capitalize()} run"
    return year.write(f"phone/{_stem(run)}.gpx", run_gpx(run, signal, unit, name))


def _write_fit(year: _Year, run: PlannedRun, content: bytes, odd: _OddRuns) -> str:
    place = f"watch/{_stem(run)}.fit"
    if run.index == odd.cut:
        what = f"cut off after {CUT_AT:.0%}, as by an empty battery"
        return _soil(year, place, content[: int(CUT_AT * len(content))], what)
    if run.index == odd.doubled:
        _soil(year, "watch/copy.fit", content, f"the same content as {place}")
        return year.write(place, content)
    if run.index % PACKED_EVERY == 0:
        return year.write(f"{place}.gz", gzip.compress(content, mtime=0))
    return year.write(place, content)


def _soil(year: _Year, place: str, content: bytes, what: str) -> str:
    year.dirt.append(Dirt(place, what))
    return year.write(place, content)


def _stem(run: PlannedRun) -> str:
    local = run.started_at + timedelta(seconds=run.offset_s)
    return f"{local:%Y-%m-%d-%H%M%S}"


def _run_truth(
    run: PlannedRun, latent: LatentRun, places: tuple[str, str], recording: Recording
) -> RunTruth:
    return RunTruth(
        file=places[0],
        copy=places[1],
        kind=run.kind.value,
        started_at=run.started_at.isoformat(),
        local_date=run.local_date.isoformat(),
        moving_s=run.duration_s,
        chronic=latent.chronic,
        acute_48=latent.acute_48,
        contact_ms=latent.contact_ms,
        contact_drift_ms=latent.contact_drift_ms,
        balance_pct=latent.balance_pct,
        heart_rate_drift_bpm=latent.heart_rate_drift_bpm,
        recording=recording.value,
    )


def _write_strength(year: _Year, zone: ZoneInfo) -> None:
    rows = [strength_writer.LOG_HEADER]
    for i, session in enumerate(year.diary.sessions):
        rng = year.rng(5, i)
        on_watch = session.kind == "strength" and rng.random() < 0.5  # noqa: PLR2004
        if on_watch:
            local = session.started_at.astimezone(zone)
            content = strength_writer.strength_fit(session, zone, rng)
            place = year.write(f"watch/{local:%Y-%m-%d-%H%M%S}-strength.fit", content)
        else:
            place = "strength.csv"
            rows += strength_writer.log_rows(session, zone, rng)
        year.sessions.append(
            SessionTruth(
                started_at=session.started_at.isoformat(),
                local_date=session.local_date.isoformat(),
                kind=session.kind,
                dose=session.dose,
                file=place,
            )
        )
    year.write("strength.csv", "\n".join([*rows, ""]).encode())


def _write_own_files(year: _Year, first: date, weeks: int) -> None:
    wellness = own_files.wellness_csv(first, weeks, year.rng(6))
    screening = own_files.screening_csv(first, weeks, year.diary, year.rng(7))
    year.write("wellness.csv", wellness.encode())
    year.write("screening.csv", screening.encode())
    if year.dirt:
        _soil(year, "watch/empty.fit", b"", "an empty file")
