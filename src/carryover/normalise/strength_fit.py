"""A watch's gym session: FIT `set` messages → one session and its sets.

What watches write, and how it is taken:
- `category` and `category_subtype` are lists of guesses, best first. The best guess decides,
  also where it is "unknown" (65534): the next ones are worse still. Category 0 is bench_press.
- A weight of 0 is null: the watch writes it where nothing was entered, so it cannot be told
  from body weight. So are 0 repetitions.
- No side, no warm-up mark and no effort is recorded: null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from carryover.catalogue import fit_name, match_fit
from carryover.catalogue.exercises import fit_number
from carryover.catalogue.names import NO_NAMES, UNKNOWN, Match, Own, identify
from carryover.catalogue.spelling import plain_name
from carryover.normalise.plausible import MAX_REPS, MAX_SET_S, MAX_WEIGHT_KG
from carryover.normalise.strength_frames import Row, kind_of, session_key
from carryover.rawfile import Problem

if TYPE_CHECKING:
    import datetime as dt

    from carryover.settings import Athlete

REST: Final = frozenset({"rest", "0", "0.0", 0})
INVALID: Final = 65535
Titles = dict[tuple[str | None, str | None], str]


@dataclass(frozen=True, slots=True)
class Visit:
    """A gym visit: rows of `strength_session` and `strength_set`, and what to know about it."""

    session: Row
    sets: list[Row]
    problems: list[Problem]

    @property
    def subject(self) -> str:
        """What to call it when speaking to a person."""
        return f"strength session of {self.session['local_date']}"


def from_fit_sets(
    sets: Sequence[Row],
    *,
    started_at: dt.datetime,
    ended_at: dt.datetime,
    local_date: dt.date,
    duration_s: float | None,
    athlete: Athlete,
    sha256: str,
    titles: Sequence[Row] = (),
    rpe: float | None = None,
    own: Own = NO_NAMES,
) -> Visit:
    """Return one session and its active sets inside [started_at, ended_at] (UTC).

    `sets` and `titles` are the messages `set` and `exercise_title` in the decoder's names; no
    sets are a session of which only the time is known. `rpe` (1–10) is the effort that the
    athlete told the watch, a tenth of session field workout_rpe; 0 or less is null. `own` are
    the athlete's own names of exercises: for what a watch calls them, too.
    """
    session_id = session_key(athlete.id, "fit", started_at.isoformat())
    names = _titles(titles)
    active = [row for row in _ordered(sets) if _within(row, started_at, ended_at)]
    rows = [_set(row, names, own) | {"session_id": session_id} for row in active]
    for index, row in enumerate(rows):
        row["set_index"] = index
    session: Row = {
        "session_id": session_id,
        "athlete_id": athlete.id,
        "source_sha256": sha256,
        "origin": "fit",
        "started_at": started_at,
        "local_date": local_date,
        "time_known": True,
        "kind": kind_of(rows, duration_s),
        "duration_s": duration_s,
        "rpe": rpe if rpe and rpe > 0 else None,
    }
    return Visit(session, rows, _problems(rows, session["rpe"]))


def strays(sets: Sequence[Row], spans: Sequence[tuple[dt.datetime, dt.datetime]]) -> list[Problem]:
    """Return what to know of active sets that lie in none of a file's gym sessions, given as spans.

    Watches count sets of yoga and circuits, too.
    """
    n = sum(not any(_within(row, *span) for span in spans) for row in _ordered(sets))
    if not n:
        return []
    what = f"{n} {'set lies' if n == 1 else 'sets lie'} in no strength session and count nowhere"
    return [
        Problem("info", what, "If it was strength training, change its sport and export again.")
    ]


def _ordered(sets: Sequence[Row]) -> list[Row]:
    """Return active sets in the watch's order; where it says nothing of rest, a set is active."""

    def place(row: Row) -> list[tuple[bool, Any]]:
        told = (row.get("start_time"), row.get("message_index"))
        return [(value is None, value or 0) for value in told]

    return sorted((row for row in sets if row.get("set_type") not in REST), key=place)


