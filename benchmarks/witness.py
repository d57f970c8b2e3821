"""Hold our means against the watch's own session averages, and write docs/witness.md.

    python benchmarks/witness.py CORPUS

The files of a folder are read, built and published in a temporary home. Two of our numbers
stand beside the watch's: the run's own (`run_form`: running seconds only), and the mean over
the seconds that a watch counts (every recorded one; for cadence, standing as 0 steps). The
second tells whether the reading is right, the first how much walking and standing weigh.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from carryover import app
from carryover.decode.fit import FitError, read_fit
from carryover.home import Home
from carryover.metrics import metric
from carryover.warehouse.read import open_published

TOLERANCE_PCT: Final = 2.0
TARGET: Final = Path(__file__).parents[1] / "docs" / "witness.md"
MEDIAN_PCT: Final = 0.5
"""Our reading is right if the median difference, counted the watch's way, is below this."""
PUBLISHED: Final = (
    "stance_time_ms", "stance_time_balance_pct", "vertical_oscillation_mm", "vertical_ratio_pct",
    "step_length_mm", "cadence_spm",
)  # fmt: skip
"""Averages of the watch that `activity` holds."""
SESSION_FIELDS: Final = {
    "duty_factor_pct": ("avg_stance_time_percent",),
    "heart_rate_bpm": ("avg_heart_rate",),
    "speed_mps": ("enhanced_avg_speed", "avg_speed"),
}
"""Averages that the program does not keep: read from the file's session, best field first."""
METRICS: Final = (*PUBLISHED, *SESSION_FIELDS)
OTHER_LABELS: Final = {"heart_rate_bpm": "Heart rate", "speed_mps": "Speed"}
NEAR: Final = dt.timedelta(minutes=1)
"""A session of a file is the run's own if it starts this near to it."""

WALKING: Final = "walking in the watch's mean"
STANDING: Final = "walking, and standing as 0 steps, in the watch's mean"
STOPPED: Final = "walking and standing in the watch's mean"
SLOW: Final = "even while running its recorded speeds are below its own distance over time"
SPARSE: Final = "most likely the watch averaged seconds that it did not write (not provable here)"
SILENT: Final = "our mean also holds the seconds without a told value, as speed over cadence"
LEAPS: Final = "69 of its records are faster than any runner (up to 16.4 m/s): left out of ours"
REASONS: Final[dict[tuple[str, str], str]] = {
    ("activity-small-fenix2-run.fit", "stance_time_ms"):
        "no mean of its own records gives the watch's number (by time 241.8, by row 241.6 ms)",
    ("garmin-fenix-5-run.fit", "stance_time_ms"): f"21 records of 57 s; {SPARSE}",
    ("garmin-fenix-5-run.fit", "step_length_mm"): f"21 records of 57 s; {SPARSE}",
    ("garmin-fenix-5-run.fit", "cadence_spm"): f"21 records of 57 s; {SPARSE}",
    ("272498723.fit", "stance_time_ms"): f"contact time in 17 % of records; {SPARSE}",
    ("testdata.fit", "cadence_spm"):
        "46 records of 222 s, most of them standing: −4.4 % counted its way",
    ("activity_1378220136.fit", "step_length_mm"):
        "the file contradicts itself: 1,065 mm in its records, 1,137 mm from distance over steps",
    ("activity_2545022458.fit", "step_length_mm"): SILENT,
    ("irvingbennett_117755365247_Running_2021-02-10T17_55_25.fit", "cadence_spm"):
        "walking in the watch's mean, standing not: 135.8 spm over stepping seconds, +1.3 %",
    ("55aa592094c0475c96e804f919a7db1c.fit", "step_length_mm"):
        "the file contradicts itself: 788 mm in its records, 886 mm from distance over steps",
    ("12345678_ACTIVITY_19983039914_2025-08-07T12_00_00Z.fit", "speed_mps"): LEAPS,
    ("567232369.fit", "vertical_oscillation_mm"):
        "walking in the watch's mean, and five records of more than half a metre",
}  # fmt: skip
"""(file, metric) → what was found out about a difference that walking does not explain."""

