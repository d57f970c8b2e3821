"""`carryover plan`: from the published warehouse to a proposal, in words and as a plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.catalogue.typical_noise import typical_noise
from carryover.errors import CarryoverError, UsageError
from carryover.estimate import gate, panel
from carryover.estimate.calendars import state_now
from carryover.estimate.candidates import testifying
from carryover.estimate.outlook import Outlook, outlook
from carryover.estimate.own_noise import Noise, own_noise
from carryover.estimate.plan import HORIZON_WEEKS, Proposal, Wish, propose, weekdays_for
from carryover.estimate.question import Question, ask
from carryover.estimate.sentence import difference_unit
from carryover.metrics import metric
from carryover.plan.model import WEEK, Limits, Plan, Span, next_monday

if TYPE_CHECKING:
    from carryover.settings import Settings
    from carryover.warehouse.read import Reader

OWN_NOISE_RUNS: Final = 25
"""Fewer runs do not know their own noise; a typical athlete's stands in."""
LONG_RUN_S: Final = 3000.0
"""Where no run has yielded a late-run outcome yet, runs this long are thought to."""
RUNS: Final = """
select run_id, athlete_id, started_at, local_date, distance_m, moving_s, load, temperature_c,
  sensor_epoch, kind
from run where athlete_id = $athlete_id
"""
LEVELS: Final = (
    "select run_id, {column} as y, null::double as se from run_form where athlete_id = $athlete_id"
)
DECAYS: Final = """
select run_id, change_adj as y, se from form_decay join run using (run_id)
where run.athlete_id = $athlete_id and metric = $metric and eligible
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks of a plan; null where they leave it open."""

    athlete: str | None = None
    half: float | None = None
    until: dt.date | None = None
    weeks: int | None = None
    sessions: int = 2
    busy: tuple[Span, ...] = ()
    races: tuple[dt.date, ...] = ()
    randomise: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A plan, what it is worth, and the noise that it rests on in words."""

    plan: Plan
    proposal: Proposal
    noise: str

    def as_dict(self) -> dict[str, Any]:
        """Return it for a machine."""
        plan, told = self.plan, self.proposal
        return {
            "athlete": plan.athlete_id, "made_on": str(plan.made_on), "metric": plan.metric,
            "outcome": plan.outcome, "wanted_half": plan.half, "weeks": told.weeks,
            "weeks_as_now": told.weeks_as_now, "weeks_fixed": told.weeks_fixed,
            "seed": plan.seed, "randomised": plan.randomised, "candidates": len(plan.candidates),
            "noise": self.noise,
            "blocks": [
                {"block": b.number, "from": str(b.from_date), "to": str(b.to_date),
                 "weeks": b.n_weeks, "state": b.state, "sessions": b.sessions}
                for b in plan.blocks()
            ],
            "half_by_week": [
                {"week": week, "as_now": _known(now), "fixed": _known(equal),
                 "plan": _known(planned)}
                for week, now, equal, planned in told.ladder
            ],
        }  # fmt: skip


def make(
    reader: Reader, settings: Settings, wanted: Wanted, *, made_on: dt.date, seed: int
) -> Made:
    """Return the plan that settles an athlete's primary question soonest.

    Raises UsageError for an athlete that nobody knows, a half-width or an end that is none, and
    CarryoverError where there is nothing to plan from.
    """
    athlete = athlete_of(settings, wanted.athlete)
    ground = _ground(reader, settings, athlete)
    half = wanted.half or ground.swc
    if half is None:
        raise UsageError(
            f"no smallest change that matters is known for {_subject(ground.outcome)}",
            subject="--half", remedy="Name a half-width, such as --half 1.5.",
        )  # fmt: skip
    noise, noise_words = _noise(ground.question)
    last = ground.log.first + dt.timedelta(days=ground.log.doses.size - 1)
    start = next_monday(max(last, made_on))
    view = _view(ground, noise, start, max(made_on, last))
    weekdays = weekdays_for(ground.runs, wanted.sessions)
    limits = Limits(wanted.sessions, weekdays, wanted.busy, wanted.races)
    may_rest = ground.log.past_is_empty or ground.log.started_on is not None
    state = state_now(view.past, view.first_day - 1, may_rest=may_rest)
    wish = Wish(half, limits, seed, _last_week(wanted, start), wanted.randomise)
    told = propose(view, state, wish)
    plan = Plan(
        athlete_id=athlete, made_on=made_on, start=start, calendar=told.calendar, limits=limits,
        metric=ground.outcome[0], outcome=ground.outcome[1], tau_d=ground.question.tau_d,
        half=half, weeks=told.weeks, weeks_as_now=told.weeks_as_now, seed=seed,
        randomised=wanted.randomise, candidates=told.candidates, noise=noise_words,
    )  # fmt: skip
    return Made(plan, told, noise_words)


def sentences(made: Made) -> list[str]:
    """Return what a plan is worth, in plain words."""
    plan, told = made.plan, made.proposal
    wanted = size(plan, plan.half)
    now = _weeks_words(told.weeks_as_now)
    of = f"{_subject((plan.metric, plan.outcome))}, per two sessions a week"
    end = told.ladder[-1]
    there = f"± {size(plan, end[3])} after {_weeks_words(end[0])}"
    if told.weeks == 0:
        first = f"± {wanted} is reached already; this plan brings {there}"
    elif told.weeks is not None:
        equal = _weeks_words(told.weeks_fixed)
        first = (
            f"This plan reaches ± {wanted} in {_weeks_words(told.weeks)} (going on as now: {now}; "
            f"8 weeks on, 8 off: {equal})"
        )
        if told.weeks > plan.calendar.n_weeks:
            first += f"; its first {_weeks_words(plan.calendar.n_weeks)} are written"
    else:
        first = (
            f"This plan does not reach ± {wanted}: it brings {there} "
            f"(going on as now: ± {size(plan, end[1])}); after five years it would be "
            f"± {size(plan, told.far)}"
        )
    said = [f"{first}.", f"The interval is that of {of}. Noise: {made.noise}."]
    if plan.randomised:
        said.append(
            f"It was drawn by lot from {len(plan.candidates)} calendars that are nearly as quick, "
            f"and sealed (seed {plan.seed}). Leave the file as it is, or the draw no longer counts."
        )
    said.append(
        "Assumed: the sessions are done, running goes on as in the last year, one session is your "
        "usual one."
    )
    return said


def size(plan: Plan, value: float) -> str:
    """Return a half-width with its unit, one digit finer than a reading."""
    what, unit = metric(plan.metric), difference_unit(plan.metric)
    if value == float("inf"):
        return "–"
    bare = f"{value:.{what.decimals + (unit != 'ratio')}f}"
    return bare if unit == "ratio" else f"{bare} {unit}"


def _weeks_words(weeks: int | None) -> str:
    if weeks is None:
        return "more than five years"
    return f"{weeks} week{'' if weeks == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a plan starts from: runs, log, question, and the runs that yield its outcome."""

    runs: pl.DataFrame
    log: panel.Log
    question: Question
    frame: pl.DataFrame
    swc: float | None

    @property
    def outcome(self) -> tuple[str, str]:
        return self.question.outcome


