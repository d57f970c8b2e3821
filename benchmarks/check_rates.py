"""How often the checks beside an answer speak up: on made athletes, with and without an effect.

`python benchmarks/check_rates.py [athletes]` prints the table that docs/carry-over.md holds; seeds
are 0 … athletes − 1. Rates stand with their Monte-Carlo standard error.
"""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from carryover.estimate.asked import asked_again  # noqa: E402
from carryover.estimate.checks import checks_of  # noqa: E402
from carryover.estimate.family import carry_over_families  # noqa: E402
from check_worlds import (  # noqa: E402
    answers,
    given,
    one_block_world,
    with_members,
    with_second_sensor,
    with_upper,
)
from estimate_worlds import world  # noqa: E402

ATHLETES = 200
WORKERS = 2
Told = dict[str, float | None]
"""Name of a rate → 1 or 0 for one athlete, None where the athlete has no say in it."""


def nulls(seed: int) -> Told:
    """A year without any effect: upper-body weeks of their own, a second sensor, members."""
    plain = world(seed, confounded=seed % 2 == 1)
    made = with_second_sensor(with_upper(plain, seed), jump=2.0)
    status = _status(made)
    told = {f"no effect: {name} fails": _failed(status, name, said=False) for name in WHOLE}
    told |= {f"no effect: {name} can say": _said(status, name) for name in WHOLE}
    families = _families(with_members(plain, seed), "no effect")
    return told | families


def effects(seed: int) -> Told:
    """Two planned years with an effect of 1 SD, a second sensor, upper-body weeks of their own."""
    made = with_second_sensor(
        with_upper(world(seed, weeks=104, blocks=(8, 8), beta=1.0), seed), jump=2.0
    )
    status = _status(made)
    told = {f"effect, 104 weeks: {name} fails": _failed(status, name) for name in WHOLE}
    year = _status(world(seed, beta=1.5))
    told |= {"effect, 52 weeks: drop_one_block fails": _failed(year, "drop_one_block")}
    for name, effect, fades in (("different weeks", 6.0, False), ("fading as X", 5.0, True)):
        alone = _status(one_block_world(seed, effect=effect, fades=fades))
        told[f"one block alone, {name}: drop_one_block fails"] = _failed(alone, "drop_one_block")
    driven = with_upper(world(seed, weeks=104, blocks=(8, 8)), seed, beta=1.5)
    told["upper-body work of 1.5 SD: negative_control fails"] = _failed(
        _status(driven), "negative_control"
    )
    return told


WHOLE = (
    "negative_control", "drop_one_block", "sensor_terms", "placebo_date", "first_half_second_half",
    "leads",
)  # fmt: skip


def _status(made: object) -> dict[str, list[str]]:
    """Return by check the words of its rows; parts only where a check has no row as a whole."""
    [asked] = asked_again(answers(made), given(made))
    found: dict[str, list[str]] = {}
    for check in checks_of(asked):
        if check.part is None or check.name == "placebo_date":
            found.setdefault(check.name, []).append(check.status.value)
    return found


def _failed(status: dict[str, list[str]], name: str, *, said: bool = True) -> float | None:
    """Return whether a check has failed; None where it was not run, or with `said` said neither."""
    silent = {"not run", "informative"} if said else {"not run"}
    able = [word for word in status[name] if word not in silent]
    return float("failed" in able) if able else None


def _said(status: dict[str, list[str]], name: str) -> float:
    return float(any(word in {"passed", "failed"} for word in status[name]))


def _families(made: object, words: str) -> Told:
    told: Told = {}
    for row in carry_over_families(answers(made), given(made), None).to_dicts():
        if row["n_metrics"]:
            told[f"{words}: p_family < .05, {row['family']}"] = float(row["p_family"] < 0.05)
            if row["effect_sd"] is not None:
                low, high = row["ci_low_sd"], row["ci_high_sd"]
                told[f"{words}: 95 % of the mean excludes 0, {row['family']}"] = float(
                    low > 0 or high < 0
                )
    return told


def main() -> None:
    """Print every rate."""
    athletes = int(sys.argv[1]) if len(sys.argv) > 1 else ATHLETES
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        for kind in (nulls, effects):
            rows = list(pool.map(kind, range(athletes), chunksize=5))
            print(table(rows))


def table(rows: list[Told]) -> str:
    """Return a line a rate: share of the athletes that had a say, ± its standard error."""
    names = Counter(name for row in rows for name in row)
    lines = []
    for name in names:
        values = np.array([row[name] for row in rows if row.get(name) is not None], dtype=float)
        rate = float(values.mean()) if values.size else float("nan")
        error = float(np.sqrt(rate * (1 - rate) / max(values.size, 1)))
        lines.append(f"| {name} | {100 * rate:.1f} ± {100 * error:.1f} % | {values.size} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
