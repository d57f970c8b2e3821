"""One question an athlete, fixed from outcomes alone before any effect is estimated.

No dose enters here, so nothing about strength work can move the choice, the good side or the
date. A version never changes; another `[analysis]` makes the next one, and one that was asked
before comes back as it was.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover import columns
from carryover.estimate import candidates, panel
from carryover.estimate.candidates import Held, Outcome, Record, testifying
from carryover.estimate.dose import STRENGTH
from carryover.estimate.finding import Spec, smallest_change
from carryover.estimate.orientation import Mean, Orientation, drift_of, orient
from carryover.registrations import FAULT, NIGHT, REGISTRATION, SHOWN

if TYPE_CHECKING:
    import datetime as dt

HASH_DIGITS: Final = 16
DIGITS: Final = 8
"""Significant digits that are kept of numbers of the day."""
STATE: Final[dict[str, pl.DataType]] = REGISTRATION | {
    "is_current": pl.Boolean(),
    "replaced_at": columns.UTC_TIME,
    "lacking": pl.String(),
    "earlier_metric": pl.String(),
    "earlier_outcome": pl.String(),
}
"""Grain: athlete × version, and one row without a version where the question is not fixed.

`lacking` says then what is missing; `earlier_…` is an outcome before the registered one in the
declared order that is delivered by now.
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What is there beside the athletes' outcomes: REGISTRATION, FAULT, SHOWN and the instant."""

    held: pl.DataFrame
    faults: pl.DataFrame
    shown: pl.DataFrame
    now: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What an athlete's analysis rests on; `lacking` is empty once it is fixed.

    `changed_after` are the weeks that had been seen when it was changed; None where it was not,
    or no answer had been shown.
    """

    outcome: Outcome
    tau_d: float
    swc: float | None
    orientation: Orientation
    version: int | None
    changed_after: float | None
    lacking: str


def known_of(
    held: pl.DataFrame, faults: pl.DataFrame, shown: pl.DataFrame, night: pl.DataFrame
) -> Known:
    """Return the tables of a build together; without a night there is no instant."""
    return Known(held, faults, shown, night["now"][0] if night.height else None)


def as_of_the_record(runs: pl.DataFrame) -> Known:
    """Return what a first night at the end of the record knows: nothing was fixed before."""
    now = runs["started_at"].max() if runs.height else None
    held, faults, shown = (columns.empty(schema) for schema in (REGISTRATION, FAULT, SHOWN))
    return known_of(held, faults, shown, pl.DataFrame({"now": [now] if now else []}, schema=NIGHT))


def registrations(
    outcomes: pl.DataFrame, runs: pl.DataFrame, sensors: pl.DataFrame, spec: Spec, known: Known
) -> pl.DataFrame:
    """Return STATE: every version that was fixed, and tonight's new ones.

    `outcomes`, `runs` and `sensors` as `carry_over` takes them.
    """
    allowed = testifying(outcomes, runs, sensors, spec.primary_metric)
    told = runs.select(
        "athlete_id", "run_id", "started_at", "local_date", "sensor_epoch", "moving_s"
    )
    rows: list[dict[str, Any]] = []
    for athlete in sorted(set(runs["athlete_id"]) | set(known.held["athlete_id"])):
        own = allowed.filter(pl.col("athlete_id") == athlete)
        ran = told.filter(pl.col("athlete_id") == athlete)
        rows += _versions(athlete, _Past(own, ran, spec), known)
    return columns.shaped(
        pl.DataFrame(rows, schema=STATE, orient="row", infer_schema_length=None), STATE
    )


def asked_of(state: dict[str, Any] | None, spec: Spec) -> Asked:
    """Return what to ask of an athlete by their row of STATE; None: there is no run."""
    if state is None:
        first = candidates.choose(_wanted(spec), {}, Record(0, 0.0)).outcome
        return _unfixed(first, spec, "runs (none yet)")
    outcome = (state["metric"], state["outcome"])
    if state["version"] is None:
        return _unfixed(outcome, spec, state["lacking"])
    changed = state["version"] > 1 and state["saw_answer"]
    return Asked(
        outcome, state["tau_d"], state["swc"], _orientation(state), state["version"],
        state["n_weeks_then"] if changed else None, "",
    )  # fmt: skip


def _unfixed(outcome: Outcome, spec: Spec, lacking: str) -> Asked:
    return Asked(outcome, spec.tau_d, None, Orientation("none"), None, None, lacking)


def _orientation(row: dict[str, Any]) -> Orientation:
    """Return the orientation as it was fixed."""
    if row["outcome"] != "decay":
        return Orientation(row["good_side"])
    mean = Mean(row["drift_mean"], row["drift_ci_low"], row["drift_ci_high"], row["n_values_then"])
    return drift_of(row["metric"], mean)


class _Past:
    """One athlete's outcomes and runs, without any exposure."""

    def __init__(self, outcomes: pl.DataFrame, runs: pl.DataFrame, spec: Spec) -> None:
        self.spec = spec
        joined = outcomes.join(runs.drop("athlete_id"), on="run_id", maintain_order="left").sort(
            "started_at", "run_id"
        )
        groups = joined.partition_by("metric", "outcome", as_dict=True)
        self.frames = {(str(k[0]), str(k[1])): frame for k, frame in groups.items()}
        days = runs["local_date"].cast(pl.Int32)
        self.record = Record(runs.height, panel.weeks(days))
        last = runs["local_date"].max()
        self.held = {o: _held(o, frame, last) for o, frame in self.frames.items()}  # type: ignore[arg-type]

    def swc(self, outcome: Outcome) -> float | None:
        """Return the smallest worthwhile change, from what there is today."""
        if outcome not in self.frames:
            return self.spec.swc.get(outcome[0])
        level = self.frames.get((outcome[0], "level"))
        mean = level["y"].mean() if level is not None else None
        value = smallest_change(
            outcome,
            self.frames[outcome],
            self.spec,
            None if mean is None else float(mean),  # type: ignore[arg-type]
        )
        return _kept(value)