def _ground(reader: Reader, settings: Settings, athlete: str) -> _Ground:
    who = {"athlete_id": athlete}
    runs = reader.frame(RUNS, who)
    primary = reader.frame(
        "select metric, outcome, tau_d, swc from carry_over "
        "where athlete_id = $athlete_id and role = 'primary'", who,
    ).to_dicts()  # fmt: skip
    sessions = reader.frame("select * from session_dose where athlete_id = $athlete_id", who)
    person = next(a for a in settings.everyone() if a.id == athlete)
    log = panel.log_of(runs, sessions, past_is_empty=person.no_sessions_before_log)
    if log is None or not primary:
        raise CarryoverError(
            "there is no run to plan from", subject=athlete,
            remedy="Bring a few weeks of runs with `carryover ingest`, then `carryover nightly`.",
        )  # fmt: skip
    [row] = primary
    outcome = (row["metric"], row["outcome"])
    told = _outcomes(reader, athlete, outcome)
    sensors = reader.frame("select * from sensor_metric where athlete_id = $athlete_id", who)
    allowed = testifying(told, runs, sensors, settings.analysis.primary_metric)
    exposed = panel.exposed(log, row["tau_d"])
    frame = allowed.join(exposed.drop("athlete_id"), on="run_id").sort("started_at", "run_id")
    question = ask(log, outcome, frame, tau_d=row["tau_d"])
    return _Ground(runs, log, question, frame, row["swc"])


