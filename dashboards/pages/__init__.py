"""The pages of the site: one file, one page, each with the door `pages(view)`."""

from __future__ import annotations

from dashboards.pages import (
    about,
    athletes,
    carry_over,
    explore,
    health,
    home,
    late_miles,
    run,
    runs,
    strength,
    symmetry,
    trends,
)

PERSONAL = (
    home.pages, trends.pages, late_miles.pages, symmetry.pages, carry_over.pages, runs.pages,
    run.pages, strength.pages,
)  # fmt: skip
"""Pages that every athlete has."""
SHARED = (explore.pages, health.pages, about.pages)
"""Pages that there are once."""
SEVERAL = (athletes.pages,)
"""Pages that there are once where more than one athlete shares the home."""
