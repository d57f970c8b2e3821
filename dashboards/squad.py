"""A squad: one row an athlete, who needs a look first. Asked of all at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from carryover.catalogue.thresholds import threshold
from carryover.charts.base import difference
from carryover.charts.squad_forest import squad_forest
from carryover.charts.verdict_interval import effect_unit, outcome_words
from carryover.charts.words import number, plural, short_day
from carryover.metrics import metric, metrics
from dashboards.bodywork import place_words

if TYPE_CHECKING:
    from datetime import date

    from dashboards.model import Person, View

SILENT: Final = timedelta(days=14)
"""No run for so long is worth a word."""
NO_ANSWER: Final = "runs and strength sessions over half a year"


def squad(view: View) -> dict[str, Any]:
    """Return all athletes' rows in the order of need, their forest, and the order in words."""
    monday = view.today - timedelta(days=view.today.weekday())
    rows = {row["athlete_id"]: row for row in
            view.ask("squad", today=view.today, monday=monday).to_dicts()}  # fmt: skip
    moved: dict[str, list[dict[str, Any]]] = {}
    for row in view.ask("squad_moved", today=view.today).to_dicts():
        moved.setdefault(row["athlete_id"], []).append(row)
    told = [
        _Told(person, rows[person.athlete_id], moved.get(person.athlete_id, []), view.today)
        for person in view.people if person.athlete_id in rows
    ]  # fmt: skip
    told.sort(key=_Told.order)
    return {
        "rows": [one.row() for one in told], "order": order_words(),
        "forest": squad_forest([(one.person.name, one.facts) for one in told]),
    }  # fmt: skip


def order_words() -> str:
    """Say in which order the athletes stand."""
    return (
        "First who should scale back, then "
        f"pain of {number(threshold('pain_hold'))} or more, then what moved beyond MDC, misplaced "
        "sessions, no run for two weeks, problems with files; then by name."
    )


class _Told:
    """One athlete's facts, in the words of a row."""

    def __init__(
        self, person: Person, facts: dict[str, Any], moved: list[dict[str, Any]], today: date
    ) -> None:
        self.person, self.facts, self.moved, self.today = person, facts, moved, today
        self.silent = facts["last_date"] is None or today - facts["last_date"] >= SILENT
        self.pain = facts["pain_0_10"] or 0.0

    def order(self) -> tuple[object, ...]:
        """Return the place in the list: see `order_words`."""
        facts = self.facts
        sore = self.pain if self.pain >= threshold("pain_hold") else 0.0
        return (
            facts["advice"] != "scale back", -sore, -len(self.moved), -facts["n_flags"],
            not self.silent, not facts["n_problems"], self.person.name.casefold(),
            self.person.athlete_id,
        )  # fmt: skip

    def row(self) -> dict[str, Any]:
        """Return the texts of a row."""
        facts = self.facts
        last = facts["last_date"]
        return {
            "person": self.person, "why": self._why(), **self._answer(),
            "sessions": self._sessions(), "km": _km(facts["week_m"]),
            "usual_km": _km(facts["usual_week_m"]),
            "flags": number(facts["n_flags"]) if facts["is_logged"] else "–",
            "pain": self._pain(), "moved": [_change(row) for row in self.moved],
            "newest": self._newest(last),
            "problems": number(facts["n_problems"]),
        }  # fmt: skip

    def _why(self) -> str:
        """Say what puts an athlete where they stand; empty where nothing does."""
        facts = self.facts
        told = [
            "scale back" if facts["advice"] == "scale back" else "",
            f"pain {number(self.pain)}" if self.pain >= threshold("pain_hold") else "",
            f"{len(self.moved)} beyond MDC" if self.moved else "",
            f"{facts['n_flags']} misplaced" if facts["n_flags"] else "",
            "no run for two weeks" if self.silent else "",
        ]
        return ", ".join(words for words in told if words)

    def _answer(self) -> dict[str, str]:
        facts = self.facts
        if facts["verdict"] is None:
            return {"verdict": "Not enough data", "effect": "", "about": "", "missing": NO_ANSWER}
        verdict = str(facts["verdict"])
        told = {
            "verdict": verdict[:1].upper() + verdict[1:],
            "missing": _first(facts["missing"] or ""),
        }
        if facts["effect"] is None or facts["ci_low"] is None or facts["metric"] not in metrics():
            return told | {"effect": "", "about": ""}
        digits = metric(facts["metric"]).decimals + 1
        low, mid, high = (
            number(facts[k], digits, signed=True) for k in ("ci_low", "effect", "ci_high")
        )
        return told | {
            "effect": f"{mid} {effect_unit(facts)} ({low} to {high})",
            "about": f"{outcome_words(facts)}, {plural(facts['answer_runs'], 'run')}",
        }

    def _newest(self, last: date | None) -> str:
        """Return the day of the newest run; with its year where that is another one."""
        if last is None:
            return "none yet"
        year = f" {last.year}" if last.year != self.today.year else ""
        return f"{short_day(last)}{year}"

    def _sessions(self) -> str:
        facts = self.facts
        if not facts["is_logged"]:
            return "no log"
        done = number(facts["sessions"])
        return f"{done} of {facts['sessions_target']}" if facts["sessions_target"] else done

    def _pain(self) -> str:
        facts = self.facts
        if facts["pain_0_10"] is None:
            return ""
        place = place_words(facts["site"], facts["side"])
        words = f"{number(facts['pain_0_10'])}/10"
        return f"{words} {place}".strip() if self.pain else words


def _first(missing: str) -> str:
    """Return what is missing, of a long list the first and how much more there is."""
    first, *more = missing.split("; ")
    return f"{first}; and {len(more)} more" if more else first


def _km(metres: float | None) -> str:
    return number(metres / 1000.0 if metres is not None else None)


def _change(row: dict[str, Any]) -> str:
    known = metrics().get(row["metric"])
    if known is None:
        return str(row["metric"])
    return f"{known.label} {difference(known, row['change'], known.decimals + 1)}"
