"""What a worker is told of one athlete, and what it leaves in the store once it is done."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Final, Self

from carryover.cohort.store import Listed, Store
from carryover.errors import CarryoverError
from carryover.settings import Athlete, Scale, Schedule, Settings
from carryover.stamp import program

ORDER: Final = "order.json"
DONE: Final = "done.json"
WAREHOUSE: Final = "carryover.duckdb"
STATE: Final = "state.tar"
SITE: Final = "site.zip"
ATHLETES: Final = "athletes"
MARTS: Final = "marts"
PART: Final = "part.parquet"


@dataclass(frozen=True, slots=True)
class Order:
    """One piece of work: all else that it needs lies in the store.

    `store` and `raw` are folders or URLs: where results go, and what files' places are below.
    `key` tells what it would be made from, as far as the store's listing does.
    """

    store: str
    raw: str
    athlete_id: str
    key: str
    now: dt.datetime
    pages: bool = False

    def at(self, name: str) -> str:
        """Return the name of one of this athlete's objects in the store."""
        return place(self.athlete_id, name)


@dataclass(frozen=True, slots=True)
class Terms:
    """What stands in `order.json`: an athlete's configuration, places of files, zones' secret."""

    settings: Settings
    places: tuple[str, ...]
    secret: str

    @classmethod
    def read(cls, store: Store, order: Order) -> Self:
        """Return what the store has of an order; raises CarryoverError where it is gone."""
        content = store.read(order.at(ORDER))
        if content is None:
            raise CarryoverError(
                "its order is gone from the store", subject=order.athlete_id,
                remedy="Run `carryover cohort` again.",
            )  # fmt: skip
        told = json.loads(content)
        settings = Settings.model_validate_json(json.dumps(told["settings"]))
        return cls(settings, tuple(told["places"]), told["secret"])

    def content(self) -> bytes:
        """Return the bytes of `order.json`."""
        told = {"settings": self.settings.model_dump(mode="json"), "places": list(self.places),
                "secret": self.secret}  # fmt: skip
        return json.dumps(told, sort_keys=True).encode()

    def key(self, listed: Sequence[Listed]) -> str:
        """Return a hash of configuration, program, and files as a listing tells them."""
        marks = [[one.name, one.size_bytes, one.mark] for one in listed]
        return _hash(self.content(), json.dumps(marks).encode(), *_program())

    def inputs(self, contents: Mapping[str, str]) -> str:
        """Return a hash of configuration, program, and files by their contents."""
        return _hash(self.content(), json.dumps(sorted(contents.items())).encode(), *_program())


@dataclass(frozen=True, slots=True)
class Done:
    """`done.json`: from what an athlete's results were made, and how they are known again.

    `key` and `inputs`: see Terms. `tables` → hash; `sizes`: objects of the store → bytes.
    """

    athlete_id: str
    key: str
    inputs: str
    day: str
    forgotten: str
    files: dict[str, str]
    tables: dict[str, str]
    rows: dict[str, int]
    sizes: dict[str, int]
    made_at: str
    wall_s: float
    cpu_s: float
    n_aside: int = 0
    notes: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, store: Store, athlete_id: str) -> Self | None:
        """Return what the store has of an athlete; None where nothing is done, or by others."""
        content = store.read(place(athlete_id, DONE))
        try:
            return cls(**json.loads(content)) if content else None
        except (ValueError, TypeError):
            return None

    def content(self) -> bytes:
        """Return the bytes of `done.json`."""
        return json.dumps(asdict(self), sort_keys=True, indent=1).encode()

    def parts(self) -> dict[str, str]:
        """Return the table of each Parquet object in the store, by its name there."""
        return {name: name.split("/")[1] for name in self.sizes if name.startswith(f"{MARTS}/")}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one piece of work came to; the numbers are for the report."""

    athlete_id: str
    changed: bool
    n_files: int
    n_rows: int
    wall_s: float
    n_aside: int


def place(athlete_id: str, name: str) -> str:
    """Return the name of one of an athlete's objects in the store."""
    return f"{ATHLETES}/{athlete_id}/{name}"


def part(table: str, athlete_id: str) -> str:
    """Return the name of an athlete's rows of a table in the store."""
    return f"{MARTS}/{table}/athlete={athlete_id}/{PART}"


def own_settings(settings: Settings, athlete: Athlete, others: frozenset[str]) -> Settings:
    """Return one athlete's configuration; `others`: places of everybody else's files.

    Nothing in it depends on the engine or the clock, so that these do not change what is made.
    """
    machine = settings.machine.model_copy(update={"snapshots": 0})
    mine = {
        rule: [held for held in entries if not others & set(held.recordings)]
        for rule, entries in (("same", settings.same), ("never_same", settings.never_same))
    }
    return settings.model_copy(update={
        "athlete": athlete, "athletes": [], "machine": machine, "scale": Scale(),
        "schedule": Schedule(timezone=settings.schedule_zone().key),
        "kind": [k for k in settings.kind if k.athlete in {None, athlete.id}],
        "plans": tuple(p for p in settings.plans if p.athlete_id == athlete.id), **mine,
    })  # fmt: skip


def _program() -> tuple[bytes, bytes]:
    return version("carryover").encode(), program().encode()


def _hash(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for one in parts:
        digest.update(len(one).to_bytes(8, "big") + one)
    return digest.hexdigest()[:32]
