"""A small published warehouse for the tests of pages: the tables of the contract, made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import polars as pl

from carryover import columns
from carryover.warehouse.comments import comment
from carryover.warehouse.models import PUBLISHED, SqlModel
from sql_harness import known

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)
FIRST_MONDAY = date(2025, 11, 24)
N_WEEKS = 52
FORM = {
    "cadence_spm": (172.0, 2.5), "stance_time_ms": (247.0, 6.0),
    "stance_time_balance_pct": (50.8, 0.4), "symmetry_index_pct": (3.2, 1.6),
    "stance_time_left_ms": (251.0, 6.0), "stance_time_right_ms": (243.0, 6.0),
    "duty_factor_pct": (35.4, 0.8), "flight_time_ms": (102.0, 5.0),
    "vertical_oscillation_mm": (84.0, 3.0), "vertical_ratio_pct": (7.6, 0.3),
    "step_length_mm": (1080.0, 45.0), "leg_stiffness_knpm": (9.6, 0.5),
    "vertical_stiffness_knpm": (24.0, 1.1),
    "hr_decoupling_ratio": (1.03, 0.02), "metres_per_beat": (1.28, 0.04),
}  # fmt: skip
WEEKS = dict.fromkeys(FORM, 0.2) | {"stance_time_ms": -1.1, "cadence_spm": 0.9}
"""How far the last four weeks lie from the four before, in units of their noise."""
DECAYING = ("cadence_spm", "stance_time_ms", "stance_time_balance_pct", "vertical_oscillation_mm")
PATTERNED = ("cadence_spm", "stance_time_ms", "hr_decoupling_ratio")
TEXT, REAL, WHOLE, DAY, TRUTH = "VARCHAR", "DOUBLE", "INTEGER", "DATE", "BOOLEAN"
WHEN = "TIMESTAMPTZ"

TABLES: dict[str, dict[str, str]] = {
    "athlete": {"athlete_id": TEXT, "name": TEXT},
    "source_file": {
        "sha256": TEXT, "path": TEXT, "kind": TEXT, "size_bytes": "BIGINT", "status": TEXT,
        "reason": TEXT, "activity_id": TEXT, "ingested_at": WHEN, "athlete_id": TEXT,
    },
    "source_place": {
        "path": TEXT, "sha256": TEXT, "outer_sha256": TEXT, "kind": TEXT, "status": TEXT,
        "is_file": TRUTH, "athlete_id": TEXT, "ingested_at": WHEN,
    },
    "night": {
        "started_at": WHEN, "ended_at": WHEN, "state": TEXT, "reason": TEXT, "wall_s": REAL,
        "find_s": REAL, "read_s": REAL, "ledger_s": REAL, "build_s": REAL, "render_s": REAL,
        "n_found": WHOLE, "n_new": WHOLE, "n_unreadable": WHOLE, "n_loaded": WHOLE,
        "n_duplicate": WHOLE, "n_partial": WHOLE, "n_rejected": WHOLE, "n_unsupported": WHOLE,
    },
    "set_aside": {
        "path": TEXT, "kind": TEXT, "status": TEXT, "reason": TEXT, "n_files": "BIGINT",
        "size_bytes": "BIGINT", "athlete_id": TEXT,
    },
    "activity": {
        "activity_id": TEXT, "athlete_id": TEXT, "run_id": TEXT, "sport": TEXT, "started_at": WHEN,
        "local_date": DAY, "device": TEXT, "sensor_epoch": TEXT,
    },
    "run": {
        "run_id": TEXT, "athlete_id": TEXT, "started_at": WHEN, "local_date": DAY,
        "moving_s": REAL, "distance_m": REAL, "ascent_m": REAL, "avg_speed_mps": REAL,
        "kind": TEXT, "kind_by": TEXT, "kind_reason": TEXT, "track_direction": TEXT,
        "n_sources": WHOLE, "sensor_epoch": TEXT, "name": TEXT,
        "avg_heart_rate_bpm": REAL, "temperature_c": REAL, "load": REAL,
    },
    "run_form": {
        "run_id": TEXT, "athlete_id": TEXT, "local_date": DAY,
        **{f"{m}{end}": REAL for m in FORM for end in ("", "_adj", "_coverage_pct")},
    },
    "sample": {
        "run_id": TEXT, "recorded_at": WHEN, "elapsed_s": REAL, "moving_s": REAL, "dt_s": REAL,
        "distance_m": REAL, "speed_mps": REAL, "altitude_m": REAL, "heart_rate_bpm": REAL,
        "cadence_spm": REAL, "stance_time_ms": REAL, "stance_time_balance_pct": REAL,
        "latitude_deg": REAL, "longitude_deg": REAL, "is_steady": TRUTH, "is_running": TRUTH,
        "excluded_by": TEXT,
    },
    "run_bin": {
        "run_id": TEXT, "bin_index": WHOLE, "running_s": REAL, "steady_s": REAL,
        "is_baseline": TRUTH, "excluded_by": TEXT,
    },
    "run_exclusion": {
        "run_id": TEXT, "reason": TEXT, "applies_to": TEXT, "excluded_s": REAL,
        "moving_share": REAL,
    },
    "form_decay": {
        "run_id": TEXT, "athlete_id": TEXT, "local_date": DAY, "metric": TEXT, "early": REAL,
        "late": REAL, "change": REAL, "change_adj": REAL, "se": REAL, "ci_low": REAL,
        "ci_high": REAL, "per_hour": REAL, "eligible": TRUTH, "reason": TEXT,
    },
    "run_symmetry": {
        "run_id": TEXT, "athlete_id": TEXT, "local_date": DAY, "sensor_epoch": TEXT,
        "stance_time_balance_pct": REAL, "stance_time_balance_pct_adj": REAL,
        "stance_time_left_ms": REAL, "stance_time_right_ms": REAL, "sides_from": TEXT,
        "symmetry_index_pct": REAL, "normalised_asymmetry_pct": REAL, "symmetry_angle_pct": REAL,
        "zone": TEXT, "baseline_side": TEXT, "signed_score_pct": REAL, "balance_se_pct": REAL,
        "n_blocks": WHOLE, "drift_pct": REAL, "drift_se_pct": REAL, "drift_outward_pct": REAL,
        "drift_outward_low_pct": REAL, "drift_outward_high_pct": REAL, "drift_reason": TEXT,
        "valid_s": REAL,
    },
    "athlete_symmetry": {
        "athlete_id": TEXT, "sensor_epoch": TEXT, "baseline_side": TEXT, "period": TEXT,
        "from_date": DAY, "to_date": DAY, "before_exposure": TRUTH, "mean_pct": REAL,
        "se_pct": REAL, "ci_low_pct": REAL, "ci_high_pct": REAL, "n_runs": WHOLE,
        "n_runs_balance": WHOLE, "reason": TEXT,
    },
    "form_pattern": {
        "run_id": TEXT, "athlete_id": TEXT, "local_date": DAY, "metric": TEXT, "tenth": WHOLE,
        "centre_moving_s": REAL, "centre_distance_m": REAL, "value": REAL, "change_adj": REAL,
        "se": REAL, "ci_low": REAL, "ci_high": REAL,
    },
    "form_pattern_usual": {
        "athlete_id": TEXT, "sensor_epoch": TEXT, "metric": TEXT, "tenth": WHOLE,
        "change_adj": REAL, "usual_low": REAL, "usual_high": REAL, "n_runs": WHOLE,
    },
    "form_onset": {
        "run_id": TEXT, "athlete_id": TEXT, "local_date": DAY, "metric": TEXT, "pattern": TEXT,
        "onset_moving_s": REAL, "onset_ci_low_s": REAL, "onset_ci_high_s": REAL, "reason": TEXT,
    },
    "form_week": {
        "athlete_id": TEXT, "week_start": DAY, "metric": TEXT, "value": REAL, "value_adj": REAL,
        "ci_low": REAL, "ci_high": REAL, "n_runs": "BIGINT", "mdc95": REAL, "sensor_epoch": TEXT,
    },
    "sensor_epoch": {
        "athlete_id": TEXT, "sensor_epoch": TEXT, "from_date": DAY, "to_date": DAY,
        "n_runs": WHOLE, "manufacturer": TEXT, "device": TEXT, "serial": TEXT,
        "firmware_family": TEXT,
        "dynamics_source": TEXT, "opened_by": TEXT,
    },
    "form_baseline": {
        "athlete_id": TEXT, "sensor_epoch": TEXT, "metric": TEXT, "usable": TRUTH, "reason": TEXT,
        "n_bins": WHOLE, "n_runs": WHOLE, "speed_slope": REAL, "speed_slope_se": REAL,
        "up_slope": REAL, "down_slope": REAL, "r2_within": REAL, "speed_reliability": REAL,
    },
    "sensor_metric": {
        "athlete_id": TEXT, "sensor_epoch": TEXT, "metric": TEXT, "origin": TEXT,
        "r2_speed_cadence": REAL, "residual_sd": REAL, "n_bins": WHOLE,
    },
    "metric_noise": {
        "athlete_id": TEXT, "sensor_epoch": TEXT, "metric": TEXT, "sem": REAL, "mdc95": REAL,
        "usual_low": REAL, "usual_high": REAL, "n_runs": WHOLE, "decay_sem": REAL,
        "decay_mdc95": REAL, "n_decays": WHOLE,
    },
    "run_change": {
        "run_id": TEXT, "athlete_id": TEXT, "metric": TEXT, "outcome": TEXT, "compared": TEXT,
        "reference": REAL, "change": REAL, "noise": REAL, "word": TEXT, "n2": WHOLE,
        "reason": TEXT,
    },
    "form_change": {
        "athlete_id": TEXT, "sensor_epoch": TEXT, "metric": TEXT, "compared": TEXT,
        "local_date": DAY, "value": REAL, "reference": REAL, "change": REAL, "noise": REAL,
        "word": TEXT, "n1": WHOLE, "n2": WHOLE, "knows_wander": TRUTH, "reason": TEXT,
    },
    "strength_session": {
        "session_id": TEXT, "athlete_id": TEXT, "started_at": WHEN, "local_date": DAY,
        "kind": TEXT, "duration_s": REAL, "rpe": REAL, "dose": REAL, "n_sources": WHOLE,
        "time_known": TRUTH, "n_sets": WHOLE, "before_run_id": TEXT, "in_run_id": TEXT,
    },
    "hill_stride": {
        "run_id": TEXT, "stride_index": WHOLE, "duration_s": REAL, "climb_m": REAL,
        "grade_pct": REAL, "flat_speed_mps": REAL,
    },
    "screening": {
        "athlete_id": TEXT, "local_date": DAY, "test": TEXT, "side": TEXT, "score": REAL,
        "test_id": TEXT, "unit": TEXT, "kind": TEXT,
    },
    "screening_test": {"test_id": TEXT, "name": TEXT},
    "screening_symmetry": {
        "athlete_id": TEXT, "local_date": DAY, "test": TEXT, "test_id": TEXT,
        "unit": TEXT, "left_score": REAL, "right_score": REAL, "limb_symmetry_pct": REAL,
        "weaker_side": TEXT,
    },
    "symmetry_condition": {
        "athlete_id": TEXT, "sensor_epoch": TEXT, "kind": TEXT, "class_rank": WHOLE,
        "condition": TEXT, "is_reference": TRUTH, "n_runs": WHOLE, "valid_s": REAL,
        "low_speed_mps": REAL, "high_speed_mps": REAL, "grade_pct": REAL, "balance_pct": REAL,
        "balance_low_pct": REAL, "balance_high_pct": REAL, "n_paired": WHOLE, "change_pct": REAL,
        "change_low_pct": REAL, "change_high_pct": REAL,
    },
    "session_dose": {
        "session_id": TEXT, "athlete_id": TEXT, "exposure": TEXT, "local_date": DAY, "dose": REAL,
    },
    "strength_set": {
        "session_id": TEXT, "set_index": WHOLE, "exercise_id": TEXT, "exercise_raw": TEXT,
        "side": TEXT, "reps": REAL, "weight_kg": REAL, "duration_s": REAL, "is_warmup": TRUTH,
        "rpe": REAL, "matched_by": TEXT,
    },
    "exercise": {"exercise_id": TEXT, "name": TEXT},
    "plan": {
        "athlete_id": TEXT, "made_on_date": DAY, "metric": TEXT, "outcome": TEXT,
        "wanted_half": REAL, "expected_weeks": WHOLE, "is_randomised": TRUTH, "is_intact": TRUTH,
        "is_drawn": TRUTH,
    },
    "plan_block": {
        "athlete_id": TEXT, "block": WHOLE, "state": TEXT, "from_date": DAY, "to_date": DAY,
        "n_weeks": WHOLE, "status": TEXT, "planned_sessions": WHOLE, "sessions_done": WHOLE,
        "kept_share": REAL,
    },
    "plan_week": {
        "athlete_id": TEXT, "week_start": DAY, "block": WHOLE, "week_of_block": WHOLE,
        "state": TEXT, "status": TEXT, "planned_sessions": WHOLE, "sessions_done": WHOLE,
    },
    "dose_day": {
        "athlete_id": TEXT, "local_date": DAY, "dose": REAL, "chronic_28": REAL, "acute_48": REAL,
        "activation_dose": REAL, "stride_dose": REAL, "chronic_14": REAL, "chronic_42": REAL,
        "left_dose": REAL, "right_dose": REAL,
    },
    "strength_block": {
        "athlete_id": TEXT, "block_number": WHOLE, "is_on": TRUTH, "from_date": DAY,
        "to_date": DAY, "n_weeks": REAL, "sessions_per_week": REAL,
    },
    "wellness": {
        "athlete_id": TEXT, "local_date": DAY, "site": TEXT, "side": TEXT, "pain_0_10": REAL,
        "stiffness_0_10": REAL, "note": TEXT,
    },
    "training_week": {
        "athlete_id": TEXT, "week_start": DAY, "is_over": TRUTH, "n_runs": WHOLE,
        "distance_m": REAL, "glute_sessions": WHOLE, "activation_sessions": WHOLE,
        "hill_stride_sessions": WHOLE, "sessions_target": WHOLE, "kept_two": TRUTH, "dose": REAL,
        "placement_flags": WHOLE, "says": TEXT,
    },
    "session_placement": {
        "session_id": TEXT, "athlete_id": TEXT, "local_date": DAY, "day_kind": TEXT, "flag": TEXT,
        "judged_by": TEXT, "rules": "VARCHAR[]",
    },
    "exercise_progress": {
        "athlete_id": TEXT, "exercise_id": TEXT, "week_start": DAY, "one_rep_max_kg": REAL,
        "top_reps": REAL,
    },
    "microcycle_review": {
        "athlete_id": TEXT, "review": TEXT, "from_date": DAY, "to_date": DAY, "n_weeks": WHOLE,
        "dose": REAL, "dose_change": REAL, "sessions_kept": WHOLE, "sessions_planned": WHOLE,
        "placement_flags": WHOLE, "beyond_mdc": "VARCHAR[]", "likely": "VARCHAR[]",
        "worst_pain_0_10": REAL, "hip_share": REAL, "one_sided_share": REAL, "says": TEXT,
    },
    "dose_share": {
        "athlete_id": TEXT, "n_weeks": WHOLE, "n_sets": WHOLE, "hip_share": REAL,
        "knee_share": REAL, "one_sided_share": REAL, "share_of": TEXT,
    },
    "exercise_best": {
        "athlete_id": TEXT, "exercise_id": TEXT, "last_date": DAY, "measure": TEXT, "unit": TEXT,
        "best": REAL, "now_value": REAL, "change_four": REAL, "word_four": TEXT,
        "change_twelve": REAL, "word_twelve": TEXT, "side_symmetry_pct": REAL,
        "weaker_side": TEXT, "reason": TEXT,
    },
    "pain_review": {
        "athlete_id": TEXT, "local_date": DAY, "site": TEXT, "side": TEXT, "pain_0_10": REAL,
        "stiffness_0_10": REAL, "sessions": WHOLE, "dose": REAL, "dose_change": REAL,
        "distance_m": REAL, "distance_change_m": REAL, "cadence_spm": REAL,
        "cadence_change_spm": REAL, "cadence_noise_spm": REAL, "cadence_word": TEXT,
        "answer": TEXT, "reason": TEXT,
    },
    "dose_advice": {
        "athlete_id": TEXT, "as_of_date": DAY, "answer": TEXT, "judged_by": TEXT, "reason": TEXT,
    },
    "screening_due": {
        "athlete_id": TEXT, "test": TEXT, "side": TEXT, "last_date": DAY, "score": REAL,
        "unit": TEXT, "due_date": DAY, "is_due": TRUTH, "limb_symmetry_pct": REAL,
        "weaker_side": TEXT,
    },
    "carry_over_check": {
        "athlete_id": TEXT, "check_name": TEXT, "part": TEXT, "status": TEXT, "says": TEXT,
        "reason": TEXT,
    },
    "carry_over_family": {
        "athlete_id": TEXT, "exposure": TEXT, "family": TEXT, "n_metrics": WHOLE, "metrics": TEXT,
        "p_family": REAL, "effect_sd": REAL, "ci_low_sd": REAL, "ci_high_sd": REAL,
        "sentence": TEXT,
    },
    "carry_over_sensitivity": {
        "athlete_id": TEXT, "variant": TEXT, "metric": TEXT, "effect": REAL, "ci_low": REAL,
        "ci_high": REAL, "p": REAL, "n_runs": WHOLE, "says": TEXT,
    },
    "carry_over_point": {
        "athlete_id": TEXT, "run_id": TEXT, "local_date": DAY, "metric": TEXT, "outcome": TEXT,
        "dose": REAL, "value": REAL, "partial_residual": REAL, "fitted": REAL, "fitted_low": REAL,
        "fitted_high": REAL, "weight": REAL,
    },
    "carry_over_group": {
        "athlete_id": TEXT, "group_number": WHOLE, "n_runs": WHOLE, "dose": REAL,
        "dose_low": REAL, "dose_high": REAL, "value": REAL, "ci_low": REAL, "ci_high": REAL,
    },
    "acute_effect": {
        "athlete_id": TEXT, "contrast": TEXT, "metric": TEXT, "outcome": TEXT, "effect": REAL,
        "effect_unit": TEXT, "ci_low": REAL, "ci_high": REAL, "q": REAL, "n_runs": WHOLE,
        "n_with": WHOLE, "says": TEXT, "reason": TEXT,
    },
    "block_event": {
        "athlete_id": TEXT, "metric": TEXT, "outcome": TEXT, "block_number": WHOLE,
        "week_offset": WHOLE, "value": REAL, "ci_low": REAL, "ci_high": REAL, "n_runs": WHOLE,
        "n_blocks": WHOLE,
    },
    "registration": {
        "athlete_id": TEXT, "version": WHOLE, "registered_on": DAY, "metric": TEXT,
        "outcome": TEXT, "chosen_by": TEXT, "n_weeks_then": REAL, "saw_answer": TRUTH,
        "is_current": TRUTH,
    },
    "data_issue": {
        "severity": TEXT, "subject": TEXT, "what": TEXT, "remedy": TEXT, "athlete_id": TEXT,
    },
    "run_lap": {
        "run_id": TEXT, "lap_index": WHOLE, "started_at": WHEN, "elapsed_s": REAL,
        "moving_s": REAL, "distance_m": REAL,
    },
    "run_source": {
        "run_id": TEXT, "activity_id": TEXT, "device": TEXT, "source_kind": TEXT,
        "is_timeline": TRUTH, "clock_shift_s": REAL, "matched_by": TEXT, "distance_m": REAL,
    },
    "run_channel": {"run_id": TEXT, "activity_id": TEXT, "channel_group": TEXT},
}  # fmt: skip

Rows = dict[str, list[dict[str, Any]]]


@dataclass
class FileReader:
    """The doors of the warehouse's own reader, over a plain connection."""

    connection: duckdb.DuckDBPyConnection

    def frame(self, sql: str, params: dict[str, Any] | None = None) -> pl.DataFrame:
        return self.connection.sql(sql, params=params or {}).pl()


