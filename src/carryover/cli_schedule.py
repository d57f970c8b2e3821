"""`carryover schedule`: what to type so that the night runs by itself."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer

from carryover.cli_words import HERE, HomeOption, told
from carryover.recipes import Kind, Place, recipe


@told
def schedule(
    kind: Annotated[Kind, typer.Argument(help="What keeps the time.")] = Kind.SYSTEMD,
    home: HomeOption = HERE,
    cron: Annotated[
        str | None, typer.Option(help="Five cron fields; else the configuration's.")
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="Zone of that clock.")] = None,
) -> None:
    """Print what makes the night run by itself; nothing is changed.

    Examples of use:

    `carryover schedule` a systemd timer of yours, to read; `carryover schedule | sh` sets it up

    `carryover schedule cron` lines for `crontab -e`

    `carryover schedule prefect` Prefect's server and `carryover serve` as services
    """
    from carryover.app import schedule_of

    where, hours, zone = schedule_of(home, cron, timezone)
    place = Place(_program("carryover"), _program("prefect"), where.root, hours, zone)
    sys.stdout.write(recipe(kind, place, dt.datetime.now(dt.UTC).date()))


def _program(name: str) -> tuple[str, ...]:
    """Return how a program of this environment is called from anywhere."""
    script = Path(sys.executable).with_name(name)
    return (str(script),) if script.exists() else (sys.executable, "-P", "-m", name)
