"""The estimates as models of the warehouse: which tables each reads, which one it makes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from typing import Final

import polars as pl

from carryover import columns
from carryover.estimate.acute import Rules, acute_effect
from carryover.estimate.asked import Given
from carryover.estimate.baseline import KEY, fit_baseline
from carryover.estimate.block_event import block_event
from carryover.estimate.blocks import strength_block
from carryover.estimate.carry_over import Spec, carry_over
from carryover.estimate.checks import carry_over_checks
from carryover.estimate.decay import form_decay
from carryover.estimate.dose import dose_day
from carryover.estimate.economy import temperature_effect
from carryover.estimate.effect import bin_effect, with_residual
from carryover.estimate.efforts import run_effort
from carryover.estimate.family import carry_over_families
from carryover.estimate.ground import ground
from carryover.estimate.hours_after import acute_hours
from carryover.estimate.memory import block_memory, run_blocks
from carryover.estimate.onset import form_onset
from carryover.estimate.origin import sensor_metric
from carryover.estimate.pattern import form_pattern, usual_pattern
from carryover.estimate.registration import known_of, registrations
from carryover.estimate.residual import residuals
from carryover.estimate.sensitivity import carry_over_sensitivity
from carryover.estimate.spell import spell
from carryover.estimate.symmetry import baseline_side
from carryover.estimate.track import run_track
from carryover.estimate.wander import fit_wander
from carryover.kept import Kept
from carryover.matching import Tolerance, gym_group, pair_agreement, run_group
from carryover.settings import Settings
from carryover.stamp import sources
from carryover.warehouse.models import PythonModel

Frames = Mapping[str, pl.DataFrame]
ANSWERED_FROM = ("outcome", "run", "session_dose", "origin")
"""What every answer is made of, in the order in which the estimates take it."""


BY_ATHLETE: Final = frozenset({
    "baseline", "temperature_fit", "origin", "drift_noise", "bin_wander", "usual_pattern",
    "dose_estimate", "baseline_side", "carry_over_estimate", "carry_over_checks",
    "carry_over_families", "carry_over_variants",
    "strength_block_estimate", "block_event_estimate", "acute_effect_estimate",
    "acute_hours_estimate",
})  # fmt: skip
"""Nobody's result depends on another athlete's rows."""
ASKED: Final = frozenset({
    "registration_state", "carry_over_estimate", "carry_over_checks", "carry_over_families",
    "carry_over_variants", "strength_block_estimate", "block_event_estimate",
    "acute_effect_estimate", "acute_hours_estimate",
})  # fmt: skip
"""What depends on the configuration of the question; all others rest on their tables alone."""
BY_RUN: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "ground": ("ground", ()),
    "spell": ("spell", ()),
    "run_effort": ("efforts", ("run_id",)),
    "run_track": ("track", ("run_id",)),
    "bin_effect": ("effect", ("run_id", "metric", "bin_index")),
    "run_block": ("memory", ("run_id", "metric")),
    "decay": ("decay", ("run_id", "metric")),
    "run_residual": ("residual", ("run_id", "metric", "bin_index")),
    "run_pattern": ("pattern", ("run_id", "metric", "tenth")),
    "run_onset": ("onset", ("run_id", "metric")),
}
"""What goes run by run: the module that makes it, and the order of its rows where they are kept.
All runs wait for it: a change of another estimate must not have them all worked out again."""
LIBRARIES: Final = ("numpy", "polars", "scipy")


def estimates(settings: Settings, kept: Kept | None = None) -> list[PythonModel]:
    """Return every estimate for one configuration; `kept` holds the baselines of the last build."""
    spec = _spec(settings)
    told = _told(settings, spec)
    return [_placed(model, told if model.name in ASKED else "") for model in _every(spec, kept)]


def _placed(model: PythonModel, told: str) -> PythonModel:
    """Return an estimate with whose it is, and what its result follows from beside its tables."""
    if model.name in BY_RUN:
        module, order = BY_RUN[model.name]
        made_of = f"{sources(f'carryover.estimate.{module}')} {_libraries()}"
        return replace(model, unit="run", order=order, made_of=made_of)
    made_of = f"{sources(__name__)} {_libraries()} {told}"
    return replace(model, unit="athlete" if model.name in BY_ATHLETE else None, made_of=made_of)


@cache
def _libraries() -> str:
    return " ".join(f"{name} {version(name)}" for name in LIBRARIES)


def _told(settings: Settings, spec: Spec) -> str:
    """Return all of the configuration that questions and answers depend on."""
    held = settings.model_dump(mode="json", include={"analysis", "plans"})
    return json.dumps([held, sorted(spec.complete_logs), spec.athletes], sort_keys=True)


def _every(spec: Spec, kept: Kept | None) -> list[PythonModel]:
    """Return every estimate."""

    def questions(f: Frames) -> pl.DataFrame:
        known = known_of(
            f["registration_held"], f["registration_fault"], f["answer_shown"], f["this_night"]
        )
        return registrations(f["outcome"], f["run"], f["origin"], spec, known)

    def verdicts(frames: Frames) -> pl.DataFrame:
        return carry_over(
            frames["outcome"],
            frames["run"],
            frames["session_dose"],
            frames["origin"],
            spec,
            frames["registration_state"],
        )

    return [
        PythonModel(
            "pair_agreement",
            ("recording_pair", "pair_trace"),
            lambda f: pair_agreement(f["recording_pair"], f["pair_trace"]),
        ),
        PythonModel(
            "run_group",
            ("running", "run_link", "declared_recording"),
            lambda f: run_group(f["running"], f["run_link"], f["declared_recording"]),
        ),
        PythonModel(
            "gym_group",
            ("gym_source", "limits"),
            lambda f: gym_group(f["gym_source"], _gym_tolerance(f["limits"])),
        ),
        PythonModel(
            "ground",
            ("ground_point", "limits"),
            lambda f: ground(f["ground_point"], f["limits"].row(0, named=True)),
        ),
        PythonModel("spell", ("spell_point",), lambda f: spell(f["spell_point"])),
        PythonModel(
            "run_effort",
            ("pace_part", "usual_effort", "limits"),
            lambda f: run_effort(f["pace_part"], f["usual_effort"], f["limits"].row(0, named=True)),
        ),
        PythonModel(
            "run_track",
            ("pace_part", "limits"),
            lambda f: run_track(f["pace_part"], f["limits"].row(0, named=True)),
        ),
        PythonModel(
            "baseline",
            ("baseline_bin",),
            lambda f: _baseline(_bins(f, "baseline_bin"), kept),
        ),
        PythonModel(
            "bin_effect",
            ("bin_metric", "baseline", "reference_speed"),
            lambda f: bin_effect(_bins(f), f["baseline"], f["reference_speed"]),
        ),
        PythonModel(
            "temperature_fit",
            ("run_metric_adj", "run_base"),
            lambda f: temperature_effect(f["run_metric_adj"], f["run_base"]),
        ),
        PythonModel(
            "origin",
            ("baseline_bin",),
            lambda f: sensor_metric(_bins(f, "baseline_bin")),
        ),
        PythonModel(
            "run_block",
            ("bin_metric", "bin_effect"),
            lambda f: run_blocks(with_residual(_bins(f), f["bin_effect"])),
        ),
        PythonModel(
            "drift_noise",
            ("run_block", "settled_run"),
            lambda f: block_memory(_settled(f, "run_block")),
        ),
        PythonModel(
            "decay",
            ("bin_metric", "run_base", "baseline", "bin_effect", "drift_noise"),
            lambda f: form_decay(
                _bins(f), f["run_base"], f["baseline"], f["bin_effect"], f["drift_noise"]
            ),
        ),
        *_over_the_run(),
        PythonModel(
            "dose_estimate",
            ("session_dose", "run"),
            lambda f: dose_day(f["session_dose"], f["run"]),
        ),
        PythonModel(
            "baseline_side",
            ("outcome", "run", "session_dose"),
            lambda f: baseline_side(f["outcome"], f["run"], f["session_dose"]),
        ),
        # No dose is read here: a question is fixed from outcomes alone.
        PythonModel(
            "registration_state",
            (
                "outcome",
                "run",
                "origin",
                "registration_held",
                "registration_fault",
                "answer_shown",
                "this_night",
            ),
            questions,
        ),
        PythonModel(
            "carry_over_estimate",
            ("outcome", "run", "session_dose", "origin", "registration_state"),
            verdicts,
        ),
        *_around_strength(spec),
        *_beside_the_answer(spec),
    ]


def _beside_the_answer(spec: Spec) -> list[PythonModel]:
    """Return what stands beside each athlete's primary answer: checks, families, variants."""

    def given(f: Frames) -> Given:
        outcomes, runs, sessions, sensors = (f[name] for name in ANSWERED_FROM)
        return Given(outcomes, runs, sessions, sensors, spec.complete_logs)

    answered = (*ANSWERED_FROM, "carry_over_estimate")
    return [
        PythonModel(
            "carry_over_checks",
            answered,
            lambda f: carry_over_checks(f["carry_over_estimate"], given(f)),
        ),
        PythonModel(
            "carry_over_families",
            answered,
            lambda f: carry_over_families(f["carry_over_estimate"], given(f), spec.primary_metric),
        ),
        PythonModel(
            "carry_over_variants",
            (*answered, "decay"),
            lambda f: carry_over_sensitivity(f["carry_over_estimate"], given(f), f["decay"]),
        ),
    ]


