"""A machine without a network: wheels by hash, a fresh environment, a demo, all cut off."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.trust.trial import Trial

ROOT: Final = Path(__file__).parents[2]
CUT_OFF: Final = ("unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
"""Runs a command with its own loopback and nothing else."""
PIP: Final = ("-m", "pip", "--disable-pip-version-check", "--quiet")
LONGEST_S: Final = 1800


def offline_install() -> Trial:
    """Make the wheelhouse, install from it and run a demo where there is no network."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="carryover-wheelhouse-") as folder:
        wrong, note = _whole(Path(folder))
    return Trial(
        ("U1", "U2", "U4"), "a wheelhouse by hash, installed without a network: the demo runs",
        1, failures=tuple(wrong), took_s=round(time.monotonic() - begun, 1), note=note,
    )  # fmt: skip


def _whole(folder: Path) -> tuple[list[str], str]:
    wheels, fresh, home = folder / "wheels", folder / "venv", folder / "home"
    python, carryover = str(fresh / "bin" / "python"), str(fresh / "bin" / "carryover")
    named = [name for name in os.environ if name.startswith(("PYTHON", "PIP_", "PREFECT_"))]
    outside = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    inside = {k: v for k, v in os.environ.items() if k not in named} | {"HOME": str(folder)}
    steps = [
        (outside, (sys.executable, *PIP, "wheel", "--require-hashes", "-r", "requirements.lock",
                   "--wheel-dir", str(wheels))),
        (outside, (sys.executable, *PIP, "wheel", "--no-deps", "--no-build-isolation",
                   "--wheel-dir", str(wheels), ".")),
        (inside, (*CUT_OFF, sys.executable, "-m", "venv", str(fresh))),
        (inside, (*CUT_OFF, python, *PIP, "install", "--no-index", "--find-links", str(wheels),
                  "carryover[demo]")),
        (inside, (*CUT_OFF, carryover, "demo", "--weeks", "8", "--home", str(home))),
        (inside, (*CUT_OFF, carryover, "doctor", "--home", str(home))),
    ]  # fmt: skip
    for environment, command in steps:
        cwd = ROOT if environment is outside else folder
        done = subprocess.run(
            command, env=environment, cwd=cwd, capture_output=True, text=True, check=False,
            timeout=LONGEST_S,
        )  # fmt: skip
        if done.returncode:
            return [f"{' '.join(command[-6:])}: {done.stderr[-500:]}"], ""
    wrong = [] if (home / "dashboards/site/index.html").exists() else ["no pages were drawn"]
    held = list(wheels.glob("*.whl"))
    odd = [path.name for path in wheels.iterdir() if path.suffix != ".whl"]
    wrong += [f"no wheels: {odd}"] if odd else []
    size_mb = sum(path.stat().st_size for path in held) / 1e6
    return wrong, f"{len(held)} wheels, {size_mb:.0f} MB"


def is_possible() -> bool:
    """Return whether a command can be cut off from the network here."""
    able = shutil.which("unshare") is not None and shutil.which("ip") is not None
    return able and not subprocess.run([*CUT_OFF, "true"], check=False).returncode
