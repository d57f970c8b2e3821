"""Whether the pattern over a run can be believed: on simulated runs of which the truth is known.

    python benchmarks/pattern.py [--athletes N] [--write]

Every number of docs/pattern.md below its line comes from here; the seeds are in the page.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

ROOT: Final = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))  # the worlds are those of the tests

from carryover.estimate.onset import ALPHA, CANNOT, NONE_SEEN, SOMEWHERE, STEADY  # noqa: E402
from carryover.estimate.pattern import usual_pattern  # noqa: E402
from drift_worlds import REFERENCE, WANDERS, Told, drifting, owned, told  # noqa: E402

TARGET: Final = ROOT / "docs" / "pattern.md"
LINE: Final = "## Measured on simulated runs"
ATHLETES: Final = 13
RUNS: Final = 40
SEED: Final = 7000
RISES: Final = (2.0, 4.0, 6.0, 10.0)
ONSETS: Final = (0.4, 0.6, 0.8)
EARLY_TO: Final = 0.35


@dataclass(frozen=True)
class Seen:
    """The onsets of one scenario: `rows` of all judged runs, `truth_s` and `moving_s` beside."""

    rows: pl.DataFrame

    @property
    def rate(self) -> float:
        """Share of judged runs in which a change is seen."""
        return float((self.rows["onset_p"] < ALPHA).mean())


def scenario(athletes: int, **world: object) -> tuple[Seen, list[Told]]:
    """Return what is seen in `athletes` × 40 runs of one kind."""
    every, parts = [], []
    for seed in range(SEED, SEED + athletes):
        bins, runs = drifting(seed, **world)
        found = told(bins, runs)
        every.append(found)
        judged = found.onset.filter(pl.col("pattern") != CANNOT)
        parts.append(judged.join(runs.select("run_id", "moving_s"), on="run_id"))
    return Seen(pl.concat(parts)), every


def quiet(athletes: int) -> str:
    """Return the table of runs without any change."""
    rows = ["| how bins wander | runs | a change seen, % | tenths' bands hold the truth, % |",
            "| --- | ---: | ---: | ---: |"]  # fmt: skip
    for wander in WANDERS:
        seen, every = scenario(3 * athletes, wander=wander, rise=0.0)
        tenths = pl.concat([t.pattern for t in every]).drop_nulls("se")
        held = 100.0 * ((tenths["ci_low"] <= 0.0) & (tenths["ci_high"] >= 0.0)).mean()
        rows.append(f"| {wander} | {seen.rows.height} | {100 * seen.rate:.1f} | {held:.1f} |")
    few, _ = scenario(athletes * 4, wander="AR .3", rise=0.0, n_runs=10)
    rows.append(f"| AR .3, ten runs an athlete | {few.rows.height} | {100 * few.rate:.1f} | |")
    return "\n".join(rows)


def planted(athletes: int) -> str:
    """Return the table of planted ramps."""
    rows = ["| wander | onset, % | rise, ms | seen, % | placed, % | RMSE, min | bias, min |"
            " interval holds it, % | its width, min |\n" + "| --- |" + " ---: |" * 8]  # fmt: skip
    for wander in ("white", "AR .3"):
        for onset in ONSETS:
            for rise in RISES:
                seen, _ = scenario(athletes, wander=wander, rise=rise, onset=onset)
                rows.append(
                    f"| {wander} | {100 * onset:.0f} | {rise:.0f} | {_planted(seen, onset)} |"
                )
    return "\n".join(rows)


def _planted(seen: Seen, onset: float) -> str:
    hit = seen.rows.filter(pl.col("onset_moving_s").is_not_null())
    error = (hit["onset_moving_s"] - onset * hit["moving_s"]).to_numpy() / 60.0
    truth = onset * hit["moving_s"]
    held = (hit["onset_ci_low_s"] <= truth + 60.0) & (hit["onset_ci_high_s"] >= truth - 60.0)
    width = (hit["onset_ci_high_s"] - hit["onset_ci_low_s"]).median() or 0.0
    placed = seen.rows["pattern"].str.starts_with("from").mean()
    return (
        f"{100 * seen.rate:.0f} | {100 * placed:.0f} | {np.sqrt(np.mean(error**2)):.0f} | "
        f"{np.mean(error):+.0f} | {100 * held.mean():.0f} | {width / 60:.0f}"
    ).replace("-", "−")


def straight(athletes: int) -> str:
    """Return what is said of runs that change in a line from the first minute on."""
    rows = [
        "| wander | rise, ms | none seen, % | steady from the start, % | from where untold, % |"
        " placed, % |\n" + "| --- |" + " ---: |" * 5
    ]
    for wander, rise in (("white", 10.0), ("AR .3", 10.0), ("AR .3", 20.0)):
        words = scenario(athletes, wander=wander, rise=rise, onset=0.0)[0].rows["pattern"]
        shares = [100 * (words == w).mean() for w in (NONE_SEEN, STEADY, SOMEWHERE)]
        shares.append(100 * words.str.starts_with("from").mean())
        rows.append(f"| {wander} | {rise:.0f} | " + " | ".join(f"{s:.0f}" for s in shares) + " |")
    return "\n".join(rows)


def usual(athletes: int) -> str:
    """Return how often the usual pattern's intervals hold what was planted."""
    held, inside, n = [], [], 0
    for seed in range(SEED, SEED + athletes * 4):
        bins, runs = drifting(seed, wander="AR .3", rise=6.0, onset=0.5, n_runs=13, spread=3.0)
        pattern = told(bins, runs).pattern.drop_nulls("se").filter(pl.col("tenth") >= 6)
        last = pl.col("run_id") == "run0012"
        tenths = usual_pattern(owned(pattern.filter(~last), runs))
        truth = 6.0 * ((tenths["tenth"] - 0.5) / 10.0 - 0.5) / 0.5
        held += ((tenths["ci_low"] <= truth) & (tenths["ci_high"] >= truth)).to_list()
        both = tenths.join(pattern.filter(last), on=("metric", "tenth"), suffix="_one")
        one = both["change_adj_one"]
        inside += ((both["usual_low"] <= one) & (both["usual_high"] >= one)).to_list()
        n += 1
    mean, one = 100 * np.mean(held), 100 * np.mean(inside)
    return (
        f"{n} athletes of 12 runs, rise 6 ± 3 ms from half-way, AR .3, tenths 6 to 10: the\n"
        f"interval of the mean holds the planted mean in {mean:.1f} %, the usual range a\n"
        f"thirteenth run's measured change in {one:.1f} %."
    )


