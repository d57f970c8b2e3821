"""The house: imports point down, a foreign library has one home, modules stay small."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {"carryover": ROOT / "src" / "carryover", "pipelines": ROOT / "pipelines",
            "dashboards": ROOT / "dashboards"}  # fmt: skip
MODULES = sorted(
    path for folder in PACKAGES.values() for path in folder.rglob("*.py")
    if "site" not in path.relative_to(folder).parts[:-1]
)  # fmt: skip
MAX_LINES = 400

TIERS = [
    {"errors", "units", "columns", "rawfile", "metrics", "settings", "catalogue", "progress",
     "owned", "home", "report", "csv_text", "harmless", "kept", "plan", "registrations", "nights",
     "sql", "stamp", "room", "leftovers", "care", "privacy", "forgotten", "clock", "recipes",
     "replaced",
     "__init__"},
    {"intake", "decode", "normalise", "warehouse", "matching", "estimate", "charts", "demo",
     "pdf"},
    {"bring", "reading", "logbook", "estimates", "dashboards", "compare",
     "planning", "mending", "finds"},
    {"apart", "given", "registry", "site", "tally", "purge"},
    {"app", "handout", "opening", "exporting"},
    {"restoring", "cohort"},
    {"doctor", "pipelines", "quiet", "cli_words", "forget"},
    {"cli_cohort", "cli_export", "cli_forget", "cli_log", "cli_pages", "cli_plan", "cli_restore",
     "cli_schedule"},
    {"cli"},
    {"__main__"},
]  # fmt: skip
"""A unit imports from lower tiers only: the middle (tier 1) knows nothing of one another.

The ground floor's own order is held by Python itself, which refuses circles.
"""
TIER = {unit: number for number, units in enumerate(TIERS) for unit in units}

HOMES = {
    "fitparse": {"decode", "compare"},
    "gpxpy": {"decode"},
    "lxml": {"decode"},
    "fastcrc": {"decode"},
    "garmin_fit_sdk": {"demo", "compare"},  # the encoder of example files; a second opinion
    "fitdecode": set(),  # a witness of the tests alone
    "rapidfuzz": {"catalogue"},  # names that look alike
    "tzfpy": {"normalise"},
    "duckdb": {"warehouse"},
    "pandas": {"estimate"},
    "statsmodels": set(),  # a witness of the tests alone
    "scipy": {"estimate"},
    "plotly": {"charts", "site"},
    "jinja2": {"dashboards"},
    "prefect": {"pipelines"},
    "prefect_dask": {"pipelines"},
    "distributed": {"pipelines"},
    "fsspec": {"cohort"},
    "pydantic": {"settings"},
    "typer": {
        "cli",
        "cli_cohort",
        "cli_export",
        "cli_forget",
        "cli_log",
        "cli_pages",
        "cli_plan",
        "cli_restore",
        "cli_schedule",
        "cli_words",
    },
    "rich": {"cli", "progress", "cli_words"},
    "numpy": {"decode", "normalise", "matching", "estimate", "demo", "charts"},
    "polars": None,  # the common currency
}
"""Library → the units that may know it; None is everybody."""
REAL_JOBS = {"fitparse", "gpxpy", "pandas", "polars", "duckdb", "prefect", "plotly"}


def unit_of(path):
    package = next(name for name, folder in PACKAGES.items() if path.is_relative_to(folder))
    if package != "carryover":
        return package
    return path.relative_to(PACKAGES[package]).parts[0].removesuffix(".py")


def imported(path):
    """Return every module a file imports, wherever in it, `importlib` included."""
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            whole = node.module == "carryover"
            names += [f"carryover.{a.name}" for a in node.names] if whole else [node.module]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            names += [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
    return names


def named(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_point_down(path):
    """A module imports its own unit and units below it, never one beside or above."""
    own = unit_of(path)
    assert own in TIER, f"{own} has no tier yet"
    for name in imported(path):
        package, _, rest = name.partition(".")
        if package not in PACKAGES:
            continue
        other = rest.split(".")[0] if package == "carryover" else package
        beside = TIER[own] == 0 == TIER.get(other, 0)
        below = TIER.get(other, 0) < TIER[own]
        assert other == own or beside or below, f"{own} imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_one_library_one_home(path):
    """A foreign library is known in one place, so that it can be replaced there."""
    for name in imported(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or unit_of(path) in homes, f"{name} is at home in {sorted(homes)}"


@pytest.mark.parametrize("library", sorted(REAL_JOBS))
def test_every_main_library_has_a_job(library):
    """A library that the project is built on is used where it is at home."""
    assert any(name.split(".")[0] == library for path in MODULES for name in imported(path))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_modules_are_small(path):
    """A module can be read in one sitting."""
    assert len(path.read_text("utf-8").splitlines()) < MAX_LINES


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_no_fault_is_swallowed(path):
    """Every `except` names what it expects; a broad one passes the fault on."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = ast.unparse(node.type) if node.type else "everything"
        assert caught not in {"everything", "Exception"}, f"line {node.lineno}"
        if caught == "BaseException":
            assert any(isinstance(n, ast.Raise) and n.exc is None for n in ast.walk(node))


def test_no_sql_is_kept_in_python_pages():
    """Queries of pages are files of their own."""
    for path in MODULES:
        if unit_of(path) == "dashboards":
            assert not re.search(r"\bselect\s[^\"]+\bfrom\b", path.read_text("utf-8"), re.DOTALL)


def test_the_map_is_true():
    """ARCHITECTURE.md fits on two screens, and every path that it names is there."""
    page = ROOT / "ARCHITECTURE.md"
    if not page.exists():
        pytest.skip("ARCHITECTURE.md is not written yet")
    text = page.read_text("utf-8")
    assert len(text.splitlines()) <= 100
    paths = set(re.findall(r"(?<![\w/])(?:src|tests|docs|pipelines|dashboards|benchmarks|data)/"
                           r"[\w./*-]*", text))  # fmt: skip
    made = ("data/raw", "data/warehouse", "dashboards/site")
    gone = [p for p in paths if not p.startswith(made) and not (ROOT / p.rstrip(".")).exists()]
    assert not gone


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="counts threads in /proc")
def test_what_workers_are_forked_with_starts_no_threads():
    """Importing what reads files starts no thread beside those of the libraries themselves.

    A process that is forked while polars' threads run hangs at its first frame.
    """
    count = "import os; print(len(os.listdir('/proc/self/task')))"
    bare, ours = (
        subprocess.run(
            [sys.executable, "-c", f"import {names}; {count}"],
            capture_output=True, text=True, check=True,
        ).stdout
        for names in ("numpy, polars", "carryover.normalise")
    )  # fmt: skip
    assert ours == bare
