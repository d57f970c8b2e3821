"""A verdict as a sentence in a runner's words: "goes with", never "causes".

Only where the calendar of strength work was drawn by lot beforehand, and the draw itself bears the
effect out (`randomisation`), does the sentence say what two sessions a week do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carryover.estimate.channels import channel
from carryover.estimate.dose import STRENGTH
from carryover.estimate.symmetry import MIDDLE
from carryover.estimate.verdict import Verdict
from carryover.metrics import metric

OBJECTS: Final = {"metres_per_beat": "a heartbeat"}
"""What follows a number, its unit and less or more, where the label would say the unit twice."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sentence is made of; numbers in the metric's unit, null where there are none."""

    metric: str
    outcome: str
    verdict: Verdict
    good_side: str
    missing: str
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    swc: float | None
    n_runs: int
    n_weeks: float
    q: float | None = None
    p_shift: float | None = None
    lead_p: float | None = None
    p_random: float | None = None
    """Of the randomisation test, where it bears the effect out; else None."""
    changed_after: float | None = None
    """Weeks that had been seen when the question was changed, an answer having been shown."""
    exposure: str = STRENGTH

    @property
    def habit(self) -> str:
        """What the effect goes with, in the plural."""
        return channel(self.exposure).habit


def difference_unit(name: str) -> str:
    """Return the unit of a difference: a share of 100 differs by points, a ratio by a number."""
    unit = metric(name).unit
    return "points" if unit.startswith("%") else unit


def sentence(answer: Answer) -> str:
    """Return the verdict as one short plain statement with numbers, units, n and interval."""
    lead = {Verdict.NOT_ENOUGH_DATA: "Not enough data yet"}.get(
        answer.verdict, answer.verdict.value.capitalize()
    )
    body = {
        Verdict.NO_DECAY: _no_decay,
        Verdict.RULED_OUT: _ruled_out,
        Verdict.NO_WORTHWHILE_BENEFIT: _no_benefit,
        Verdict.NOT_ENOUGH_DATA: _not_enough,
    }.get(answer.verdict, _direction)
    return " ".join([f"{lead}. {body(answer)}", *_changed(answer)])


def _changed(answer: Answer) -> list[str]:
    if answer.changed_after is None:
        return []
    weeks = round(answer.changed_after)
    seen = f"{weeks} week{'' if weeks == 1 else 's'} of runs and their answer"
    return [f"The question was changed after {seen} had been seen."]


def size(answer: Answer) -> str:
    """Return `2.4 ms less`."""
    return _size(answer)


def _direction(answer: Answer) -> str:
    effect = _effect(answer) if answer.p_random is None else _done(answer)
    said = [f"{effect}{_against_swc(answer)}; {_basis(answer)}."]
    if answer.p_random is not None:
        said.append(
            "The blocks were drawn by lot before they began, and few other draws would do as well "
            f"(p = {answer.p_random:.3f})."
        )
    if answer.good_side == "none":
        said.append("That is a change, neither better nor worse in itself.")
    if answer.q is not None:
        said.append(f"One of several answers looked at (q = {answer.q:.2f}).")
    return " ".join(said + _unchecked(answer))


def _unchecked(answer: Answer) -> list[str]:
    """Return what to say of the checks that have not been run."""
    checks = {"shift": answer.p_shift, "leads": answer.lead_p}
    names = [name for name, p in checks.items() if p is None]
    if not names:
        return []
    verb = "check has" if len(names) == 1 else "checks have"
    return [f"The {' and '.join(names)} {verb} not been run."]


def _ruled_out(answer: Answer) -> str:
    return (
        f"Whatever {answer.habit} do for your {_subject(answer)}, it is smaller than "
        f"{_number(answer, answer.swc)}: they go with {_size(answer)} ({_interval(answer)}); "
        f"{_basis(answer)}."
    )


def _no_benefit(answer: Answer) -> str:
    return (
        f"If {answer.habit} help your {_subject(answer)}, it is by less than "
        f"{_number(answer, answer.swc)}: they go with {_size(answer)} ({_interval(answer)}); "
        f"{_basis(answer)}."
    )


def _no_decay(answer: Answer) -> str:
    return f"Your {answer.missing}, which cannot be told from no drift at all."


