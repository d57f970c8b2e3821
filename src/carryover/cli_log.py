"""`carryover log …`: gym work, pain or a screening, entered by hand."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from carryover.cli_words import HERE, HomeOption, say, told
from carryover.errors import UsageError
from carryover.settings import Athlete

log_app = typer.Typer(no_args_is_help=True, help="Enter gym work, pain or a screening by hand.")


class Side(StrEnum):
    """Which leg."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class Kind(StrEnum):
    """What a gym session is."""

    STRENGTH = "strength"
    ACTIVATION = "activation"
    HILL_STRIDES = "hill_strides"


When = Annotated[
    str | None, typer.Option("--when", help="2026-05-04 or 2026-05-04T18:30; now otherwise.")
]
Who = Annotated[str | None, typer.Option("--athlete", help="Whose, where there are several.")]
Notes = Annotated[str | None, typer.Option(help="Own words.")]


@log_app.command()
@told
def strength(
    exercise: Annotated[str | None, typer.Argument(help="As in the catalogue.")] = None,
    sets: Annotated[int | None, typer.Option()] = None,
    reps: Annotated[int | None, typer.Option()] = None,
    weight_kg: Annotated[float | None, typer.Option()] = None,
    side: Annotated[Side | None, typer.Option()] = None,
    rpe: Annotated[float | None, typer.Option(help="Perceived exertion, 1 to 10.")] = None,
    duration_min: Annotated[float | None, typer.Option()] = None,
    kind: Annotated[Kind | None, typer.Option()] = None,
    notes: Notes = None,
    when: When = None,
    athlete: Who = None,
    force: Annotated[bool, typer.Option(help="Take a name the catalogue lacks.")] = False,
    home: HomeOption = HERE,
) -> None:
    """Log an exercise, or a whole session by its duration and RPE.

    Example: `carryover log strength "hip thrust" --sets 3 --reps 8 --weight-kg 60`
    """
    from carryover import logbook
    from carryover.settings import load_settings

    raw, person = _whose(home, athlete)
    path = logbook.log_strength(
        raw,
        person,
        when=_moment(when),
        exercise=exercise,
        sets=sets,
        reps=reps,
        weight_kg=weight_kg,
        side=side and side.value,
        rpe=rpe,
        duration_min=duration_min,
        kind=kind and kind.value,
        notes=notes,
        force=force,
        own=load_settings(home).exercise_names,
    )
    say(f"logged in {path}")


@log_app.command()
@told
def pain(
    site: Annotated[str, typer.Argument(help="knee, hip, achilles …")],
    score: Annotated[float, typer.Argument(min=0, max=10, help="0 none, 10 worst.")],
    stiffness: Annotated[float | None, typer.Option(min=0, max=10)] = None,
    notes: Notes = None,
    when: When = None,
    athlete: Who = None,
    home: HomeOption = HERE,
) -> None:
    """Log pain of a day.

    Example: `carryover log pain knee 2 --notes "after the long run"`
    """
    from carryover import logbook

    raw, person = _whose(home, athlete)
    path = logbook.log_pain(
        raw, person, when=_moment(when), site=site, pain=score, stiffness=stiffness, notes=notes
    )
    say(f"logged in {path}")


@log_app.command()
@told
def screening(
    test: Annotated[str, typer.Argument(help="single-leg bridge, step-down …")],
    score: Annotated[float, typer.Argument(help="In the test's own unit.")],
    side: Annotated[Side | None, typer.Option()] = None,
    notes: Notes = None,
    when: When = None,
    athlete: Who = None,
    home: HomeOption = HERE,
) -> None:
    """Log a strength or movement test.

    Example: `carryover log screening "single-leg bridge" 23 --side left`
    """
    from carryover import logbook

    raw, person = _whose(home, athlete)
    path = logbook.log_screening(
        raw,
        person,
        when=_moment(when),
        test=test,
        score=score,
        side=side and side.value,
        notes=notes,
    )
    say(f"logged in {path}")


def _whose(home: Path, athlete: str | None) -> tuple[Path, Athlete]:
    from carryover.app import open_home

    where, settings = open_home(home)
    where.prepare()
    people = {person.id: person for person in settings.everyone()}
    if athlete is None and len(people) > 1:
        raise UsageError(
            "several athletes share this home", remedy=f"Say --athlete {next(iter(people))}."
        )
    if athlete is not None and athlete not in people:
        raise UsageError(f"there is no athlete {athlete!r}", remedy=f"Known: {', '.join(people)}.")
    return where.raw, people[athlete] if athlete else next(iter(people.values()))


def _moment(when: str | None) -> dt.date | dt.datetime:
    """Return when it was: a day, or an instant where a time is told; now where nothing is."""
    if when is None:
        return dt.datetime.now(dt.UTC)
    try:
        return (
            dt.date.fromisoformat(when)
            if len(when) == len("2026-05-04")
            else dt.datetime.fromisoformat(when)
        )
    except ValueError as error:
        raise UsageError(
            f"{when!r} is no date", remedy="Write 2026-05-04 or 2026-05-04T18:30."
        ) from error
