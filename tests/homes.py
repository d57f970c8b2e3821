"""Homes for tests: a folder with files as a person would leave them there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from carryover.home import Home


def home_with(folder: Path, *sets: Mapping[str, bytes]) -> Home:
    """Return a home with files by their place in data/raw/; one that is there gets more."""
    home = Home(folder)
    home.prepare()
    for name, content in (item for held in sets for item in held.items()):
        path = home.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home
