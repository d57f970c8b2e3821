"""The cohort's flow: one task an athlete, on whatever engine; a fault costs its athlete alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prefect import flow
from prefect.futures import as_completed

from carryover.cohort.order import Order, Outcome
from carryover.settings import Scale
from pipelines.engines import runner_of, server_for
from pipelines.unit import unit

Told = Callable[[str, Outcome | BaseException], None]


def run_units(scale: Scale, orders: Sequence[Order], told: Told) -> None:
    """Have every order done by the engine; `told` hears of each, done or failed, as it ends."""

    @flow(name="cohort", description="Every athlete's night.", task_runner=runner_of(scale),
          validate_parameters=False, persist_result=False)  # fmt: skip
    def cohort() -> None:
        sent = {unit.submit(order): order for order in orders}
        for future in as_completed(list(sent)):
            told(sent[future].athlete_id, future.result(raise_on_failure=False))

    with server_for(scale):
        cohort()
