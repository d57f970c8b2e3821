"""The order of verdicts, the gate and what would settle it: all as tables."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.estimate.channels import channel
from carryover.estimate.gate import Amount, min_runs, missing
from carryover.estimate.orientation import Drift, Orientation
from carryover.estimate.verdict import Estimate, Evidence, Verdict, judge, weeks_ahead

PLENTY = Amount(200, 52.0, 60, 6, 0.3, 0.3)


def evidence(effect, half, good="down", swc=1.0, **more):
    """Return evidence whose 95 % interval is effect ± half, with many degrees of freedom."""
    estimate = Estimate(effect, half / 1.96, 1e6)
    drift = more.pop("drift", None)
    orientation = Orientation(good, drift, "told")
    return Evidence(estimate, orientation, swc, 52.0, **more)


TABLE = [
    ("gate first", evidence(-5, 1, gate=["x"]), "not enough data"),
    ("no drift before all effects", evidence(-5, 1, drift=Drift.ABSENT), "no decay to repair"),
    ("gate before no drift", evidence(-5, 1, drift=Drift.ABSENT, gate=["x"]), "not enough data"),
    ("drift not known", evidence(-5, 1, drift=Drift.UNKNOWN), "not enough data"),
    ("good side, down", evidence(-5, 1), "carrying over"),
    ("good side, up", evidence(5, 1, good="up"), "carrying over"),
    ("good side, tiny but sure", evidence(-0.3, 0.2), "carrying over"),
    ("shift check passed", evidence(-5, 1, p_shift=0.05), "carrying over"),
    ("shift check failed", evidence(-5, 1, p_shift=0.10), "not enough data"),
    ("leads check failed", evidence(-5, 1, lead_p=0.09), "not enough data"),
    ("leads check passed", evidence(-5, 1, lead_p=0.10), "carrying over"),
    ("family check failed", evidence(-5, 1, q=0.05), "not enough data"),
    ("family check passed", evidence(-5, 1, q=0.049), "carrying over"),
    ("bad side", evidence(5, 1), "getting worse"),
    ("bad side needs no leads check", evidence(5, 1, lead_p=0.01), "getting worse"),
    ("bad side, shift failed", evidence(5, 1, p_shift=0.2), "no worthwhile benefit"),
    ("no good side, up", evidence(5, 1, good="none"), "shifted up"),
    ("no good side, down", evidence(-5, 1, good="none"), "shifted down"),
    ("no good side, shift failed", evidence(5, 1, good="none", p_shift=0.5), "not enough data"),
    ("inside both bounds", evidence(0.1, 0.8), "ruled out"),
    ("90 %, not 95 %", evidence(0.1, 1.05), "ruled out"),
    ("just outside", evidence(0.1, 1.10), "no worthwhile benefit"),
    ("best end below what matters", evidence(0.9, 1.8), "no worthwhile benefit"),
    ("the same for up", evidence(-0.9, 1.8, good="up"), "no worthwhile benefit"),
    ("no good side has no benefit", evidence(0.9, 1.8, good="none"), "not enough data"),
    ("too wide", evidence(-1.0, 3.0), "not enough data"),
    ("no smallest change known", evidence(0.0, 0.1, swc=None), "not enough data"),
]


@pytest.mark.parametrize(("case", "given_", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_order_of_verdicts(case, given_, expected):
    """The first rule that holds decides."""
    assert judge(given_).verdict == expected, case


def test_no_estimate_is_not_enough():
    """An effect that could not be computed is never a verdict."""
    nothing = Evidence(None, Orientation("down"), 1.0, 52.0)
    assert judge(nothing).verdict is Verdict.NOT_ENOUGH_DATA


@settings(deadline=None, derandomize=True)
@given(st.floats(-10, 10), st.floats(0.01, 10), st.floats(0.1, 5))
def test_mirrored_effects_have_mirrored_verdicts(effect, half, swc):
    """Turning the effect and its good side about leaves the verdict as it is."""
    down = judge(evidence(effect, half, "down", swc))
    up = judge(evidence(-effect, half, "up", swc))
    assert down.verdict == up.verdict


@settings(deadline=None, derandomize=True)
@given(st.floats(-10, 10), st.floats(0.01, 10), st.floats(0.1, 5))
def test_without_a_good_side_nothing_is_better_or_worse(effect, half, swc):
    """A metric that has no good side is never said to carry over or to get worse."""
    found = judge(evidence(effect, half, "none", swc)).verdict
    assert found not in {
        Verdict.CARRYING_OVER,
        Verdict.GETTING_WORSE,
        Verdict.NO_WORTHWHILE_BENEFIT,
    }


@settings(deadline=None, derandomize=True)
@given(st.floats(-10, 10), st.floats(0.01, 10))
def test_not_enough_always_says_what_is_missing(effect, half):
    """Whenever the data do not answer, something is named that would."""
    for good, swc in itertools.product(("up", "down", "none"), (None, 1.0)):
        found = judge(evidence(effect, half, good, swc))
        assert bool(found.missing) is (found.verdict is Verdict.NOT_ENOUGH_DATA)


def changed(**what):
    return Amount(**{name: what.get(name, getattr(PLENTY, name)) for name in Amount.__slots__})


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (changed(n_weeks=25.9), "26 weeks"),
        (changed(n_runs=79), "80 runs with this metric (79 so far)"),
        (changed(n_switches=3), "4 changes between weeks with and weeks without"),
        (changed(sd_exposure=0.11, sd_without_epochs=0.11), "varies apart from season"),
        (changed(sd_exposure=0.11, sd_without_epochs=0.30), "together with the sensor"),
        (changed(n_sessions=0), "none are logged"),
    ],
)
def test_each_gate_fires_alone(amount, said):
    """Each bound, just missed, is named by itself; met, it is silent."""
    assert missing("cadence_spm", "level", PLENTY) == []
    found = missing("cadence_spm", "level", amount)
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize("exposure", ["activation", "hill_strides", "right_minus_left"])
def test_what_is_missing_names_its_own_exposure(exposure):
    """The gate and the doubts of another exposure never speak of strength work."""
    kind = channel(exposure).kind
    amounts = [changed(n_sessions=0), changed(n_weeks=3.0, n_switches=0, sd_exposure=0.1),
               changed(sd_exposure=0.1, sd_without_epochs=0.1)]  # fmt: skip
    said = [
        text for amount in amounts for text in missing("cadence_spm", "level", amount, exposure)
    ]
    told = replace(evidence(2.0, 0.5, "up", 1.0), p_shift=0.5, lead_p=0.01, exposure=exposure)
    unfit = replace(told, estimate=None)
    said += [judge(found).missing for found in (told, unfit)]
    assert len(said) == 7
    assert all(kind in text and "strength" not in text for text in said), said


def test_gate_names_all_that_is_missing():
    """A fresh athlete is told of everything at once, in the gate's order."""
    found = missing("cadence_spm", "level", changed(n_weeks=3.0, n_runs=9, n_switches=1))
    assert [text.split()[0] for text in found] == ["26", "80", "4"]


def test_long_run_outcomes_need_fewer_runs():
    """Drift, and metrics born once a run, count long runs: 25 are enough."""
    assert min_runs("stance_time_ms", "decay") == min_runs("hr_decoupling_ratio", "level") == 25
    assert min_runs("stance_time_ms", "level") == 80


def test_weeks_ahead_follow_the_root_of_n():
    """Half the width takes four times the weeks; more than five years is not promised."""
    assert weeks_ahead(2.0, 1.0, 50.0) == 150
    assert weeks_ahead(10.0, 1.0, 50.0) is None
    assert weeks_ahead(1.0, 1.0, 50.0) == 1