def _fixed(frames: Frames) -> pl.DataFrame:
    """Return the outcomes of athletes whose question is fixed: of others nothing is estimated."""
    fixed = frames["registration_state"].filter(pl.col("is_current")).select("athlete_id")
    return frames["outcome"].join(fixed, on="athlete_id", how="semi")


def _around_strength(spec: Spec) -> list[PythonModel]:
    """Return form in the days and hours after strength work, and around the starts of blocks."""
    told = ("outcome", "run", "session_dose", "origin", "registration_state")
    return [
        PythonModel(
            "strength_block_estimate",
            ("run", "session_dose"),
            lambda f: strength_block(f["run"], f["session_dose"], spec.complete_logs),
        ),
        PythonModel(
            "block_event_estimate",
            told,
            lambda f: block_event(_fixed(f), f["run"], f["session_dose"], f["origin"], spec),
        ),
        PythonModel(
            "acute_effect_estimate",
            (*told, "carry_over_estimate", "run_after_strength", "limits"),
            lambda f: acute_effect(
                f["carry_over_estimate"], _fixed(f), f["run"], f["session_dose"],
                f["run_after_strength"], f["origin"], spec,
                Rules.of(f["limits"].row(0, named=True)),
            ),
        ),
        PythonModel(
            "acute_hours_estimate",
            (*told, "run_after_strength"),
            lambda f: acute_hours(
                _fixed(f), f["run"], f["session_dose"], f["run_after_strength"],
                f["origin"], spec,
            ),
        ),
    ]  # fmt: skip


