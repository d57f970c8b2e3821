"""Conversions between vendors' units and ours: the only place where a factor stands."""

from __future__ import annotations

from typing import Final

SEMICIRCLE_DEG: Final = 180.0 / 2**31
"""Degrees in one FIT semicircle."""

STEPS_PER_STRIDE: Final = 2
"""FIT counts strides of one leg a minute; a runner counts steps."""

MM_PER_M: Final = 1000.0
MM_PER_CM: Final = 10.0
MS_PER_S: Final = 1000.0
S_PER_MIN: Final = 60.0
S_PER_HOUR: Final = 3600.0
KM_PER_M: Final = 0.001
KG_PER_LB: Final = 0.45359237
EARTH_RADIUS_M: Final = 6_371_008.8
"""Of a sphere as large as the earth, m."""
METRES_PER_DEGREE: Final = 111_195.0
"""Of latitude, on that sphere."""
G_MPS2: Final = 9.80665
"""Standard gravity, m/s²."""


def pace_text(speed_mps: float | None) -> str:
    """Format a speed in m/s as minutes a kilometre, `5:03 /km`; `–` where there is none."""
    if speed_mps is None or speed_mps <= 0:
        return "–"
    seconds = round(1000.0 / speed_mps)
    return f"{seconds // 60}:{seconds % 60:02d} /km"


def duration_text(seconds: float | None) -> str:
    """Format a duration in s as `1:02:09` or `47:30`; `–` where there is none."""
    if seconds is None:
        return "–"
    total = round(seconds)
    hours, rest = divmod(total, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes}:{secs:02d}"