def _not_enough(answer: Answer) -> str:
    if answer.effect is None:
        return f"For your {_subject(answer)} this is missing: {answer.missing}."
    settle = answer.missing.startswith(("about ", "more than "))
    tail = "What would settle it" if settle else "Missing"
    return f"{_effect(answer)}; {_basis(answer)}. {tail}: {answer.missing}."


def _effect(answer: Answer) -> str:
    return f"{answer.habit.capitalize()} go with {amount(answer)}"


def _done(answer: Answer) -> str:
    """Return `Two sessions a week take 2.4 ms off your late-run drift of … (95 %: …)`."""
    size = _number(answer, answer.effect)
    word = _word(_words(answer), answer.effect or 0.0)
    subject = f"your {_subject(answer)}"
    what = {"less": f"take {size} off {subject}", "more": f"add {size} to {subject}"}.get(
        word, f"move {subject} {size} {word}"
    )
    return f"Two sessions a week {what} ({_interval(answer)})"


def amount(answer: Answer) -> str:
    """Return `2.4 ms less late-run drift of … (95 %: 1.1 to 3.7 less)`."""
    sided = answer.metric in MIDDLE and answer.outcome == "level"
    what = f"in {_subject(answer)}" if sided else _object(answer)
    return f"{_size(answer)} {what} ({_interval(answer)})"


def _size(answer: Answer) -> str:
    effect = answer.effect or 0.0
    return f"{_number(answer, effect)} {_word(_words(answer), effect)}"


def _interval(answer: Answer) -> str:
    words = _words(answer)
    ends = sorted((answer.ci_low or 0.0, answer.ci_high or 0.0), key=abs)
    if ends[0] * ends[1] > 0:
        near, far = (_bare(answer, end) for end in ends)
        return f"95 %: {near} to {far} {_word(words, ends[1])}"
    low, high = sorted(ends)
    return (
        f"95 %: {_bare(answer, low)} {_word(words, low)} to "
        f"{_bare(answer, high)} {_word(words, high)}"
    )


def _words(answer: Answer) -> tuple[str, str]:
    """Return the words for an effect below and above 0."""
    if answer.outcome == "decay":
        return ("more", "less") if answer.good_side == "up" else ("less", "more")
    if answer.metric in MIDDLE:
        closer, further = "closer to the middle", "further from the middle"
        return {
            "up": (further, closer),
            "down": (closer, further),
            "none": ("to the right", "to the left"),
        }[answer.good_side]
    return "less", "more"


def _word(words: tuple[str, str], value: float) -> str:
    return words[0] if value < 0 else words[1]


def _object(answer: Answer) -> str:
    plain = answer.outcome == "level" and answer.metric in OBJECTS
    return OBJECTS[answer.metric] if plain else _subject(answer)


def _subject(answer: Answer) -> str:
    label = metric(answer.metric).label.lower()
    return f"late-run drift of {label}" if answer.outcome == "decay" else label


def _against_swc(answer: Answer) -> str:
    if answer.swc is None or answer.verdict is not Verdict.CARRYING_OVER:
        return ""
    surest, most = sorted((abs(answer.ci_low or 0.0), abs(answer.ci_high or 0.0)))
    bound = _number(answer, answer.swc)
    if surest > answer.swc:
        return f", meaningfully more than the {bound} that matters to you"
    if most < answer.swc:
        return f", less than the {bound} that matters to you"
    return f", though it may be less than the {bound} that matters to you"


def _basis(answer: Answer) -> str:
    weeks = round(answer.n_weeks)
    return f"{answer.n_runs} runs over {weeks} week{'' if weeks == 1 else 's'}"


def _number(answer: Answer, value: float | None) -> str:
    unit = difference_unit(answer.metric)
    bare = _bare(answer, value)
    return bare if unit == "ratio" else f"{bare} {unit}"


def _bare(answer: Answer, value: float | None) -> str:
    """Return a size with one decimal more than a single reading has: it is a mean of many."""
    return f"{abs(value or 0.0):.{_decimals(answer)}f}"


def _decimals(answer: Answer) -> int:
    what = metric(answer.metric)
    return what.decimals if what.unit == "ratio" else what.decimals + 1
