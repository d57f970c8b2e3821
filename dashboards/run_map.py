"""The shape of a run on the ground, where the runner wants it: metres, never coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carryover.charts.ground import ground

if TYPE_CHECKING:
    from carryover.charts.base import Drawing
    from dashboards.model import View


def run_map(view: View, run_id: str) -> Drawing | None:
    """Return the figure; None where maps are off, as they are by default."""
    if not view.maps:
        return None
    return ground(view.ask("run_places", run_id=run_id))
