"""Whether strength work goes with form: one row a metric, an outcome and an exposure.

y = α + β·X_τ + γ·A48 + EWMA7(load) + EWMA42(load) + temperature + run length + sensor epoch
+ slow time + u, u correlated in time (`covariance`), β per X = 1: a steady two sessions a week.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import polars as pl
from scipy import stats

from carryover import columns
from carryover.estimate import panel
from carryover.estimate.candidates import Outcome, choose_primary, testifying
from carryover.estimate.dose import STRENGTH
from carryover.estimate.finding import Finding, Spec, find, smallest_change
from carryover.estimate.orientation import Orientation, orient
from carryover.estimate.origin import OWN_SENSOR
from carryover.estimate.outlook import own_noise
from carryover.estimate.prospect import with_prospect
from carryover.estimate.question import nothing
from carryover.estimate.sentence import Answer, difference_unit, sentence
from carryover.estimate.verdict import MDE_PER_HALF, judge
from carryover.metrics import metric, metrics

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Spec", "carry_over"]

SENSITIVITY_TAUS: Final = (14.0, 42.0)


def carry_over(
    outcomes: pl.DataFrame,
    runs: pl.DataFrame,
    sessions: pl.DataFrame,
    sensors: pl.DataFrame,
    spec: Spec,
) -> pl.DataFrame:
    """Return CARRY_OVER: for each athlete the primary, the exploratory rows and two other τ.

    `outcomes`: athlete_id, run_id, metric, outcome (level, decay), y, se (nullable); `runs`:
    run_id, athlete_id, started_at (UTC), local_date, distance_m, moving_s, load, temperature_c,
    sensor_epoch; `sessions` SESSION_DOSE; `sensors` SENSOR_METRIC. An athlete without data gets
    one row that says what is missing.
    """
    athletes = set(spec.athletes)
    athletes |= {a for frame in (runs, sessions) for a in frame["athlete_id"].drop_nulls()}
    allowed = testifying(outcomes, runs, sensors, spec.primary_metric)
    rows = []
    for athlete in sorted(athletes):
        own, own_sessions, own_outcomes = (
            frame.filter(pl.col("athlete_id") == athlete) for frame in (runs, sessions, allowed)
        )
        log = panel.log_of(own, own_sessions, past_is_empty=athlete in spec.complete_logs)
        found = _without_runs(spec) if log is None else _findings(log, own_outcomes, spec)
        told = [with_prospect(finding, spec.plans.get(athlete)) for finding in _with_q(found)]
        rows += [{"athlete_id": athlete} | _row(finding) for finding in told]
    if not rows:
        return columns.empty(columns.CARRY_OVER)
    return columns.shaped(pl.DataFrame(rows, infer_schema_length=None), columns.CARRY_OVER)


def _without_runs(spec: Spec) -> list[Finding]:
    primary = choose_primary((spec.primary_metric, spec.primary_outcome), {}, {}, 0.0)
    return [_nothing(primary, spec, None, "runs (none yet)")]


def _nothing(outcome: Outcome, spec: Spec, log: panel.Log | None, lacking: str) -> Finding:
    return Finding(nothing(log, outcome, spec.tau_d), "primary", Orientation("none"), [lacking])


def _findings(log: panel.Log, outcomes: pl.DataFrame, spec: Spec) -> list[Finding]:
    panels = _panels(outcomes, panel.exposed(log, spec.tau_d))
    oriented = {outcome: orient(*outcome, frame, log) for outcome, frame in panels.items()}
    able = {outcome: frame.height for outcome, frame in panels.items()}
    drifts = {outcome: orientation.drift for outcome, orientation in oriented.items()}
    wanted = (spec.primary_metric, spec.primary_outcome)
    primary = choose_primary(wanted, able, drifts, panel.weeks(log.runs["day"]))
    levels = _levels(outcomes)
    swcs = {o: smallest_change(o, f, spec, levels.get(o[0])) for o, f in panels.items()}
    found = [
        find(log, outcome, frame, oriented[outcome], swcs[outcome], tau_d=spec.tau_d)
        for outcome, frame in panels.items()
    ]
    if primary not in able:
        lacking = _undelivered(primary, measured={name for name, _ in able})
        return [_nothing(primary, spec, log, lacking), *found]
    for tau_d in SENSITIVITY_TAUS:
        if tau_d != spec.tau_d:
            frame = _panels(outcomes, panel.exposed(log, tau_d))[primary]
            found.append(find(log, primary, frame, oriented[primary], swcs[primary], tau_d=tau_d))
    return list(_primary_first(found, primary, spec.tau_d))


def _primary_first(found: list[Finding], primary: Outcome, tau_d: float) -> Iterator[Finding]:
    for finding in found:
        if finding.outcome == primary and finding.tau_d == tau_d:
            yield replace(finding, role="primary")
    for finding in found:
        if finding.outcome != primary or finding.tau_d != tau_d:
            yield finding


def _undelivered(primary: Outcome, measured: set[str]) -> str:
    """Return why a primary cannot testify."""
    name, kind = primary
    label = metric(name).label.lower()
    if name not in measured | OWN_SENSOR:
        return f"{label} known to be measured by a sensor, not computed from pace and cadence"
    kind_of_runs = "long runs that can be judged" if kind == "decay" else f"runs with {label}"
    return f"{kind_of_runs} (none yet)"


def _panels(outcomes: pl.DataFrame, exposed: pl.DataFrame) -> dict[Outcome, pl.DataFrame]:
    order = {name: i for i, name in enumerate(metrics())}
    joined = (
        outcomes.filter(pl.col("metric").is_in(list(order)))
        .join(exposed, on="run_id", how="inner")
        .sort("started_at", "run_id")
    )
    groups = joined.partition_by("metric", "outcome", as_dict=True)
    named = {(str(key[0]), str(key[1])): frame for key, frame in groups.items()}
    return dict(sorted(named.items(), key=lambda item: (order[item[0][0]], item[0][1])))


def _levels(outcomes: pl.DataFrame) -> dict[str, float]:
    means = outcomes.filter(pl.col("outcome") == "level").group_by("metric").agg(pl.col("y").mean())
    return dict(means.iter_rows())


def _with_q(found: list[Finding]) -> list[Finding]:
    """Give the exploratory findings their Benjamini–Hochberg q."""
    looked = [f for f in found if f.role == "exploratory" and f.adjusted is not None]
    if not looked:
        return found
    qs = stats.false_discovery_control([f.adjusted.p for f in looked if f.adjusted])
    q_of = {id(f): float(q) for f, q in zip(looked, qs, strict=True)}
    return [replace(f, q=q_of.get(id(f))) for f in found]


def _row(finding: Finding) -> dict[str, object]:
    adjusted, raw, amount = finding.adjusted, finding.raw, finding.question.amount
    judgement = judge(finding.evidence())
    name, kind = finding.outcome
    low, high = adjusted.interval() if adjusted else (None, None)
    raw_low, raw_high = raw.interval() if raw else (None, None)
    effect = adjusted.effect if adjusted else None
    answer = Answer(
        name, kind, judgement.verdict, finding.orientation.good_side, judgement.missing, effect,
        low, high, finding.swc, amount.n_runs, amount.n_weeks, finding.q,
        finding.p_shift, finding.lead_p, finding.p_confirmed,
    )  # fmt: skip
    noise, ahead = own_noise(finding.question), finding.ahead
    return {
        "metric": name, "outcome": kind, "exposure": STRENGTH, "tau_d": finding.tau_d,
        "role": finding.role, "effect": effect, "effect_unit": difference_unit(name),
        "ci_low": low, "ci_high": high, "effect_raw": raw.effect if raw else None,
        "ci_low_raw": raw_low, "ci_high_raw": raw_high, "acute_effect": finding.acute,
        "se": adjusted.se if adjusted else None, "df": adjusted.df if adjusted else None,
        "p": adjusted.p if adjusted else None, "p_shift": finding.p_shift,
        "lead_p": finding.lead_p, "q": finding.q, "swc": finding.swc,
        "mdc95": finding.mdc95, "n_runs": amount.n_runs, "n_weeks": amount.n_weeks,
        "n_switches": amount.n_switches, "sd_exposure": amount.sd_exposure,
        "mde80": MDE_PER_HALF * adjusted.half() if adjusted else None,
        "good_side": finding.orientation.good_side, "verdict": judgement.verdict.value,
        "missing": judgement.missing or None, "sentence": sentence(answer),
        "residual_sd": noise.residual_sd if noise else None,
        "memory_d": noise.memory_d if noise else None,
        "nugget_share": noise.nugget_share if noise else None,
        "weeks_as_now": ahead.as_now if ahead else None,
        "plan_weeks": ahead.planned if ahead else None,
        "p_random": finding.lot.p if finding.lot else None,
        "is_randomised": finding.lot is not None if finding.role == "primary" else None,
    }  # fmt: skip
