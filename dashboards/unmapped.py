"""Names of exercises that nobody knows, each with the line that settles what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carryover.catalogue.names import nearest
from carryover.catalogue.own_names import COLUMNS, IGNORE, own_line
from carryover.charts.words import day_text

if TYPE_CHECKING:
    from dashboards.model import View

LISTED: Final = 30


def unmapped(view: View, names: dict[str, str]) -> dict[str, Any]:
    """Return the names with most sets, and how many more there are."""
    rows = view.ask("unmapped_all").to_dicts()
    named = [row for row in rows if row["exercise_raw"] is not None]
    return {
        "head": ",".join(COLUMNS),
        "rows": [_row(row, names) for row in named[:LISTED]],
        "more": max(0, len(named) - LISTED),
        "n_nameless": sum(row["n_sets"] for row in rows if row["exercise_raw"] is None),
    }


def _row(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    near = nearest(row["exercise_raw"], 1)
    return {
        "raw": row["exercise_raw"], "who": names.get(row["athlete_id"], ""),
        "n_sets": row["n_sets"], "day": day_text(row["last_date"]),
        "near": f"Perhaps {near[0].name}" if near else "No known exercise is called so",
        "line": own_line(row["exercise_raw"], near[0].exercise_id if near else IGNORE),
    }  # fmt: skip
