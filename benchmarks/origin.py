"""Does the origin test tell computed from measured: made epochs, and the devices of a corpus.

    python benchmarks/origin.py [--corpus DIR] [--write]

Prints the tables; `--write` puts them into docs/origin.md.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks import witness
from benchmarks.made_epochs import FORMULAS, SPREADS, Recipe, made_epoch
from benchmarks.tables import ROOT, number, table
from carryover.estimate.origin import LOUD, MIN_BINS, QUIET, sensor_metric
from carryover.home import Home
from carryover.metrics import metric
from carryover.warehouse.read import open_published

TARGET: Final = ROOT / "docs" / "origin.md"
CORPUS: Final = Path(os.environ.get("CARRYOVER_CORPUS", ROOT / ".." / "shared" / "corpus"))
CONTACT: Final = "stance_time_ms"
SHOWN: Final = (CONTACT, "vertical_oscillation_mm", "stance_time_balance_pct")
EACH: Final = 28
"""Epochs a case: every formula with every spread of pace."""
WORN: Final = list(product(FORMULAS, SPREADS))
FIRST_SEED: Final = 10_000

COMPUTED: Final[dict[str, Recipe]] = {
    "to 1 ms": Recipe(0),
    "to 0.1 ms": Recipe(0, resolution=0.1),
    "to 4 ms": Recipe(0, resolution=4.0),
    "60 bins": Recipe(0, n_bins=60),
    "hills (SD 4 %)": Recipe(0, hills=4.0),
    "3 % of bins odd by 15 to 60 ms": Recipe(0, odd_share=0.03),
    "inputs smoothed over 10 s": Recipe(0, lag_s=10.0),
    "inputs smoothed over 20 s": Recipe(0, lag_s=20.0),
    "clipped to 215–275 ms": Recipe(0, clip=(215.0, 275.0)),
    "clipped to 232–265 ms": Recipe(0, clip=(232.0, 265.0)),
    "file's speed off by 0.015 m/s a bin": Recipe(0, speed_noise=0.055),
    "file's speed off by 0.03 m/s a bin": Recipe(0, speed_noise=0.11),
}
"""What a watch may do to a computed value → its recipe; formula and spread are filled in."""
MEASURED: Final[dict[str, Recipe]] = {
    "3 ms, no level of runs, no feel for grade": Recipe(0, noise=3.0, run_level=0.0,
                                                        feels_grade=False),
    "3 ms, 60 bins": Recipe(0, n_bins=60, noise=3.0, run_level=0.0, feels_grade=False),
    "3 ms and levels of runs": Recipe(0, noise=3.0),
    "5 ms and levels of runs": Recipe(0, noise=5.0),
    "8 ms and levels of runs": Recipe(0, noise=8.0),
    "3 ms, hills (SD 4 %)": Recipe(0, noise=3.0, run_level=0.0, hills=4.0),
    "3 ms, to 4 ms": Recipe(0, noise=3.0, run_level=0.0, resolution=4.0),
    "3 ms, 3 % of bins odd": Recipe(0, noise=3.0, run_level=0.0, odd_share=0.03),
    "3 ms, file's speed off by 0.03 m/s": Recipe(0, noise=3.0, run_level=0.0, speed_noise=0.11),
}  # fmt: skip
"""What a sensor of its own may give → its recipe; only the spread is filled in."""
LIMITS: Final = (0.03, 0.04, 0.05, 0.07)
"""Noise between the formula's speed and the file's, m/s on 2-minute means: where the test ends."""
SECONDS_TO_BIN: Final = 0.274
"""SD of a mean of 120 s of such noise (autocorrelation .8 a second) over that of a second."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One made epoch and what the test says of it; residual in the metric's unit."""

    seed: int
    truth: str
    origin: str
    r2: float
    residual_sd: float


def judged(recipe: Recipe, bins: pl.DataFrame | None = None) -> Judged:
    """Return what the origin test says of a recipe (or of these bins of it)."""
    row = sensor_metric(made_epoch(recipe) if bins is None else bins).row(0, named=True)
    told = row["r2_speed_cadence"], row["residual_sd"]
    return Judged(recipe.seed, recipe.truth, row["origin"], *(x or 0.0 for x in told))