def write_warehouse(path: Path, rows: Rows) -> Path:
    """Write every table of the contract, empty where `rows` has none."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, fields in TABLES.items():
            spec = ", ".join(f'"{field}" {kind}' for field, kind in _whole(name).items())
            connection.execute(f"CREATE TABLE {name} ({spec})")
            _insert(connection, name, fields, rows.get(name, []))
        _carry_over(connection, rows.get("carry_over", []))
        _rest(connection)
    return path


@cache
def published() -> dict[str, SqlModel]:
    """Return the models that a night publishes, by name."""
    return {name: m for name, m in known()[0].items() if m.layer == PUBLISHED}


def _whole(name: str) -> dict[str, str]:
    """Return a table's columns: those that pages are tested with, then all others of the model."""
    others = (spec.split(" ", 1) for spec in known()[1].get(name, ()))
    return TABLES[name] | {n: kind for n, kind in others if n not in TABLES[name]}


def _rest(connection: Any) -> None:
    """Add the tables that no page reads, empty, and what each column of any means."""
    for name, model in published().items():
        if name not in {*TABLES, "carry_over"}:
            connection.execute(f"CREATE TABLE {name} ({', '.join(known()[1][name])})")
        comment(connection, model)


def _insert(connection: Any, name: str, fields: dict[str, str], rows: list[dict]) -> None:
    if not rows:
        return
    frame = pl.DataFrame(rows, infer_schema_length=None)  # seen by DuckDB under this name
    known = [field for field in fields if field in frame.columns]
    assert not set(frame.columns) - set(fields), set(frame.columns) - set(fields)
    connection.execute(
        f"INSERT INTO {name} ({', '.join(known)}) SELECT {', '.join(known)} FROM frame"
    )


