"""Print how right the noise floor is, and how often chance gets a word: the table of docs/noise.md.

    python benchmarks/noise_floor.py [athletes]

Made athletes whose runs have a noise of 1; the models that judge them are those of the warehouse.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.append(str(Path(__file__).parents[1] / "tests"))  # where the athletes are made

from noise_worlds import Rhythm, judged, levels

SEED = 20
RHYTHMS = (2, 4, 7)
LENGTHS = (16, 52, 104)
WANDER = {"none": (0.0, 60.0), "0.7 over 75 days": (0.7, 75.0), "1 over 30 days": (1.0, 30.0)}
ASKED = """
with word as (
  select
    compared,
    100 * avg((word = 'beyond MDC')::int) as beyond,
    100 * avg((word = 'likely')::int) as likely
  from told_change
  where outcome = 'level'
  group by compared
),

naive as (
  select 100 * avg((abs(s.change) > 1.96 * n.sem * s.spread)::int) as share
  from form_step as s
  join metric_noise as n using (athlete_id, metric)
  where s.compared = 'weeks' and s.is_enough
)

select
  (select avg(sem) from metric_noise),
  (select stddev(sem) from metric_noise),
  (select beyond from word where compared = 'usual'),
  (select likely from word where compared = 'usual'),
  (select beyond from word where compared = 'weeks'),
  (select likely from word where compared = 'weeks'),
  (select share from naive)
"""


def row(rhythm: Rhythm, n_athletes: int) -> list[Any]:
    """Return floor: mean and SD; a run, then four weeks: beyond MDC and likely, %; naive, %."""
    rng = np.random.default_rng(SEED)
    with judged(levels(rhythm, n_athletes, rng)) as connection:
        return list(connection.execute(ASKED).fetchall()[0])


def main(n_athletes: int) -> None:
    """Print the table."""
    print("| wander of the level | runs a week | weeks | floor (true: 1) | run: beyond, likely |"
          " four weeks: beyond, likely | four weeks, white noise alone: beyond |")  # fmt: skip
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (slow_sd, slow_d) in WANDER.items():
        for weeks in LENGTHS:
            for per_week in RHYTHMS:
                told = row(Rhythm(per_week, weeks, slow_sd, slow_d), n_athletes)
                floor, spread, *shares, naive = told
                run, four = (f"{a:.1f}, {b:.1f} %" for a, b in (shares[:2], shares[2:]))
                print(f"| {name} | {per_week} | {weeks} | {floor:.2f} ± {spread:.2f} | {run} |"
                      f" {four} | {naive:.0f} % |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
