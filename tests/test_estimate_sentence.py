"""Sentences: a runner's words, numbers with units, never a cause."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.estimate.sentence import Answer, difference_unit, sentence
from carryover.estimate.verdict import Verdict
from carryover.metrics import metrics


def answer(*what, swc=1.5, missing="", **more):
    """Return an answer of 196 runs; `what`: metric, outcome, verdict, good side, (effect, ci)."""
    *named, numbers = what
    return Answer(*named, missing, *numbers, swc, 196, 51.7, **more)


CASES = {
    "Carrying over. Two sessions a week go with 2.4 ms less late-run drift of ground contact time "
    "(95 %: 1.6 to 3.2 less), meaningfully more than the 1.5 ms that matters to you; 196 runs over "
    "52 weeks. The shift and leads checks have not been run.": answer(
        "stance_time_ms", "decay", Verdict.CARRYING_OVER, "down", (-2.4, -3.2, -1.6)
    ),
    "Carrying over. Two sessions a week go with 2.4 ms less late-run drift of ground contact time "
    "(95 %: 1.1 to 3.7 less), though it may be less than the 1.5 ms that matters to you; 196 runs "
    "over 52 weeks.": answer(
        "stance_time_ms", "decay", Verdict.CARRYING_OVER, "up", (2.4, 1.1, 3.7),
        p_shift=0.03, lead_p=0.5,
    ),
    "Getting worse. Two sessions a week go with 0.012 more heart-rate decoupling (95 %: 0.004 to "
    "0.020 more); 196 runs over 52 weeks. The leads check has not been run.": answer(
        "hr_decoupling_ratio", "level", Verdict.GETTING_WORSE, "down", (0.012, 0.004, 0.02),
        p_shift=0.03,
    ),
    "Shifted up. Two sessions a week go with 1.2 spm more cadence (95 %: 0.3 to 2.1 more); 196 "
    "runs over 52 weeks. That is a change, neither better nor worse in itself. One of several "
    "answers looked at (q = 0.03). The shift and leads checks have not been run.": answer(
        "cadence_spm", "level", Verdict.SHIFTED_UP, "none", (1.2, 0.3, 2.1), q=0.03
    ),
    "Carrying over. Two sessions a week go with 0.40 points closer to the middle in contact "
    "balance (95 %: 0.10 to 0.70 closer to the middle), though it may be less than the 0.30 points "
    "that matters to you; 196 runs over 52 weeks.": answer(
        "stance_time_balance_pct", "level", Verdict.CARRYING_OVER, "down",
        (-0.4, -0.7, -0.1), swc=0.3, p_shift=0.03, lead_p=0.5,
    ),
    "Ruled out. Whatever two sessions a week do for your cadence, it is smaller than 1.7 spm: they "
    "go with 0.1 spm more (95 %: 0.9 less to 1.1 more); 196 runs over "
    "52 weeks.": answer(
        "cadence_spm", "level", Verdict.RULED_OUT, "none", (0.1, -0.9, 1.1), swc=1.7
    ),
    "No worthwhile benefit. If two sessions a week help your metres a heartbeat, it is by less "
    "than 0.020 m: they go with 0.010 m less (95 %: 0.030 less to 0.010 more); 196 runs over 52 "
    "weeks.": answer(
        "metres_per_beat", "level", Verdict.NO_WORTHWHILE_BENEFIT, "up", (-0.01, -0.03, 0.01),
        swc=0.02,
    ),
    "Not enough data yet. Two sessions a week go with 0.8 ms less late-run drift of ground contact "
    "time (95 %: 3.1 less to 1.5 more); 196 runs over 52 weeks. What would settle it: about 6 more "
    "weeks like these.": answer(
        "stance_time_ms", "decay", Verdict.NOT_ENOUGH_DATA, "down", (-0.8, -3.1, 1.5),
        missing="about 6 more weeks like these",
    ),
    "Not enough data yet. For your cadence this is missing: runs (none yet).": answer(
        "cadence_spm", "level", Verdict.NOT_ENOUGH_DATA, "none", (None, None, None),
        missing="runs (none yet)",
    ),
    "Not enough data yet. Two sessions of hill strides a week go with 0.9 spm more cadence (95 %: "
    "0.4 less to 2.2 more); 196 runs over 52 weeks. What would settle it: about 62 more weeks like "
    "these.": answer(
        "cadence_spm", "level", Verdict.NOT_ENOUGH_DATA, "none", (0.9, -0.4, 2.2),
        missing="about 62 more weeks like these", exposure="hill_strides",
    ),
    "Getting worse. Two sessions a week with your usual extra work on the right go with 0.40 "
    "points further from the middle in contact balance (95 %: 0.10 to 0.70 further from the "
    "middle); 196 runs over 52 weeks.": answer(
        "stance_time_balance_pct", "level", Verdict.GETTING_WORSE, "down", (0.4, 0.1, 0.7),
        p_shift=0.03, lead_p=0.5, exposure="right_minus_left",
    ),
    "Ruled out. Whatever two activation sessions a week do for your cadence, it is smaller than "
    "1.7 spm: they go with 0.1 spm more (95 %: 0.9 less to 1.1 more); 196 runs over "
    "52 weeks.": answer(
        "cadence_spm", "level", Verdict.RULED_OUT, "none", (0.1, -0.9, 1.1), swc=1.7,
        exposure="activation",
    ),
    "No worthwhile benefit. If two upper-body sessions a week help your metres a heartbeat, it is "
    "by less than 0.020 m: they go with 0.010 m less (95 %: 0.030 less to 0.010 more); 196 runs "
    "over 52 weeks.": answer(
        "metres_per_beat", "level", Verdict.NO_WORTHWHILE_BENEFIT, "up", (-0.01, -0.03, 0.01),
        swc=0.02, exposure="upper_body",
    ),
    "No decay to repair. Your cadence moves by +0.1 spm late in a run (95 %: −0.3 to +0.5; 40 "
    "runs), which cannot be told from no drift at all.": answer(
        "cadence_spm", "decay", Verdict.NO_DECAY, "none", (0.1, -1.0, 1.2),
        missing="cadence moves by +0.1 spm late in a run (95 %: −0.3 to +0.5; 40 runs)",
    ),
    "Ruled out. Whatever two sessions a week do for your cadence, it is smaller than 1.7 spm: they "
    "go with 0.1 spm more (95 %: 0.9 less to 1.1 more); 196 runs over 52 weeks. The question was "
    "changed after 40 weeks of runs and their answer had been seen.": answer(
        "cadence_spm", "level", Verdict.RULED_OUT, "none", (0.1, -0.9, 1.1), swc=1.7,
        changed_after=39.9,
    ),
}  # fmt: skip


@pytest.mark.parametrize("expected", CASES, ids=lambda text: text[:60])
def test_sentences_read_as_they_should(expected):
    """Each verdict says its effect, interval, basis and what it rests on."""
    assert sentence(CASES[expected]) == expected


NUMBERS = st.floats(-9.0, 9.0)


@settings(deadline=None, derandomize=True)
@given(
    st.sampled_from(sorted(metrics())), st.sampled_from(["level", "decay"]),
    st.sampled_from(list(Verdict)), st.sampled_from(["up", "down", "none"]),
    st.tuples(NUMBERS, st.floats(0.01, 9.0)),
)  # fmt: skip
def test_no_sentence_claims_a_cause_or_shouts(name, outcome, verdict, good, sizes):
    """Whatever the numbers: no cause, no exclamation mark, a full stop, one leading verdict."""
    effect, half = sizes
    numbers = (effect, effect - half, effect + half)
    text = sentence(answer(name, outcome, verdict, good, numbers, missing="more weeks"))
    assert not re.search(r"caus|!|None|nan|improv", text)
    assert text.endswith(".")
    assert "  " not in text
    lead = "Not enough data yet" if verdict is Verdict.NOT_ENOUGH_DATA else verdict.value
    assert text.lower().startswith(f"{lead.lower()}.")


def test_differences_have_their_own_units():
    """A share differs by points, everything else by its own unit."""
    assert difference_unit("stance_time_balance_pct") == "points"
    assert difference_unit("stance_time_ms") == "ms"
    assert difference_unit("hr_decoupling_ratio") == "ratio"
