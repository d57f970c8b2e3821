"""What a build does one after the other: whole tables, and stages that go unit by unit.

Models that say `-- unit: run` work each run out by itself. Those that can be made together are one
stage: a run whose inputs are as they were need not be looked at again, and any number of runs may
be taken at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Final

from carryover.errors import CarryoverError
from carryover.warehouse.models import AuditModel, Model, PythonModel, SqlModel

KEYS: Final[Mapping[str, str]] = {
    "run": "run_id",
    "recording": "activity_id",
    "athlete": "athlete_id",
}
"""Kinds of units → the column that says whose a row is."""
ALONE: Final = frozenset({"athlete"})
"""Units of which every model is a stage of its own: its result may change nothing further on."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Models that are made together for some units.

    `models` in order, those whose rows stay and what is needed for them and is not kept, be it of
    an earlier stage; `own`: all that have their place here; `reads`: tables from outside.
    """

    name: str
    unit: str
    models: tuple[SqlModel | PythonModel, ...]
    own: frozenset[str]
    reads: tuple[str, ...]

    @property
    def key(self) -> str:
        """The column that says whose a row is."""
        return KEYS[self.unit]

    @property
    def lasting(self) -> tuple[SqlModel | PythonModel, ...]:
        """The models whose rows stay, published or kept."""
        return tuple(m for m in self.models if m.name in self.own and stays(m))

    @property
    def straight(self) -> tuple[SqlModel, ...]:
        """The models whose rows go to their lasting table at once: none here reads them."""
        if self.unit in ALONE:
            return ()
        read = {name for model in self.models for name in model.reads}
        return tuple(m for m in self.lasting if isinstance(m, SqlModel) and m.name not in read)

    @property
    def is_published(self) -> bool:
        """Whether any of its tables is."""
        return any(m.is_published for m in self.lasting)


Step = Model | Stage


def stays(model: SqlModel | PythonModel) -> bool:
    """Return whether a unit's rows of a model outlast its stage."""
    return model.is_published or bool(model.order) or model.unit in ALONE


def steps(ordered: Sequence[Model], given: frozenset[str]) -> list[Step]:
    """Return stages and whole models so that each comes after all it reads.

    `ordered`: models, each after what it reads. Raises CarryoverError where a table is read that
    does not outlast its stage.
    """
    by_name = {m.name: m for m in ordered}
    place = _places(ordered, given)
    stages = {s.name: s for s in _stages(ordered, place)}
    graph: dict[str, set[str]] = {}
    for model in ordered:
        node = place.get(model.name, model.name)
        reads = stages[node].reads if node in stages else model.reads
        graph[node] = {place.get(r, r) for r in reads if r in by_name} - {node}
        _refuse_passing(model, node, by_name, place)
    found = TopologicalSorter(graph).static_order()
    return [stages.get(node) or by_name[node] for node in found]


def _places(ordered: Sequence[Model], given: frozenset[str]) -> dict[str, str]:
    """Return in which stage each model of a unit is."""
    unit = {m.name: _unit(m) for m in ordered}
    level = dict.fromkeys(given, 0)
    place: dict[str, str] = {}
    for model in ordered:
        own = unit[model.name]
        if own in ALONE:
            place[model.name] = model.name
        steps_up = [
            level[r] + (own is not None and unit.get(r) != own and r not in given)
            for r in model.reads
        ]
        level[model.name] = max(steps_up, default=0)
        if own is not None and own not in ALONE:
            place[model.name] = f"{own} {level[model.name]}"
    return place


def _stages(ordered: Sequence[Model], place: Mapping[str, str]) -> Iterator[Stage]:
    units = [m for m in ordered if not isinstance(m, AuditModel) and m.name in place]
    for name in dict.fromkeys(place.values()):
        own = frozenset(m.name for m in units if place[m.name] == name)
        wanted = {m.name for m in units if m.name in own and stays(m)} or own
        needed = wanted | _passing_before(wanted, units)
        models = tuple(m for m in units if m.name in needed)
        made = {m.name for m in models}
        reads = sorted({r for m in models for r in m.reads} - made)
        yield Stage(name, str(models[-1].unit), models, own, tuple(reads))


def _passing_before(own: AbstractSet[str], units: Sequence[SqlModel | PythonModel]) -> set[str]:
    """Return the models that these need and whose rows are not kept."""
    by_name = {m.name: m for m in units}
    found: set[str] = set()
    waiting = [by_name[name] for name in own]
    while waiting:
        for name in waiting.pop().reads:
            before = by_name.get(name)
            if before is not None and not stays(before) and name not in own | found:
                found.add(name)
                waiting.append(before)
    return found


def _refuse_passing(
    model: Model, node: str, by_name: Mapping[str, Model], place: Mapping[str, str]
) -> None:
    for name in model.reads:
        before = by_name.get(name)
        if isinstance(before, SqlModel) and before.passes and model.name in place:
            raise CarryoverError(
                f"model {model.name} goes unit by unit and reads {name}, which passes: keep it"
            )
        if before is None or isinstance(before, AuditModel) or place.get(name) is None:
            continue
        if not stays(before) and place[name] != node and _unit(model) != before.unit:
            raise CarryoverError(
                f"model {model.name} reads {name}, whose rows are not kept: give it an order"
            )


def _unit(model: Model) -> str | None:
    return None if isinstance(model, AuditModel) else model.unit
