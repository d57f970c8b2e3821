"""What calendars tell, exactly: half-widths of the effect for self-chosen blocks, 8/8 and a plan.

Simulated athletes (tests/estimate_worlds.py) with noise of SD 1 and a serial correlation of .45
from run to run; half-widths in residual SDs per two sessions a week. Columns: all covariates of the
model, the same without the acute dose, and the exposure alone. Then plans: for how many athletes
with half a year of own blocks, and in how many weeks, a half-width is reached. Last, how often the
randomisation test of a drawn plan finds an effect of 1 SD.

    python benchmarks/plan_power.py [--athletes 60]
"""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from scipy import stats

from carryover.estimate import covariance, panel
from carryover.estimate.calendars import state_now
from carryover.estimate.design import design_of
from carryover.estimate.plan import Wish, propose
from carryover.estimate.question import days_of
from carryover.estimate.randomisation import lot_of
from carryover.progress import bar
from estimate_worlds import world
from plan_worlds import LIMITS, START, life, own_blocks, view_of
from test_randomisation import drawn_life

PHI = 0.45
PAST_WEEKS = 26
WANTED = (1.0, 0.8, 0.6)


def half_widths(seed: int, weeks: int, blocks: tuple[int, int] | None) -> tuple[float, ...]:
    """Return half-widths of one athlete with all covariates, without the acute dose, and bare."""
    made = world(seed, weeks=weeks, blocks=blocks)
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    frame = made.outcomes.join(panel.exposed(log, 28.0), on="run_id").sort("started_at")
    days = days_of(frame)
    design = design_of(frame, days)
    names = design.names
    memory = -np.diff(days).mean() / np.log(PHI)
    point = covariance.Candidates(*(np.array([v]) for v in (memory, 0.0, 1.0)))
    series = covariance.Series(days - days[0], np.zeros(days.size), np.zeros(days.size))
    white = covariance.whitened(series, design.columns, point)
    found = []
    for kept in (names, [n for n in names if n != "a48"], names[:2]):
        part = white[:, [names.index(n) for n in kept]]
        df = covariance.degrees_of_freedom(series, point, part.shape[1])
        found.append(stats.t.ppf(0.975, df) * np.sqrt(np.linalg.inv(part.T @ part)[1, 1]))
    return tuple(map(float, found))


def planned(seed: int, wanted: float) -> tuple[float, ...]:
    """Return weeks to a half-width: going on as now, 8/8, the plan; infinite beyond five years."""
    made = life(seed, on=own_blocks(seed, PAST_WEEKS))
    view = view_of(made, START + timedelta(weeks=PAST_WEEKS), n_weeks=260)
    state = state_now(view.past, view.first_day - 1, may_rest=True)
    told = propose(view, state, Wish(wanted, LIMITS, seed))
    weeks = (told.weeks_as_now, told.weeks_fixed, told.weeks)
    return tuple(np.inf if week is None else float(week) for week in weeks)


def main() -> None:
    """Print the three tables in Markdown."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--athletes", type=int, default=60)
    n = asked.parse_args().athletes
    print(f"| {n} athletes, seeds 0…{n - 1} | all covariates | without A48 | X alone |")
    print("| --- | --- | --- | --- |")
    for weeks, blocks in ((52, None), (52, (8, 8)), (104, None), (104, (8, 8))):
        with bar(f"{weeks} weeks {blocks or 'own'}", n, "athletes") as advance:
            rows = []
            for seed in range(n):
                rows.append(half_widths(seed, weeks, blocks))
                advance(1)
        means = " | ".join(f"{value:.2f}" for value in np.mean(rows, axis=0))
        print(f"| {weeks} weeks, {'8 on, 8 off' if blocks else 'own blocks'} | {means} |")
    few = max(n // 5, 1)
    print(f"\n| wanted, SD ({few} athletes) | as now | 8 on, 8 off | plan |")
    print("| --- | --- | --- | --- |")
    for wanted in WANTED:
        with bar(f"plans for {wanted}", few, "athletes") as advance:
            rows = []
            for seed in range(few):
                rows.append(planned(seed, wanted))
                advance(1)
        told = [f"{m:.0f}" if np.isfinite(m) else "> 260" for m in np.median(rows, axis=0)]
        print(f"| {wanted} | {' | '.join(told)} |")
    print("\n| drawn plan, effect 1 SD | p < .05 |\n| --- | --- |")
    for weeks in (52, 104):
        with bar(f"lots of {weeks} weeks", n, "athletes") as advance:
            ps = []
            for seed in range(n):
                ps.append(lot_of(*drawn_life(seed, weeks=weeks, n=200, beta=1.0)).p)
                advance(1)
        print(f"| {weeks} weeks | {np.mean(np.array(ps) < 0.05):.2f} |")


if __name__ == "__main__":
    main()
