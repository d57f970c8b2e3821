"""Whether strength work goes with form: one row a metric, an outcome and an exposure.

y = α + β·X_τ + γ·A48 + EWMA7(load) + EWMA42(load) + temperature + run length + sensor epoch
+ slow time + u, u correlated in time (`covariance`), β per X = 1: a steady two sessions a week.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover import columns
from carryover.estimate import panel
from carryover.estimate.beside import beside_strength
from carryover.estimate.candidates import Outcome, testifying, undelivered
from carryover.estimate.dose_response import dose_response
from carryover.estimate.finding import Finding, Spec, find, smallest_change
from carryover.estimate.orientation import orient
from carryover.estimate.own_noise import own_noise
from carryover.estimate.posterior import posterior
from carryover.estimate.prospect import with_prospect
from carryover.estimate.question import nothing
from carryover.estimate.registration import (
    Asked,
    as_of_the_record,
    asked_of,
    registrations,
)
from carryover.estimate.sentence import Answer, difference_unit, sentence
from carryover.estimate.tails import q_values
from carryover.estimate.verdict import MDE_PER_HALF, judge
from carryover.metrics import metrics

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
    state: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return CARRY_OVER: for each athlete the primary, the exploratory rows and two other τ.

    Exploratory are also the rows of drills, hill strides and one-sided work (`beside`).

    `outcomes`: athlete_id, run_id, metric, outcome (level, decay), y, se (nullable); `runs`:
    run_id, athlete_id, started_at (UTC), local_date, distance_m, moving_s, load, temperature_c,
    sensor_epoch; `sessions` SESSION_DOSE; `sensors` SENSOR_METRIC; `state` registration.STATE, by
    default as a first night at the end of the record would fix it. An athlete without data, or
    whose question is not fixed, gets one row that says what is missing.
    """
    if state is None:
        state = registrations(outcomes, runs, sensors, spec, as_of_the_record(runs))
    tonight = {row["athlete_id"]: row for row in state.iter_rows(named=True) if _stands(row)}
    athletes = set(spec.athletes)
    athletes |= {a for frame in (runs, sessions) for a in frame["athlete_id"].drop_nulls()}
    allowed = testifying(outcomes, runs, sensors, spec.primary_metric)
    rows = []
    for athlete in sorted(athletes):
        own, own_sessions, own_outcomes = (
            frame.filter(pl.col("athlete_id") == athlete) for frame in (runs, sessions, allowed)
        )
        log = panel.log_of(own, own_sessions, past_is_empty=athlete in spec.complete_logs)
        asked = asked_of(tonight.get(athlete), spec)
        found = _findings(log, own_outcomes, spec, asked)
        if log is not None and not asked.lacking:
            found += beside_strength(log, own_sessions, found, asked.tau_d)
        told = [with_prospect(finding, spec.plans.get(athlete)) for finding in _with_q(found)]
        rows += [{"athlete_id": athlete} | _row(finding) for finding in told]
    if not rows:
        return columns.empty(columns.CARRY_OVER)
    return columns.shaped(pl.DataFrame(rows, infer_schema_length=None), columns.CARRY_OVER)


def _stands(row: dict[str, Any]) -> bool:
    """Return whether a row of STATE is what an athlete's analysis rests on tonight."""
    return row["version"] is None or bool(row["is_current"])


def _nothing(asked: Asked, log: panel.Log | None, lacking: str) -> Finding:
    question = nothing(log, asked.outcome, asked.tau_d)
    return Finding(question, "primary", asked.orientation, [lacking], asked=asked)


def _findings(
    log: panel.Log | None, outcomes: pl.DataFrame, spec: Spec, asked: Asked
) -> list[Finding]:
    """Return the primary first; nothing but it, and no effect, until the question is fixed."""
    if log is None or asked.lacking:
        return [_nothing(asked, log, asked.lacking or "runs (none yet)")]
    primary = asked.outcome
    panels = by_outcome(outcomes, panel.exposed(log, asked.tau_d))
    oriented = {outcome: orient(*outcome, frame) for outcome, frame in panels.items()}
    oriented[primary] = asked.orientation
    levels = _levels(outcomes)
    swcs = {o: smallest_change(o, f, spec, levels.get(o[0])) for o, f in panels.items()}
    swcs[primary] = asked.swc
    found = [
        find(log, outcome, frame, oriented[outcome], swcs[outcome], tau_d=asked.tau_d)
        for outcome, frame in panels.items()
    ]
    if primary not in panels:
        lacking = undelivered(primary, 0, {name for name, _ in panels})
        return [_nothing(asked, log, lacking), *found]
    for tau_d in SENSITIVITY_TAUS:
        if tau_d != asked.tau_d:
            frame = by_outcome(outcomes, panel.exposed(log, tau_d))[primary]
            found.append(find(log, primary, frame, oriented[primary], swcs[primary], tau_d=tau_d))
    return list(_primary_first(found, asked))


def _primary_first(found: list[Finding], asked: Asked) -> Iterator[Finding]:
    for finding in found:
        if finding.outcome == asked.outcome and finding.tau_d == asked.tau_d:
            yield replace(finding, role="primary", asked=asked)
    for finding in found:
        if finding.outcome != asked.outcome or finding.tau_d != asked.tau_d:
            yield finding


