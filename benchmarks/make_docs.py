"""Write docs/tables.md and docs/metrics.md from what the models and metrics say of themselves."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from carryover.metrics import Better, Metric, metrics
from carryover.warehouse.models import PUBLISHED, SqlModel, sql_models

DOCS = Path(__file__).parents[1] / "docs"
CAST = re.compile(r"::([\w\[\]]+)\s+as (\w+),? -- ")
MADE = "<!-- Written by benchmarks/make_docs.py; change the source, not this page. -->"
TABLES_HEAD = """# Tables

The published warehouse is `data/warehouse/carryover.duckdb`. All tables stand in schema `main`,
every table and column carries its meaning as a `COMMENT`, and all names can be written unquoted.
Units are in the names ([units](units.md)); what is missing is null, never 0. Columns may be added;
none is dropped or renamed. Ask with `carryover sql "select …"`.
"""
METRICS_HEAD = """# Metrics

Each metric is a column of `run_form`, with `…_adj` (at the athlete's reference speed, on the
level) and `…_coverage_pct` (valid running seconds of all running seconds) beside it; the column
`metric` of other tables holds these names. Plain values are time-weighted means over running
seconds. A value outside its valid range is a fault of the sensor and becomes null.
"""


def tables() -> str:
    """Return docs/tables.md."""
    with duckdb.connect() as connection:
        models = [model for model in sql_models(connection) if model.layer == PUBLISHED]
    listed = " · ".join(f"[{model.name}](#{model.name})" for model in models)
    return "\n".join([MADE, TABLES_HEAD, listed, "", *(_table(model) for model in models)])


def metric_pages() -> str:
    """Return docs/metrics.md."""
    return "\n".join([MADE, METRICS_HEAD, *(_metric(metric) for metric in metrics().values())])


def pages() -> dict[str, str]:
    """Return every page by its file name."""
    return {"tables.md": tables(), "metrics.md": metric_pages()}


def _table(model: SqlModel) -> str:
    kinds = {column: kind for kind, column in CAST.findall(model.sql)}
    rows = [f"| `{name}` | {kinds[name]} | {text} |" for name, text in model.comments.items()]
    grain = model.grain.rstrip(".")
    return "\n".join(
        [f"## {model.name}", "", f"Grain: {grain}.", "", "| column | type | meaning |",
         "| --- | --- | --- |", *rows, ""]
    )  # fmt: skip


def _metric(metric: Metric) -> str:
    side = {Better.UP: "up", Better.DOWN: "down", Better.NONE: "none"}[metric.better]
    rows = {
        "column": f"`{metric.name}`",
        "unit": metric.unit,
        "born": "at every instant" if metric.grain == "sample" else "once a run",
        "source": metric.source,
        "valid range": f"{metric.valid_min:g} to {metric.valid_max:g} {metric.unit}",
        "good side of its level": f"{side}. {metric.better_reason}",
        "smallest worthwhile change": _smallest(metric),
    }
    body = [f"| {name} | {text} |" for name, text in rows.items()]
    return "\n".join([f"## {metric.label}", "", metric.meaning, "", "| | |", "| --- | --- |", *body,
                      ""])  # fmt: skip


def _smallest(metric: Metric) -> str:
    level = f"{metric.swc:g} {metric.unit}" if metric.swc is not None else (
        f"{metric.swc_pct:g} % of the athlete's mean"
    )  # fmt: skip
    if metric.decay_swc_pct_per_h is None:
        return level
    return f"{level}; late-run drift {metric.decay_swc_pct_per_h:g} % an hour"


if __name__ == "__main__":
    for file_name, page in pages().items():
        (DOCS / file_name).write_text(page, "utf-8")
