"""What every command shares: options, results, trouble, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

import typer

from carryover.errors import CarryoverError
from carryover.harmless import harmless
from carryover.room import full_disk_told

P = ParamSpec("P")
R = TypeVar("R")

HomeOption = Annotated[
    Path,
    typer.Option(
        "--home", envvar="CARRYOVER_HOME", help="Folder with carryover.toml and data/.",
        show_default="the current folder",
    ),
]  # fmt: skip
JsonOption = Annotated[bool, typer.Option("--json", help="Print it for a machine.")]
HERE = Path()


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Turn own errors into one plain message and the right exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with full_disk_told():
                return command(*args, **kwargs)
        except CarryoverError as error:
            sys.stderr.write(f"carryover: {harmless(str(error))}\n")
            raise typer.Exit(error.exit_code) from error

    return run


def say(text: str) -> None:
    """Print one line of result; what names and notes hold does nothing in a terminal."""
    sys.stdout.write(f"{harmless(text)}\n")