def how_fast() -> str:
    """Return how long 1,000 runs × 11 metrics take, beside what was there before."""
    bins, runs = drifting(SEED, wander="AR .3", rise=4.0, n_runs=1000)
    names = ("cadence_spm", "stance_time_ms", "stance_time_balance_pct", "symmetry_index_pct",
             "duty_factor_pct", "flight_time_ms", "vertical_oscillation_mm", "vertical_ratio_pct",
             "step_length_mm", "leg_stiffness_knpm", "metres_per_beat")  # fmt: skip
    every = pl.concat([bins.with_columns(metric=pl.lit(name)) for name in names])
    return _timed(every, runs)


def _timed(bins: pl.DataFrame, runs: pl.DataFrame) -> str:
    from carryover.estimate.baseline import fit_baseline  # noqa: PLC0415 - timed one by one
    from carryover.estimate.decay import form_decay  # noqa: PLC0415
    from carryover.estimate.effect import bin_effect  # noqa: PLC0415
    from carryover.estimate.onset import form_onset  # noqa: PLC0415
    from carryover.estimate.pattern import form_pattern  # noqa: PLC0415
    from carryover.estimate.residual import residuals  # noqa: PLC0415
    from carryover.estimate.wander import fit_wander  # noqa: PLC0415

    baseline = fit_baseline(bins)
    effects = bin_effect(bins, baseline, REFERENCE)
    decay = form_decay(bins, runs, baseline, effects)
    marks = [time.process_time()]
    residual = residuals(bins, runs, effects, decay)
    marks.append(time.process_time())
    wander = fit_wander(residual)
    marks.append(time.process_time())
    pattern = form_pattern(residual, wander, bins, runs, decay)
    marks.append(time.process_time())
    usual_pattern(owned(pattern, runs))
    marks.append(time.process_time())
    form_onset(residual, wander, bins, runs, decay, pattern)
    marks.append(time.process_time())
    steps = ("residuals", "how bins wander", "tenths", "usual pattern", "onsets")
    parts = ", ".join(f"{s} {d:.1f} s" for s, d in zip(steps, np.diff(marks), strict=True))
    return f"1,000 runs × 11 metrics: {marks[-1] - marks[0]:.1f} s of processor time\n({parts})."


def page(athletes: int) -> str:
    """Return the measured half of the page."""
    return f"""{LINE}

Made by `python benchmarks/pattern.py --write`: {athletes} athletes (seeds {SEED} to
{SEED + athletes - 1}; three times as many where nothing changes) × {RUNS} runs of 55 to 130 minutes
in each row, pace and hills varying, noise of SD 4 ms a bin, slopes learnt from the other runs,
through every step that a night takes. "AR .3": neighbouring bins correlate by .3; "mix": half
AR(.9), half white; "differing": each run its own between 0 and .6.

### Nothing changes

{quiet(athletes)}

### A change was planted

From the onset on the metric rises in a line to `rise` at the end. Placed: told as "from about …".
RMSE, bias and interval are of the runs in which a change is seen.

{planted(athletes)}

### The change is a straight line from the first minute

{straight(athletes)}

### The usual pattern

{usual(athletes)}

### Speed

{how_fast()}
"""


def main() -> None:
    """Print the measured half, and with --write put it into docs/pattern.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--athletes", type=int, default=ATHLETES)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    made = page(given.athletes)
    print(made)
    if given.write:
        told_before = TARGET.read_text("utf-8").split(LINE)[0]
        TARGET.write_text(told_before + made, "utf-8")


if __name__ == "__main__":
    main()
