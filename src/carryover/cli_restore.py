"""`carryover restore`: warehouses that were published before, and the way back to one."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated

import typer

from carryover.cli_words import HERE, HomeOption, JsonOption, say, told

if TYPE_CHECKING:
    from carryover.restoring import Earlier


@told
def restore(
    which: Annotated[
        str | None,
        typer.Argument(help="Its instant (UTC), or the beginning of it; without it, list them."),
    ] = None,
    home: HomeOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """List the warehouses that stood before, or publish one of them again.

    The last seven are kept (`snapshots` under `[machine]` in carryover.toml), each as large as
    the warehouse. Files are never touched; the next night with new files builds anew. Examples:

    `carryover restore`

    `carryover restore 2026-11-20T03-00`
    """
    from carryover.app import open_home
    from carryover.restoring import earlier
    from carryover.restoring import restore as bring_back

    where, settings = open_home(home)
    if which is None:
        _list(earlier(where), as_json=as_json)
        return
    with where.night_lock():
        chosen = bring_back(where, settings, which, now=dt.datetime.now(dt.UTC))
    if as_json:
        say(json.dumps(_as_dict(chosen)))
        return
    say(f"warehouse   {where.published}, as of {chosen.name}")
    say(f"dashboards  {where.site / 'index.html'}")


def _list(held: list[Earlier], *, as_json: bool) -> None:
    if as_json:
        say(json.dumps([_as_dict(one) for one in held]))
        return
    for one in held:
        say(f"{one.name}  {one.size_bytes / 1e6:,.0f} MB{'  published' * one.is_shown}")
    if not held:
        say("No earlier warehouse is kept yet: the next one that is published keeps this one.")


def _as_dict(one: Earlier) -> dict[str, object]:
    return {"name": one.name, "made_at": one.made_at.isoformat(), "bytes": one.size_bytes,
            "is_published": one.is_shown}  # fmt: skip
