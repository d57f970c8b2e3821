"""`carryover.toml`: what a person configures; a wrong key is told the nearest right one."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from carryover.errors import SettingsError
from carryover.forgotten import forgotten_of
from carryover.metrics import metrics
from carryover.plan.model import Plan
from carryover.plan.place import plan_of

FILE_NAME = "carryover.toml"
OWN_NAMES = "exercises.csv"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # The list of all is a walk over a thousand files: only who needs a hint pays for it.
        near = difflib.get_close_matches(name, available_timezones(), n=1)
        hint = f"; did you mean {near[0]}?" if near else "; use a name such as Europe/Berlin"
        raise ValueError(f"unknown time zone {name!r}{hint}") from None
    return name


def _metric_name(name: str) -> str:
    if name not in metrics():
        near = difflib.get_close_matches(name, metrics(), n=1, cutoff=0.3)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"unknown metric {name!r}{hint}")
    return name


def _kind(word: str) -> str:
    if word not in KINDS:
        near = difflib.get_close_matches(word.lower(), KINDS, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(KINDS)}"
        raise ValueError(f"unknown kind {word!r}; {hint}")
    return word


def _run_name(told: object) -> object:
    """Return a run's name as text: TOML has dates of its own."""
    if isinstance(told, dt.datetime):
        return told.strftime("%Y-%m-%d %H:%M")
    return told.isoformat() if isinstance(told, dt.date) else told


def _run_key(text: str) -> str:
    if RUN_KEY.fullmatch(text):
        return text
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            f"{text!r} names no run; write a date such as 2026-04-12, a date and time such as "
            "2026-04-12 07:30, or a run_id"
        ) from error
    has_time = len(text) > len("2026-04-12")
    return moment.strftime("%Y-%m-%d %H:%M" if has_time else "%Y-%m-%d")


def _cron(text: str) -> str:
    if len(text.split()) != CRON_FIELDS or not re.fullmatch(r"[\d\s*/,\-A-Za-z?#]+", text):
        raise ValueError(f"{text!r} is no cron line; five fields such as 0 3 * * *")
    return text


