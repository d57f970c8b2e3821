"""Acute effects, drills by pairs and events of blocks, on athletes whose truth is planted.

    python benchmarks/acute.py [--athletes N] [--first-seed S]

Prints one line a scenario: mean with its Monte Carlo error, and how often 95 % intervals hold
the truth. Numbers in residual SDs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

ROOT: Final = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))  # the worlds are those of the tests

from carryover.catalogue.thresholds import threshold  # noqa: E402
from carryover.estimate import panel  # noqa: E402
from carryover.estimate.acute import Rules, drills  # noqa: E402
from carryover.estimate.block_event import block_event, events_of  # noqa: E402
from carryover.estimate.blocks import blocks_of  # noqa: E402
from carryover.estimate.carry_over import Spec  # noqa: E402
from carryover.estimate.question import ask  # noqa: E402
from carryover.estimate.verdict import Estimate  # noqa: E402
from estimate_worlds import world  # noqa: E402

OUTCOME: Final = ("cadence_spm", "level")
SPEC: Final = Spec(complete_logs=frozenset({"a"}))
NAMES: Final = ("activation_match_d", "activation_match_speed_mps", "activation_min_pairs",
                "acute_min_runs")  # fmt: skip
KINDS: Final = ("easy", "easy", "easy", "workout", "long")
PLANNED: Final = {"weeks": 104, "blocks": (8, 8)}
Held = list[tuple[float, float, float, float]]
"""Estimate, interval and truth."""

ACUTE: Final[dict[str, dict[str, Any]]] = {
    "none, 52 weeks, own blocks": {},
    "−0.5, 52 weeks, own blocks": {"acute": -0.5},
    "−0.5 beside β = 1, 104 weeks, 8 on 8 off": {"acute": -0.5, "beta": 1.0, **PLANNED},
}
DRILLS: Final[dict[str, dict[str, Any]]] = {
    "none, before 4 runs of 10": {},
    "+0.5, before 4 runs of 10": {"effect": 0.5},
    "none, with strength blocks, β = 1": {"habit": "blocks", "beta": 1.0, "blocks": (8, 8)},
    "+0.5, with strength blocks, acute −0.5": {"effect": 0.5, "habit": "blocks", "acute": -0.5,
                                               "blocks": (8, 8)},
    "none, taken up late, form drifts by 1.5": {"habit": "late", "drift": 1.5},
    "none, before 1 run of 8": {"habit": "rare"},
    "none, before 17 runs of 20": {"habit": "most"},
}  # fmt: skip
EVENTS: Final[dict[str, dict[str, Any]]] = {
    "none, 52 weeks, own blocks": {},
    "none, 52 weeks, own blocks with load": {"confounded": True},
    "none, 104 weeks, 8 on 8 off": PLANNED,
    "β = 1 and acute −0.5, 104 weeks, 8 on 8 off": {"beta": 1.0, "acute": -0.5, **PLANNED},
    "β = 1 and acute −0.5, 104 weeks, 8 on 18 off": {"beta": 1.0, "acute": -0.5, "weeks": 104,
                                                     "blocks": (8, 18)},
}  # fmt: skip


def _panel(made: Any, outcomes: pl.DataFrame) -> tuple[panel.Log, pl.DataFrame]:  # noqa: ANN401
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    if log is None:
        raise SystemExit("an athlete without runs")
    exposed = panel.exposed(log, 28.0).drop("athlete_id")
    return log, outcomes.join(exposed, on="run_id").sort("started_at", "run_id")


def acute(what: dict[str, Any], seed: int) -> Held:
    """Return the acute term of one athlete."""
    made = world(seed, **what)
    log, frame = _panel(made, made.outcomes)
    fitted = ask(log, OUTCOME, frame, tau_d=28.0).fitted
    if fitted is None or fitted.design.acute is None:
        return []
    k = fitted.design.acute
    found = Estimate(float(fitted.fit.beta[k]), fitted.fit.se(k), fitted.fit.df)
    return [(found.effect, *found.interval(), what.get("acute", 0.0))]


def drilled(what: dict[str, Any], seed: int) -> Held:
    """Return the mean difference of one athlete's pairs; drills are unknown at first."""
    told = dict(what)
    effect, habit, drift = (told.pop(k, d) for k, d in (("effect", 0.0), ("habit", "even"),
                                                        ("drift", 0.0)))  # fmt: skip
    made = world(seed, **told)
    _, frame = _panel(made, made.outcomes)
    rng = np.random.default_rng(10_000 + seed)
    n, part = frame.height, np.linspace(0.0, 1.0, frame.height)
    kind = rng.choice(KINDS, n)
    speed = np.where(kind == "workout", 3.3, 3.0) + rng.normal(0.0, 0.15, n)
    x = frame["x"].to_numpy()
    chance = {
        "even": np.full(n, 0.4), "rare": np.full(n, 0.12), "most": np.full(n, 0.85),
        "late": np.where(part > 0.55, 0.7, 0.2), "blocks": np.where(x > np.median(x), 0.8, 0.1),
    }[habit]  # fmt: skip
    known = part >= 0.15
    has = (rng.random(n) < chance) & known
    y = frame["y"].to_numpy() + effect * has + (kind == "workout") + drift * part
    held = [bool(h) if k else None for h, k in zip(has, known, strict=True)]
    frame = frame.with_columns(
        pl.Series("y", y), pl.Series("kind", kind), pl.Series("avg_speed_mps", speed),
        pl.Series("has_activation", held),
    )  # fmt: skip
    row = drills(OUTCOME, frame, Rules.of({name: threshold(name) for name in NAMES}))
    if row["effect"] is None:
        return []
    return [(row["effect"], row["ci_low"], row["ci_high"], effect)]


