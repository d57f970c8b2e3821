"""What tells one version of the program and its configuration from another."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from carryover.settings import Settings

PROGRAM: Final = frozenset({".py", ".sql", ".csv", ".toml", ".html", ".css", ".js"})
"""Kinds of files that decide what is built and drawn."""
IMPORT: Final = re.compile(
    r"^\s*(?:from|import) (carryover[\w.]*)(?: import (\([^)]*\)|[^\n]*))?", re.MULTILINE
)
NAME: Final = re.compile(r"\w+")


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


@cache
def sources(module: str) -> str:
    """Return a hash of a module's source and of all modules of carryover that it rests upon.

    What a change elsewhere cannot touch need not be made again: pages, commands, decoders.
    """
    told = {name: _place(name).read_bytes() for name in sorted(_beneath(module))}
    digest = hashlib.sha256()
    for name, source in told.items():
        digest.update(name.encode() + b"\0" + source)
    return digest.hexdigest()[:16]


def _beneath(module: str) -> set[str]:
    """Return a module and all of carryover that it imports, and that these import."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found and _place(name).exists():
            found.add(name)
            waiting.extend(_imported(_place(name)))
            waiting.append(name.rpartition(".")[0] or name)
    return found


def _imported(path: Path) -> Iterator[str]:
    """Return what a module imports of carryover, wherever in it, and what may be modules of that.

    Read as text: parsing a hundred modules takes a second.
    """
    for module, names in IMPORT.findall(path.read_text("utf-8")):
        yield module
        yield from (f"{module}.{name}" for name in NAME.findall(names))


def _place(module: str) -> Path:
    """Return the file of a module of carryover; what is no module has none there."""
    at = Path(__file__).parent.parent.joinpath(*module.split("."))
    return at / "__init__.py" if at.is_dir() else at.with_suffix(".py")
