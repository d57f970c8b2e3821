"""The days after: form within 48 hours of a gym session, and after activation drills.

After strength: the acute term of the fitted question, by one usual session. After activation
drills: the mean difference of pairs of like runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover import columns
from carryover.estimate import gate, panel
from carryover.estimate.candidates import testifying
from carryover.estimate.carry_over import by_outcome
from carryover.estimate.channels import channel
from carryover.estimate.design import EXPOSURE, design_of
from carryover.estimate.dose import STRENGTH
from carryover.estimate.matched import Limits, difference, pairs_of
from carryover.estimate.question import days_of
from carryover.estimate.run_frames import ACUTE_EFFECT
from carryover.estimate.sentence import Answer, amount, difference_unit
from carryover.estimate.symmetry import MIDDLE
from carryover.estimate.tails import q_values
from carryover.estimate.verdict import MAX_FAMILY_Q, TOO_FEW_TO_FIT, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carryover.estimate.candidates import Outcome
    from carryover.estimate.finding import Spec

AFTER_STRENGTH: Final = "strength in the 48 hours before"
AFTER_DRILLS: Final = "activation before the run"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a contrast needs: runs on each side, pairs, and how alike the runs of a pair are."""

    min_runs: int
    min_pairs: int
    alike: Limits

    @classmethod
    def of(cls, limits: Mapping[str, Any]) -> Rules:
        """Return the rules of the thresholds' row."""
        alike = Limits(limits["activation_match_d"], limits["activation_match_speed_mps"])
        return cls(int(limits["acute_min_runs"]), int(limits["activation_min_pairs"]), alike)


def acute_effect(
    verdicts: pl.DataFrame,
    outcomes: pl.DataFrame,
    runs: pl.DataFrame,
    sessions: pl.DataFrame,
    after: pl.DataFrame,
    sensors: pl.DataFrame,
    spec: Spec,
    rules: Rules,
) -> pl.DataFrame:
    """Return ACUTE_EFFECT of all outcomes that may testify.

    `verdicts` CARRY_OVER; `after`: run_id, has_activation (null where it cannot be known); `runs`
    also kind and avg_speed_mps; other arguments as `carry_over` has them. q is
    Benjamini–Hochberg's over all rows of an athlete that have a p.
    """
    drilled = after.select("run_id", "has_activation")
    allowed = testifying(outcomes, runs, sensors, spec.primary_metric)
    fitted = verdicts.filter(pl.col("tau_d") == spec.tau_d, pl.col("exposure") == STRENGTH)
    rows = []
    for athlete in sorted(runs["athlete_id"].drop_nulls().unique()):
        own, gym, held, found = (
            f.filter(pl.col("athlete_id") == athlete) for f in (runs, sessions, allowed, fitted)
        )
        log = panel.log_of(own, gym, past_is_empty=athlete in spec.complete_logs)
        if log is None:
            continue
        known = panel.exposed(log, spec.tau_d).filter(panel.exposure_known(log, spec.tau_d))
        panels = by_outcome(
            held, known.join(drilled, on="run_id", how="left", maintain_order="left")
        )
        of = {(r["metric"], r["outcome"]): r for r in found.to_dicts()}
        looked = [_strength(outcome, of.get(outcome, {}), rules) for outcome in panels]
        looked += [drills(outcome, frame, rules) for outcome, frame in panels.items()]
        rows += [{"athlete_id": athlete} | _said(row) for row in _with_q(looked)]
    if not rows:
        return columns.empty(ACUTE_EFFECT)
    return columns.shaped(pl.DataFrame(rows, infer_schema_length=None), ACUTE_EFFECT)


