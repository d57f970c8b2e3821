"""One athlete's night as a task. Light to import: a scheduler that hands it on loads it, too."""

from __future__ import annotations

from carryover.cohort.order import Order, Outcome
from pipelines.steps import step


@step(retries=2)
def unit(order: Order) -> Outcome:
    """Make one athlete's tables and put them into the store."""
    from carryover.cohort.unit import work  # noqa: PLC0415 - heavy, and for workers alone

    return work(order)
