"""`carryover forget`: a recording, a run or an athlete goes from everywhere in the home."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Annotated

import typer

from carryover.cli_words import HERE, HomeOption, JsonOption, say, told
from carryover.errors import UsageError


@told
def forget(
    name: Annotated[
        str,
        typer.Argument(help="activity_id, run_id, a run's date, a file's place, or an athlete."),
    ],
    home: HomeOption = HERE,
    athlete: Annotated[str | None, typer.Option(help="Whose run, where several ran.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Forget a recording, a run or an athlete: files, archives, databases, pages.

    A run goes with all its recordings, an activity_id alone. What is forgotten is not read again,
    should it come with the next export. Examples:

    `carryover forget 2026-04-12 --dry-run`

    `carryover forget "2026-04-12 07:30" --athlete ben`

    `carryover forget ben --yes`
    """
    from carryover.app import open_home
    from carryover.forget import carry_out, wish_of

    where, settings = open_home(home)
    with where.night_lock():
        wish = wish_of(where, settings, name, athlete)
        if not as_json:
            for line in wish.lines():
                say(line)
        gone = not dry_run and (yes or _asked(as_json=as_json))
        if gone:
            carry_out(where, wish, now=dt.datetime.now(settings.schedule_zone()))
    if as_json:
        say(json.dumps(wish.as_dict() | {"forgotten": gone}, ensure_ascii=False))
    elif gone:
        say("Forgotten. What lies elsewhere is yours to delete: backups, reports that you sent, "
            "the watch, the cloud that it came from.")  # fmt: skip
    else:
        say("Nothing was changed.")


def _asked(*, as_json: bool) -> bool:
    """Return whether a person says yes; raises UsageError where nobody can be asked."""
    if as_json or not sys.stdin.isatty():
        raise UsageError(
            "nobody is here to be asked", subject="forget",
            remedy="Add --yes to go on, or --dry-run to see what would go.",
        )  # fmt: skip
    return typer.confirm("Forget all this? It cannot be brought back.")