QUERY: Final = """
with timed as (
  -- The watch counts every second that its timer is on, however seldom it writes.
  select
    *,
    case when dt_s > 0 then lead(elapsed_s) over instant - elapsed_s else 0 end as timer_s
  from sample
  window instant as (partition by run_id order by elapsed_s)
),

counted as (
  select
    run_id, {means},
    (max(distance_m) - min(distance_m)) / nullif(sum(timer_s), 0) as all_speed_mps,
    sum(heart_rate_bpm * dt_s) filter (is_running and heart_rate_bpm is not null)
    / nullif(sum(dt_s) filter (is_running and heart_rate_bpm is not null), 0)
      as ours_heart_rate_bpm,
    sum(speed_mps * dt_s) filter (is_running and speed_mps is not null)
    / nullif(sum(dt_s) filter (is_running and speed_mps is not null), 0) as ours_speed_mps
  from timed
  group by run_id
)
select
  replace(c.path, 'corpus/', '') as path, a.started_at, {columns},
  f.duty_factor_pct as ours_duty_factor_pct, s.all_duty_factor_pct,
  s.ours_heart_rate_bpm, s.all_heart_rate_bpm, s.ours_speed_mps, s.all_speed_mps
from activity as a
join source_file as c on c.sha256 = a.source_sha256
join run as r on r.timeline_activity_id = a.activity_id
join run_form as f on f.run_id = r.run_id
join counted as s on s.run_id = r.run_id
order by path
"""


@dataclass(frozen=True, slots=True)
class Witness:
    """One run × metric: the watch's average and ours; differences in % of the watch's."""

    path: str
    metric: str
    watch: float
    ours: float
    counted: float

    @property
    def diff_pct(self) -> float:
        """Ours (running seconds) against the watch's."""
        return 100 * (self.ours / self.watch - 1)

    @property
    def counted_diff_pct(self) -> float:
        """Our mean over the seconds that the watch counts, against the watch's."""
        return 100 * (self.counted / self.watch - 1)

    @property
    def agrees(self) -> bool:
        """Whether the run's own number is within the tolerance of the watch's."""
        return abs(self.diff_pct) <= TOLERANCE_PCT

    @property
    def why(self) -> str | None:
        """The reason of a difference; None where there is none to give or none known."""
        if self.agrees:
            return None
        given = REASONS.get((Path(self.path).name, self.metric))
        is_counted = abs(self.counted_diff_pct) <= TOLERANCE_PCT
        return given or (self._stops if is_counted else None)

    @property
    def _stops(self) -> str:
        """What seconds of no running do to the watch's mean."""
        if self.metric == "cadence_spm":
            return STANDING
        if self.metric == "speed_mps":
            return STOPPED if self.diff_pct > 0 else SLOW
        return WALKING


def witnesses(home: Home) -> list[Witness]:
    """Return every run × metric of a published home of which both means are known."""
    with open_published(home.published) as reader:
        rows = reader.frame(_query()).to_dicts()
    told = [row | _session_averages(home, row) for row in rows]
    return [
        Witness(row["path"], name, row[f"watch_{name}"], row[f"ours_{name}"], row[f"all_{name}"])
        for row in told
        for name in METRICS
        if None not in (row[f"watch_{name}"], row[f"ours_{name}"], row[f"all_{name}"])
    ]


def _session_averages(home: Home, run: Mapping[str, Any]) -> dict[str, float | None]:
    """Return what the file's own session tells beyond `activity`; files in archives are silent."""
    nothing = dict.fromkeys((f"watch_{name}" for name in SESSION_FIELDS), None)
    path = home.raw / "corpus" / run["path"]
    if path.suffix.lower() != ".fit" or not path.is_file():
        return nothing
    try:
        sessions = read_fit([path.read_bytes()]).frame("session")
    except FitError:
        return nothing
    if not {"sport", "start_time"} <= set(sessions.columns):
        return nothing
    own = [
        row
        for row in sessions.filter(pl.col("sport") == "running").to_dicts()
        if row["start_time"] is not None and _near(row["start_time"], run["started_at"])
    ]
    return {
        f"watch_{name}": next((own[0][f] for f in fields if own and own[0].get(f)), None)
        for name, fields in SESSION_FIELDS.items()
    }


