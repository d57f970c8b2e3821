"""Write docs/tables.md, docs/metrics.md and docs/metrics/ from what models and metrics say."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from carryover.catalogue.thresholds import threshold
from carryover.metrics import Better, Grain, Metric, metrics
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
seconds. A value outside its valid range is a fault of the sensor and becomes null. How much of a
change is noise: [noise](noise.md). One page a metric:

| metric | unit | in short |
| --- | --- | --- |
"""
SAMPLE_STEPS = """\
1. Seconds of running are kept: walking, standing, pauses and frozen values are out. Their mean,
   weighted by time and never by row, is the plain value; the share of running seconds with a valid
   value is the coverage.
2. For the adjusted value only steady running counts: after the first {warm_up:g} minutes of moving,
   not within {restart:g} s of a restart, on grades up to {level:g} %, in bins of two minutes.
3. Each bin is moved to the athlete's reference speed on the level by what speed and grade do to
   this metric in the athlete's own runs with the same sensor. Cadence is not taken out of others.
4. Values of two sensors are never mixed or compared: a new watch, firmware, strap or pod opens a
   new sensor epoch.
"""
RUN_STEPS = """\
1. It is one number a run, of the windows named above. Runs that are too short have none.
2. A run is compared with itself, so there is no speed to adjust to: `{name}_adj` is the same.
3. Values of two sensors are not compared: a new watch or firmware opens a new sensor epoch.
"""
OWN_NOISE = """\
Your own, for each sensor: `select * from metric_noise where metric = '{name}'`. How it is
found, and what *within noise*, *likely* and *beyond MDC* mean: [noise](../noise.md)."""
QUERY = """\
select
  f.local_date,
  f.{name} as whole_run,
  f.{name}_adj as at_reference_speed,
  f.{name}_coverage_pct as coverage_pct,
  c.reference as usual_before,
  c.change,
  c.noise,
  c.word,
  c.n2 as n_before,
  c.reason
from run_form as f
left join run_change as c
  on c.run_id = f.run_id and c.metric = '{name}'
  and c.outcome = 'level' and c.compared = 'usual before'
where f.{name} is not null
order by f.local_date desc, f.run_id
limit 10
"""


def tables() -> str:
    """Return docs/tables.md."""
    with duckdb.connect() as connection:
        models = [model for model in sql_models(connection) if model.layer == PUBLISHED]
    listed = " · ".join(f"[{model.name}](#{model.name})" for model in models)
    return "\n".join([MADE, TABLES_HEAD, listed, "", *(_table(model) for model in models)])


def index() -> str:
    """Return docs/metrics.md."""
    rows = [
        f"| [{m.label}](metrics/{m.name}.md) | {m.unit} | {m.meaning} |" for m in metrics().values()
    ]
    return "\n".join([MADE, METRICS_HEAD + "\n".join(rows), ""])


def pages() -> dict[str, str]:
    """Return every page by its place under docs/."""
    own = {f"metrics/{m.name}.md": metric_page(m) for m in metrics().values()}
    return {"tables.md": tables(), "metrics.md": index(), **own}


def query(metric: Metric) -> str:
    """Return the question that a metric's page shows: the newest runs and how they changed."""
    return QUERY.format(name=metric.name)


def _table(model: SqlModel) -> str:
    kinds = {column: kind for kind, column in CAST.findall(model.sql)}
    rows = [f"| `{name}` | {kinds[name]} | {text} |" for name, text in model.comments.items()]
    grain = model.grain.rstrip(".")
    return "\n".join(
        [f"## {model.name}", "", f"Grain: {grain}.", "", "| column | type | meaning |",
         "| --- | --- | --- |", *rows, ""]
    )  # fmt: skip


def metric_page(metric: Metric) -> str:
    """Return the page of one metric."""
    side = {Better.UP: "up", Better.DOWN: "down", Better.NONE: "none"}[metric.better]
    facts = {
        "column": f"`run_form.{metric.name}`",
        "unit": metric.unit,
        "formula": metric.formula,
        "source": metric.source,
        "measured by": metric.measured_by,
        "easy running": f"{metric.plausible_text()} ({metric.plausible_source})",
        "valid range": f"{metric.valid_text()}; beyond it the sensor is at fault: null",
        "good side of its level": f"{side}. {metric.better_reason}",
        "smallest worthwhile change": f"{metric.smallest_text()} (default; yours is set in "
        "`carryover.toml`, before you look)",
    }
    return "\n".join([
        MADE, f"# {metric.label}", "", metric.meaning, "",
        "| | |", "| --- | --- |", *(f"| {key} | {text} |" for key, text in facts.items()), "",
        "## What moves it", "", *(f"- {line}" for line in metric.moves), "",
        "## What it cannot say", "", *(f"- {line}" for line in metric.cannot_say), "",
        "## Noise of one run", "", metric.one_run, "",
        OWN_NOISE.format(name=metric.name), "",
        "## How it is computed", "", metric.how, "", _steps(metric),
        "## Where it lives", "", *_places(metric), "",
        "```sql", query(metric) + "```", "", "[All metrics](../metrics.md)", "",
    ])  # fmt: skip


def _steps(metric: Metric) -> str:
    if metric.grain is Grain.RUN:
        return RUN_STEPS.format(name=metric.name)
    return SAMPLE_STEPS.format(
        warm_up=threshold("warm_up_s") / 60,
        restart=threshold("restart_margin_s"),
        level=threshold("level_grade_pct"),
    )


def _places(metric: Metric) -> list[str]:
    """Return the tables that hold a metric; late-run drift is known of instant metrics alone."""
    name = metric.name
    drift = [f"- `form_decay` (`metric = '{name}'`): late-run drift, with its standard error"]
    return [
        f"- `run_form.{name}`, `{name}_adj`, `{name}_coverage_pct`: one run",
        "- `form_week`: one week; `run_change`, `form_change`: changes with noise and word",
        *(drift if metric.grain is Grain.SAMPLE else []),
        "- `metric_noise`: noise floor; `sensor_metric`: measured or computed",
        "- `carry_over`: what strength work goes with, where it is an outcome",
    ]


def main() -> None:
    """Write every page, and clear those of metrics that are no more."""
    made = pages()
    (DOCS / "metrics").mkdir(exist_ok=True)
    for path in (DOCS / "metrics").glob("*.md"):
        if f"metrics/{path.name}" not in made:
            path.unlink()
    for name, page in made.items():
        (DOCS / name).write_text(page, "utf-8")


if __name__ == "__main__":
    main()
