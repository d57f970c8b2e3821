"""A summary for each family of outcomes beside the primary: never a count of votes.

`p_family` asks whether the best member of a family fits the strength calendar better than the
best of the same members fits that calendar moved about in time. The rotations are the same for
all members, so that members which go together are not counted twice. The composite orients every
member that has a good side, scales it by its residual SD, averages what each run has and takes the
mean through the same model. Both are shown; neither decides anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from carryover import columns
from carryover.catalogue.outcome_families import outcome_families
from carryover.estimate import check_frames, gate, panel
from carryover.estimate.asked import Given, frame_of, numbers, primaries
from carryover.estimate.check import in_100
from carryover.estimate.finding import MDC_PER_SEM
from carryover.estimate.question import ask
from carryover.estimate.verdict import Estimate
from carryover.metrics import metric

if TYPE_CHECKING:
    from carryover.estimate.candidates import Outcome

Row = dict[str, Any]
NEEDED: Final = ("shift_t", "mdc95", "sd_exposure")


def carry_over_families(estimates: pl.DataFrame, given: Given, asked: str | None) -> pl.DataFrame:
    """Return FAMILY: four rows for each primary row of CARRY_OVER.

    Members are the rows at the primary's own τ that pass the gate's numbers; `asked`: the primary
    metric that the configuration names.
    """
    rows: list[Row] = []
    for primary in primaries(estimates):
        same = [pl.col(name) == primary[name] for name in ("athlete_id", "exposure", "tau_d")]
        answers = estimates.filter(*same).to_dicts()
        own = given.of(primary["athlete_id"], asked)
        rows += [_row(primary, name, answers, own) for name in outcome_families()]
    if not rows:
        return columns.empty(check_frames.FAMILY)
    return columns.shaped(pl.DataFrame(rows, infer_schema_length=None), check_frames.FAMILY)


def members(family: str, answers: list[Row]) -> list[Row]:
    """Return the answers of a family that may speak, in the family's order."""
    told = {(row["metric"], row["outcome"]): row for row in answers}
    found = [told[outcome] for outcome in outcome_families()[family] if outcome in told]
    return [row for row in found if _passes(row)]


def p_family(answers: list[Row]) -> float | None:
    """Return the share of calendars whose largest |t| is as large, the real one among them."""
    if not answers:
        return None
    largest = np.abs(np.array([row["shift_t"] for row in answers])).max(axis=0)
    return float(np.count_nonzero(largest >= largest[0]) / largest.size)


def composite(answers: list[Row], given: Given, log: panel.Log, tau_d: float) -> pl.DataFrame:
    """Return the exposed panel of the oriented mean: y in SD towards the good side, se.

    Each member is centred before it is averaged, so that a run which lacks one is not moved.
    """
    exposed = panel.exposed(log, tau_d)
    parts = [_scaled(row, frame_of(given.outcomes, _outcome(row), exposed)) for row in answers]
    every = pl.concat(parts).group_by("run_id", maintain_order=True).agg(
        y=pl.col("y").mean(),
        se=pl.when(pl.col("se").is_not_null().all())
        .then((pl.col("se") ** 2).sum().sqrt() / pl.len()),
    )  # fmt: skip
    return every.join(exposed, on="run_id", how="inner", maintain_order="left").sort(
        "started_at", "run_id"
    )


def _scaled(row: Row, frame: pl.DataFrame) -> pl.DataFrame:
    sd = row["mdc95"] / MDC_PER_SEM
    sign = 1.0 if row["good_side"] == "up" else -1.0
    centred = pl.col("y") - pl.col("y").mean()
    return frame.select("run_id", y=sign * centred / sd, se=pl.col("se").cast(pl.Float64) / sd)


def _outcome(row: Row) -> Outcome:
    return row["metric"], row["outcome"]


def _passes(row: Row) -> bool:
    """Return whether an answer has the numbers that the gate asks for."""
    if any(row[name] is None for name in NEEDED):
        return False
    return bool(
        row["n_runs"] >= gate.min_runs(*_outcome(row))
        and row["n_weeks"] >= gate.MIN_WEEKS
        and row["n_switches"] >= gate.MIN_SWITCHES
        and row["sd_exposure"] >= gate.MIN_SD_EXPOSURE
    )


def _row(primary: Row, family: str, answers: list[Row], given: Given) -> Row:
    able = members(family, answers)
    sided = [row for row in able if row["good_side"] != "none"]
    estimate, n_runs = _together(primary, sided, given)
    p = p_family(able)
    told = numbers(estimate)
    largest = max(able, key=lambda row: abs(row["shift_t"][0]), default=None)
    return {
        "athlete_id": primary["athlete_id"], "exposure": primary["exposure"],
        "tau_d": primary["tau_d"], "family": family, "n_metrics": len(able),
        "metrics": ", ".join(row["metric"] for row in able) or None, "p_family": p,
        "largest_metric": largest["metric"] if largest else None, "n_oriented": len(sided),
        "effect_sd": told["effect"], "ci_low_sd": told["ci_low"], "ci_high_sd": told["ci_high"],
        "n_runs": n_runs, "sentence": _sentence(family, able, sided, p, estimate),
    }  # fmt: skip


def _together(primary: Row, sided: list[Row], given: Given) -> tuple[Estimate | None, int | None]:
    """Return the effect on the oriented mean, in SD of one run, and its number of runs."""
    log = given.log(primary["athlete_id"], primary["exposure"])
    if not sided or log is None:
        return None, None
    frame = composite(sided, given, log, primary["tau_d"])
    # With any level among them firmware matters, so its terms are kept for all.
    outcomes = sorted(map(_outcome, sided), key=lambda o: gate.within_run(*o))
    fitted = ask(log, outcomes[0], frame, tau_d=primary["tau_d"]).fitted
    if fitted is None:
        return None, None
    return Estimate(fitted.effect, fitted.se, fitted.fit.df), fitted.days.size


def _sentence(
    family: str, able: list[Row], sided: list[Row], p: float | None, estimate: Estimate | None
) -> str:
    name = family.capitalize()
    if not able or p is None:
        return f"{name}: not enough data yet of anything that belongs here and is measured."
    alone = len(able) == 1
    best = "it" if alone else f"the best of these {len(able)}"
    chance = (
        f"Moved about in time, your strength calendar fits {best} as well in {in_100(p)} cases."
    )
    return f"{name} ({_names(able)}): {_effect(able, sided, estimate)} {chance}"


def _effect(able: list[Row], sided: list[Row], estimate: Estimate | None) -> str:
    if estimate is None:
        return "no good side is known to judge it by."
    low, high = estimate.interval()
    together = "taken together, two" if len(sided) > 1 else "two"
    said = (
        f"{together} sessions a week go with {abs(estimate.effect):.2f} run-to-run spreads "
        f"{_way(estimate.effect)} the good side (95 %: {_ends(low, high)})."
    )
    if len(sided) == len(able):
        return said
    verb = "has" if len(sided) == 1 else "have"
    return f"{said} Only {_names(sided)} {verb} a good side."


def _ends(low: float, high: float) -> str:
    if low * high > 0:
        near, far = sorted((low, high), key=abs)
        return f"{abs(near):.2f} to {abs(far):.2f}"
    return f"{abs(low):.2f} {_way(low)} it to {abs(high):.2f} {_way(high)} it"


def _way(value: float) -> str:
    return "towards" if value >= 0 else "away from"


def _names(answers: list[Row]) -> str:
    return _listed([metric(row["metric"]).label.lower() for row in answers])


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
