"""What was planted: kept beside the files, so that a verdict can be held against it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from carryover.demo.athlete import ACUTE_SHARE, RESIDUAL_SD_MS, TAU_D
from carryover.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME: Final = "demo_truth.json"
GENERATOR: Final = "carryover demo 1"
"""Changes whenever equal parameters would write other files."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What was asked for; dates are ISO. `end_date` is the last day of the last week.

    `on_off_weeks`: planned blocks as weeks with and without glute work; None: drawn.
    """

    weeks: int
    seed: int
    effect_sd: float
    end_date: str
    on_off_weeks: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class BlockTruth:
    """A stretch with or without glute work; `until` is the day after its last."""

    since: str
    until: str
    on: bool


@dataclass(frozen=True, slots=True)
class SessionTruth:
    """One gym session; `dose` is in whole sessions and 0 for activation drills."""

    started_at: str
    local_date: str
    kind: str
    dose: float
    file: str


@dataclass(frozen=True, slots=True)
class RunTruth:
    """One run: `chronic` is X on its morning, drift is late less early at equal speed and grade.

    `copy` is a second recording of the same run, empty where there is none.
    """

    file: str
    copy: str
    kind: str
    started_at: str
    local_date: str
    moving_s: int
    chronic: float
    acute_48: float
    contact_ms: float
    contact_drift_ms: float
    balance_pct: float
    heart_rate_drift_bpm: float
    recording: str


@dataclass(frozen=True, slots=True)
class Dirt:
    """A file that is not as it should be, on purpose."""

    file: str
    what: str


@dataclass(frozen=True, slots=True)
class DemoTruth:
    """The planted effect, and the true state behind every file."""

    parameters: Parameters
    blocks: tuple[BlockTruth, ...]
    sessions: tuple[SessionTruth, ...]
    runs: tuple[RunTruth, ...]
    dirt: tuple[Dirt, ...]

    @property
    def effect_ms(self) -> float:
        """Planted change of late-run contact drift, in ms, for a steady two sessions a week."""
        return self.parameters.effect_sd * RESIDUAL_SD_MS

    @property
    def acute_ms(self) -> float:
        """Planted change of that drift, in ms, for one session in the 48 hours before."""
        return self.effect_ms * ACUTE_SHARE

    def text(self) -> str:
        """Return the planted effect as one plain sentence."""
        effect_sd = self.parameters.effect_sd
        if effect_sd == 0:
            return (
                "Planted: nothing. Two glute sessions a week leave the late-run drift of ground "
                "contact as it is (0 ms)."
            )
        does = "take {} ms off" if effect_sd < 0 else "add {} ms to"
        return (
            f"Planted: two glute sessions a week {does.format(f'{abs(self.effect_ms):.1f}')} "
            f"the late-run drift of ground contact ({effect_sd:+g} SD)."
        ).replace("(-", "(−")

    def to_json(self) -> str:
        """Return the truth as text for `demo_truth.json`."""
        planted = {
            "metric": "stance_time_ms",
            "outcome": "decay",
            "tau_d": TAU_D,
            "residual_sd_ms": RESIDUAL_SD_MS,
            "effect_ms": self.effect_ms,
            "acute_ms": self.acute_ms,
            "text": self.text(),
        }
        whole = {"generator": GENERATOR, "planted": planted, **asdict(self)}
        if self.parameters.on_off_weeks is None:
            del whole["parameters"]["on_off_weeks"]
        return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def load_truth(home: Path) -> DemoTruth | None:
    """Return the truth of a former demo home; None where there is none.

    Raises UsageError for a truth that another version wrote, or that cannot be read.
    """
    path = home / FILE_NAME
    if not path.exists():
        return None
    try:
        raw = json.loads(path.read_text("utf-8"))
        return _from_raw(raw, path)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            "this is not a truth that this demo wrote", subject=str(path), remedy=OTHER_HOME
        ) from error


OTHER_HOME: Final = "Name another folder: carryover demo --home another-demo"


def _from_raw(raw: dict[str, Any], path: Path) -> DemoTruth:
    if raw["generator"] != GENERATOR:
        raise UsageError(
            f"another version of the demo wrote it ({raw['generator']})",
            subject=str(path),
            remedy=OTHER_HOME,
        )
    asked = raw["parameters"]
    on_off = asked.get("on_off_weeks")
    return DemoTruth(
        parameters=Parameters(**asked | {"on_off_weeks": on_off and tuple(on_off)}),
        blocks=tuple(BlockTruth(**b) for b in raw["blocks"]),
        sessions=tuple(SessionTruth(**s) for s in raw["sessions"]),
        runs=tuple(RunTruth(**r) for r in raw["runs"]),
        dirt=tuple(Dirt(**d) for d in raw["dirt"]),
    )
