"""What every command shares: options, results, trouble, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer
from typer.core import TyperGroup

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


class Commands(TyperGroup):
    """Commands whose list tells each one's whole first paragraph: Typer's own cuts it short."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - Typer's call
        """Write the commands' names and what each does."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, _first_paragraph(command.help)) for name, command in commands if command]
            )


def _first_paragraph(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].split())


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
