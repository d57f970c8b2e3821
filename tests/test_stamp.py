"""What an estimate was made by: its module and all of carryover beneath it, and nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from carryover import stamp

LOADED = """
import sys
before = set(sys.modules)
import {module}
print("\\n".join(n for n in set(sys.modules) - before if n.partition(".")[0] == "carryover"))
"""


@pytest.mark.parametrize("module", ["carryover.estimates", "carryover.estimate.track"])
def test_what_a_module_loads_is_part_of_its_mark(module: str) -> None:
    """No module that an estimate runs through can change without its mark changing."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(module=module)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert module in loaded
    assert loaded <= stamp._beneath(module)


def test_what_is_elsewhere_is_not() -> None:
    """A change of commands, decoders or pages has no estimate made again."""
    beneath = stamp._beneath("carryover.estimates")
    elsewhere = ("carryover.cli", "carryover.decode", "carryover.charts", "carryover.app")
    assert not any(name.startswith(elsewhere) for name in beneath)
    assert not any("carry_over" in name for name in stamp._beneath("carryover.estimate.track"))