CRON_FIELDS = 5
KINDS = ("easy", "workout", "long", "race", "treadmill", "hilly", "track")
RUN_KEY = re.compile(r"[0-9a-f]{16}")
Cron = Annotated[str, AfterValidator(_cron)]
ZoneName = Annotated[str, AfterValidator(_zone)]
Kind = Annotated[str, AfterValidator(_kind)]
RunName = Annotated[str, BeforeValidator(_run_name), AfterValidator(_run_key)]
MetricName = Annotated[str, AfterValidator(_metric_name)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Athlete(_Table):
    """One person: `folder` under `data/raw/` holds their files (all of it for a lone athlete)."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = "me"
    name: str = "me"
    folder: str = ""
    mass_kg: Annotated[float, Field(gt=20, lt=250)] | None = None
    height_m: Annotated[float, Field(gt=1.0, lt=2.5)] | None = None
    home_timezone: ZoneName = "UTC"
    no_sessions_before_log: bool = False

    @model_validator(mode="before")
    @classmethod
    def _called(cls, told: object) -> object:
        """Call somebody who has no name by their id."""
        return {"name": told["id"]} | told if isinstance(told, dict) and "id" in told else told


class Analysis(_Table):
    """What the verdict rests on; frozen before a look at the data, changed only on purpose."""

    primary_metric: MetricName | None = None
    primary_outcome: Literal["level", "decay"] | None = None
    swc: dict[MetricName, Annotated[float, Field(gt=0)]] = {}
    tau_d: Annotated[float, Field(ge=3, le=120)] = 28.0


class Zone(_Table):
    """A circle whose inside is never shown: home, work."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    radius_m: Annotated[float, Field(gt=0, le=20_000)] = 300.0


class Privacy(_Table):
    """Places that no table, page, log or export shows; `maps`: the shape of runs on their pages.

    Without `positions` none is kept beside the files themselves.
    """

    zones: list[Zone] = []
    maps: bool = False
    positions: bool = True


class Strength(_Table):
    """How strength files are read; a unit is never guessed."""

    weight_unit: Literal["kg", "lb"] | None = None


class Recordings(_Table):
    """Recordings that a person speaks of: keys of `activity`, or their files under `data/raw/`."""

    recordings: Annotated[list[str], Field(min_length=2)]


class RunKind(_Table):
    """What a person calls a run: named by its date, its date and time, or its run_id."""

    run: RunName
    kind: Kind
    athlete: str | None = None


class Prefer(_Table):
    """From which recording of a run each group of channels comes, best first.

    A word is a kind of source (pod, strap, watch, copy, track) or a part of a device's name or
    serial number; a group that is left out keeps the order of `catalogue/channel_source.csv`.
    """

    dynamics: list[str] = []
    cadence: list[str] = []
    heart_rate: list[str] = []
    position: list[str] = []
    altitude: list[str] = []
    speed: list[str] = []
    power: list[str] = []
    temperature: list[str] = []


class Schedule(_Table):
    """When `carryover serve` runs the night."""

    cron: Cron = "0 3 * * *"
    timezone: ZoneName | None = None


class Machine(_Table):
    """What the night may use of the machine."""

    memory_limit: Annotated[str, Field(pattern=r"^\d+(\.\d+)?(MB|GB|MiB|GiB)$")] = "4GB"
    batch_mb: Annotated[int, Field(ge=1, le=1024)] = 32
    read_timeout_s: Annotated[float, Field(gt=0, le=86_400)] = 30.0
    read_memory_mb: Annotated[int, Field(ge=256)] = 2048
    snapshots: Annotated[int, Field(ge=0, le=1000)] = 7


class Scale(_Table):
    """Where the athletes of a cohort are worked on, each for themselves: `carryover cohort`.

    `store`: a folder or URL that all workers see; the home itself where it is empty. `address`:
    of a Dask scheduler; without it Dask's workers are processes of this machine.
    """

    engine: Literal["local", "processes", "dask"] = "local"
    workers: Annotated[int, Field(ge=1, le=10_000)] = 2
    store: str = ""
    address: str = ""
    pages: bool = False


class _Toml(_Table):
    """All of `carryover.toml`; every table has defaults, so an empty file is a right one."""

    athlete: Athlete | None = None
    athletes: list[Athlete] = []
    analysis: Analysis = Analysis()
    privacy: Privacy = Privacy()
    strength: Strength = Strength()
    same: list[Recordings] = []
    never_same: list[Recordings] = []
    kind: list[RunKind] = []
    prefer: Prefer = Prefer()
    schedule: Schedule = Schedule()
    machine: Machine = Machine()
    scale: Scale = Scale()


class Settings(_Toml):
    """All that a person configures: `carryover.toml` and the files beside it."""

    exercise_names: dict[str, str | None] = {}
    plans: tuple[Plan, ...] = ()
    forgotten: dict[str, str] = {}
    """Contents that are not to be read, hash → the date on which that was wished."""

    def everyone(self) -> list[Athlete]:
        """Return every configured athlete, at least the default one."""
        named = ([self.athlete] if self.athlete else []) + self.athletes
        return named or [Athlete()]

    def athlete_of(self, place: str) -> Athlete:
        """Return whose file lies at `place` (a path under `data/raw/`): the deepest folder wins."""
        parts = Path(place).parts
        owners = [a for a in self.everyone() if a.folder and _inside(parts, Path(a.folder).parts)]
        if owners:
            return max(owners, key=lambda a: len(Path(a.folder).parts))
        whole = [a for a in self.everyone() if not a.folder]
        return whole[0] if whole else self.everyone()[0]

    def schedule_zone(self) -> ZoneInfo:
        """Return the zone of the nightly clock: its own, else the first athlete's home."""
        return ZoneInfo(self.schedule.timezone or self.everyone()[0].home_timezone)


def _inside(parts: tuple[str, ...], folder: tuple[str, ...]) -> bool:
    return parts[: len(folder)] == folder


def load_settings(home: Path) -> Settings:
    """Read `carryover.toml`, `exercises.csv` and plans of a home; defaults where there is none.

    Raises SettingsError for text that is not TOML, an unknown key (naming the nearest right
    one), a value out of its range, and a line of `exercises.csv` or `plan.csv` that is none.
    """
    names = _own_names(home)
    path = home / FILE_NAME
    if not path.exists():
        return _with_plans(home, Settings(exercise_names=names))
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"this is not TOML: {error}", subject=str(path), remedy="Mend that line."
        ) from error
    try:
        told = _Toml.model_validate(raw)
    except ValidationError as error:
        raise SettingsError(_first_fault(error), subject=str(path)) from error
    settings = Settings(**dict(told), exercise_names=names)
    _check_athletes(settings, path)
    return _with_plans(home, settings)


