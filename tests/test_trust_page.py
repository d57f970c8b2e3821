"""The page of trust: what it claims is tested, and it says what the last full run came to."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path

import pytest

from benchmarks.trust.__main__ import PARTS, RESULTS
from benchmarks.trust.page import PAGE, ROOT, checks, page
from benchmarks.trust.trial import Trial

GROUPS = {"I": 9, "C": 7, "Q": 12, "K": 7, "S": 9, "D": 5, "P": 6, "U": 5}


@cache
def _named_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_check_is_named_once():
    """All sixty checks are told of, each once and in its order."""
    named = [f"{letter}{n}" for letter, count in GROUPS.items() for n in range(1, count + 1)]
    assert [check["check"] for check in checks()] == named


@pytest.mark.parametrize("check", checks(), ids=lambda check: check["check"])
def test_what_shows_a_check_is_there(check):
    """A check is shown by tests that exist, or its note says why none can."""
    shown = check["shown_by"].split()
    assert shown or check["note"]
    for where in shown:
        path, _, name = where.partition("::")
        assert (ROOT / path).is_file(), where
        assert not name or name in _named_in(ROOT / path), where


def test_the_page_tells_the_last_full_run():
    """The page is what the results of the last full run say; none of its trials failed."""
    results = json.loads(RESULTS.read_text("utf-8"))
    assert set(results) == set(PARTS)
    assert PAGE.read_text("utf-8") == page(results), "run python -m benchmarks.trust"
    for part in results.values():
        for trial in part["trials"]:
            told = {**trial, "checks": tuple(trial["checks"]), "failures": tuple(trial["failures"])}
            assert Trial(**told).is_clean, trial["what"]