def by_outcome(outcomes: pl.DataFrame, exposed: pl.DataFrame) -> dict[Outcome, pl.DataFrame]:
    """Return each outcome's runs by time, beside what came before them (`panel.exposed`)."""
    order = {name: i for i, name in enumerate(metrics())}
    by_time = exposed.sort("started_at", "run_id")
    joined = outcomes.filter(pl.col("metric").is_in(list(order))).join(
        by_time, on="run_id", how="inner", maintain_order="right_left"
    )
    groups = joined.partition_by("metric", "outcome", as_dict=True)
    named = {(str(key[0]), str(key[1])): frame for key, frame in groups.items()}
    return dict(sorted(named.items(), key=lambda item: (order[item[0][0]], item[0][1])))


def _levels(outcomes: pl.DataFrame) -> dict[str, float]:
    means = (
        outcomes.filter(pl.col("outcome") == "level")
        .group_by("metric", maintain_order=True)
        .agg(pl.col("y").mean())
    )
    return dict(means.iter_rows())


def _with_q(found: list[Finding]) -> list[Finding]:
    """Give the exploratory findings their Benjamini–Hochberg q.

    Those that the gate stops claim nothing and are no part of the family: the gate sees no effect.
    """
    able = [f for f in found if f.role == "exploratory" and not f.lacking]
    looked = [f for f in able if f.adjusted is not None]
    if not looked:
        return found
    qs = q_values([f.adjusted.p for f in looked if f.adjusted])
    q_of = {id(f): q for f, q in zip(looked, qs, strict=True)}
    return [replace(f, q=q_of.get(id(f))) for f in found]


def _row(finding: Finding) -> dict[str, object]:
    adjusted, raw, amount = finding.adjusted, finding.raw, finding.question.amount
    judgement = judge(finding.evidence())
    name, kind = finding.outcome
    low, high = adjusted.interval() if adjusted else (None, None)
    raw_low, raw_high = raw.interval() if raw else (None, None)
    effect = adjusted.effect if adjusted else None
    shown = None
    if adjusted is not None and finding.run_sd is not None:
        side = finding.orientation.good_side
        shown = posterior(adjusted, finding.run_sd, side, finding.swc)
    answer = Answer(
        name, kind, judgement.verdict, finding.orientation.good_side, judgement.missing, effect,
        low, high, finding.swc, amount.n_runs, amount.n_weeks, finding.q,
        finding.p_shift, finding.lead_p, finding.p_confirmed,
        changed_after=finding.asked.changed_after if finding.asked else None,
        exposure=finding.question.exposure,
    )  # fmt: skip
    return {
        "metric": name, "outcome": kind, "exposure": finding.question.exposure,
        "tau_d": finding.tau_d, "role": finding.role, "effect": effect,
        "effect_unit": difference_unit(name),
        "ci_low": low, "ci_high": high, "effect_raw": raw.effect if raw else None,
        "ci_low_raw": raw_low, "ci_high_raw": raw_high, **_acute(finding),
        "se": adjusted.se if adjusted else None, "df": adjusted.df if adjusted else None,
        "p": adjusted.p if adjusted else None, "p_shift": finding.p_shift,
        "shift_t": finding.shift_t, "lead_p": finding.lead_p, "q": finding.q, "swc": finding.swc,
        "posterior": shown.mean if shown else None,
        "posterior_low": shown.low if shown else None,
        "posterior_high": shown.high if shown else None,
        "prior_sd": shown.prior_sd if shown else None,
        "chance_good": shown.chance_good if shown else None,
        "chance_above": shown.chance_above if shown else None,
        "chance_below": shown.chance_below if shown else None,
        "mdc95": finding.mdc95, "n_runs": amount.n_runs, "n_weeks": amount.n_weeks,
        "n_switches": amount.n_switches, "sd_exposure": amount.sd_exposure,
        "mde80": MDE_PER_HALF * adjusted.half() if adjusted else None,
        "good_side": finding.orientation.good_side, "verdict": judgement.verdict.value,
        "missing": judgement.missing or None, "sentence": sentence(answer),
        "registered_version": finding.asked.version if finding.asked else None,
        **_prospect(finding),
        **(dose_response(finding.question) if finding.role == "primary" else {}),
    }  # fmt: skip


def _acute(finding: Finding) -> dict[str, float | int | None]:
    acute, frame = finding.acute, finding.question.frame
    low, high = acute.interval() if acute else (None, None)
    return {
        "acute_effect": acute.effect if acute else None, "acute_low": low, "acute_high": high,
        "acute_p": acute.p if acute else None,
        "n_acute": int((frame["a48"] > 0).sum()) if frame.width else None,
    }  # fmt: skip


def _prospect(finding: Finding) -> dict[str, float | int | None]:
    noise, ahead = own_noise(finding.question), finding.ahead
    return {
        "residual_sd": noise.residual_sd if noise else None,
        "memory_d": noise.memory_d if noise else None,
        "nugget_share": noise.nugget_share if noise else None,
        "weeks_as_now": ahead.as_now if ahead else None,
        "plan_weeks": ahead.planned if ahead else None,
        "p_random": finding.lot.p if finding.lot else None,
        "is_randomised": finding.lot is not None if finding.role == "primary" else None,
    }  # fmt: skip