def _with_plans(home: Path, settings: Settings) -> Settings:
    """Add the athletes' own plans, each in a file of its own, and what is to stay forgotten."""
    ids = [athlete.id for athlete in settings.everyone()]
    plans = [
        plan for plan in (plan_of(home, ids, athlete) for athlete in ids) if plan is not None
    ]  # fmt: skip
    held = {"plans": tuple(plans), "forgotten": forgotten_of(home)}
    return settings.model_copy(update=held)


def _own_names(home: Path) -> dict[str, str | None]:
    path = home / OWN_NAMES
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(
            f"it cannot be read: {error.strerror}", subject=str(path), remedy="Check its rights."
        ) from error
    # The catalogue takes half a second to import: only a home that has the file pays for it.
    from carryover.catalogue.own_names import read_own_names  # noqa: PLC0415

    return read_own_names(content, str(path))


def check_schedule(values: dict[str, str]) -> Schedule:
    """Return a schedule from given values; raises SettingsError for one that is none."""
    try:
        return Schedule.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_first_fault(error), subject="schedule") from error


def _check_athletes(settings: Settings, path: Path) -> None:
    ids = [a.id for a in settings.everyone()]
    if len(set(ids)) < len(ids):
        raise SettingsError(
            "two athletes share one id", subject=str(path), remedy="Give each its own."
        )
    if settings.athletes and any(not a.folder for a in settings.athletes):
        raise SettingsError(
            "each of [[athletes]] needs a folder", subject=str(path),
            remedy='Add folder = "anna" for the files under data/raw/anna/.',
        )  # fmt: skip
    for told in settings.kind:
        if told.athlete is not None and told.athlete not in ids:
            near = difflib.get_close_matches(told.athlete, ids, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known here: {', '.join(ids)}"
            raise SettingsError(
                f"[[kind]] names the athlete {told.athlete!r}, whom nobody knows{hint}",
                subject=str(path), remedy="Write the id of an athlete.",
            )  # fmt: skip


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    place = ".".join(str(part) for part in fault["loc"])
    if fault["type"] != "extra_forbidden":
        reason = str(fault["msg"]).removeprefix("Value error, ")
        return f"{place}: {reason}"
    known = _known_keys(fault["loc"][:-1])
    near = difflib.get_close_matches(str(fault["loc"][-1]), known, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
    return f"unknown key {place!r}; {hint}"


def _known_keys(place: tuple[int | str, ...]) -> list[str]:
    tables: dict[str, type[_Table]] = {
        "athlete": Athlete, "athletes": Athlete, "analysis": Analysis, "privacy": Privacy,
        "zones": Zone, "strength": Strength, "schedule": Schedule, "machine": Machine,
        "same": Recordings, "never_same": Recordings, "kind": RunKind, "prefer": Prefer,
        "scale": Scale,
    }  # fmt: skip
    names = [part for part in place if isinstance(part, str)]
    return list(tables[names[-1]].model_fields if names else _Toml.model_fields)
