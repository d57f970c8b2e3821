"""Every published table and column with what its COMMENT says, the promised tables first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import polars as pl

GROUPS: Final = {
    "Tables that others build on": (
        "run run_form form_decay form_week sample activity source_file sensor_metric "
        "strength_session strength_set exercise dose_day wellness screening carry_over data_issue"
    ),
    "Runs in parts": (
        "run_bin run_lap run_source run_channel run_exclusion exclusion run_identity "
        "recording_sample developer_field developer_series device hill_stride"
    ),
    "Form, noise and change": (
        "metric metric_noise form_baseline form_change run_change form_pattern form_pattern_usual "
        "form_onset run_durability temperature_effect run_symmetry athlete_symmetry "
        "symmetry_condition sensor_epoch"
    ),
    "Strength, body and plan": (
        "session_dose session_placement training_week microcycle_review dose_share dose_advice "
        "exercise_progress exercise_best pain_review strength_block plan plan_block plan_week "
        "screening_test screening_symmetry screening_due"
    ),
    "Carry-over": (
        "registration carry_over_check carry_over_family carry_over_sensitivity "
        "carry_over_point carry_over_group "
        "run_after_strength acute_effect acute_hours block_event"
    ),
    "Files and nights": "set_aside source_place export_entry night athlete threshold",
}
"""Groups in the order of the page, and their tables in the order of asking."""
REST: Final = "Others"


def reference(columns: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the groups with their tables and columns from rows of `queries/columns.sql`."""
    tables: dict[str, dict[str, Any]] = {}
    for row in columns.iter_rows(named=True):
        table = tables.setdefault(
            row["table_name"],
            {"name": row["table_name"], "grain": _grain(row["grain"]), "columns": []},
        )
        table["columns"].append({
            "name": row["column_name"], "kind": row["data_type"].lower()
            .replace("timestamp with time zone", "timestamptz"),
            "meaning": row["meaning"] or "–",
        })  # fmt: skip
    groups = {title: [n for n in names.split() if n in tables] for title, names in GROUPS.items()}
    placed = {name for names in groups.values() for name in names}
    groups[REST] = [name for name in tables if name not in placed]
    return [
        {"title": title, "tables": [tables[name] for name in names]}
        for title, names in groups.items() if names
    ]  # fmt: skip


def _grain(comment: str | None) -> str:
    text = (comment or "").removeprefix("Grain: ").rstrip(".")
    return text[:1].lower() + text[1:]
