"""Recovery through the whole program: files in, published tables out, both beside the truth."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.recovery_bins import ERROR_HEADER, ERRORS_MPS, TAUS_S
from benchmarks.recovery_tables import (
    DECAY_HEADER,
    LEVEL_HEADER,
    bullets,
    decay_cells,
    level_cells,
    refusals,
)
from benchmarks.tables import table
from carryover.metrics import metric as metric_of
from truth_gait import CHANNELS
from truth_home import Published, published, recordings
from truth_runs import EPOCHS, World, second_sd

CONTACT: Final = "stance_time_ms"
OTHERS: Final = ("cadence_spm", "stance_time_balance_pct")
OTHERS_AT_MPS: Final = 0.05
MEANS_AT_MPS: Final = (0.0, 0.05)
TARGET_PCT: Final = {False: 0.5, True: 1.0}
MEANS_HEADER: Final = (
    "speed error, m/s", "metric", "every second: runs", "95 % within", "worst", "above 0.5 %",
    "every 1 to 9 s: runs", "95 % within", "worst", "above 1 %",
)  # fmt: skip
EPOCH_HEADER: Final = (
    "speed error, m/s", "sensor", "runs", "from", "to", "level bias", "decay bias",
)  # fmt: skip


def files_tables(n_runs: int, seeds: Sequence[int], fade_mps: float) -> str:
    """Return the tables of means, decay, other metrics, and sensor epochs."""
    means, decays, others, epochs, left_out = [], [], [], [], []
    for error in ERRORS_MPS:
        worlds = [World(n_runs, seed, error, TAUS_S[1], fade_mps=fade_mps) for seed in seeds]
        homes = [_through(world) for world in worlds]
        found = pl.concat([home.decays(CONTACT) for home in homes])
        head = [f"{error:.2f}", f"{second_sd(error, TAUS_S[1]):.2f}", f"{TAUS_S[1]:.0f}"]
        decays.append([*head, *decay_cells(found), *level_cells(found)])
        left_out += [f"{error:.2f} m/s: {line}" for line in refusals(found)]
        epochs += [[f"{error:.2f}", *row] for row in _epoch_rows(homes[0])]
        if error in MEANS_AT_MPS:
            all_means = pl.concat([home.means() for home in homes])
            means += [[f"{error:.2f}", *row] for row in _mean_rows(all_means)]
        if error == OTHERS_AT_MPS:
            others = [
                [metric_of(name).label, metric_of(name).unit,
                 *decay_cells(pl.concat([home.decays(name) for home in homes]))]
                for name in OTHERS
            ]  # fmt: skip
    return "\n".join([
        "### Means of a run", "", MEANS_TEXT, "", table(MEANS_HEADER, means), "",
        "### Late-run change and adjusted level of contact time, ms", "",
        table((*ERROR_HEADER, *DECAY_HEADER, *LEVEL_HEADER), decays), "",
        "Not judged:", "", bullets(left_out), "",
        f"Late-run change of other metrics at {OTHERS_AT_MPS} m/s:", "",
        table(("metric", "unit", *DECAY_HEADER), others), "",
        "### Two sensors", "", EPOCH_TEXT, "", table(EPOCH_HEADER, epochs),
    ])  # fmt: skip


MEANS_TEXT: Final = (
    "Difference of a run's published mean from the planted mean of *all* its running seconds: a\n"
    "lost strap's minutes are in the truth and not in the reading. A speed error makes the\n"
    "watch's own distance wrong, and with it step length, vertical ratio, stiffness and metres a\n"
    "heartbeat; the rows without one show the reading's own error. Stiffness is of level ground,\n"
    "which the barometer picks."
)
EPOCH_TEXT: Final = (
    "The second watch reads contact time 9 ms longer and with another slope (−25 for −28 ms a\n"
    "m/s). A baseline that crossed from one to the other would show in the level's bias, with\n"
    "opposite signs."
)


def _through(world: World) -> Published:
    with tempfile.TemporaryDirectory(prefix="carryover-recovery-") as folder:
        return published(Path(folder), recordings(world))


def _mean_rows(means: pl.DataFrame) -> list[list[str]]:
    rows = []
    for name in CHANNELS:
        cells = []
        for smart, target in TARGET_PCT.items():
            off = means.filter(pl.col("metric") == name, pl.col("is_smart") == smart)["off_pct"]
            above = (off.abs() > target).sum() + off.null_count()
            cells += [str(off.len()), *_worst(off.abs()), str(above)]
        rows.append([metric_of(name).label, *cells])
    return rows


def _worst(off_pct: pl.Series) -> list[str]:
    return [f"{off_pct.quantile(0.95):.3f} %", f"{off_pct.max():.3f} %"]


def _epoch_rows(home: Published) -> list[list[str]]:
    found = home.decays(CONTACT)
    rows = []
    for epoch, told in zip(EPOCHS, home.sensor_epoch.iter_rows(named=True), strict=True):
        own = found.filter(pl.col("epoch") == epoch)
        level = own["adjusted"] - own["true_level"]
        decay = own["change_adj"] - own["true_decay"]
        rows.append([
            epoch, f"{told['n_runs']} of {own.height}", str(told["from_date"]),
            str(told["to_date"]), f"{level.mean():+.2f}", f"{decay.mean():+.2f}",
        ])  # fmt: skip
    return rows