def _near(one: dt.datetime, other: dt.datetime) -> bool:
    return abs(one.replace(tzinfo=dt.UTC) - other.astimezone(dt.UTC)) <= NEAR


def _query() -> str:
    means = [_mean(name, name) for name in (*PUBLISHED, "heart_rate_bpm")]
    means.append(_mean("stance_time_percent", "duty_factor_pct"))
    columns = [f"a.session_{m} as watch_{m}, f.{m} as ours_{m}, s.all_{m}" for m in PUBLISHED]
    return QUERY.format(means=", ".join(means), columns=", ".join(columns))


def _mean(channel: str, name: str) -> str:
    if channel == "cadence_spm":
        return (
            "sum(coalesce(cadence_spm, 0) * timer_s) / nullif(sum(timer_s), 0) as all_cadence_spm"
        )
    known = f"filter ({channel} is not null)"
    return f"sum({channel} * timer_s) {known} / nullif(sum(timer_s) {known}, 0) as all_{name}"


@dataclass(frozen=True, slots=True)
class Named:
    """How a row is called."""

    label: str


def metric_of(name: str) -> Named:
    """Return the name of a metric, or of what is none, as people know it."""
    return Named(OTHER_LABELS.get(name) or metric(name).label)


def page(found: list[Witness]) -> str:
    """Return the page: counts a metric, then every difference with its reason."""
    frame = pl.DataFrame(
        [(w.metric, w.agrees, abs(w.diff_pct), abs(w.counted_diff_pct)) for w in found],
        schema=["metric", "agrees", "ours", "all"], orient="row",
    )  # fmt: skip
    lines = [
        *TEXT,
        "| metric | runs | within 2 % | median difference | counted its way: within 2 % | median |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in METRICS:
        held = frame.filter(pl.col("metric") == name)
        close = (held["all"] <= TOLERANCE_PCT).sum()
        lines.append(
            f"| {metric_of(name).label} | {held.height} | {held['agrees'].sum()} | "
            f"{held['ours'].median():.2f} % | {close} | {held['all'].median():.2f} % |"
        )
    lines += [
        "", "## Every difference above 2 %", "",
        "| run | metric | watch | ours | difference | counted its way | why |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *[_line(w) for w in found if not w.agrees], "",
    ]  # fmt: skip
    return "\n".join(lines)


TEXT: Final = (
    "# The watch as a witness",
    "",
    "A FIT file holds the watch's own averages of a run. They are a second opinion on our",
    "reading: same sensor, other program. `run_form` leaves walking and standing out, the watch",
    "does not; so each number is also counted the watch's way, over every second of its timer",
    "(standing as 0 steps for cadence). That way of counting was found by looking at these files,",
    "so its agreement supports the reading and does not prove it. Speed is distance over timer",
    "time then, as watches work it out. The watch tells heart rate in whole beats (0.3 % of 150).",
    "Duty factor, heart rate and speed are taken from the file's session here, since the program",
    "does not keep them. Left out: averages without a number of ours beside them, and recordings",
    "that do not keep their run's timeline.",
    "",
    "The claim: counted the watch's way, the median difference of every metric is below 0.5 %.",
    "Made by `python benchmarks/witness.py CORPUS`.",
    "",
)


def _line(found: Witness) -> str:
    label = metric_of(found.metric).label
    numbers = f"{found.watch:.2f} | {found.ours:.2f} | {found.diff_pct:+.1f} %"
    said = f"{found.counted:.2f}, {found.counted_diff_pct:+.1f} %"
    told = f"{numbers} | {said}".replace("-", "−")
    return f"| {Path(found.path).name} | {label} | {told} | {found.why or 'unknown'} |"


def built(corpus: Path, root: Path) -> Home:
    """Read, build and publish a folder of files in a new home."""
    home, settings = app.open_home(root)
    home.prepare()
    shutil.copytree(corpus, home.raw / "corpus")
    app.ingest(home, settings)
    app.build_and_publish(home, settings)
    return home


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        found = witnesses(built(Path(sys.argv[1]), Path(folder)))
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(page(found), "utf-8")
    print(f"{len(found)} averages, {sum(not w.agrees for w in found)} beyond 2 %: {TARGET}")


if __name__ == "__main__":
    main()
