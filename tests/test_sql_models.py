"""Each SQL model, given rows → expected rows."""

from __future__ import annotations

import re

import pytest

import sql_cases_answers
import sql_cases_body
import sql_cases_coach
import sql_cases_dose
import sql_cases_exports
import sql_cases_gym
import sql_cases_hills
import sql_cases_identities
import sql_cases_kinds
import sql_cases_ledger
import sql_cases_matching
import sql_cases_noise
import sql_cases_plan
import sql_cases_privacy
import sql_cases_registration
import sql_cases_runs
import sql_cases_samples
import sql_cases_steady
import sql_cases_strength
import sql_cases_symmetry
from sql_harness import answer, known, wanted

CASES = [
    *sql_cases_answers.CASES,
    *sql_cases_samples.CASES,
    *sql_cases_identities.CASES,
    *sql_cases_runs.CASES,
    *sql_cases_gym.CASES,
    *sql_cases_dose.CASES,
    *sql_cases_hills.CASES,
    *sql_cases_kinds.CASES,
    *sql_cases_ledger.CASES,
    *sql_cases_matching.CASES,
    *sql_cases_exports.CASES,
    *sql_cases_steady.CASES,
    *sql_cases_strength.CASES,
    *sql_cases_symmetry.CASES,
    *sql_cases_noise.CASES,
    *sql_cases_coach.CASES,
    *sql_cases_body.CASES,
    *sql_cases_plan.CASES,
    *sql_cases_privacy.CASES,
    *sql_cases_registration.CASES,
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_model(case):
    """A model answers given rows with exactly the rows that its law asks for."""
    assert answer(case) == wanted(case)


def test_every_model_has_a_case():
    """No model goes untested."""
    assert set(known()[0]) == {case.model for case in CASES}


@pytest.mark.parametrize("name", sorted(known()[0]))
def test_grain_and_comments(name):
    """A model opens with its grain; a published one casts and explains every column."""
    model = known()[0][name]
    assert re.match(r"(one|each) ", model.grain)
    if model.layer != "marts":
        return
    columns = [column.split()[0] for column in known()[1][name]]
    assert list(model.comments) == columns
    assert all(re.search(rf"::[\w\[\]]+\s+as {column}\b", model.sql) for column in columns)
