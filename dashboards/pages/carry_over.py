"""Carry-over: the answer, how it was reached, what it was tried against, and what it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from carryover.charts.asked_otherwise import asked_otherwise
from carryover.charts.base import Drawing, Empty
from carryover.charts.belief import belief
from carryover.charts.block_event import block_event
from carryover.charts.dose_response import dose_response
from carryover.charts.effect_forest import effect_forest
from carryover.estimate.channels import channel
from carryover.metrics import metric
from dashboards.answers import (
    acute_line,
    answer_line,
    both_since,
    by_family,
    facts,
    family_line,
    sides,
    variant_line,
)
from dashboards.by_when import by_when
from dashboards.checks import check_lines, checks_in_short
from dashboards.rates import rates
from dashboards.verdict import primary_of, verdict_figure, verdict_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.model import Page, View


def pages(view: View) -> Iterator[Page]:
    """Yield the page of carry-over."""
    rows = view.mine("carry_over_rows")
    primary = primary_of(rows)
    checks = check_lines(view.mine("carry_over_checks"))
    variants = view.mine("carry_over_variants")
    since = both_since(view.mine("log_since").row(0, named=True))
    yield view.page(
        "carry-over.html", "carry_over.html", "Carry-over", "Carry-over",
        verdict=verdict_words(rows), interval=verdict_figure(rows),
        by_when=by_when(primary, view.today, since=since),
        is_fixed=primary is not None and primary["registered_version"] is not None,
        sides=sides(primary) if primary else [], numbers=facts(primary) if primary else [],
        in_short=checks_in_short(checks), checks=checks,
        response=_response(view, primary), weighed=_weighed(primary),
        otherwise=_otherwise(primary, variants),
        variants=[variant_line(row) for row in variants.to_dicts()],
        families=[family_line(row) for row in view.mine("carry_over_families").to_dicts()],
        forest=effect_forest(by_family(rows, primary), _works(rows)),
        answers=[answer_line(row) for row in rows.to_dicts()],
        unasked=_n_unasked(rows), event=_event(view, primary),
        acute=[acute_line(row) for row in view.mine("acute_effects").to_dicts()],
        rates=rates(),
    )  # fmt: skip


def _works(rows: pl.DataFrame) -> dict[str, str]:
    return {name: channel(name).work for name in rows["exposure"].unique()}


def _n_unasked(rows: pl.DataFrame) -> int:
    """Return how many exploratory questions the data are too few for."""
    return rows.filter(pl.col("role") != "primary", pl.col("q").is_null()).height


def _response(view: View, primary: dict[str, Any] | None) -> Drawing | None:
    """Return the runs of the primary answer over their dose; None without a question."""
    if primary is None:
        return None
    points = view.mine("carry_over_points")
    linked = points.join(view.links(), on="run_id", how="left", maintain_order="left")
    groups = view.mine("carry_over_groups")
    return dose_response(metric(primary["metric"]), primary, linked, groups)


def _weighed(primary: dict[str, Any] | None) -> Drawing | None:
    drawn = belief(primary) if primary else None
    return None if isinstance(drawn, Empty) else drawn


def _otherwise(primary: dict[str, Any] | None, variants: pl.DataFrame) -> Drawing | None:
    """Return the primary question asked in other ways; None where there is no answer."""
    if primary is None or variants.is_empty():
        return None
    known = metric(primary["metric"])
    drawn = asked_otherwise(known, primary["outcome"], variants, primary["swc"])
    return None if isinstance(drawn, Empty) else drawn


def _event(view: View, primary: dict[str, Any] | None) -> Drawing | None:
    """Return the primary outcome around the starts of blocks; None without a question."""
    if primary is None:
        return None
    own = view.mine("block_events").filter(metric=primary["metric"], outcome=primary["outcome"])
    return block_event(metric(primary["metric"]), primary["outcome"], own)
