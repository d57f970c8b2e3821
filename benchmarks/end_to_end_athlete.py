"""One athlete of the end-to-end benchmark: files → store → warehouse → a row beside the truth."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

END: Final = dt.date(2026, 6, 28)
"""Every athlete's last Sunday: equal parameters give equal files on any day."""
PLANTED: Final = ("stance_time_ms", "decay")
"""The outcome that the effect is planted in."""
TAU_D: Final = 28.0
LOG: Final = "night.log"
ROW: Final = "row.json"
THREADS: Final = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Athlete:
    """One made athlete; `effect_sd` is in SDs of a run's drift per two sessions a week."""

    effect_sd: float
    seed: int
    weeks: int
    on_weeks: int
    off_weeks: int

    @property
    def name(self) -> str:
        """The athlete's folder."""
        plan = f"{self.weeks}w-{self.on_weeks}-{self.off_weeks}"
        return f"{plan}-effect{self.effect_sd:+g}-seed{self.seed:03d}"


def quiet_worker(niceness: int) -> None:
    """Begin a worker: one thread each, and polite to others on the machine."""
    os.nice(niceness)
    os.environ.update(dict.fromkeys(THREADS, "1"))


def followed(athlete: Athlete, keep: Path, until: str) -> dict[str, Any]:
    """Take one athlete up to a stage (`files`, `store`, `warehouse`) and return the row.

    Each step leaves alone what is done already, so a broken run goes on where it stopped, and a
    changed program only builds anew. What the program says goes to `night.log`.
    """
    folder = keep / athlete.name
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOG).open("a", encoding="utf-8") as log, contextlib.redirect_stderr(log):
        return _followed(athlete, folder, until)


def _followed(athlete: Athlete, folder: Path, until: str) -> dict[str, Any]:
    from carryover import app  # noqa: PLC0415 - threads are set before polars comes in
    from carryover.demo import write_demo  # noqa: PLC0415

    laps = {}
    since = time.perf_counter()
    truth = write_demo(
        folder,
        weeks=athlete.weeks,
        seed=athlete.seed,
        effect_sd=athlete.effect_sd,
        end_date=END,
        on_off_weeks=(athlete.on_weeks, athlete.off_weeks),
    )
    row = {**asdict(athlete), "truth_ms": truth.effect_ms, "n_written": len(truth.runs)}
    laps["files_s"], since = time.perf_counter() - since, time.perf_counter()
    if until == "files":
        return {**row, **laps}
    home, settings = app.open_home(folder)
    statuses = app.ingest(home, settings).statuses
    laps["store_s"], since = time.perf_counter() - since, time.perf_counter()
    if until == "store":
        return {**row, **laps, "new": sum(statuses.values())}
    app.build_and_publish(home, settings)
    laps["warehouse_s"] = time.perf_counter() - since
    row |= verdicts(app.ask(home, "select * from carry_over").to_dicts())
    (folder / ROW).write_text(json.dumps(row, sort_keys=True, default=str) + "\n", "utf-8")
    return {**row, **laps}


TOLD: Final = (
    "metric", "outcome", "exposure", "tau_d", "role", "verdict", "effect", "ci_low", "ci_high",
    "se", "df", "p", "p_shift", "lead_p", "q", "swc", "good_side", "n_runs", "n_weeks",
    "n_switches", "sd_exposure", "missing",
)  # fmt: skip


def verdicts(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return of the published rows the primary, the planted outcome's, and all others."""
    told = [{name: row.get(name) for name in TOLD} for row in rows]
    primary = [row for row in told if row["role"] == "primary"]
    planted = [
        row for row in told
        if (row["metric"], row["outcome"]) == PLANTED
        and (row["exposure"], row["tau_d"]) == ("strength", TAU_D)
    ]  # fmt: skip
    if len(primary) != 1:
        raise ValueError(f"{len(primary)} primary rows, one is promised")
    return {
        "primary": primary[0],
        "planted": planted[0] if planted else None,
        "others": [row for row in told if row["role"] != "primary"],
    }