def _carry_over(connection: Any, rows: list[dict]) -> None:
    base = (
        pl.DataFrame(rows, infer_schema_length=None) if rows else columns.empty(columns.CARRY_OVER)
    )
    frame = columns.shaped(base, columns.CARRY_OVER)
    connection.execute("CREATE TABLE carry_over AS SELECT * FROM frame")
    for spec in known()[1]["carry_over"]:
        connection.execute(f"ALTER TABLE carry_over ADD COLUMN IF NOT EXISTS {spec}")
    assert len(frame) == len(rows)


def athlete_rows(
    athlete_id: str = "anna", name: str = "Anna", *, seed: int = 1, strength: bool = True,
    samples: bool = True,
) -> Rows:  # fmt: skip
    """Return a year of one athlete: 4 runs a week, blocks of strength, a sensor change, a gap."""
    made = _Made(athlete_id, np.random.default_rng(seed), strength=strength)
    for week in range(N_WEEKS):
        made.week(FIRST_MONDAY + timedelta(weeks=week), week)
    made.summaries(name)
    if samples:
        made.samples()
    return made.rows


def told(value: float, reference: float, noise: float) -> dict[str, Any]:
    """Return a change with the word that its size earns."""
    size = abs(value - reference) / noise
    word = "beyond MDC" if size > 1 else "likely" if size > 0.84 else "within noise"
    return {"reference": reference, "change": value - reference, "noise": noise, "word": word}


