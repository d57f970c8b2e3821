"""`carryover plan`: the calendar of blocks that settles the question soonest."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from carryover.cli_words import HERE, HomeOption, JsonOption, say, told
from carryover.errors import UsageError

if TYPE_CHECKING:
    from carryover.planning import Made

T = TypeVar("T")
SEED_BITS = 32


@told
def plan(
    home: HomeOption = HERE,
    athlete: Annotated[str | None, typer.Option(help="Whose, where there are several.")] = None,
    half: Annotated[
        float | None,
        typer.Option(
            min=0,
            help="Wanted half-width of the 95 % interval, in the metric's unit.",
            show_default="the smallest change that matters",
        ),
    ] = None,
    until: Annotated[str | None, typer.Option(help="Last date that may be used.")] = None,
    weeks: Annotated[int | None, typer.Option(min=1, max=260, help="Weeks, instead.")] = None,
    sessions: Annotated[int, typer.Option(min=1, max=4, help="A week, in on-blocks.")] = 2,
    busy: Annotated[
        list[str] | None,
        typer.Option(help="Dates without a gym, 2027-01-10..2027-01-20; may be repeated."),
    ] = None,
    race: Annotated[
        list[str] | None, typer.Option(help="A race: no block begins just before; may be repeated.")
    ] = None,
    randomise: Annotated[
        bool, typer.Option("--randomise", help="Draw the calendar by lot and seal it.")
    ] = False,
    seed: Annotated[int | None, typer.Option(min=0, help="For the same plan again.")] = None,
    replace_old: Annotated[
        bool, typer.Option("--replace", help="Lay an existing plan aside, under its date.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print it, write nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Lay out weeks with and without gym work so that your question is settled soonest.

    Writes `plan.csv` and `plan.ics` beside carryover.toml. Examples:

    `carryover plan --dry-run` what it would take

    `carryover plan --busy 2027-01-10..2027-01-20 --race 2027-04-11`

    `carryover plan --randomise` drawn by lot and sealed: earns a stronger test and stronger words

    `carryover plan --weeks 40 --half 1.0 --replace`
    """  # fmt: skip
    from carryover.app import open_home
    from carryover.plan.file import span_of
    from carryover.plan.place import plan_of, plan_path, refuse_none, write_plan
    from carryover.planning import Wanted, athlete_of, make
    from carryover.warehouse.read import open_own

    where, settings = open_home(home)
    who, ids = athlete_of(settings, athlete), [a.id for a in settings.everyone()]
    path = plan_path(where.root, ids, who)
    old = plan_of(where.root, ids, who) if replace_old else None
    if path.exists() and not dry_run:
        refuse_none(path, old)
    wanted = Wanted(
        who, half or None, _read(dt.date.fromisoformat, until, "--until"), weeks, sessions,
        tuple(_read_all(span_of, busy, "--busy")),
        tuple(_read_all(dt.date.fromisoformat, race, "--race")), randomise,
    )  # fmt: skip
    today = dt.datetime.now(settings.schedule_zone()).date()
    with open_own(where.published) as reader:
        made = make(
            reader, settings, wanted, made_on=today,
            seed=secrets.randbits(SEED_BITS) if seed is None else seed,
        )  # fmt: skip
    written = [] if dry_run else write_plan(path, made.plan, replaces=old)
    if as_json:
        say(json.dumps(made.as_dict() | {"files": [str(path) for path in written]}))
        return
    _print(made)
    for path in written:
        say(f"{'calendar' if path.suffix == '.ics' else 'plan':<9} {path}")


def _print(made: Made) -> None:
    from carryover.planning import sentences, size

    plan = made.plan
    say(f"{'block':<6} {'from':<11} {'to':<11} {'weeks':>5}  {'gym':<4} {'sessions':>8}")
    for block in plan.blocks():
        say(
            f"{block.number:<6} {block.from_date!s:<11} {block.to_date!s:<11} {block.n_weeks:>5}  "
            f"{block.state:<4} {block.sessions:>8}"
        )
    say("")
    for sentence in sentences(made):
        say(sentence)
    say("")
    say(f"{'half-width after':<18} {'as now':>14} {'8 on, 8 off':>14} {'this plan':>14}")
    for week, *halves in made.proposal.ladder:
        words = " ".join(f"{'± ' + size(plan, half):>14}" for half in halves)
        say(f"{f'{week} weeks':<18} {words}")


def _read(parse: Callable[[str], T], text: str | None, option: str) -> T | None:
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is none: {error}", subject=option, remedy="Write dates as 2027-01-10."
        ) from error


def _read_all(parse: Callable[[str], T], texts: list[str] | None, option: str) -> list[T]:
    found = [_read(parse, text, option) for text in texts or []]
    return [value for value in found if value is not None]
