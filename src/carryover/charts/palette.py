"""Colours by meaning: the Okabe–Ito hues, and how each looks on a dark page.

Figures are always drawn in the light colours; a dark page exchanges them by `DARK`.
Tones that carry text keep a contrast of at least 4.5 : 1 on their own page.
"""

from __future__ import annotations

from typing import Final

METRIC: Final = "#0072B2"
"""Okabe–Ito blue: a form metric."""
DOSE: Final = "#E69F00"
"""Okabe–Ito orange: glute dose."""
DRIFT: Final = "#D55E00"
"""Okabe–Ito vermillion: late minus early."""
LEFT: Final = "#56B4E9"
"""Okabe–Ito sky: the left foot, always with a round marker."""
RIGHT: Final = "#009E73"
"""Okabe–Ito green: the right foot, always with a square marker."""

INK: Final = "#1D1F22"
SOFT: Final = "#5A5E66"
RULE: Final = "#D8D8D4"
PAPER: Final = "#FCFCFA"
BAND: Final = "rgba(100,104,112,0.20)"
"""Interval grey, 20 %."""
SHADE: Final = "rgba(100,104,112,0.10)"
"""Windows and worthwhile bands that lie behind an interval."""
BLOCK: Final = "rgba(230,159,0,0.09)"
"""Behind weeks with the strength habit."""

DOSE_STEPS: Final = ("#F1F0EC", "#FBE3B3", "#F3C25C", "#E69F01", "#B97F02")
"""None, then four steps of dose: flat shades of the orange, no gradient."""
DOSE_LIMITS: Final = (0.0, 0.5, 1.0, 1.5)
"""Lower edges of the four steps, in the athlete's median sessions [house estimate]."""

DARK: Final[dict[str, str]] = {
    METRIC: "#4FA8DC",
    DRIFT: "#EC7A2C",
    RIGHT: "#1DB88C",
    INK: "#E8E6E1",
    SOFT: "#A5A7AC",
    RULE: "#3A3D42",
    PAPER: "#17191C",
    BAND: "rgba(190,194,202,0.20)",
    SHADE: "rgba(190,194,202,0.09)",
    DOSE_STEPS[0]: "#22252A",
    DOSE_STEPS[1]: "#4D3B12",
    DOSE_STEPS[2]: "#80600F",
    DOSE_STEPS[3]: "#B98306",
    DOSE_STEPS[4]: "#F2B02B",
}
"""What each light tone becomes on a dark page; a tone that is absent stays as it is."""
