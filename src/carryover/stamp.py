"""What tells one version of the program and its configuration from another."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from carryover.settings import Settings

PROGRAM: Final = frozenset({".py", ".sql", ".csv", ".toml", ".html", ".css", ".js"})
"""Kinds of files that decide what is built and drawn."""


def stamp(settings: Settings) -> str:
    """Return a hash of the configuration and the program."""
    told = f"{settings.model_dump_json()}|{version('carryover')}|{program()}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@cache
def program() -> str:
    """Return a hash of models, estimators and pages, so that a new version builds anew.

    Looked at once: what runs is what was there when it began.
    """
    digest = hashlib.sha256()
    for root in (Path(__file__).parent, Path(str(files("dashboards")))):
        drawn = root / "site"
        for path in sorted(p for p in root.rglob("*") if p.suffix in PROGRAM):
            if not path.is_relative_to(drawn):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
