"""The files a person keeps by hand: configuration, wellness and screening logs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.demo.athlete import TAU_D, Runner
from carryover.demo.dose import chronic

if TYPE_CHECKING:
    from carryover.demo.diary import Diary

WELLNESS_HEADER: Final = "date,site,pain_0_10,stiffness_0_10,notes"
SCREENING_HEADER: Final = "date,test,side,score,notes"
SCREENING_EVERY_WEEKS: Final = 8
PRIVATE_RADIUS_M: Final = 250


def settings_toml(runner: Runner) -> str:
    """Return the demo home's `carryover.toml`."""
    return f"""# A synthetic athlete, written by `carryover demo`.

[athlete]
id = "{runner.id}"
name = "{runner.name}"
mass_kg = {runner.mass_kg}
height_m = {runner.height_m}
home_timezone = "{runner.home_timezone}"
no_sessions_before_log = true # the year begins without glute work

[strength]
weight_unit = "kg"

[[privacy.zones]]
lat = {runner.home_lat_deg}
lon = {runner.home_lon_deg}
radius_m = {PRIVATE_RADIUS_M}
"""


def wellness_csv(first: date, weeks: int, rng: np.random.Generator) -> str:
    """Return a weekly look at knee and hip; nothing in it depends on the gym."""
    rows = [WELLNESS_HEADER]
    for week in range(weeks):
        day = first + timedelta(days=7 * week + 6)
        for site, usual in (("left knee", 1.0), ("right hip", 0.6)):
            pain, stiffness = np.clip(np.round(rng.normal(usual, 0.9, size=2)), 0, 10).astype(int)
            rows.append(f"{day},{site},{pain},{stiffness},")
    return "\n".join([*rows, ""])


def screening_csv(first: date, weeks: int, diary: Diary, rng: np.random.Generator) -> str:
    """Return single-leg bridge repeats every eight weeks, which do rise with gym work."""
    doses = [(day, dose) for _, day, dose in diary.doses()]
    rows = [SCREENING_HEADER]
    for week in range(0, weeks, SCREENING_EVERY_WEEKS):
        day = first + timedelta(days=7 * week + 5)
        stronger = 5.0 * chronic(doses, day, TAU_D)
        for side, usual in (("left", 22.0), ("right", 20.0)):
            score = round(usual + stronger + float(rng.normal(0.0, 1.5)))
            rows.append(f"{day},single-leg bridge,{side},{score},")
    return "\n".join([*rows, ""])
