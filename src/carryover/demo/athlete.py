"""The synthetic athlete as data: every number that shapes the demo's files.

Sources: carryover's own readings of four real histories (docs/methods) for noise, drift and
slopes; Morin et al. 2005 for what contact time follows; Smyth et al. 2022 for heart rate late
in long runs. Where nothing is cited the value is a plausible house choice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

TAU_D: Final = 28.0
"""Time constant of the planted chronic dose, days."""

RESIDUAL_SD_MS: Final = 4.5
"""Run-to-run SD of the late-run contact drift at equal dose (real histories: 4.4–5.6)."""

ACUTE_SHARE: Final = -0.2
"""Acute effect of one session within 48 h, as a share of the chronic one: tired legs undo some."""


@dataclass(frozen=True, slots=True)
class Runner:
    """One person and the sensors they wear; levels are at `ref_speed_mps` on the flat."""

    id: str = "demo"
    name: str = "Demo athlete"
    mass_kg: float = 64.0
    height_m: float = 1.74
    home_timezone: str = "Europe/Berlin"
    home_lat_deg: float = 52.5145
    home_lon_deg: float = 13.3501
    home_altitude_m: float = 38.0

    ref_speed_mps: float = 3.0
    easy_speed_mps: float = 2.95
    speed_run_sd_mps: float = 0.08
    speed_per_grade_mps: float = -0.06

    contact_ms: float = 252.0
    contact_per_mps: float = -28.0
    contact_per_up_pct: float = 1.2
    contact_per_down_pct: float = 0.4
    contact_level_sd_ms: float = 4.0
    contact_run_sd_ms: float = 4.5
    contact_fast_sd_ms: float = 7.0
    contact_slow_sd_ms: float = 2.5
    drift_ms_per_90min: float = 7.5
    drift_sd_ms: float = 3.9
    """True run-to-run SD; with about 2.3 ms of sampling error a run it shows as 4.5."""

    cadence_spm: float = 169.0
    cadence_per_mps: float = 8.0
    cadence_level_sd_spm: float = 1.2
    cadence_run_sd_spm: float = 1.1
    cadence_fast_sd_spm: float = 1.3

    balance_pct: float = 50.8
    balance_run_sd_pct: float = 0.4
    balance_fast_sd_pct: float = 0.5
    balance_drift_pct: float = 0.1
    balance_drift_sd_pct: float = 0.25

    oscillation_mm: float = 86.0
    oscillation_per_mps: float = 4.0
    oscillation_per_spm: float = -0.4
    oscillation_run_sd_mm: float = 1.2
    oscillation_fast_sd_mm: float = 1.8

    heart_rate_bpm: float = 143.0
    heart_rate_per_mps: float = 24.0
    heart_rate_per_grade: float = 1.5
    heart_rate_per_c: float = 0.45
    heart_rate_run_sd_bpm: float = 4.0
    heart_rate_drift_bpm: float = 6.5
    heart_rate_drift_sd_bpm: float = 3.5

    level_tau_d: float = 40.0
    """Slow wandering of the levels (Ornstein–Uhlenbeck), days."""


@dataclass(frozen=True, slots=True)
class Device:
    """A watch or a sensor as it names itself in a FIT file."""

    product: int
    serial: int
    software_version: float
    device_type: int = 0


WATCH: Final = Device(product=4315, serial=3_474_900_107, software_version=24.12)
"""Numbers of a Forerunner 965; the serial is made up."""

STRAP: Final = Device(product=4130, serial=3_472_900_376, software_version=8.9, device_type=30)
"""Numbers of an HRM-Pro Plus, which measures contact time and balance; device type 30 is ANT+
running dynamics. The serial is made up."""

HEART_RATE_DEVICE_TYPE: Final = 120
"""ANT+ device type of a heart-rate strap (FIT profile, antplus_device_type)."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of the programme; `category` and `subtype` are the FIT profile's numbers."""

    name: str
    category: int
    subtype: int
    sets: int
    reps: int
    weight_kg: float | None
    one_sided: bool = False


HIP_THRUST: Final = Exercise("Hip thrust", 10, 1, sets=3, reps=8, weight_kg=50.0)
SINGLE_LEG_RDL: Final = Exercise(
    "Single-leg Romanian deadlift", 8, 14, sets=3, reps=8, weight_kg=12.0, one_sided=True
)
SPLIT_SQUAT: Final = Exercise(
    "Bulgarian split squat", 17, 18, sets=3, reps=8, weight_kg=12.0, one_sided=True
)
STEP_UP: Final = Exercise("Step-up", 28, 66, sets=2, reps=10, weight_kg=None, one_sided=True)
CLAM: Final = Exercise("Clam", 10, 44, sets=2, reps=15, weight_kg=None, one_sided=True)
BAND_WALK: Final = Exercise("Lateral band walk", 37, 24, sets=2, reps=15, weight_kg=None)
LONG_BAND_WALK: Final = replace(BAND_WALK, sets=3)

PROGRAMMES: Final = (
    (HIP_THRUST, SINGLE_LEG_RDL, CLAM, BAND_WALK),
    (SPLIT_SQUAT, STEP_UP, LONG_BAND_WALK),
)
"""The two glute sessions, taken in turn: about equal in load × repetitions × glute share."""

ACTIVATION: Final = (CLAM, BAND_WALK)
"""The ten minutes before a run."""