def _strength(outcome: Outcome, row: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    """Return the acute term of one fitted question."""
    n_runs, n_with = row.get("n_runs"), row.get("n_acute") or 0
    told = _blank(AFTER_STRENGTH, outcome) | {"n_runs": n_runs, "n_with": n_with}
    for count, where in ((n_with, "in"), ((n_runs or 0) - n_with, "out of")):
        if count < rules.min_runs:
            return told | {"reason": f"{rules.min_runs} runs {where} the 48 hours after a gym "
                                     f"session ({count} so far)"}  # fmt: skip
    if row.get("acute_effect") is None:
        return told | {"reason": TOO_FEW_TO_FIT.format(work=channel(STRENGTH).work)}
    return told | {
        "effect": row["acute_effect"], "ci_low": row["acute_low"], "ci_high": row["acute_high"],
        "p": row["acute_p"],
    }  # fmt: skip


def drills(outcome: Outcome, frame: pl.DataFrame, rules: Rules) -> dict[str, Any]:
    """Return the mean difference of runs with and without activation drills before them.

    `frame`: the runs of one outcome whose exposure is known, by time, with has_activation.
    """
    known = (
        frame.filter(pl.col("has_activation").is_not_null())
        .with_columns(has_it="has_activation", near_gym=pl.col("a48") > 0)
        .with_row_index("row")
    )
    n_with = int(known["has_it"].sum())
    told = _blank(AFTER_DRILLS, outcome) | {"n_runs": known.height, "n_with": n_with}
    if n_with == 0:
        return told | {"reason": "runs with activation drills just before them (none yet)"}
    pairs = pairs_of(known, rules.alike)
    told |= {"n_matched": pairs.height, "n_controls": pairs["other"].n_unique()}
    if pairs.height < rules.min_pairs:
        return told | {"reason": f"{rules.min_pairs} runs with drills and a like run without "
                                 f"({pairs.height} so far)"}  # fmt: skip
    model = design_of(known, days_of(known), within_run=gate.within_run(*outcome))
    found = difference(known, pairs, model.columns[:, EXPOSURE:])
    if found is None:
        return told | {"reason": TOO_FEW_TO_FIT.format(work=channel(STRENGTH).work)}
    low, high = found.interval()
    return told | {"effect": found.effect, "ci_low": low, "ci_high": high, "p": found.p}


def _blank(contrast: str, outcome: Outcome) -> dict[str, Any]:
    name, kind = outcome
    nothing = dict.fromkeys(("effect", "ci_low", "ci_high", "p", "n_matched", "n_controls",
                             "reason"))  # fmt: skip
    return nothing | {"contrast": contrast, "metric": name, "outcome": kind,
                      "effect_unit": difference_unit(name)}  # fmt: skip


def _with_q(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the rows that have a p their Benjamini–Hochberg q."""
    looked = [row for row in rows if row["p"] is not None]
    if looked:
        qs = q_values([row["p"] for row in looked])
        for row, q in zip(looked, qs, strict=True):
            row["q"] = q
    return rows


def _said(row: dict[str, Any]) -> dict[str, Any]:
    if row["effect"] is None:
        return row
    answer = Answer(
        row["metric"], row["outcome"], Verdict.SHIFTED_UP, "none", "", row["effect"],
        row["ci_low"], row["ci_high"], None, row["n_runs"], 0.0,
    )  # fmt: skip
    verb = "lie" if row["metric"] in MIDDLE and row["outcome"] == "level" else "have"
    if row["contrast"] == AFTER_STRENGTH:
        who = "Runs in the 48 hours after a gym session"
        basis = f"{row['n_with']} of {row['n_runs']} runs"
    else:
        who = "Beside like runs without, runs after activation drills"
        alone = row["n_with"] - row["n_matched"]
        basis = f"{row['n_matched']} pairs, {alone} without a match"
    return row | {"says": f"{who} {verb} {amount(answer)}{_doubt(row)}; {basis}."}


def _doubt(row: dict[str, Any]) -> str:
    if row["ci_low"] <= 0 <= row["ci_high"]:
        return ", which cannot be told from no difference"
    if row["q"] >= MAX_FAMILY_Q:
        return f", which may be chance among all that is looked at (q = {row['q']:.2f})"
    return ""
