"""The tables that the models start from beside the store: what the catalogue and a person say."""

from __future__ import annotations

from typing import Final

import polars as pl

from carryover import privacy
from carryover.catalogue.channel_sources import channel_sources
from carryover.catalogue.exclusions import exclusions
from carryover.catalogue.exercises import exercises
from carryover.catalogue.kinds import kind_words, race_distances
from carryover.catalogue.screening_tests import screening_tests, screening_units
from carryover.catalogue.thresholds import every_threshold, limits, metric_frame
from carryover.mending import no_asides
from carryover.nights import no_nights
from carryover.plan.frames import plan_frames
from carryover.registrations import nothing_registered
from carryover.settings import Settings

PERSON: Final = {
    "athlete_id": pl.String, "name": pl.String, "mass_kg": pl.Float64, "height_m": pl.Float64,
    "home_timezone": pl.String,
}  # fmt: skip
DECLARED: Final = {"rule": pl.String, "entry": pl.Int32, "name": pl.String}
"""Grain: one name under [[same]] or [[never_same]]."""
BUILT_FROM: Final = {"made_from": pl.String}
"""Told when all other tables are made."""
DECLARED_KIND: Final = {
    "entry": pl.Int32, "run": pl.String, "kind": pl.String, "athlete_id": pl.String,
}  # fmt: skip
"""Grain: one entry of [[kind]]; without an athlete it may mean anybody's run."""


def given_frames(settings: Settings, secret: bytes = b"") -> dict[str, pl.DataFrame]:
    """Return the tables that the models start from beside the store; `secret` moves the zones."""
    people = [(a.id, a.name, a.mass_kg, a.height_m, a.home_timezone) for a in settings.everyone()]
    return {
        "limits": limits(),
        "threshold_data": every_threshold(),
        "exclusion_data": exclusions(),
        "exercise_data": exercises(),
        "screening_test_data": screening_tests(),
        "screening_unit_data": screening_units(),
        "metric_data": metric_frame(),
        "person": pl.DataFrame(people, schema=PERSON, orient="row"),
        "declared": _declared(settings),
        "declared_kind": _declared_kinds(settings),
        "race_distance": race_distances(),
        "kind_word": kind_words(),
        "channel_source": channel_sources(settings.prefer.model_dump()),
        "privacy": privacy.hidden(settings.privacy, secret),
        **nothing_registered(),
        "night_held": no_nights(),
        "aside_held": no_asides(),
        "built_from": pl.DataFrame(schema=BUILT_FROM),
        **plan_frames(settings.plans),
    }


def _declared(settings: Settings) -> pl.DataFrame:
    """Return the recordings that a person joins or parts by hand."""
    rules = {"same": settings.same, "never_same": settings.never_same}
    rows = [
        (rule, entry, name)
        for rule, entries in rules.items()
        for entry, held in enumerate(entries)
        for name in held.recordings
    ]
    return pl.DataFrame(rows, schema=DECLARED, orient="row")


def _declared_kinds(settings: Settings) -> pl.DataFrame:
    """Return what a person calls runs by hand."""
    rows = [(entry, k.run, k.kind, k.athlete) for entry, k in enumerate(settings.kind)]
    return pl.DataFrame(rows, schema=DECLARED_KIND, orient="row")
