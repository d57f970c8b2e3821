"""`carryover log …`: gym work, drills, pain or a screening, entered by hand."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carryover.cli_words import HERE, Commands, HomeOption, say, told
from carryover.errors import UsageError

if TYPE_CHECKING:
    from carryover.logbook import When as Moment
    from carryover.settings import Athlete, Settings

log_app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    help="Enter gym work, drills, pain or a screening by hand.",
)


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
    str | None,
    typer.Option("--when", help="2026-05-04, 2026-05-04T18:30, today or yesterday; else now."),
]
Who = Annotated[str | None, typer.Option("--athlete", help="Whose, where there are several.")]
Notes = Annotated[str | None, typer.Option(help="Own words.")]
Site = Annotated[str, typer.Argument(help="knee, hip, achilles …, also as “left knee”.")]
WhichSide = Annotated[Side | None, typer.Option(help="left, right or both.")]
Test = Annotated[str, typer.Argument(help="single-leg bridge, step-down …")]
Unit = Annotated[str | None, typer.Option(help="reps, s, kg, N, cm …, where the test has several.")]
Force = Annotated[bool, typer.Option(help="Take a name the catalogue lacks.")]


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
    force: Force = False,
    home: HomeOption = HERE,
) -> None:
    """Log an exercise, or a whole session by its duration and RPE.

    Example: `carryover log strength "hip thrust" --sets 3 --reps 8 --weight-kg 60`
    """
    from carryover import logbook

    raw, person, settings = _whose(home, athlete)
    at = _moment(when, person)
    path = logbook.log_strength(
        raw,
        person,
        when=at,
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
        own=settings.exercise_names,
    )
    work = [
        exercise or (kind.value.replace("_", " ") if kind else "session"),
        f"{sets} sets" if sets else "", f"{reps} reps" if reps else "",
        f"{weight_kg:g} kg" if weight_kg is not None else "", side.value if side else "",
        f"{duration_min:g} min" if duration_min else "", f"RPE {rpe:g}" if rpe else "",
    ]  # fmt: skip
    _confirm(path, at, person, work, timed=True)


@log_app.command()
@told
def activation(
    minutes: Annotated[float | None, typer.Option(help="How long; 10 where not told.")] = None,
    exercise: Annotated[
        list[str] | None, typer.Option(help="A drill, as in the catalogue; may be repeated.")
    ] = None,
    notes: Notes = None,
    when: Annotated[
        str | None,
        typer.Option("--when", help="When they began; without it they have just ended."),
    ] = None,
    athlete: Who = None,
    force: Force = False,
    home: HomeOption = HERE,
) -> None:
    """Log activation drills before a run.

    They belong to the first run that starts within 90 minutes of their end.

    Example: `carryover log activation --minutes 12 --exercise clams --exercise "monster walk"`
    """
    from carryover import logbook

    raw, person, settings = _whose(home, athlete)
    length = logbook.DRILL_MINUTES if minutes is None else minutes
    drills = logbook.log_activation(
        raw,
        person,
        when=None if when is None else _moment(when, person),
        now=dt.datetime.now(dt.UTC),
        minutes=length,
        exercises=exercise or (),
        notes=notes,
        force=force,
        own=settings.exercise_names,
    )
    what = [f"activation {length:g} min", *(exercise or ())]
    _confirm(drills.path, drills.when, person, what, timed=True)


@log_app.command()
@told
def pain(
    site: Site,
    score: Annotated[float, typer.Argument(min=0, max=10, help="0 none, 10 worst.")],
    side: WhichSide = None,
    stiffness: Annotated[float | None, typer.Option(min=0, max=10)] = None,
    notes: Notes = None,
    when: When = None,
    athlete: Who = None,
    home: HomeOption = HERE,
) -> None:
    """Log pain of a day, and stiffness with it.

    Example: `carryover log pain knee 2 --side left --stiffness 3 --when yesterday`
    """
    _log_pain(home, athlete, when, site, side, notes, pain=score, stiffness=stiffness)


@log_app.command()
@told
def stiffness(
    site: Site,
    score: Annotated[float, typer.Argument(min=0, max=10, help="0 none, 10 worst.")],
    side: WhichSide = None,
    notes: Notes = None,
    when: When = None,
    athlete: Who = None,
    home: HomeOption = HERE,
) -> None:
    """Log stiffness of a day.

    Example: `carryover log stiffness achilles 4 --side right`
    """
    _log_pain(home, athlete, when, site, side, notes, pain=None, stiffness=score)


def _log_pain(
    home: Path,
    athlete: str | None,
    when: str | None,
    site: str,
    side: Side | None,
    notes: str | None,
    *,
    pain: float | None,
    stiffness: float | None,
) -> None:
    from carryover import logbook
    from carryover.catalogue.body_sites import place_of

    raw, person, _ = _whose(home, athlete)
    at = _moment(when, person)
    path = logbook.log_pain(
        raw,
        person,
        when=at,
        site=site,
        side=side and side.value,
        pain=pain,
        stiffness=stiffness,
        notes=notes,
    )
    place = place_of(site)
    where = " ".join(filter(None, (place.site, side.value if side else place.side)))
    levels = [f"{name} {x:g}" for name, x in (("pain", pain), ("stiffness", stiffness))
              if x is not None]  # fmt: skip
    _confirm(path, at, person, [where, *levels])


@log_app.command()
@told
def screening(
    test: Test,
    score: Annotated[float, typer.Argument(help="In the test's own unit.")],
    side: WhichSide = None,
    unit: Unit = None,
    notes: Notes = None,
    when: When = None,
    athlete: Who = None,
    home: HomeOption = HERE,
) -> None:
    """Log a strength or movement test, one side at a time.

    Example: `carryover log screening "single-leg bridge" 23 --side left`
    """
    from carryover import logbook

    raw, person, _ = _whose(home, athlete)
    at = _moment(when, person)
    path = logbook.log_screening(
        raw,
        person,
        when=at,
        test=test,
        score=score,
        side=side and side.value,
        unit=unit,
        notes=notes,
    )
    where = f" {side.value}" if side else ""
    _confirm(path, at, person, [f"{test}{where} {score:g}{_unit(test, unit)}", _unknown(test)])


@log_app.command("single-leg")
@told
def single_leg(
    test: Annotated[str, typer.Argument(help="hip abduction, single-leg bridge …")],
    left: Annotated[float, typer.Option(help="Score of the left leg.")],
    right: Annotated[float, typer.Option(help="Score of the right leg.")],
    unit: Unit = None,
    notes: Notes = None,
    when: When = None,
    athlete: Who = None,
    home: HomeOption = HERE,
) -> None:
    """Log a test of both legs at once.

    Example: `carryover log single-leg "hip abduction" --left 23 --right 21 --unit kg`
    """
    from carryover import logbook

    raw, person, _ = _whose(home, athlete)
    at = _moment(when, person)
    path = logbook.log_single_leg(
        raw, person, when=at, test=test, left=left, right=right, unit=unit, notes=notes
    )
    measure = _unit(test, unit)
    sides = [f"left {left:g}{measure}", f"right {right:g}{measure}"]
    _confirm(path, at, person, [test, *sides, _unknown(test)])


def _unit(test: str, told: str | None) -> str:
    from carryover.catalogue.screening_tests import match_test, unit_of

    unit = unit_of(match_test(test), told)
    return f" {unit}" if unit else ""


def _unknown(test: str) -> str:
    from carryover.catalogue.screening_tests import match_test, nearest_tests

    if match_test(test) is not None:
        return ""
    near = nearest_tests(test)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"a test that the catalogue does not know{hint}"


def _confirm(
    path: Path, when: Moment, athlete: Athlete, what: list[str], *, timed: bool = False
) -> None:
    """Say what was logged where; a log that keeps no time of day is told without one."""
    from carryover.logbook import local_clock

    day, time = local_clock(when, athlete)
    at = f"{day} {time}" if time and timed else day
    say(f"logged in {path}: {', '.join([at, *filter(None, what)])}")


def _whose(home: Path, athlete: str | None) -> tuple[Path, Athlete, Settings]:
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
    person = people[athlete] if athlete else next(iter(people.values()))
    return where.raw, person, settings


def _moment(when: str | None, athlete: Athlete) -> Moment:
    from carryover.logbook import moment

    return moment(when, athlete, dt.datetime.now(dt.UTC))