def _held(outcome: Outcome, frame: pl.DataFrame, last: dt.date) -> Held:
    reach = pl.duration(days=round(candidates.REACH_WEEKS * 7))
    recent = frame.filter(pl.col("local_date") > pl.lit(last) - reach)
    since = panel.weeks(pl.concat([recent["local_date"], pl.Series([last])]).cast(pl.Int32))
    return Held(frame.height, recent.height, since, orient(*outcome, frame))


def _versions(athlete: str, past: _Past, known: Known) -> list[dict[str, Any]]:
    """Return an athlete's rows: those held, and the one that tonight adds or waits for."""
    mine = pl.col("athlete_id") == athlete
    held = known.held.filter(mine).sort("version").to_dicts()
    current = held[-1] if held and held[-1]["config_hash"] == _hash(past.spec, held[-1]) else None
    if current is None and (past.record.n_runs or not held):
        added = _next(athlete, past, known, held)
        held.append(added)
        current = added if added["version"] is not None else None
    for row, after in zip(held, [*held[1:], None], strict=True):
        row["is_current"] = row is current
        row["replaced_at"] = after["frozen_at"] if after else None
    if current is not None and current["chosen_by"] == "order":
        outcome = (current["metric"], current["outcome"])
        earlier = candidates.delivered_before(outcome, past.held, past.record)
        current["earlier_metric"], current["earlier_outcome"] = earlier or (None, None)
    return held


def _next(athlete: str, past: _Past, known: Known, held: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the version that the configuration asks for now; without one where data is lacking."""
    spec = past.spec
    before = _asked_before(spec, held)
    choice = candidates.choose(_wanted(spec), past.held, past.record)
    outcome = (before["metric"], before["outcome"]) if before else choice.outcome
    lacking = "" if before else choice.lacking
    if known.now is None:
        lacking = lacking or "a night that fixes the question"
    row: dict[str, Any] = {
        "athlete_id": athlete, "exposure": STRENGTH, "metric": outcome[0], "outcome": outcome[1],
        "tau_d": spec.tau_d, "lacking": lacking or None,
    }  # fmt: skip
    if lacking:
        return row | {"version": None, "frozen_at": None}
    claimed = known.faults.filter(pl.col("athlete_id") == athlete)["version"].drop_nulls()
    version = max([0, *(r["version"] for r in held), *claimed]) + 1
    shown = athlete in known.shown["athlete_id"] or any(r["saw_answer"] for r in held)
    swc = past.swc(outcome)
    return row | (_side_of(before) if before else _side(past.held[outcome])) | {
        "version": version, "frozen_at": known.now, "swc": swc,
        "n_runs_then": past.record.n_runs, "n_weeks_then": round(past.record.n_weeks, 1),
        "chosen_by": "order" if _wanted(spec) == (None, None) else "configuration",
        "config_hash": _hash(spec, row), "saw_answer": shown,
        "reason": f"as in version {before['version']}" if before else _reason(spec, choice),
    }  # fmt: skip


def _asked_before(spec: Spec, held: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the newest version that answered the same wish: it comes back as it was."""
    metric, outcome = wanted = _wanted(spec)

    def is_same(row: dict[str, Any]) -> bool:
        if wanted == (None, None):
            return bool(row["chosen_by"] == "order")
        return row["metric"] == metric and outcome in {None, row["outcome"]}

    return next((row for row in reversed(held) if is_same(row)), None)


def _side(held: Held) -> dict[str, Any]:
    mean = held.orientation.mean
    return {
        "good_side": held.orientation.good_side,
        "drift_mean": _kept(mean.value) if mean else None,
        "drift_ci_low": _kept(mean.low) if mean else None,
        "drift_ci_high": _kept(mean.high) if mean else None,
        "n_values_then": held.n,
    }


def _side_of(row: dict[str, Any]) -> dict[str, Any]:
    names = ("good_side", "drift_mean", "drift_ci_low", "drift_ci_high", "n_values_then")
    return {name: row[name] for name in names}


def _reason(spec: Spec, choice: candidates.Choice) -> str:
    if spec.primary_metric is not None:
        return "asked for in carryover.toml"
    asked = f" ({spec.primary_outcome} asked for in carryover.toml)" if spec.primary_outcome else ""
    first = f"the first of the declared order that the sensors deliver{asked}"
    return f"{first}; passed over: {'; '.join(choice.passed)}" if choice.passed else first


def _wanted(spec: Spec) -> candidates.Wanted:
    return spec.primary_metric, spec.primary_outcome


def _hash(spec: Spec, row: dict[str, Any]) -> str:
    """Return a hash of what the configuration says of this question, and of no other one."""
    told = (spec.primary_metric, spec.primary_outcome, spec.tau_d, spec.swc.get(row["metric"]))
    return hashlib.sha256(repr(told).encode()).hexdigest()[:HASH_DIGITS]


def _kept(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")