def _over_the_run() -> list[PythonModel]:
    """Return how form moves within a run: its residuals, their noise, tenths and onsets."""
    told = ("run_residual", "bin_wander", "bin_metric", "run_base", "decay")
    return [
        PythonModel(
            "run_residual",
            ("bin_metric", "run_base", "bin_effect", "decay"),
            lambda f: residuals(_bins(f), f["run_base"], f["bin_effect"], f["decay"]),
        ),
        PythonModel(
            "bin_wander",
            ("settled_residual",),
            lambda f: fit_wander(f["settled_residual"]),
        ),
        PythonModel(
            "run_pattern",
            told,
            lambda f: form_pattern(
                f["run_residual"], f["bin_wander"], _bins(f), f["run_base"], f["decay"]
            ),
        ),
        PythonModel(
            "usual_pattern",
            ("settled_pattern",),
            lambda f: usual_pattern(f["settled_pattern"]),
        ),
        PythonModel(
            "run_onset",
            (*told, "run_pattern"),
            lambda f: form_onset(
                f["run_residual"], f["bin_wander"], _bins(f), f["run_base"], f["decay"],
                f["run_pattern"],
            ),
        ),
    ]  # fmt: skip


def _baseline(bins: pl.DataFrame, kept: Kept | None) -> pl.DataFrame:
    """Return BASELINE, fitted where a sensor epoch has new or other bins since the last build."""
    return kept.made(bins, KEY, fit_baseline) if kept else fit_baseline(bins)


def _settled(frames: Frames, name: str) -> pl.DataFrame:
    """Return the rows of runs that numbers of all runs are learnt from."""
    settled = frames["settled_run"].select("run_id")
    return frames[name].join(settled, on="run_id", how="semi", maintain_order="left")


def _gym_tolerance(limits: pl.DataFrame) -> Tolerance:
    told = limits.row(0, named=True)
    return Tolerance(start_s=told["gym_match_s"], same_share=told["gym_same_share"])


def _bins(frames: Frames, name: str = "bin_metric") -> pl.DataFrame:
    return columns.shaped(frames[name], columns.BIN)


def _spec(settings: Settings) -> Spec:
    everyone = settings.everyone()
    analysis = settings.analysis
    return Spec(
        primary_metric=analysis.primary_metric,
        primary_outcome=analysis.primary_outcome,
        swc=dict(analysis.swc),
        tau_d=analysis.tau_d,
        complete_logs=frozenset(a.id for a in everyone if a.no_sessions_before_log),
        athletes=tuple(a.id for a in everyone),
        plans={plan.athlete_id: plan for plan in settings.plans},
    )