def recipes(case: Recipe, *, computed: bool, first_seed: int) -> list[Recipe]:
    """Return a case with every formula and spread; bins vary from 60 to 120 unless told."""
    given = case.n_bins != Recipe(0).n_bins
    return [
        replace(
            case, seed=first_seed + i, spread=spread, formula=formula if computed else None,
            n_bins=case.n_bins if given else 60 + 10 * (i % 7),
        )
        for i, (formula, spread) in enumerate(WORN)
    ]  # fmt: skip


def cases() -> dict[str, list[Recipe]]:
    """Return every case of contact time, and both kinds of every other metric."""
    made: dict[str, list[Recipe]] = {}
    for name, case in (COMPUTED | MEASURED).items():
        first, computed = FIRST_SEED + EACH * len(made), name in COMPUTED
        label = f"{'computed' if computed else 'measured'}, {name}"
        made[label] = recipes(case, computed=computed, first_seed=first)
    for other in QUIET:
        if other != CONTACT:
            unit = QUIET[other] / QUIET[CONTACT]
            for computed in (True, False):
                case = Recipe(0, metric=other, unit=unit, noise=3.0)
                label = f"{'computed' if computed else 'measured'} {metric(other).label.lower()}"
                first = FIRST_SEED + EACH * len(made)
                made[label] = recipes(case, computed=computed, first_seed=first)
    return made


def mixed(seed: int, share: float) -> pl.DataFrame:
    """Return an epoch whose first runs are computed, the rest measured."""
    formula, spread = WORN[seed % EACH]
    whole = Recipe(seed, spread, 160, formula)
    wrist, strap = made_epoch(whole), made_epoch(replace(whole, formula=None))
    names = wrist["run_id"].unique(maintain_order=True).to_list()
    first = pl.col("run_id").is_in(names[: round(share * len(names))])
    return pl.concat([wrist.filter(first), strap.filter(~first)])


def made_table(found: dict[str, list[Judged]]) -> str:
    """Return a row a case: how many are right, unknown and wrong, and how near it was."""
    rows = []
    for label, epochs in found.items():
        says = Counter(j.origin for j in epochs)
        wrong = sum(j.origin not in (j.truth, "unknown") for j in epochs)
        sds, r2s = ([getattr(j, k) for j in epochs] for k in ("residual_sd", "r2"))
        rows.append([
            label, f"{epochs[0].seed}–{epochs[-1].seed}", str(says[epochs[0].truth]),
            str(says["unknown"]), str(wrong), f"{number(min(sds))}–{number(max(sds))}",
            f"{min(r2s):.3f}–{max(r2s):.3f}",
        ])  # fmt: skip
    return table(["made epochs", "seeds", "right", "unknown", "wrong", "residual SD", "R²"], rows)


def limits_table() -> str:
    """Return where noise in the file's speed and mixtures of sensors end the test."""
    rows = []
    for noise in LIMITS:
        case = Recipe(0, speed_noise=noise / SECONDS_TO_BIN)
        told = Counter(judged(r).origin for r in recipes(case, computed=True, first_seed=20_000))
        rows.append([f"computed, file's speed off by {noise} m/s a bin", *_counts(told)])
    for share in (0.25, 0.5, 0.75):
        seeds = range(21_000, 21_000 + EACH)
        told = Counter(judged(Recipe(s), mixed(s, share)).origin for s in seeds)
        rows.append([f"{100 * share:.0f} % of runs computed, the others measured", *_counts(told)])
    return table(["made epochs (28 each)", "computed", "unknown", "measured"], rows)


def _counts(told: Counter[str]) -> list[str]:
    return [str(told[name]) for name in ("computed", "unknown", "measured")]


def device_rows(home: Home) -> list[list[str]]:
    """Return the dynamics of every sensor epoch of a published home: bins, numbers, verdict."""
    query = (
        "select sensor_epoch, metric, origin, r2_speed_cadence as r2, residual_sd as sd, n_bins "
        "from sensor_metric where list_contains($shown, metric) "
        "order by n_bins desc, sensor_epoch, metric desc"
    )
    with open_published(home.published) as reader:
        found = reader.frame(query, {"shown": list(SHOWN)})
    return [
        [_bare(row["sensor_epoch"]), metric(row["metric"]).label, str(row["n_bins"]),
         "–" if row["r2"] is None else f"{row['r2']:.4f}",
         "–" if row["sd"] is None else number(row["sd"]), row["origin"]]
        for row in found.iter_rows(named=True)
    ]  # fmt: skip


