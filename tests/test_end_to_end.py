"""The end-to-end benchmark: what it plants, what it reads off a verdict, what its tables say."""

from __future__ import annotations

import json

import pytest

from benchmarks import end_to_end_tables as tables
from benchmarks.end_to_end_athlete import Athlete, followed, verdicts

ANSWER = {
    "metric": "stance_time_ms", "outcome": "decay", "exposure": "strength", "tau_d": 28.0,
    "role": "primary", "verdict": "carrying over", "effect": -4.0, "ci_low": -6.0,
    "ci_high": -2.0, "p_shift": 0.02, "lead_p": 0.4,
}  # fmt: skip


def row(effect_sd, seed, **changed):
    """Return one athlete's row; `changed` of its primary answer."""
    told = ANSWER | changed
    others = [ANSWER | {"metric": "cadence_spm", "role": "exploratory", "verdict": "shifted up"}]
    planned = {"weeks": 52, "on_weeks": 8, "off_weeks": 8}
    truth = {"effect_sd": effect_sd, "seed": seed, "truth_ms": 4.5 * effect_sd}
    return planned | truth | verdicts([told, *others])


def test_an_athlete_is_followed_from_files_to_a_row(tmp_path):
    """Real files are written, read and built; the row has the truth and the published verdict."""
    athlete = Athlete(effect_sd=1.0, seed=3, weeks=3, on_weeks=1, off_weeks=1)
    told = followed(athlete, tmp_path, "warehouse")
    kept = json.loads((tmp_path / athlete.name / "row.json").read_text("utf-8"))
    assert told["truth_ms"] == 4.5
    assert kept["primary"]["verdict"] == "not enough data"
    assert kept["primary"]["n_weeks"] <= 3
    published = tmp_path / athlete.name / "data" / "warehouse" / "carryover.duckdb"
    before = published.stat().st_mtime_ns
    assert followed(athlete, tmp_path, "warehouse")["primary"] == told["primary"]
    assert published.stat().st_mtime_ns == before, "what is done already is left alone"


def test_the_planted_answer_is_found_whatever_its_role():
    """The planted outcome's row is kept beside a primary that is another one."""
    primary = ANSWER | {"metric": "hr_decoupling_ratio", "outcome": "level"}
    planted = ANSWER | {"role": "exploratory"}
    other_tau = planted | {"tau_d": 14.0, "effect": 9.0}
    found = verdicts([primary, other_tau, planted])
    assert found["primary"]["metric"] == "hr_decoupling_ratio"
    assert found["planted"]["effect"] == -4.0
    assert len(found["others"]) == 2


def test_one_false_answer_in_twenty_is_the_most():
    """The target counts athletes without an effect that are told it carries over, no others."""
    rows = [row(0.0, i, verdict="ruled out") for i in range(19)] + [row(-1.0, 1), row(1.0, 1)]
    assert tables.target_met([*rows, row(0.0, 20)])
    assert not tables.target_met([*rows[1:], row(0.0, 20), row(0.0, 21)])


def test_the_tables_count_what_was_said():
    """Verdicts, error, coverage and other claims stand in the row of what was planted."""
    told = tables.report([
        row(-1.0, 1), row(-1.0, 2, effect=-5.0, ci_low=-5.2, ci_high=-4.8),
        row(0.0, 1, verdict="no decay to repair", p_shift=None),
    ])  # fmt: skip
    lines = [line for line in told.splitlines() if line.startswith("|")]
    assert "| −1 | 2 | 2 | 0 | 0 | 0 | 0 | 0 |" in lines
    assert "| 0 | 1 | 0 | 0 | 0 | 1 | 0 | 0 |" in lines
    assert ("| −1 | −4.5 | 2 | +0.00 | 0.50 | 1 of 2 | 1.10 | 2 of 2 | 2 of 2 | 0 of 2 | 2 of 2 |"
            in lines)  # fmt: skip
    assert "| −1 | 2 | 2 | 2 |" in lines
    assert "nothing planted: 0 of 1" in told


def test_the_report_takes_its_place_in_the_page_and_no_other():
    """Between its markers the old report goes and the new one comes; without them it is refused."""
    page = f"before\n{tables.BEGIN}\nold\n{tables.END}\nafter\n"
    assert (
        tables.page_with(page, "new") == f"before\n{tables.BEGIN}\n\nnew\n\n{tables.END}\nafter\n"
    )
    with pytest.raises(ValueError, match="end to end"):
        tables.page_with("no markers", "new")