class _Made:
    def __init__(self, athlete_id: str, rng: np.random.Generator, *, strength: bool) -> None:
        self.who, self.rng, self.strength = athlete_id, rng, strength
        self.rows: Rows = {name: [] for name in [*TABLES, "carry_over"]}

    def week(self, monday: date, week: int) -> None:
        if week in range(20, 25):  # a break
            return
        epoch = f"{self.who}-a" if week < 30 else f"{self.who}-b"
        runs = ((0, "easy", 8.0), (2, "workout", 10.0), (4, "easy", 7.0), (6, "long", 18.0))
        values: dict[str, list[float]] = {m: [] for m in FORM}
        for day, kind, km in runs:
            self.run(
                monday + timedelta(days=day), kind, km + self.rng.normal(0, 0.8), epoch, values
            )
        for metric, (_, sd) in FORM.items():
            mean = float(np.mean(values[metric]))
            self.rows["form_week"].append({
                "athlete_id": self.who, "week_start": monday, "metric": metric, "value": mean,
                "value_adj": mean, "ci_low": mean - sd, "ci_high": mean + sd, "n_runs": 4,
                "mdc95": 1.4 * sd, "sensor_epoch": epoch,
            })  # fmt: skip
        if self.strength and (week // 8) % 2 == 0:
            for day, kind in ((1, "strength"), (3, "strength"), (5, "activation")):
                self.session(monday + timedelta(days=day), kind)

    def run(self, day: date, kind: str, km: float, epoch: str, values: dict) -> None:
        run_id = f"{self.who}-{day.isoformat()}"
        start = datetime(day.year, day.month, day.day, 6, 30, tzinfo=UTC)
        speed = 3.0 + self.rng.normal(0, 0.1) + (0.4 if kind == "workout" else 0.0)
        form: dict[str, Any] = {"run_id": run_id, "athlete_id": self.who, "local_date": day}
        for metric, (mean, sd) in FORM.items():
            if metric == "hr_decoupling_ratio" and kind != "long":
                continue
            value = mean + self.rng.normal(0, sd) + (1.5 * sd if epoch.endswith("-b") else 0.0)
            values[metric].append(value)
            form |= {metric: value, f"{metric}_adj": value + 0.1 * sd}
            form[f"{metric}_coverage_pct"] = float(self.rng.uniform(70, 100))
            self.change(run_id, metric, value + 0.1 * sd, kind)
        values["hr_decoupling_ratio"] = values["hr_decoupling_ratio"] or [1.03]
        self.rows["run_form"].append(form)
        self.rows["run"].append({
            "run_id": run_id, "athlete_id": self.who, "started_at": start, "local_date": day,
            "moving_s": km * 1000 / speed, "distance_m": km * 1000, "ascent_m": 85.0,
            "avg_speed_mps": speed, "kind": kind, "kind_by": "data",
            "kind_reason": f"why it is {kind}", "track_direction": None, "n_sources": 1,
            "sensor_epoch": epoch,
            "name": f"Morning {kind}", "avg_heart_rate_bpm": 148.0, "temperature_c": 9.0,
            "load": km,
        })  # fmt: skip
        self.rows["activity"].append({
            "activity_id": f"a-{run_id}", "athlete_id": self.who, "run_id": run_id,
            "sport": "running", "started_at": start, "local_date": day,
            "device": "Forerunner 965" if epoch.endswith("-b") else "Forerunner 245",
            "sensor_epoch": epoch,
        })  # fmt: skip
        self.decay(run_id, day, eligible=kind == "long")
        if kind == "long":
            self.over(run_id, day, km * 1000 / speed)

    def over(self, run_id: str, day: date, moving_s: float) -> None:
        """Add a long run's tenths and onsets: contact time bends, the rest does not."""
        own = {"run_id": run_id, "athlete_id": self.who, "local_date": day}
        for metric in PATTERNED:
            sd = FORM[metric][1]
            bends = metric == "stance_time_ms"
            for tenth in range(1, 11):
                change = sd * (max(tenth - 6, 0) * 0.3 * bends + self.rng.normal(0, 0.1))
                self.rows["form_pattern"].append(own | {
                    "metric": metric, "tenth": tenth, "value": FORM[metric][0] + change,
                    "centre_moving_s": (tenth - 0.5) * moving_s / 10,
                    "centre_distance_m": (tenth - 0.5) * 1800.0, "change_adj": change,
                    "se": 0.2 * sd, "ci_low": change - 0.4 * sd, "ci_high": change + 0.4 * sd,
                })  # fmt: skip
            onset = 0.6 * moving_s
            self.rows["form_onset"].append(own | {
                "metric": metric,
                "pattern": f"from about {onset / 60:.0f} min" if bends else "none seen",
                "onset_moving_s": onset if bends else None,
                "onset_ci_low_s": 0.4 * moving_s if bends else None,
                "onset_ci_high_s": 0.8 * moving_s if bends else None,
            })  # fmt: skip

    def change(self, run_id: str, metric: str, value: float, kind: str) -> None:
        """Hold a run against the mean that it was made around; a workout has a reason instead."""
        mean, sd = FORM[metric]
        row: dict[str, Any] = {
            "run_id": run_id, "athlete_id": self.who, "metric": metric, "outcome": "level",
            "compared": "usual before", "n2": 14,
        }  # fmt: skip
        if kind == "workout":
            row["reason"] = "workout: only easy and long runs are held against each other"
        else:
            row |= told(value, mean, 1.5 * sd)
        self.rows["run_change"].append(row)

    def decay(self, run_id: str, day: date, *, eligible: bool) -> None:
        for metric in DECAYING:
            mean, sd = FORM[metric]
            change, se = float(self.rng.normal(0.5 * sd, 0.7 * sd)), 0.35 * sd
            row = {
                "run_id": run_id,
                "athlete_id": self.who,
                "local_date": day,
                "metric": metric,
                "early": mean,
                "late": mean + change,
                "eligible": eligible,
                "reason": None if eligible else "shorter than 50 min of moving time",
            }
            if eligible:
                row |= {
                    "change": change,
                    "change_adj": change,
                    "se": se,
                    "per_hour": 0.8 * change,
                    "ci_low": change - 2 * se,
                    "ci_high": change + 2 * se,
                }
                for compared, reference in (("early part", 0.0), ("usual before", 0.5 * sd)):
                    self.rows["run_change"].append({
                        "run_id": run_id, "athlete_id": self.who, "metric": metric,
                        "outcome": "decay", "compared": compared, "n2": 6,
                        **told(change, reference, 2 * se),
                    })  # fmt: skip
            self.rows["form_decay"].append(row)

    def session(self, day: date, kind: str) -> None:
        session_id = f"{self.who}-s-{day.isoformat()}"
        dose = float(self.rng.uniform(0.6, 1.5)) if kind == "strength" else 0.2
        self.rows["strength_session"].append({
            "session_id": session_id, "athlete_id": self.who, "local_date": day, "kind": kind,
            "started_at": datetime(day.year, day.month, day.day, 18, 0, tzinfo=UTC),
            "duration_s": 2400.0, "rpe": 7.0, "dose": dose, "n_sources": 1, "time_known": True,
            "n_sets": 3,
        })  # fmt: skip
        if kind == "strength":
            self.rows["session_dose"] += [
                {"session_id": session_id, "athlete_id": self.who, "exposure": side,
                 "local_date": day, "dose": share * dose}
                for side, share in (("left", 0.4), ("right", 0.2))
            ]  # fmt: skip
        sets = (
            ("hip_thrust", "Hip thrust", 80.0),
            ("clam", "Clam", 0.0),
            (None, "Wobbly thing", None),
        )
        for index, (exercise_id, raw, weight) in enumerate(sets):
            self.rows["strength_set"].append({
                "session_id": session_id, "set_index": index, "exercise_id": exercise_id,
                "exercise_raw": raw, "side": "both", "reps": 10.0, "weight_kg": weight,
                "duration_s": 40.0, "is_warmup": index == 0, "rpe": 7.0,
                "matched_by": "name" if exercise_id else None,
            })  # fmt: skip

    def summaries(self, name: str) -> None:
        self.rows["athlete"] = [{"athlete_id": self.who, "name": name}]
        self.rows["exercise"] = [
            {"exercise_id": "hip_thrust", "name": "Barbell hip thrust"},
            {"exercise_id": "clam", "name": "Clamshell"},
        ]
        self._sensors()
        self._symmetry()
        self._doses()
        if self.strength:
            self._plan()
        self._files()
        self._nights()
        self.rows["wellness"] = [
            {"athlete_id": self.who, "local_date": day, "site": site, "side": side,
             "pain_0_10": pain, "stiffness_0_10": stiffness, "note": note}
            for day, site, side, pain, stiffness, note in (
                (date(2026, 11, 18), "knee", "left", 2.0, None, "after stairs"),
                (date(2026, 10, 2), "knee", "left", 4.0, 1.0, None),
                (date(2026, 3, 2), "achilles", "both", 0.0, 7.0, None),
            )
        ]  # fmt: skip
        self._coach()
        if self.strength:
            self._hills()
            self._tests()
        self.rows["data_issue"] = [
            {"severity": "warning", "subject": "strength.csv", "athlete_id": self.who,
             "what": "24 sets have an exercise that the catalogue does not know",
             "remedy": "Give it a known name, or add it with `carryover log strength`."},
            {"severity": "info", "subject": "watch", "athlete_id": None,
             "what": "2 files were already known", "remedy": ""},
        ]  # fmt: skip
        self.rows["carry_over"] = self._verdicts()
        if self.strength:
            self._tested()
        self.rows["registration"] = [
            {"athlete_id": self.who, "version": 1, "registered_on": date(2026, 5, 3),
             "metric": "stance_time_ms", "outcome": "decay", "chosen_by": "order",
             "n_weeks_then": 26.0, "saw_answer": False, "is_current": True},
        ]  # fmt: skip

    def _tested(self) -> None:
        """Add what stands beside the primary answer: checks, variants, families, weeks, days."""
        drift = {"athlete_id": self.who, "metric": "stance_time_ms", "outcome": "decay"}
        who = {"athlete_id": self.who}
        block = "Without 5 Jan to 1 Mar: 0.7 ms less (95 %: 3.2 less to 1.8 more)."
        self.rows["carry_over_check"] = [
            who | {"check_name": "shift", "status": "informative", "says": "31 % do as well."},
            who | {"check_name": "drop_one_block", "status": "informative", "says": "It stays."},
            who | {"check_name": "drop_one_block", "part": "block 1", "status": "informative",
                   "says": block},
            who | {"check_name": "negative_control", "status": "not run",
                   "reason": "there is no upper-body work"},
        ]  # fmt: skip
        self.rows["carry_over_sensitivity"] = [
            who | {"variant": name, "metric": "stance_time_ms", "effect": effect, "p": 0.4,
                   "ci_low": effect - 2.3, "ci_high": effect + 2.3, "n_runs": 46, "says": ""}
            for name, effect in (
                ("without acute term", -1.9), ("without heat", -0.9), ("as registered", -0.8),
            )
        ]  # fmt: skip
        self._over_dose()
        self.rows["carry_over_family"] = [
            who | {"exposure": "strength", "family": "late-run drift", "n_metrics": 2,
                   "metrics": "stance_time_ms, cadence_spm", "p_family": 0.4, "effect_sd": 0.1,
                   "ci_low_sd": -0.4, "ci_high_sd": 0.6, "sentence": "Nothing stands out."},
            who | {"exposure": "strength", "family": "level", "n_metrics": 1,
                   "metrics": "cadence_spm", "p_family": 0.2, "sentence": "No good side."},
        ]  # fmt: skip
        self.rows["acute_effect"] = [
            drift | {"contrast": "strength in the 48 hours before", "effect": 1.2,
                     "effect_unit": "ms", "ci_low": 0.1, "ci_high": 2.3, "q": 0.06, "n_runs": 46,
                     "n_with": 20, "says": "1.2 ms more."},
            drift | {"contrast": "activation before the run", "n_runs": 46, "n_with": 3,
                     "reason": "3 runs after drills; 8 are needed"},
        ]  # fmt: skip
        self.rows["block_event"] = [
            drift | {"week_offset": week, "value": -0.2 * max(week, 0), "ci_low": -2.0,
                     "ci_high": 2.0 - 0.2 * max(week, 0), "n_runs": 3, "n_blocks": 3}
            for week in range(-6, 12)
        ]  # fmt: skip

    def _over_dose(self) -> None:
        """Add the primary answer's long runs over their dose, and their thirds."""
        long = [run for run in self.rows["run"] if run["kind"] == "long"]
        doses = [0.9 * k / len(long) for k in range(len(long))]
        for run, dose in zip(long, doses, strict=True):
            line = 3.0 - 0.8 * dose
            self.rows["carry_over_point"].append({
                "athlete_id": self.who, "run_id": run["run_id"], "local_date": run["local_date"],
                "metric": "stance_time_ms", "outcome": "decay", "dose": dose,
                "value": line + 1.0, "partial_residual": line + float(self.rng.normal(0, 4.0)),
                "fitted": line, "fitted_low": line - 1.2, "fitted_high": line + 1.2,
                "weight": 0.6 + 0.4 * dose,
            })  # fmt: skip
        self.rows["carry_over_group"] = [
            {"athlete_id": self.who, "group_number": k + 1, "n_runs": len(long) // 3,
             "dose": 0.15 + 0.3 * k, "dose_low": 0.3 * k, "dose_high": 0.3 * k + 0.3,
             "value": 3.0 - 0.8 * (0.15 + 0.3 * k), "ci_low": 1.0, "ci_high": 5.0}
            for k in range(3)
        ]  # fmt: skip

    def _coach(self) -> None:
        """Add what the coach's rules say: weeks, placement, reviews, progress, pain, tests due."""
        who = {"athlete_id": self.who}
        self.rows["dose_advice"] = [who | {
            "as_of_date": NOW.date(), "answer": "hold" if self.strength else None,
            "judged_by": "pain" if self.strength else "dose",
            "reason": "Pain 2/10, left knee: low, but not told of for two weeks yet."
            if self.strength else "No strength session is logged yet.",
        }]  # fmt: skip
        for back in range(20):
            monday = date(2026, 11, 16) - timedelta(weeks=back)
            held = 2 * self.strength * ((51 - back) // 8 % 2 == 0)
            self.rows["training_week"].append(who | {
                "week_start": monday, "is_over": True, "n_runs": 4, "distance_m": 43000.0,
                "glute_sessions": held,
                "activation_sessions": held // 2, "hill_stride_sessions": 0, "sessions_target": 2,
                "kept_two": held == 2 if self.strength else None, "dose": float(held),
                "placement_flags": held // 2,
                "says": f"4 runs, 43 km; {held} of 2 strength sessions, dose {held}."
                if self.strength else "4 runs, 43 km; no strength log yet.",
            })  # fmt: skip
        if not self.strength:
            return
        runs = {r["local_date"]: r["kind"] for r in self.rows["run"]}
        for row in self.rows["strength_session"]:
            if row["kind"] == "strength":
                before = runs.get(row["local_date"] - timedelta(days=1))
                self.rows["session_placement"].append(who | {
                    "session_id": row["session_id"], "local_date": row["local_date"],
                    "day_kind": "rest", "judged_by": "times",
                    "flag": "the day after a workout" if before == "workout" else None,
                    "rules": ["day after hard"] if before == "workout" else None,
                })  # fmt: skip
        for name, n, start in (
            ("last 2 weeks", 2, date(2026, 11, 9)), ("last 3 weeks", 3, date(2026, 11, 2)),
            ("last 4 weeks", 4, date(2026, 10, 26)), ("microcycle", 4, date(2026, 9, 28)),
            ("microcycle", 4, date(2026, 10, 26)),
        ):  # fmt: skip
            self.rows["microcycle_review"].append(who | {
                "review": name, "from_date": start, "to_date": start + timedelta(days=7 * n - 1),
                "n_weeks": n, "dose": 2.0 * n, "dose_change": 1.5, "sessions_kept": 2 * n,
                "sessions_planned": 2 * n, "placement_flags": n,
                "beyond_mdc": ["Ground contact time −6.6 ms"], "likely": ["Cadence +2.2 spm"],
                "worst_pain_0_10": 2.0, "hip_share": 0.62, "one_sided_share": 0.31,
                "says": f"{n} weeks: {2 * n} of {2 * n} strength sessions kept, dose {2 * n}.",
            })  # fmt: skip
        self.rows["dose_share"] = [
            who | {"n_weeks": n, "n_sets": 6 * n, "hip_share": 0.62, "knee_share": 0.38,
                   "one_sided_share": 0.31, "share_of": "load"}
            for n in (4, 12)
        ]  # fmt: skip
        for row in self.rows["strength_session"]:
            if row["kind"] != "strength":
                continue
            monday = row["local_date"] - timedelta(days=row["local_date"].weekday())
            self.rows["session_dose"] += [
                who | {"session_id": row["session_id"], "exposure": side, "dose": dose,
                       "local_date": row["local_date"]}
                for side, dose in (("left", 0.2), ("right", 0.3))
            ]  # fmt: skip
            if row["local_date"].weekday() == 1:
                self.rows["exercise_progress"] += [
                    who | {"exercise_id": "hip_thrust", "week_start": monday,
                           "one_rep_max_kg": 90.0 + row["dose"]},
                    who | {"exercise_id": "clam", "week_start": monday, "top_reps": 12.0},
                ]  # fmt: skip
        day = date(2026, 11, 19)
        self.rows["exercise_best"] = [
            who | {"exercise_id": "hip_thrust", "last_date": day, "measure": "estimated maximum",
                   "unit": "kg", "best": 106.7, "now_value": 106.7, "change_four": 5.3,
                   "word_four": "rising", "change_twelve": 8.0, "word_twelve": "rising"},
            who | {"exercise_id": "clam", "last_date": date(2026, 9, 3), "measure": "repetitions",
                   "unit": "reps", "best": 15.0, "side_symmetry_pct": 80.0, "weaker_side": "left",
                   "reason": "not done in the last four weeks"},
        ]  # fmt: skip
        self.rows["pain_review"] = [
            who | {"local_date": on, "site": "knee", "side": "left", "pain_0_10": pain,
                   "sessions": 8, "dose": 8.1, "dose_change": 1.5, "distance_m": 172000.0,
                   "distance_change_m": -9000.0, "cadence_spm": 174.2, "cadence_change_spm": 2.2,
                   "cadence_noise_spm": 2.5, "cadence_word": "likely", "answer": "hold",
                   "reason": "Pain, left knee: low, but not told of for two weeks yet."}
            for on, pain in ((date(2026, 11, 18), 2.0), (date(2026, 10, 2), 4.0))
        ]  # fmt: skip
        self.rows["screening_due"] = [
            who | {"test": "Single-leg bridge", "side": side, "last_date": date(2026, 9, 5),
                   "score": score, "unit": "reps", "due_date": date(2026, 10, 17), "is_due": True,
                   "limb_symmetry_pct": 87.5, "weaker_side": "left"}
            for side, score in (("left", 21.0), ("right", 24.0))
        ]  # fmt: skip

    def _hills(self) -> None:
        """Add hill strides: recognised in the newest run, and told by a log alone."""
        run = self.rows["run"][-1]
        for key, n, run_id in (("h", 6, run["run_id"]), ("l", 8, None)):
            self.rows["strength_session"].append({
                "session_id": f"{self.who}-{key}", "athlete_id": self.who, "kind": "hill_strides",
                "local_date": run["local_date"], "started_at": run["started_at"], "n_sets": n,
                "duration_s": 12.0 * n, "n_sources": 1, "time_known": True, "in_run_id": run_id,
            })  # fmt: skip
        self.rows["hill_stride"] = [
            {"run_id": run["run_id"], "stride_index": k, "duration_s": 12.0, "climb_m": 3.4,
             "grade_pct": 8.0, "flat_speed_mps": 5.0}
            for k in range(6)
        ]  # fmt: skip
        drill = next(s for s in reversed(self.rows["strength_session"])
                     if s["kind"] == "activation")  # fmt: skip
        drill["before_run_id"] = run["run_id"]

    def _tests(self) -> None:
        """Add a known test of both legs on two days, and one that nobody knows."""
        for day, left, right in ((date(2026, 5, 2), 18.0, 22.0), (date(2026, 9, 5), 21.0, 24.0)):
            shared = {"athlete_id": self.who, "local_date": day, "test": "SL bridge",
                      "test_id": "single_leg_bridge"}  # fmt: skip
            self.rows["screening"] += [
                shared | {"side": side, "score": score, "unit": "reps", "kind": "strength"}
                for side, score in (("left", left), ("right", right))
            ]
            self.rows["screening_symmetry"].append(
                shared
                | {
                    "limb_symmetry_pct": 100 * left / right,
                    "weaker_side": "left",
                    "unit": "reps",
                    "left_score": left,
                    "right_score": right,
                }
            )
        self.rows["screening"].append({
            "athlete_id": self.who, "local_date": date(2026, 9, 5), "test": "wobble", "score": 3.5,
        })  # fmt: skip
        self.rows["screening_test"] = [
            {"test_id": "single_leg_bridge", "name": "Single-leg bridge"}
        ]

    def _sensors(self) -> None:
        for epoch in (f"{self.who}-a", f"{self.who}-b"):
            newer = epoch.endswith("-b")
            days = [r["local_date"] for r in self.rows["run"] if r["sensor_epoch"] == epoch]
            self.rows["sensor_epoch"].append({
                "athlete_id": self.who, "sensor_epoch": epoch, "from_date": min(days),
                "to_date": max(days), "n_runs": len(days), "serial": "3912",
                "device": "Forerunner 965" if newer else "Forerunner 245",
                "firmware_family": "20" if newer else "13", "dynamics_source": "watch",
                "opened_by": "watch" if newer else "first",
            })  # fmt: skip
            for metric, (mean, sd) in FORM.items():
                middle = mean + (1.5 * sd if epoch.endswith("-b") else 0.0)
                self.rows["metric_noise"].append({
                    "athlete_id": self.who, "sensor_epoch": epoch, "metric": metric, "sem": sd / 2,
                    "mdc95": 1.4 * sd, "usual_low": middle - sd, "usual_high": middle + sd,
                    "n_runs": 90, "decay_sem": 0.7 * sd, "decay_mdc95": 2.0 * sd, "n_decays": 20,
                })  # fmt: skip
                self.rows["form_change"].append({
                    "athlete_id": self.who, "sensor_epoch": epoch, "metric": metric,
                    "compared": "last weeks", "local_date": max(days), "n1": 12, "n2": 11,
                    "knows_wander": newer, "value": middle + WEEKS[metric] * sd,
                    **told(middle + WEEKS[metric] * sd, middle, sd),
                })  # fmt: skip
                if metric in PATTERNED:
                    self.rows["form_pattern_usual"] += [
                        {"athlete_id": self.who, "sensor_epoch": epoch, "metric": metric,
                         "tenth": tenth, "change_adj": 0.05 * sd * tenth, "n_runs": 24,
                         "usual_low": (0.05 * tenth - 0.4) * sd,
                         "usual_high": (0.05 * tenth + 0.4) * sd}
                        for tenth in range(1, 11)
                    ]  # fmt: skip
                fits = metric != "vertical_ratio_pct"
                self.rows["form_baseline"].append({
                    "athlete_id": self.who, "sensor_epoch": epoch, "metric": metric,
                    "usable": fits, "reason": None if fits else "2 runs so far; 3 are needed",
                    "n_bins": 2400, "n_runs": 90, "speed_slope": -2.0 * sd,
                    "speed_slope_se": 0.1 * sd, "up_slope": 0.2 * sd, "down_slope": -0.1 * sd,
                    "r2_within": 0.71, "speed_reliability": 0.9,
                })  # fmt: skip
                computed = metric.startswith("vertical")
                self.rows["sensor_metric"].append({
                    "athlete_id": self.who, "sensor_epoch": epoch, "metric": metric,
                    "origin": "computed" if computed else "measured",
                    "r2_speed_cadence": 0.996 if computed else 0.81, "residual_sd": 0.4 * sd,
                    "n_bins": 2400,
                })  # fmt: skip

    def _symmetry(self) -> None:
        """Add left and right of every run; the newer sensor tells no side yet."""
        epochs = {r["run_id"]: r["sensor_epoch"] for r in self.rows["run"]}
        drifts = {r["run_id"]: r for r in self.rows["form_decay"]
                  if r["metric"] == "stance_time_balance_pct"}  # fmt: skip
        for form in self.rows["run_form"]:
            balance, epoch = form["stance_time_balance_pct"], epochs[form["run_id"]]
            drift, has_side = drifts[form["run_id"]], epoch.endswith("-a")
            row = {
                name: form[name]
                for name in (
                    "run_id",
                    "athlete_id",
                    "local_date",
                    "stance_time_balance_pct",
                    "stance_time_left_ms",
                    "stance_time_right_ms",
                    "symmetry_index_pct",
                )
            }
            row |= {
                "sensor_epoch": epoch,
                "sides_from": "balance",
                "zone": "next",
                "n_blocks": 9,
                "normalised_asymmetry_pct": 2 * (balance - 50),
                "balance_se_pct": 0.06,
                "symmetry_angle_pct": -1.27 * (balance - 50),
                "valid_s": 2400.0,
                "baseline_side": "left" if has_side else None,
                "signed_score_pct": balance - 50 if has_side else None,
                "drift_reason": drift["reason"],
            }
            if drift["eligible"]:
                row |= {"drift_pct": drift["change_adj"], "drift_se_pct": drift["se"]}
            if drift["eligible"] and has_side:
                row |= {
                    "drift_outward_pct": drift["change_adj"],
                    "drift_outward_low_pct": drift["ci_low"],
                    "drift_outward_high_pct": drift["ci_high"],
                }
            self.rows["run_symmetry"].append(row)
        shared = {
            "athlete_id": self.who,
            "before_exposure": False,
            "period": "first weeks of this sensor",
        }
        self.rows["athlete_symmetry"] = [
            shared | {"sensor_epoch": f"{self.who}-a", "baseline_side": "left", "n_runs": 24,
                      "n_runs_balance": 100,
                      "mean_pct": 50.8, "ci_low_pct": 50.6, "ci_high_pct": 51.0},
            shared | {"sensor_epoch": f"{self.who}-b", "n_runs": 5, "n_runs_balance": 88,
                      "reason": "5 runs with balance at reference speed so far; 8 are needed"},
        ]  # fmt: skip

        self._conditions()

    def _conditions(self) -> None:
        """Add balance by grade, pace and tenth: late in a run it leans further to the left."""
        classes = [
            ("grade", rank, name, rank == 2)
            for rank, name in enumerate(("downhill", "level", "uphill"), start=1)
        ]
        classes += [
            ("pace", rank, name, rank == 2)
            for rank, name in enumerate(("slow third", "middle third", "fast third"), start=1)
        ]
        classes += [("tenth", k, f"tenth {k}", k in {2, 3}) for k in range(1, 11)]
        for epoch in (f"{self.who}-a", f"{self.who}-b"):
            for kind, rank, name, is_reference in classes:
                change = 0.05 * max(rank - 5, 0) if kind == "tenth" else 0.01
                row = {
                    "athlete_id": self.who, "sensor_epoch": epoch, "kind": kind,
                    "class_rank": rank, "condition": name, "is_reference": is_reference,
                    "n_runs": 20, "valid_s": 7200.0, "grade_pct": rank - 2.0 * (kind == "grade"),
                    "balance_pct": 50.8 + change, "balance_low_pct": 50.6 + change,
                    "balance_high_pct": 51.0 + change, "n_paired": 0,
                }  # fmt: skip
                if kind == "pace":
                    row |= {"low_speed_mps": 2.2 + 0.3 * rank, "high_speed_mps": 2.5 + 0.3 * rank}
                if not is_reference:
                    row |= {"change_pct": change, "n_paired": 20, "change_low_pct": change - 0.08,
                            "change_high_pct": change + 0.08}  # fmt: skip
                self.rows["symmetry_condition"].append(row)

    def _doses(self) -> None:
        by_day = {s["local_date"]: s["dose"] for s in self.rows["strength_session"]}
        chronic, fade = 0.0, float(np.exp(-1 / 28))
        for k in range((NOW.date() - FIRST_MONDAY).days + 1):
            day = FIRST_MONDAY + timedelta(days=k)
            dose = by_day.get(day, 0.0) if self.strength else 0.0
            self.rows["dose_day"].append({
                "athlete_id": self.who, "local_date": day, "dose": dose, "acute_48": 0.0,
                "activation_dose": 0.5 if self.strength and k % 9 == 0 else None,
                "left_dose": 0.4 * dose, "right_dose": 0.2 * dose,
                "chronic_28": chronic / (2 / 7 * fade / (1 - fade)),
            })  # fmt: skip
            chronic = (chronic + dose) * fade
        if self.strength:
            self.rows["strength_block"] += [
                {"athlete_id": self.who, "block_number": number, "is_on": on, "n_weeks": 10.0,
                 "from_date": FIRST_MONDAY + timedelta(weeks=10 * number), "sessions_per_week": 2.0,
                 "to_date": FIRST_MONDAY + timedelta(weeks=10 * (number + 1), days=-1)}
                for number, on in enumerate((True, False, True))
            ]  # fmt: skip

    def _plan(self) -> None:
        """Add a drawn plan: a block that is over, the one of now in its third week, one ahead."""
        blocks = (("off", "past", 6, 0, 1, 0.83), ("on", "now", 8, 16, 6, 1.0),
                  ("off", "ahead", 7, 0, None, None))  # fmt: skip
        monday = NOW.date() - timedelta(days=NOW.date().weekday(), weeks=8)
        self.rows["plan"].append({
            "athlete_id": self.who, "made_on_date": monday - timedelta(days=3),
            "metric": "stance_time_ms", "outcome": "decay", "wanted_half": 1.5,
            "expected_weeks": 34, "is_randomised": True, "is_intact": True, "is_drawn": True,
        })  # fmt: skip
        for number, (state, status, weeks, planned, done, kept) in enumerate(blocks, start=1):
            until = monday + timedelta(weeks=weeks)
            self.rows["plan_block"].append({
                "athlete_id": self.who, "block": number, "state": state, "from_date": monday,
                "to_date": until - timedelta(days=1), "n_weeks": weeks, "status": status,
                "planned_sessions": planned, "sessions_done": done, "kept_share": kept,
            })  # fmt: skip
            monday = until
        self.rows["plan_week"].append({
            "athlete_id": self.who, "week_start": NOW.date() - timedelta(days=6), "block": 2,
            "week_of_block": 3, "state": "on", "status": "now", "planned_sessions": 2,
            "sessions_done": 2,
        })  # fmt: skip

    def _files(self) -> None:
        statuses = {"loaded": 198, "duplicate": 2, "rejected": 1, "partial": 1, "unsupported": 1}
        reasons = {
            "rejected": "the checksum at the end is wrong",
            "partial": "cut off after 41 min",
            "unsupported": "a course, not a recording",
        }
        for status, count in statuses.items():
            for k in range(count):
                self.rows["source_file"].append({
                    "sha256": f"{self.who}{status}{k}", "path": f"data/raw/{status}-{k}.fit",
                    "kind": "fit", "size_bytes": 190_000, "status": status,
                    "reason": reasons.get(status), "activity_id": None, "athlete_id": self.who,
                    "ingested_at": NOW - (timedelta(hours=2) if k < 2 else timedelta(days=40)),
                })  # fmt: skip
                self.rows["source_place"].append({
                    "sha256": f"{self.who}{status}{k}", "path": f"data/raw/{status}-{k}.fit",
                    "outer_sha256": None, "kind": "fit", "status": status, "is_file": True,
                    "athlete_id": self.who, "ingested_at":
                    NOW - (timedelta(hours=2) if k < 2 else timedelta(days=40)),
                })  # fmt: skip
            if status != "loaded":
                self.rows["set_aside"].append({
                    "path": f"data/raw/{status}-0.fit", "kind": "fit", "status": status,
                    "reason": reasons.get(status), "n_files": count, "size_bytes": 190_000,
                    "athlete_id": self.who,
                })  # fmt: skip

    def _nights(self) -> None:
        """Add a night that ended well, one that failed, a quiet one, and the one of now."""
        for back, state, reason in (
            (2, "ok", None), (1, "failed", "the disk is full"), (0.5, "nothing new", None),
            (0, "running", None),
        ):  # fmt: skip
            start = NOW - timedelta(days=back, minutes=5)
            ended = state in {"ok", "nothing new"}
            self.rows["night"].append({
                "started_at": start, "state": state, "reason": reason, "find_s": 2.0,
                "ended_at": None if state == "running" else start + timedelta(seconds=125),
                "wall_s": None if state == "running" else 125.0,
                "build_s": 61.5 if state == "ok" else None, "n_found": 203, "n_new": 2,
                **dict(zip(
                    ("n_loaded", "n_duplicate", "n_partial", "n_rejected", "n_unsupported"),
                    (198, 2, 1, 1, 1) if ended else (None,) * 5, strict=True,
                )),
            })  # fmt: skip

    def _verdicts(self) -> list[dict]:
        if not self.strength:
            return []
        base = {
            "athlete_id": self.who,
            "exposure": "strength",
            "tau_d": 28.0,
            "effect_unit": "ms",
            "p_shift": 0.31,
            "swc": 1.5,
            "n_runs": 46,
            "n_weeks": 52.0,
            "mde80": 3.1,
            "lead_p": 0.6,
            "verdict": "not enough data",
        }
        primary = base | {
            "metric": "stance_time_ms", "outcome": "decay", "role": "primary", "effect": -0.8,
            "ci_low": -3.1, "ci_high": 1.5, "good_side": "down", "prior_sd": 1.2,
            "posterior": -0.4, "posterior_low": -2.0, "posterior_high": 1.2,
            "chance_above": 0.01, "chance_below": 0.09, "p_curve": 0.62, "n_switches": 6,
            "registered_version": 1, "weeks_as_now": 11, "plan_weeks": 6,
            "missing": "Six more weeks with one break of two weeks.",
            "sentence": "Not enough data yet. Two sessions a week go with 0.8 ms less late-run "
                        "drift of ground contact (95 %: 3.1 less to 1.5 more).",
        }  # fmt: skip
        other = base | {
            "metric": "cadence_spm",
            "outcome": "level",
            "role": "exploratory",
            "effect": 0.6,
            "ci_low": -0.4,
            "ci_high": 1.6,
            "effect_unit": "spm",
            "q": 0.44,
            "sentence": "",
        }
        return [other, primary]

    def samples(self) -> None:
        """Add ten-second samples of the two newest runs, and kilometre laps of the newest."""
        for run in self.rows["run"][-2:]:
            n = int(run["moving_s"] // 10)
            t = np.arange(n) * 10.0
            wave = np.sin(t / 180)
            for k in range(n):
                self.rows["sample"].append({
                    "run_id": run["run_id"],
                    "recorded_at": run["started_at"] + timedelta(seconds=t[k]),
                    "elapsed_s": t[k], "moving_s": t[k], "dt_s": 10.0, "distance_m": 3.0 * t[k],
                    "speed_mps": 3.0 + 0.15 * wave[k] if k % 97 else 0.4, "altitude_m": 40.0,
                    "heart_rate_bpm": 138 + t[k] / 400, "cadence_spm": 172 + wave[k],
                    "stance_time_ms": 247 + 3 * wave[k] + t[k] / 900 if k % 97 else None,
                    "stance_time_balance_pct": 50.8 + 0.2 * wave[k],
                    "latitude_deg": 52.5163, "longitude_deg": 13.3777,
                    "is_steady": k >= 60, "is_running": bool(k % 97),
                    "excluded_by": None if k >= 60 else "first 10 minutes",
                })  # fmt: skip
        newest = self.rows["run"][-1]
        self.rows["run_source"] = [
            {"run_id": newest["run_id"], "activity_id": key, "device": device, "source_kind": kind,
             "is_timeline": key == "a", "clock_shift_s": shift_s, "matched_by": how,
             "distance_m": newest["distance_m"]}
            for key, device, kind, shift_s, how in (
                ("a", "garmin fr965 3912", "watch", 0.0, None),
                ("b", "stryd 771", "pod", 3600.0, "a clock off by whole hours"),
            )
        ]  # fmt: skip
        self.rows["run_channel"] = [
            {"run_id": newest["run_id"], "activity_id": key, "channel_group": group}
            for key, group in (("a", "position"), ("a", "heart_rate"), ("b", "dynamics"))
        ]
        self.rows["run_bin"] = [
            {
                "run_id": newest["run_id"],
                "bin_index": k,
                "running_s": 120.0,
                "steady_s": 118.0,
                "is_baseline": k > 4,
            }
            for k in range(int(newest["moving_s"] // 120))
        ]
        self.rows["run_exclusion"] = [
            {
                "run_id": newest["run_id"],
                "reason": reason,
                "applies_to": kind,
                "excluded_s": held,
                "moving_share": held / newest["moving_s"],
            }
            for reason, kind, held in (
                ("first 10 minutes", "second", 600.0),
                ("walking", "second", 85.0),
                ("heart rate follows the steps (cadence lock)", "heart rate", 412.0),
            )
        ]
        self.rows["run_lap"] = [
            {"run_id": newest["run_id"], "lap_index": k + 1, "started_at": newest["started_at"],
             "elapsed_s": 331.0 + k, "moving_s": 330.0 + k, "distance_m": 1000.0}
            for k in range(int(newest["distance_m"] // 1000))
        ]  # fmt: skip


def merged(*parts: Rows) -> Rows:
    """Return several athletes' rows in one warehouse; the catalogues of the first."""
    whole = {name: [row for part in parts for row in part[name]] for name in parts[0]}
    return whole | {name: parts[0][name] for name in ("exercise", "screening_test")}


def newest_runs(rows: Rows, n: int) -> Rows:
    """Return the rows without all that is told of any but the n newest runs."""
    newest = {row["run_id"] for row in rows["run"][-n:]}
    return {
        name: [row for row in part if "run_id" not in row or row["run_id"] in newest]
        for name, part in rows.items()
    }


HOSTILE = (
    '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">'
    "</script><svg onload=window.hacked=1>\"'`{{7*7}}"
    '<a href="javascript:window.hacked=1">x</a><a href="https://evil.example/">y</a>'
)
KEPT = {
    "athlete_id", "run_id", "session_id", "metric", "origin", "role", "outcome", "status",
    "severity", "sensor_epoch", "activity_id", "exercise_id", "sha256", "test_id",
    "before_run_id", "in_run_id", "sides_from", "zone", "state",
}  # fmt: skip
"""Keys and enums of the warehouse itself; every other text of a hostile warehouse is hostile."""


def hostile(rows: Rows) -> Rows:
    """Return the rows with hostile text in every text field that comes from a person or a file."""
    return {name: [_poisoned(row) for row in part] for name, part in rows.items()}


def _poisoned(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value if key in KEPT else _hostile(value) for key, value in row.items()}


def _hostile(value: Any) -> Any:
    if isinstance(value, list):
        return [_hostile(part) for part in value]
    return HOSTILE if isinstance(value, str) else value
