"""One made athlete through the product: what it says, and what is true, as a flat record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import polars as pl
from scipy import stats

from benchmarks.carry_peers import p_values
from benchmarks.carry_worlds import SCENARIOS, Scenario, World, athlete, family
from carryover.estimate import covariance, gate, panel
from carryover.estimate.carry_over import Spec, carry_over
from carryover.estimate.design import EXPOSURE
from carryover.estimate.orientation import Orientation
from carryover.estimate.question import Fitted, Question, ask, fit
from carryover.estimate.shift import shifted
from carryover.estimate.verdict import MAX_FAMILY_Q, Estimate, Evidence, Verdict, judge

SPEC: Final = Spec(complete_logs=frozenset({"a"}))
N_OUTCOMES: Final = 48
LEVEL: Final = 52.0
PRODUCT_FAMILY: Final = [
    *((name, kind) for name in (
        "cadence_spm", "stance_time_ms", "stance_time_balance_pct", "vertical_oscillation_mm",
        "metres_per_beat",
    ) for kind in ("level", "decay")),
    ("hr_decoupling_ratio", "level"),
]  # fmt: skip
"""Every outcome that may testify unasked."""
CLAIMS: Final = {
    Verdict.CARRYING_OVER: 1, Verdict.GETTING_WORSE: -1, Verdict.SHIFTED_UP: 1,
    Verdict.SHIFTED_DOWN: -1,
}  # fmt: skip

Record = dict[str, Any]


def judged(job: tuple[str, int]) -> Record:
    """Return the record of one scenario's seed; `stopped` where the gate lets no answer out."""
    name, seed = job
    scenario = SCENARIOS[name]
    made = athlete(scenario, seed)
    question = asked(made)
    lacking = gate.missing(*question.outcome, question.amount)
    if lacking or question.fitted is None:
        return {"seed": seed, "stopped": "; ".join(lacking) or "no fit"}
    record: Record = {"seed": seed, "stopped": None}
    if scenario.kind == "family":
        return record | _many(made, seed, question)
    record |= _told(made, scenario)
    if scenario.kind == "null":
        return record | p_values(question.fitted.series.value, question.fitted.design.columns)
    return record | _without_acute(question.fitted) if scenario.kind == "acute" else record


def asked(made: World) -> Question:
    """Return the question that the product asks of an athlete."""
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    assert log is not None
    outcome, tau_d = only_outcome(made), SPEC.tau_d
    frame = made.outcomes.join(panel.exposed(log, tau_d), on="run_id").sort("started_at", "run_id")
    return ask(log, outcome, frame, tau_d=tau_d)


def only_outcome(made: World) -> tuple[str, str]:
    """Return the metric and the kind of a world's one outcome."""
    return made.outcomes["metric"][0], made.outcomes["outcome"][0]


def _told(made: World, scenario: Scenario) -> Record:
    """Return the product's row, effects in SD; `claim` is 1 to the good side or up, −1, or 0."""
    name, kind = only_outcome(made)
    spec = replace(SPEC, primary_metric=name, primary_outcome=kind)
    told = carry_over(made.outcomes, made.runs, made.sessions, made.sensors, spec)
    row = told.filter(pl.col("role") == "primary").row(0, named=True)
    sizes = {key: row[key] / scenario.sd for key in ("effect", "se", "ci_low", "ci_high")}
    kept = ("p", "p_shift", "lead_p", "verdict", "good_side")
    return sizes | {key: row[key] for key in kept} | {"claim": CLAIMS.get(row["verdict"], 0)}


def _without_acute(fitted: Fitted) -> Record:
    """Return the effect of a model that forgets the last 48 hours."""
    assert fitted.design.acute is not None
    columns = np.delete(fitted.design.columns, fitted.design.acute, axis=1)
    found = covariance.fit_reml(fitted.series, columns)
    told = Estimate(float(found.beta[EXPOSURE]), found.se(EXPOSURE), found.df)
    low, high = told.interval()
    return {"bare_effect": told.effect, "bare_low": low, "bare_high": high}


def _many(made: World, seed: int, question: Question) -> Record:
    """Return how many of many outcomes are claimed: by each rule alone, and by the product."""
    values = family(made, seed, N_OUTCOMES)
    fits = [_fit(question, value) for value in values]
    told = [Estimate(f.effect, f.se, f.fit.df) for f in fits]
    qs = stats.false_discovery_control([estimate.p for estimate in told])
    x = question.frame["x"].to_numpy()
    return {
        "pearson": sum(bool(stats.pearsonr(x, value).pvalue < 0.05) for value in values),
        "reml": sum(estimate.p < 0.05 for estimate in told),
        "q": int(np.count_nonzero(qs < MAX_FAMILY_Q)),
        "claims": sum(
            _claims(replace(question, fitted=f), estimate, float(q))
            for f, estimate, q in zip(fits, told, qs, strict=True)
        ),
        "own_claims": _own_family(made, values),
    }


def _fit(question: Question, value: np.ndarray) -> Fitted:
    assert question.fitted is not None
    frame = question.frame.with_columns(y=pl.Series(value))
    return fit(frame, question.fitted.days, question.fitted.design)


def _claims(question: Question, estimate: Estimate, q: float) -> bool:
    """Return whether an exploratory outcome is claimed; rotations only where they can decide."""
    if q >= MAX_FAMILY_Q:
        return False
    weeks = question.amount.n_weeks
    turned = shifted(question)
    side = Orientation("none")
    verdict = judge(
        Evidence(estimate, side, None, weeks, p_shift=turned.p if turned else None, q=q)
    ).verdict
    return verdict in CLAIMS


def _own_family(made: World, values: list[np.ndarray]) -> int:
    """Return how many claims the product makes of all outcomes it can have, the primary's too.

    Drifts have a mean, so that there is something to repair.
    """
    every = made.outcomes.drop("metric", "outcome", "y")
    outcomes = pl.concat([
        every.with_columns(
            metric=pl.lit(name), outcome=pl.lit(kind),
            y=pl.Series(value + (2.0 if kind == "decay" else LEVEL)),
        )
        for (name, kind), value in zip(PRODUCT_FAMILY, values, strict=False)
    ])  # fmt: skip
    names = pl.DataFrame({"metric": sorted({name for name, _ in PRODUCT_FAMILY})})
    sensors = made.sensors.drop("metric").join(names, how="cross").select(made.sensors.columns)
    told = carry_over(outcomes, made.runs, made.sessions, sensors, SPEC)
    return int(told["verdict"].is_in(list(CLAIMS)).sum())