def _bare(epoch: str) -> str:
    """Leave serial numbers out: they are somebody's."""
    words = [word for word in epoch.split() if not (word.isdigit() and len(word) > 4)]
    return " ".join(words)


def page(found: dict[str, list[Judged]], limits: str, devices: list[list[str]]) -> str:
    """Return docs/origin.md."""
    epochs = [j for told in found.values() for j in told]
    wrong = sum(j.origin not in (j.truth, "unknown") for j in epochs)
    unknown = sum(j.origin == "unknown" for j in epochs)
    contact = [j for label, told in found.items() if "," in label for j in told]
    near = [max(j.residual_sd for j in contact if j.origin == "computed"),
            min(j.residual_sd for j in contact if j.truth == "measured")]  # fmt: skip
    enough = sum(int(row[2]) >= MIN_BINS for row in devices)
    return HEAD.format(
        epochs=len(epochs), wrong=wrong, unknown=unknown, called=number(near[0]),
        least=number(near[1]), quiet=QUIET[CONTACT], loud=LOUD * QUIET[CONTACT], bins=MIN_BINS,
        made=made_table(found), limits=limits, few=len(devices) - enough, total=len(devices),
        devices=table(["device", "metric", "bins", "R²", "residual SD", "origin"], devices,
                      texts=2),
    )  # fmt: skip


HEAD: Final = """# Measured or computed

Some watches compute contact time and oscillation from pace and cadence. Such a value says nothing
of its own: it is shown with the label "computed by the watch from pace and cadence" and may not
testify. No maker says which is which, so each sensor epoch and metric is tested
(`sensor_metric`). Made by `python benchmarks/origin.py --write`.

## The test

1. Steady 2-minute bins of the epoch, at any grade; fewer than {bins}: *unknown*.
2. Regression on v, c, v·c, v² (mean of squares, so that pace may wander inside a bin), c², 1/c, and
   on how v and c differ from the bin before (watches smooth their inputs). The tenth of bins that
   fits worst is left out, and the scale of the rest is put right for it. Bins near an extreme that
   three or more share to the last digit (a clipped output) are left out.
3. For contact time, residual SD:
   - {loud} ms and more: *measured*, whatever R² is (a runner with a huge range of pace has R² .99
     with any sensor), unless half of the bins leave nothing: then two sensors share the epoch,
     *unknown*;
   - below {quiet} ms and R² ≥ .8: *computed* (a runner of one pace has a low R² with any formula);
   - between, R² ≥ .99 and three runs: *computed*; else *unknown*.
   Other metrics have limits of their own (`threshold`, `origin_quiet_…`).
4. Duty factor, flight time and stiffness are what contact time is; the symmetry index what balance
   is; vertical ratio what oscillation is. Cadence and heart rate have sensors of their own.

*Unknown* does not testify either. A merged run's epoch names the device that gave its form, so a
pod's contact time on a watch's timeline is judged apart from the watch's own.

## Made epochs

{epochs} epochs of 60 to 120 bins, every second of them made: seven formulas, runners of one pace
(SD 0.03 m/s from run to run), few, usual and huge range (0.75 m/s). Wrong: **{wrong}**. Unknown:
{unknown}. Contact times that were called computed left at most {called} ms; measured ones left
{least} ms at least.

{made}

## Where it ends

The file's speed is not always the one in the formula. On 2-minute means of real wrist files the
two (speed, and step length × cadence) differ by SD 0.003 to 0.02 m/s. Beyond 0.03 m/s a steep
formula looks like a sensor, and no test of these columns can tell. Where two sensors share an
epoch under one name, a quarter of computed runs stays unseen.

{limits}

## Devices of the corpus

Most devices are there with one run, so {few} of {total} rows have too few bins; no answer is
forced. Residual SD is in the metric's unit.

{devices}
"""


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/origin.md")
    told = parser.parse_args()
    found = {label: [judged(r) for r in made] for label, made in cases().items()}
    with tempfile.TemporaryDirectory() as folder:
        devices = device_rows(witness.built(told.corpus, Path(folder)))
    text = page(found, limits_table(), devices)
    if told.write:
        TARGET.write_text(text, "utf-8")
        print(TARGET)
    else:
        print(text)


if __name__ == "__main__":
    main()
