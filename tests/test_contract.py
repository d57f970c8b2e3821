"""The published warehouse keeps its word: tables, columns, comments, names; and so do the docs."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import duckdb
import pytest

from carryover import app, columns
from carryover.catalogue.thresholds import limits as limits_of_data
from carryover.estimate import check_frames, run_frames
from carryover.home import Home
from carryover.metrics import Better, metrics
from carryover.plan import frames as plan_frames
from carryover.settings import Settings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FORM = [name + end for name in metrics() for end in ("", "_adj", "_coverage_pct")]
PROMISED = {
    "night": "started_at ended_at state reason wall_s find_s read_s ledger_s build_s render_s "
    "n_found n_new n_unreadable n_loaded n_duplicate n_partial n_rejected n_unsupported",
    "source_place": "path sha256 outer_sha256 kind status is_file athlete_id ingested_at",
    "source_file": "sha256 path kind size_bytes status reason activity_id ingested_at",
    "activity": "activity_id athlete_id run_id sport sub_sport started_at local_date tz tz_source "
    "elapsed_s moving_s distance_m ascent_m device serial sensor_epoch",
    "run": "run_id athlete_id started_at local_date moving_s distance_m ascent_m avg_speed_mps "
    "kind kind_by kind_reason is_hilly is_track track_direction n_sources activation_s",
    "hill_stride": "run_id stride_index started_elapsed_s duration_s climb_m grade_pct speed_mps "
    "flat_speed_mps",
    "sample": "run_id recorded_at elapsed_s moving_s dt_s distance_m speed_mps altitude_m "
    "grade_pct heart_rate_bpm cadence_spm stance_time_ms stance_time_balance_pct "
    "vertical_oscillation_mm vertical_ratio_pct step_length_mm power_w leg_spring_stiffness_knpm "
    "latitude_deg longitude_deg is_steady excluded_by heart_rate_fault covered_s",
    "run_form": "run_id local_date " + " ".join(FORM),
    "form_decay": "run_id metric early late change change_adj se ci_low ci_high per_hour eligible "
    "reason",
    "form_pattern": "run_id metric tenth from_pct to_pct centre_moving_s centre_distance_m value "
    "change_adj se ci_low ci_high valid_s",
    "form_pattern_usual": "athlete_id sensor_epoch metric tenth from_pct to_pct change_adj se "
    "ci_low ci_high run_sd usual_low usual_high n_runs",
    "form_onset": "run_id metric pattern onset_moving_s onset_distance_m onset_ci_low_s "
    "onset_ci_high_s onset_p after_per_hour n_bins reason",
    "form_week": "athlete_id week_start metric value value_adj ci_low ci_high n_runs mdc95",
    "sensor_metric": "sensor_epoch metric origin r2_speed_cadence residual_sd n_bins from_date "
    "to_date",
    "developer_field": "activity_id application_id name units channel n_values message used_as "
    "min_value median_value max_value first_text",
    "developer_series": "activity_id application_id name units elapsed_s value",
    "sensor_epoch": "athlete_id sensor_epoch from_date to_date n_runs device serial "
    "firmware_family dynamics_source opened_by",
    "strength_session": "session_id athlete_id started_at local_date kind duration_s rpe dose "
    "n_sources before_run_id in_run_id",
    "strength_set": "session_id set_index exercise_id exercise_raw side reps weight_kg duration_s "
    "is_warmup rpe",
    "exercise": "exercise_id name glute_max glute_med glute_min pattern unilateral",
    "dose_day": "athlete_id local_date dose activation_s hard_sets tonnage_kg chronic_28 acute_48 "
    "activation_dose stride_dose upper_body_dose left_dose right_dose chronic_14 chronic_42 "
    "activation_28 strides_28 left_28 right_28",
    "session_dose": "session_id athlete_id exposure started_at time_known local_date dose",
    "wellness": "athlete_id local_date site pain_0_10 stiffness_0_10 note side",
    "screening": "athlete_id local_date test side score note test_id unit kind",
    "screening_test": "test_id name kind better per_side units source",
    "plan": "athlete_id made_on_date from_date to_date metric outcome wanted_half expected_weeks "
    "is_randomised is_intact is_drawn",
    "plan_block": "athlete_id block state from_date to_date n_weeks status planned_sessions "
    "sessions_done dose_done kept_share",
    "plan_week": "athlete_id week_start block week_of_block state status planned_sessions "
    "sessions_done dose_done kept_share",
    "screening_symmetry": "athlete_id local_date test test_id kind unit left_score right_score "
    "limb_symmetry_pct weaker_side",
    "carry_over": "athlete_id metric outcome exposure tau_d role effect effect_unit ci_low ci_high "
    "p_shift q swc n_runs n_weeks mde80 lead_p verdict sentence registered_version registered_on "
    "posterior posterior_low posterior_high prior_sd chance_good chance_above chance_below p_curve",
    "carry_over_point": "athlete_id metric outcome run_id local_date dose value partial_residual "
    "fitted fitted_low fitted_high weight",
    "carry_over_group": "athlete_id metric outcome group_number n_runs dose dose_low dose_high "
    "value ci_low ci_high",
    "registration": "athlete_id version frozen_at registered_on exposure metric outcome tau_d swc "
    "good_side drift_mean drift_ci_low drift_ci_high n_values_then n_runs_then n_weeks_then "
    "chosen_by config_hash saw_answer reason is_current replaced_at",
    "carry_over_check": "athlete_id metric outcome exposure tau_d check_name part status effect "
    "ci_low ci_high p n_runs says reason",
    "carry_over_family": "athlete_id exposure family n_metrics metrics p_family largest_metric "
    "effect_sd ci_low_sd ci_high_sd sentence",
    "carry_over_sensitivity": "athlete_id metric outcome variant effect ci_low ci_high p n_runs "
    "says",
    "exclusion": "reason exclusion_key applies_to meaning thresholds source",
    "run_exclusion": "run_id reason applies_to excluded_s moving_share",
    "run_durability": "run_id eligible reason hr_decoupling_ratio hr_drift_bpm decoupling_class "
    "early_beats_per_m late_beats_per_m early_valid_s late_valid_s",
    "temperature_effect": "athlete_id sensor_epoch metric slope_per_c reference_temperature_c "
    "usable reason",
    "run_symmetry": "run_id stance_time_balance_pct stance_time_left_ms stance_time_right_ms "
    "symmetry_index_pct normalised_asymmetry_pct symmetry_angle_pct baseline_side signed_score_pct "
    "balance_se_pct n_blocks drift_pct drift_se_pct zone sides_from valid_s",
    "symmetry_condition": "athlete_id sensor_epoch kind class_rank condition is_reference n_runs "
    "valid_s balance_pct balance_se_pct balance_low_pct balance_high_pct n_paired change_pct "
    "change_low_pct change_high_pct",
    "athlete_symmetry": "athlete_id sensor_epoch baseline_side period from_date to_date mean_pct "
    "se_pct n_runs reason",
    "run_after_strength": "run_id athlete_id local_date hours_since_strength strength_48h_dose "
    "has_activation",
    "acute_effect": "athlete_id contrast metric outcome effect effect_unit ci_low ci_high p q "
    "n_runs n_with n_matched n_controls says reason",
    "acute_hours": "athlete_id metric outcome from_h to_h difference effect_unit ci_low ci_high "
    "n_runs n_later",
    "strength_block": "athlete_id block_number is_on from_date to_date n_weeks n_sessions "
    "sessions_per_week dose start_known end_known",
    "block_event": "athlete_id metric outcome block_number from_date week_offset value effect_unit "
    "ci_low ci_high n_runs n_blocks",
    "data_issue": "severity subject what remedy",
    "metric_noise": "athlete_id sensor_epoch metric sem mdc95 usual_low usual_high n_runs reason "
    "slow_run_sd slow_weeks_sd decay_sem decay_mdc95 decay_se n_decays decay_reason",
    "run_change": "run_id athlete_id sensor_epoch local_date metric outcome compared value "
    "reference change noise word n1 n2 reason",
    "training_week": "athlete_id week_start is_over is_silent n_runs distance_m moving_s hard_runs "
    "long_runs strength_sessions glute_sessions activation_sessions hill_stride_sessions dose "
    "dose_unknown_sessions hard_sets tonnage_kg hip_share knee_share one_sided_share "
    "is_off sessions_target kept_two placement_flags worst_pain_0_10 worst_stiffness_0_10 flags "
    "says",
    "session_placement": "session_id athlete_id local_date day_kind before_run_id before_run_kind "
    "since_run_h after_run_id after_run_kind until_run_h judged_by is_well_placed flag rules",
    "microcycle_review": "athlete_id review from_date to_date n_weeks n_runs distance_m dose "
    "dose_before dose_change strength_sessions sessions_kept sessions_planned adherence_share "
    "weeks_on weeks_empty weeks_off placement_flags n_compared beyond_mdc likely "
    "worst_pain_0_10 mean_pain_0_10 worst_stiffness_0_10 mean_stiffness_0_10 hip_share knee_share "
    "one_sided_share says",
    "dose_share": "athlete_id n_weeks from_date to_date n_sets hip_share knee_share "
    "one_sided_share share_of says",
    "exercise_progress": "athlete_id exercise_id week_start n_sets reps tonnage_kg left_tonnage_kg "
    "right_tonnage_kg top_weight_kg one_rep_max_kg left_one_rep_max_kg right_one_rep_max_kg "
    "top_reps top_hold_s reason",
    "exercise_best": "athlete_id exercise_id first_date last_date n_weeks measure unit best "
    "best_date now_value four_weeks_value twelve_weeks_value change_four word_four change_twelve "
    "word_twelve left_value right_value side_symmetry_pct weaker_side reason",
    "pain_review": "athlete_id local_date site side pain_0_10 stiffness_0_10 pain_change n_before "
    "sessions sessions_before dose dose_change n_runs distance_m distance_change_m cadence_spm "
    "cadence_change_spm cadence_noise_spm cadence_word cadence_reason answer rule reason",
    "dose_advice": "athlete_id as_of_date answer judged_by rule reason felt_date site side "
    "pain_0_10 stiffness_0_10 sessions sessions_before dose dose_change sessions_kept "
    "sessions_planned n_rising n_held n_falling cadence_spm cadence_change_spm cadence_word",
    "screening_due": "athlete_id test test_id side last_date score unit since_d is_block "
    "interval_d due_date is_due limb_symmetry_pct weaker_side symmetry_date says",
    "form_change": "athlete_id sensor_epoch metric outcome compared local_date run_id value "
    "reference change noise word n1 n2 knows_wander reason",
}
"""What others rely on: may grow, never shrink."""
UNITLESS = (
    "heart_agreement "
    "chance_above chance_below dose_high dose_low fitted fitted_high fitted_low p_curve "
    "partial_residual weight "
    "anticlockwise_laps clockwise_laps "
    "value value_adj change change_adj change_adj_huber early late se sem usual_low usual_high "
    "reference noise slow_run_sd slow_weeks_sd decay_sem decay_mdc95 decay_se "
    "min_value median_value max_value "
    "ci_low ci_high per_hour per_10km residual_sd r2_speed_cadence mdc95 effect effect_raw "
    "acute_low acute_high acute_p sessions_per_week hours_since_strength strength_48h_dose "
    "ci_low_raw ci_high_raw acute_effect df p p_shift q swc sd_exposure mde80 lead_p n_weeks "
    "posterior posterior_low posterior_high prior_sd chance_good "
    "p_family effect_sd ci_low_sd ci_high_sd "
    "residual onset_p after_per_hour "
    "speed_slope speed_slope_se slow_slope quick_slope up_slope down_slope hours_slope run_sd "
    "effect_without reliability speed_reliability r2_within "
    "dose chronic_28 acute_48 activation_dose stride_dose upper_body_dose left_dose right_dose "
    "chronic_14 chronic_42 activation_28 strides_28 left_28 right_28 "
    "load reps rpe score left_score right_score week_start "
    "glute_max glute_med glute_min agreement "
    "metres_per_beat_temp_adj difference spread tolerance "
    "dose_before dose_change pain_change best now_value four_weeks_value twelve_weeks_value "
    "change_four change_twelve left_value right_value top_reps "
    "drift_mean drift_ci_low drift_ci_high n_weeks_then registered_on "
    "p_random dose_done wanted_half memory fade block_var square product "
    "slope near_slope"
)
"""Numbers in the unit of the row's own metric or column `unit`, shares, scores, doses and weeks."""


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A warehouse of an empty home: all tables stand before the first file comes."""
    home = Home(tmp_path_factory.mktemp("home"))
    home.prepare()
    app.build_and_publish(home, Settings())
    with duckdb.connect(str(home.published), read_only=True) as connection:
        yield connection


def found(connection):
    rows = connection.execute(
        "select table_name, column_name, data_type, comment from duckdb_columns() "
        "where not internal order by table_name, column_index"
    ).fetchall()
    return list(rows)


@pytest.mark.parametrize("name", PROMISED)
def test_promised_columns(published, name):
    """No table and no column that others rely on is dropped or renamed."""
    held = {column for table, column, *_ in found(published) if table == name}
    assert set(PROMISED[name].split()) <= held


def test_everything_is_explained(published):
    """Every table tells its grain and every column its meaning, readable in the file itself."""
    tables = published.execute("select table_name, comment from duckdb_tables()").fetchall()
    assert len(tables) >= len(PROMISED)
    assert all(comment.startswith("Grain: one ") for _, comment in tables)
    assert [row for row in found(published) if not row[3]] == []


def test_names_need_no_quotes(published):
    """Every table and column can be written bare: no reserved word, no capital, no blank."""
    for table, column, *_ in found(published):
        assert re.fullmatch(r"[a-z][a-z0-9_]*", column)
        published.execute(f"select {column} from {table} as t order by {column}").fetchall()


def test_only_published_tables(published):
    """No private table, view or second schema comes along."""
    names = {
        row[0] for row in published.execute("select table_name from duckdb_tables()").fetchall()
    }
    assert {row[0] for row in found(published)} == names
    assert not any(name.startswith(("store", "raw", "staged")) for name in names)
    schemas = published.execute(
        "select distinct schema_name from duckdb_tables() where not internal"
    ).fetchall()
    assert schemas == [("main",)]


@pytest.mark.parametrize("name", metrics())
def test_a_metric_is_whole(published, name):
    """A metric has its three columns, a range that holds its unit, a good side with its reason."""
    metric = metrics()[name]
    held = [column for table, column, *_ in found(published) if table == "run_form"]
    at = held.index(name)
    assert held[at : at + 3] == [name, f"{name}_adj", f"{name}_coverage_pct"]
    assert metric.valid_min < metric.valid_max
    assert (metric.swc is None) != (metric.swc_pct is None)
    assert metric.better in Better
    assert all(text.endswith(".") for text in (metric.meaning, metric.better_reason))
    assert metric.source
    assert metric.label
    limits = limits_of_data()
    assert limits[f"{name}_min"][0] == metric.valid_min
    assert limits[f"{name}_max"][0] == metric.valid_max


def test_every_instant_metric_is_averaged():
    """A metric of instants is in both models that average instants, and only such a one."""
    for model in ("run_metric", "bin_metric"):
        text = (ROOT / f"src/carryover/sql/intermediate/{model}.sql").read_text("utf-8")
        named = re.findall(r"metric_mean\('(\w+)'", text)
        assert set(named) == {m.name for m in metrics().values() if m.grain == "sample"}


def test_pages_are_up_to_date():
    """Docs say what the models and metrics say; `python benchmarks/make_docs.py` writes them."""
    made = runpy.run_path(str(ROOT / "benchmarks" / "make_docs.py"))["pages"]()
    assert {name for name in made if (DOCS / name).read_text("utf-8") != made[name]} == set()
    held = {f"metrics/{path.name}" for path in (DOCS / "metrics").iterdir()}
    assert held == {f"metrics/{name}.md" for name in metrics()}


def test_every_unit_is_listed(published):
    """Each suffix of a number's or an instant's column stands in docs/units.md."""
    listed = re.findall(r"^\| `(_\w+)` \|", (DOCS / "units.md").read_text("utf-8"), re.MULTILINE)
    told_frames = [
        item
        for held in (columns, run_frames, check_frames, plan_frames)
        for item in vars(held).items()
    ]
    frames = [held for name, held in told_frames if name.isupper() and name != "UTC_TIME"]
    crossing = {
        name for schema in frames for name, kind in schema.items()
        if kind.is_float() or kind.is_temporal()
    }  # fmt: skip
    kinds = {"DOUBLE", "DATE", "TIMESTAMP WITH TIME ZONE"}
    stored = {column for _, column, kind, _ in found(published) if kind in kinds}
    told = {name for name in crossing | stored if name.removesuffix("_adj").endswith(tuple(listed))}
    unitless = set(UNITLESS.split())
    assert crossing | stored <= told | unitless
    assert not told & unitless