def _outcomes(reader: Reader, athlete: str, outcome: tuple[str, str]) -> pl.DataFrame:
    name, kind = outcome
    who: dict[str, object] = {"athlete_id": athlete}
    if kind == "decay":
        held = reader.frame(DECAYS, who | {"metric": name})
    else:
        held = reader.frame(LEVELS.format(column=f"{metric(name).name}_adj"), who)
    return held.drop_nulls("y").with_columns(
        athlete_id=pl.lit(athlete), metric=pl.lit(name), outcome=pl.lit(kind)
    )


def _view(ground: _Ground, noise: Noise, start: dt.date, made_on: dt.date) -> Outlook:
    """Return the runs to come; where none has yielded the outcome yet, those that well may."""
    frame = ground.frame
    if frame.is_empty():
        long_enough = pl.col("moving_s") >= LONG_RUN_S
        likely = long_enough if gate.within_run(*ground.outcome) else pl.lit(value=True)
        frame = ground.log.runs.filter(likely).with_columns(se=pl.lit(None, pl.Float64))
    view = outlook(
        ground.log, ground.question, frame, noise, start=start, made_on=made_on,
        n_weeks=HORIZON_WEEKS,
    )  # fmt: skip
    if view is None:
        raise CarryoverError(
            f"no run so far could tell anything of {_subject(ground.outcome)}",
            subject=ground.runs["athlete_id"][0],
            remedy="`carryover doctor` says what is missing; plan once there are a few such runs.",
        )  # fmt: skip
    return view


def _noise(question: Question) -> tuple[Noise, str]:
    """Return the noise that a plan rests on, and where it comes from in words."""
    own = own_noise(question)
    typical = typical_noise().get(question.outcome)
    if own is not None and (question.frame.height >= OWN_NOISE_RUNS or typical is None):
        return own, f"your own, of {question.frame.height} runs ({_noise_words(question, own)})"
    if typical is None:
        raise CarryoverError(
            f"the noise of {_subject(question.outcome)} is not known yet",
            remedy="Plan once more runs tell of it.",
        )
    noise = Noise(
        typical.residual_sd, typical.memory_d, typical.nugget_share, is_own=False
    )  # fmt: skip
    return (
        noise,
        f"a typical runner's, since yours is not known yet ({_noise_words(question, noise)})",
    )


def _noise_words(question: Question, noise: Noise) -> str:
    unit = difference_unit(question.outcome[0])
    sd = f"{noise.residual_sd:.3g}" + ("" if unit == "ratio" else f" {unit}")
    days = f"{noise.memory_d:g} day{'' if noise.memory_d == 1 else 's'}"
    return f"SD {sd} a run, memory {days}, {100 * noise.nugget_share:.0f} % without memory"


def athlete_of(settings: Settings, asked: str | None) -> str:
    """Return whose plan is asked for; raises UsageError where that is not clear."""
    ids = [athlete.id for athlete in settings.everyone()]
    if asked is None and len(ids) == 1:
        return ids[0]
    if asked not in ids:
        what = "several athletes live here" if asked is None else f"nobody here is {asked!r}"
        raise UsageError(what, subject="--athlete", remedy=f"Name one of {', '.join(ids)}.")
    return asked


def _last_week(wanted: Wanted, start: dt.date) -> int | None:
    """Return the last week that may be used, from the first Monday on; null for any."""
    if wanted.weeks is not None and wanted.until is not None:
        raise UsageError("both say when it ends", subject="--weeks, --until", remedy="Name one.")
    weeks = wanted.weeks
    if wanted.until is not None:
        weeks = (wanted.until - start + dt.timedelta(days=1)) // WEEK
        if weeks < 1:
            raise UsageError(
                f"{wanted.until} is too near: the first block begins on {start}",
                subject="--until", remedy="Name a later date.",
            )  # fmt: skip
    return weeks


def _subject(outcome: tuple[str, str]) -> str:
    label = metric(outcome[0]).label.lower()
    return f"late-run drift of {label}" if outcome[1] == "decay" else label


def _known(value: float) -> float | None:
    return value if value < float("inf") else None