def events(what: dict[str, Any], seed: int) -> Held:
    """Return the weeks after the start, all blocks together; truth is the dose that was given."""
    made = world(seed, **what)
    log, frame = _panel(made, made.outcomes)
    question = ask(log, OUTCOME, frame, tau_d=28.0)
    x = what.get("beta", 0.0) * question.frame["x"].to_numpy()
    given: dict[int, list[float]] = {}
    for event in events_of(question, blocks_of(log)):
        dose, before = x[event.rows], event.week < 0
        rest = np.average(dose[before], weights=event.share[before])
        for week in set(event.week[~before].tolist()):
            own = event.week == week
            mean = np.average(dose[own], weights=event.share[own])
            given.setdefault(week, []).append(float(mean - rest))
    told = block_event(made.outcomes, made.runs, made.sessions, made.sensors, SPEC).filter(
        pl.col("block_number").is_null(), pl.col("week_offset") >= 0, pl.col("value").is_not_null()
    )
    rows = told.select("week_offset", "value", "ci_low", "ci_high").rows()
    return [(value, low, high, float(np.mean(given[week]))) for week, value, low, high in rows]


def main() -> None:
    """Run all scenarios and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--athletes", type=int, default=400)
    parser.add_argument("--first-seed", type=int, default=1000)
    asked = parser.parse_args()
    seeds = range(asked.first_seed, asked.first_seed + asked.athletes)
    print(f"seeds {seeds.start}…{seeds.stop - 1}")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        for make, scenarios in ((acute, ACUTE), (drilled, DRILLS), (events, EVENTS)):
            for name, what in scenarios.items():
                made = [held for held in pool.map(partial(make, what), seeds, chunksize=8) if held]
                print(f"{make.__name__} | {name} | {_told(made)}", flush=True)


def _told(made: list[Held]) -> str:
    """Return error and coverage; weeks of one athlete are one look for the Monte Carlo error."""
    off = np.array([np.mean([e - truth for e, _, _, truth in held]) for held in made])
    holds = np.array([np.mean([a <= t <= b for _, a, b, t in held]) for held in made])
    half = np.mean([np.mean([(b - a) / 2 for _, a, b, _ in held]) for held in made])
    root = np.sqrt(len(made))
    return (
        f"{len(made)} athletes | error {off.mean():+.3f} ± {off.std() / root:.3f} | "
        f"coverage {100 * holds.mean():.1f} ± {100 * holds.std() / root:.1f} % | "
        f"half-width {half:.2f}"
    )


if __name__ == "__main__":
    main()
