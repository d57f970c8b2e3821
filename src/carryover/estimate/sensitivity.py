"""The primary question asked in other ways: shown beside the registered one, none of them chosen.

Each variant differs from the registered model in one thing and has its covariance chosen anew.
Leaving the last 48 hours out, or asking without covariates, is not an equal alternative: it is
shown because it is what a plain correlation sees.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover import columns
from carryover.estimate import check_frames, covariance, panel
from carryover.estimate.asked import Asked, Given, asked_again, numbers
from carryover.estimate.check import amount_text
from carryover.estimate.design import EXPOSURE
from carryover.estimate.question import Question, ask
from carryover.estimate.verdict import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator

REGISTERED: Final = "as registered"
TAUS: Final = (14.0, 28.0, 42.0)
HARD_KINDS: Final = ("workout", "race")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A variant that leaves terms out, by what their names begin with, and what to say of it."""

    variant: str
    terms: tuple[str, ...]
    lead: str


LEFT_OUT: Final = (
    LeftOut(
        "without acute term",
        ("a48",),
        "Blind to the last 48 hours, so that tired legs of the day after count as carry-over",
    ),
    LeftOut("without heat", ("temperature_c",), "Without the temperature of the run"),
    LeftOut("without load", ("load_",), "Without the running load of the weeks before"),
    LeftOut(
        "without slow time", ("time_",), "Without slow change over the months, whatever makes it"
    ),
)
RAW: Final = "Without any other term, as a plain comparison sees it"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to ask and its answer."""

    variant: str
    lead: str
    estimate: Estimate | None
    n_runs: int | None


def carry_over_sensitivity(
    estimates: pl.DataFrame, given: Given, drifts: pl.DataFrame
) -> pl.DataFrame:
    """Return SENSITIVITY for the primary rows of CARRY_OVER that have an estimate.

    `drifts`: run_id, metric, change_adj_huber. A variant that changes nothing, for want of the
    term or of such runs, has no row.
    """
    rows = [
        _row(asked, variant)
        for asked in asked_again(estimates, given)
        for variant in variants(asked, drifts)
        if variant.estimate is not None
    ]
    if not rows:
        return columns.empty(check_frames.SENSITIVITY)
    return columns.shaped(pl.DataFrame(rows, infer_schema_length=None), check_frames.SENSITIVITY)


def variants(asked: Asked, drifts: pl.DataFrame) -> Iterator[Variant]:
    """Yield the registered answer, then each other way to ask."""
    fitted = asked.question.fitted
    if fitted is None:
        return
    yield _of(REGISTERED, "As registered", asked.question)
    yield from _other_taus(asked)
    n_runs = fitted.days.size
    for left in LEFT_OUT:
        yield Variant(left.variant, left.lead, _without(asked.question, left.terms), n_runs)
    raw = fitted.raw
    plain = Estimate(float(raw.beta[EXPOSURE]), raw.se(EXPOSURE), raw.df)
    yield Variant("raw", RAW, plain, n_runs)
    yield from _other_doses(asked)
    yield from _other_runs(asked)
    yield from _huber(asked, drifts)


def _of(variant: str, lead: str, question: Question) -> Variant:
    fitted = question.fitted
    if fitted is None:
        return Variant(variant, lead, None, None)
    return Variant(
        variant, lead, Estimate(fitted.effect, fitted.se, fitted.fit.df), fitted.days.size
    )  # fmt: skip


def _other_taus(asked: Asked) -> Iterator[Variant]:
    log, question = asked.question.log, asked.question
    for tau_d in TAUS:
        if log is not None and tau_d != question.tau_d:
            lead = f"If a session fades over {tau_d:.0f} days instead of {question.tau_d:.0f}"
            yield _of(f"tau {tau_d:.0f}", lead, _again(asked, log, tau_d))


def _again(asked: Asked, log: panel.Log, tau_d: float) -> Question:
    """Return the question with another exposure; the runs are all that have the outcome."""
    values = asked.given.outcomes.filter(
        pl.col("metric") == asked.row["metric"], pl.col("outcome") == asked.row["outcome"]
    )
    frame = values.join(panel.exposed(log, tau_d), on="run_id", how="inner", maintain_order="left")
    return ask(log, asked.question.outcome, frame.sort("started_at", "run_id"), tau_d=tau_d)


def _without(question: Question, terms: tuple[str, ...]) -> Estimate | None:
    """Return the effect without some terms; None where the model has none of them."""
    fitted = question.fitted
    if fitted is None:
        return None
    names = fitted.design.names
    kept = [i for i, name in enumerate(names) if not name.startswith(terms)]
    if len(kept) == len(names):
        return None
    fit = covariance.fit_reml(fitted.series, fitted.design.columns[:, kept])
    return Estimate(float(fit.beta[EXPOSURE]), fit.se(EXPOSURE), fit.df)


def _other_doses(asked: Asked) -> Iterator[Variant]:
    """Yield the answer where every session counts 1, however hard it was."""
    log = asked.question.log
    if log is None or bool((log.sessions["dose"] == 1.0).all()):
        return
    counted = asked.given.sessions.with_columns(
        dose=pl.when(pl.col("dose") > 0).then(1.0).otherwise("dose")
    )
    alike = replace(asked.given, sessions=counted).log(asked.athlete, asked.row["exposure"])
    if alike is not None:
        lead = "If every session counts the same, however hard it was"
        question = _again(asked, alike, asked.question.tau_d)
        yield _of("sessions counted", lead, question)


def _other_runs(asked: Asked) -> Iterator[Variant]:
    """Yield the answer of runs that are neither workout nor race, where there are such."""
    frame, log = asked.question.frame, asked.question.log
    if log is None or "kind" not in frame.columns:
        return
    calm = frame.filter(~pl.col("kind").is_in(HARD_KINDS).fill_null(value=False))
    if calm.height < frame.height:
        question = ask(log, asked.question.outcome, calm, tau_d=asked.question.tau_d)
        yield _of("without workouts and races", "Without workouts and races", question)


def _huber(asked: Asked, drifts: pl.DataFrame) -> Iterator[Variant]:
    """Yield the answer with each run's drift read so that odd bins pull less."""
    name, outcome = asked.question.outcome
    log = asked.question.log
    if log is None or outcome != "decay":
        return
    robust = drifts.filter(pl.col("metric") == name).select("run_id", "change_adj_huber")
    frame = asked.question.frame.join(robust, on="run_id", how="left", maintain_order="left")
    told = frame.with_columns(y=pl.col("change_adj_huber")).filter(pl.col("y").is_finite())
    if told.height:
        lead = "With each run's drift read so that odd stretches of it pull less"
        yield _of("Huber drift", lead, ask(log, (name, outcome), told, tau_d=asked.question.tau_d))


def _row(asked: Asked, variant: Variant) -> dict[str, Any]:
    says = ""
    if variant.estimate is not None:
        says = f"{variant.lead}: {amount_text(asked, variant.estimate)}."
    key = {k: v for k, v in asked.key.items() if k != "tau_d"}
    return key | numbers(variant.estimate) | {
        "variant": variant.variant, "n_runs": variant.n_runs, "says": says,
    }  # fmt: skip