def _within(row: Row, started_at: dt.datetime, ended_at: dt.datetime) -> bool:
    """Return whether a set is of this session; one without a time belongs to each of a file."""
    begun = row.get("start_time") or row.get("timestamp")
    return begun is None or begun == started_at or started_at <= begun < ended_at


def _set(row: Row, titles: Titles, own: Own) -> Row:
    guesses = _guesses(row.get("category"), row.get("category_subtype"))
    category, subtype = guesses[0] if guesses else (None, None)
    title = titles.get((_text(category), _text(subtype)))
    words = [fit_name(*guess) or _unnamed(*guess) for guess in guesses]
    raw = title or " / ".join(words) or None
    match = _match(raw, match_fit(category, subtype), title, own)
    return {
        "exercise_id": match.exercise_id,
        "exercise_raw": raw,
        "matched_by": match.by,
        "reps": _most(row.get("repetitions"), MAX_REPS) or None,
        "weight_kg": _most(row.get("weight"), MAX_WEIGHT_KG) or None,
        "duration_s": _most(row.get("duration"), MAX_SET_S),
    }


def _most(value: float | None, most: float) -> float | None:
    """Return a number that a set can have; a damaged one is none."""
    return value if value is not None and 0 <= value <= most else None


def _match(raw: str | None, by_number: str | None, title: str | None, own: Own) -> Match:
    """The athlete's own list decides, then the watch's number, then the athlete's title."""
    if raw and plain_name(raw) in own:
        return identify(raw, own)
    if by_number:
        return Match(by_number, "fit")
    return identify(title) if title else UNKNOWN


def _unnamed(category: object, subtype: object) -> str:
    """Return what to call a guess that the profile has no words for."""
    if fit_number(category) is not None and (alone := fit_name(category)):
        return f"{alone}: {_text(subtype)}"
    return "unknown" if _text(category) in {"unknown", "65534"} else f"category {_text(category)}"


def _guesses(category: Any, subtype: Any) -> list[tuple[object, object]]:  # noqa: ANN401 - vendor
    """Pair the two lists; null and 65535 are padding."""
    categories = category if isinstance(category, list | tuple) else [category]
    subtypes = subtype if isinstance(subtype, list | tuple) else [subtype]
    padded = [*subtypes, *[None] * len(categories)]
    pairs = zip(categories, padded, strict=False)
    return [(c, s) for c, s in pairs if c is not None and fit_number(c) != INVALID]


def _titles(titles: Sequence[Row]) -> Titles:
    """Return the athlete's own names of exercises, by category and subtype."""
    found: Titles = {}
    for row in titles:
        name = row.get("wkt_step_name")
        if isinstance(name, str) and name.strip() and "exercise_category" in row:
            key = _text(row["exercise_category"]), _text(row.get("exercise_name"))
            found[key] = name.strip()
    return found


def _text(value: object) -> str | None:
    number = fit_number(value)
    return str(number) if number is not None else None if value is None else str(value)


def _problems(rows: list[Row], rpe: float | None) -> list[Problem]:
    if not rows and rpe is None:
        return [
            Problem(
                "info",
                "the watch recorded no sets, only the time of the session",
                "Tell how hard it was: add a line with date, time, rpe and duration_min to "
                "strength.csv, or use carryover log strength.",
            )
        ]
    unknown = [row for row in rows if row["exercise_id"] is None and not row["matched_by"]]
    if not unknown:
        return []
    names = sorted({row["exercise_raw"] for row in unknown if row["exercise_raw"]})
    said = f" (the watch says {', '.join(names[:3])})" if names else ""
    return [
        Problem(
            "info",
            f"{len(unknown)} of {len(rows)} sets have no known exercise{said}",
            "Say in exercises.csv what they are, or name them in the watch's app and export again.",
        )
    ]
