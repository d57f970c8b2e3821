"""The exercise catalogue: what each exercise asks of the glutes, and the names it goes by.

`glute_max`, `glute_med`, `glute_min` say how much of a muscle an exercise asks for at the load
that is usual for it, as a share of that muscle's maximum (0–1, no finer than 0.05: the studies
do not agree any closer). They are no split of the work: their sum may pass 1. The moved load is
`weight_kg + bodyweight_share × mass_kg`; segment masses after Winter 2009 (one leg 0.16, all
but both shanks and feet 0.88). `kind_hint` is what a session of this exercise alone would be.
`source` says whose measurement a row follows, or that it is our own estimate.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

import polars as pl

from carryover.catalogue.spelling import DIGRAPHS, plain_name, table

if TYPE_CHECKING:
    from collections.abc import Iterable

EXERCISE: Final[dict[str, pl.DataType]] = {
    "exercise_id": pl.String(),
    "name": pl.String(),
    "glute_max": pl.Float64(),
    "glute_med": pl.Float64(),
    "glute_min": pl.Float64(),
    "pattern": pl.String(),
    "unilateral": pl.Boolean(),
    "bodyweight_share": pl.Float64(),
    "kind_hint": pl.String(),
    "region": pl.String(),
    "source": pl.String(),
    "note": pl.String(),
}
"""Grain: one exercise; pattern is hip, knee or null, region lower, upper, trunk, whole or none."""

FIT_EXERCISE: Final[dict[str, pl.DataType]] = {
    "category": pl.Int64(),
    "subtype": pl.Int64(),
    "category_name": pl.String(),
    "subtype_name": pl.String(),
    "exercise_id": pl.String(),
}
"""Grain: one exercise of the FIT profile; a null subtype is the category alone.

`exercise_id` is null where the profile's name is too vague to place.
"""

ALIAS: Final[dict[str, pl.DataType]] = {"alias": pl.String(), "exercise_id": pl.String()}
"""Grain: one name in free text."""

FIT_UNKNOWN: Final = frozenset({65534, 65535})
"""`exercise_category.unknown`, and the invalid value of a uint16."""

_NUMBER: Final = re.compile(r"(\d{1,9})(\.0+)?")


@cache
def exercises() -> pl.DataFrame:
    """Return every exercise, shaped as `EXERCISE`."""
    return table("exercise.csv", EXERCISE)


@cache
def fit_exercises() -> pl.DataFrame:
    """Return the FIT profile's exercises, shaped as `FIT_EXERCISE`."""
    return table("fit_exercise.csv", FIT_EXERCISE)


@cache
def aliases() -> pl.DataFrame:
    """Return the names in free text, shaped as `ALIAS`."""
    return table("exercise_alias.csv", ALIAS)


def match_fit(category: object, subtype: object = None) -> str | None:
    """Return the exercise of one FIT category and subtype, numbers or the profile's names.

    None where the category is unknown (null, 65534, 65535), the pair is not in the profile or
    its name is too vague. Category 0 is bench_press, a category like any other. A missing
    subtype means the category alone, which most but not all categories allow.
    """
    pair = _fit_pair(category, subtype)
    return _fit_ids().get(pair) if pair else None


def fit_name(category: object, subtype: object = None) -> str | None:
    """Return the profile's words for a category and subtype, `hip raise: clams`."""
    pair = _fit_pair(category, subtype)
    return _fit_names().get(pair) if pair else None


@cache
def labels() -> dict[str, str]:
    """Return the name of every exercise, by its key."""
    return dict(exercises().select("exercise_id", "name").iter_rows())


@cache
def exact_names() -> dict[str, str]:
    """Return every known name in `plain_name`, and its exercise.

    Own names and aliases first; a profile name counts where it means one exercise only.
    """
    own: dict[str, str] = {}
    for exercise_id, name in labels().items():
        own |= {plain_name(exercise_id): exercise_id, plain_name(name): exercise_id}
    for alias, exercise_id in aliases().iter_rows():
        own |= {plain_name(alias.translate(DIGRAPHS)): exercise_id, plain_name(alias): exercise_id}
    fit = fit_exercises().drop_nulls("subtype_name").select("subtype_name", "exercise_id")
    return _unambiguous(fit.iter_rows()) | own


def _unambiguous(pairs: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    meanings: dict[str, set[str | None]] = {}
    for name, exercise_id in pairs:
        meanings.setdefault(plain_name(name), set()).add(exercise_id)
    single = {name: next(iter(ids)) for name, ids in meanings.items() if len(ids) == 1}
    return {name: exercise_id for name, exercise_id in single.items() if exercise_id}


@cache
def _fit_ids() -> dict[tuple[int, int | None], str | None]:
    return {(row[0], row[1]): row[4] for row in fit_exercises().iter_rows()}


@cache
def _fit_names() -> dict[tuple[int, int | None], str]:
    words: dict[tuple[int, int | None], str] = {}
    for category, subtype, category_name, subtype_name, _ in fit_exercises().iter_rows():
        parts = (category_name, subtype_name) if subtype_name else (category_name,)
        words[category, subtype] = ": ".join(parts).replace("_", " ")
    return words


@cache
def _categories() -> dict[str, int]:
    return {row[2]: row[0] for row in fit_exercises().iter_rows()}


@cache
def _subtypes() -> dict[tuple[int, str], int]:
    named = fit_exercises().drop_nulls("subtype_name")
    return {(row[0], row[3]): row[1] for row in named.iter_rows()}


def _fit_pair(category: object, subtype: object) -> tuple[int, int | None] | None:
    number = fit_number(category)
    if number is None and isinstance(category, str):
        number = _categories().get(category.strip())
    if number is None or number in FIT_UNKNOWN:
        return None
    if subtype is None:
        return number, None
    kind = fit_number(subtype)
    if kind is None and isinstance(subtype, str):
        kind = _subtypes().get((number, subtype.strip()), -1)
    return number, None if kind in FIT_UNKNOWN else kind


def fit_number(value: object) -> int | None:
    """Return a FIT enum's number from a number or its digits; None for a name or nothing."""
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value.strip())
        return int(match[1]) if match else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
