"""Form in the hours after strength and drills: fair pairs, honest intervals, sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from carryover import columns
from carryover.catalogue.thresholds import threshold
from carryover.estimate import covariance
from carryover.estimate.acute import AFTER_DRILLS, AFTER_STRENGTH, Rules, acute_effect
from carryover.estimate.carry_over import Spec, carry_over
from carryover.estimate.hours_after import acute_hours
from carryover.estimate.matched import LIKE, Limits, difference, pairs_of
from carryover.estimate.question import days_of, own_variance
from carryover.estimate.run_frames import ACUTE_EFFECT, ACUTE_HOURS
from estimate_worlds import world

COMPLETE = Spec(complete_logs=frozenset({"a"}))
RULES = Rules.of(
    {
        name: threshold(name)
        for name in ("activation_match_d", "activation_match_speed_mps", "activation_min_pairs",
                     "acute_min_runs")
    }
)  # fmt: skip
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PLANNED = {"weeks": 78, "blocks": (8, 8)}


def drilled(seed, *, effect=0.0, share=0.4, known_from=0.15, **what):
    """Return a world whose runs have kinds and speeds, and what came before each of them."""
    made = world(seed, **what)
    rng = np.random.default_rng(1000 + seed)
    n = made.runs.height
    kind = rng.choice(["easy", "easy", "easy", "long"], n)
    has = rng.random(n) < share
    known = np.arange(n) >= known_from * n
    has &= known
    runs = made.runs.with_columns(
        pl.Series("kind", kind), pl.Series("avg_speed_mps", 3.0 + rng.normal(0.0, 0.1, n))
    )
    gym = np.sort(made.sessions["started_at"].dt.epoch("us").to_numpy())
    begun = runs["started_at"].dt.epoch("us").to_numpy()
    last = np.searchsorted(gym, begun, side="left") - 1
    hours = [(t - gym[i]) / 3.6e9 if i >= 0 else None for t, i in zip(begun, last, strict=True)]
    after = runs.select("run_id").with_columns(
        pl.Series(
            "has_activation", [bool(h) if k else None for h, k in zip(has, known, strict=True)]
        ),
        pl.Series("hours_since_strength", hours, dtype=pl.Float64),
    )
    added = after.select(
        "run_id", more=effect * pl.col("has_activation").fill_null(value=False).cast(pl.Float64)
    )
    outcomes = made.outcomes.join(added, on="run_id", maintain_order="left").with_columns(
        y=pl.col("y") + pl.col("more")
    ).drop("more")  # fmt: skip
    return replace(made, runs=runs, outcomes=outcomes), after


def contrasts(made, after, *, fitted=True):
    """Return ACUTE_EFFECT; without the fitted questions only drills have numbers."""
    verdicts = columns.empty(columns.CARRY_OVER)
    if fitted:
        spec = COMPLETE
        if set(made.outcomes["metric"]) == {"stance_time_ms"}:
            # Its level is no outcome that is asked by itself.
            kind = made.outcomes["outcome"][0]
            spec = replace(COMPLETE, primary_metric="stance_time_ms", primary_outcome=kind)
        verdicts = carry_over(made.outcomes, made.runs, made.sessions, made.sensors, spec)
    return acute_effect(
        verdicts, made.outcomes, made.runs, made.sessions, after, made.sensors, COMPLETE, RULES
    )


def row(frame, contrast):
    return frame.filter(pl.col("contrast") == contrast).row(0, named=True)


RUN = st.fixed_dictionaries(
    {
        "hour": st.integers(0, 24 * 120), "avg_speed_mps": st.sampled_from([2.8, 3.0, 3.2, None]),
        "has_it": st.sampled_from([True, False, None]), "kind": st.sampled_from(["easy", "long"]),
        "sensor_epoch": st.sampled_from(["a", "b", None]), "near_gym": st.booleans(),
    }
)  # fmt: skip
KINDS = {"avg_speed_mps": pl.Float64, "has_it": pl.Boolean, "kind": pl.String,
         "sensor_epoch": pl.String, "near_gym": pl.Boolean}  # fmt: skip


def frame_of(runs):
    named = [
        r | {"row": i, "run_id": f"{i:03d}", "started_at": NOON + timedelta(hours=r["hour"])}
        for i, r in enumerate(runs)
    ]
    return pl.DataFrame(named, schema_overrides=KINDS | {"row": pl.UInt32})


@settings(deadline=None, derandomize=True, max_examples=80)
@given(st.lists(RUN, min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_pairs_are_fair(runs, order):
    """Each pair is alike, near and never a run with itself; no likelier run lies nearer in time."""
    frame = frame_of(runs)
    limits = Limits(20.0, 0.25)
    found = pairs_of(frame, limits)
    assert found["row"].is_unique().all()
    rows = {r["row"]: r for r in frame.to_dicts()}
    matched = dict(found.iter_rows())

    def eligible(one, other):
        return (
            one["has_it"] and other["has_it"] is False
            and all(one[k] == other[k] is not None for k in LIKE)
            and None not in (one["avg_speed_mps"], other["avg_speed_mps"])
            and abs(one["avg_speed_mps"] - other["avg_speed_mps"]) <= 0.25
            and abs(one["hour"] - other["hour"]) <= 20 * 24
        )  # fmt: skip

    for one in rows.values():
        able = [other for other in rows.values() if eligible(one, other)]
        assert (one["row"] in matched) == bool(able)
        if able:
            chosen = rows[matched[one["row"]]]
            assert chosen["row"] != one["row"]
            assert chosen in able
            apart = min(abs(one["hour"] - other["hour"]) for other in able)
            assert abs(one["hour"] - chosen["hour"]) == apart
    shuffled = frame.to_dicts()
    order.shuffle(shuffled)
    again = pairs_of(pl.DataFrame(shuffled, schema=frame.schema), limits)
    assert sorted(again.iter_rows()) == sorted(found.iter_rows())


def test_one_control_for_all_is_one_run():
    """A run that serves for all others leaves its own noise whole: no variance goes with 1/n."""
    rng = np.random.default_rng(1)
    n = 40
    frame = pl.DataFrame(
        {
            "row": range(n), "run_id": [f"{i:03d}" for i in range(n)],
            "started_at": [NOON + timedelta(days=i) for i in range(n)],
            "y": rng.normal(0.0, 1.0, n), "se": [None] * n, "kind": ["easy"] * n,
            "has_it": [i % 2 == 1 for i in range(n)],
        },
        schema_overrides={"se": pl.Float64},
    )  # fmt: skip
    treated = frame.filter("has_it").select("row")
    reused = treated.with_columns(other=pl.lit(0, pl.Int64))
    spread = treated.with_columns(other=pl.col("row") - 1)
    nothing = np.zeros((n, 0))
    alone, many = (difference(frame, pairs, nothing) for pairs in (reused, spread))
    series = covariance.Series(
        days_of(frame) - days_of(frame)[0], frame["y"].to_numpy(), own_variance(frame["se"])
    )
    fit = covariance.fit_reml(
        series, np.column_stack([np.ones(n), frame["has_it"].cast(pl.Float64).to_numpy()])
    )
    sd = float(np.sqrt(fit.point.variance[0]))
    assert alone.se > 0.8 * sd
    assert many.se < 0.5 * sd
    means = frame.group_by("has_it").agg(pl.col("y").mean()).sort("has_it")["y"]
    assert many.effect == pytest.approx(means[1] - means[0])
    assert alone.effect == pytest.approx(means[1] - frame["y"][0])


def test_mirror_unit_and_order():
    """−y turns effects over, 3·y + 7 scales them, the order of rows changes nothing."""
    made, after = drilled(2, effect=0.5, **PLANNED)
    plain = contrasts(made, after)
    assert plain.schema == pl.Schema(ACUTE_EFFECT)
    told = plain.drop_nulls("effect")
    assert told.height == 2
    for change, a, low, high in ((-pl.col("y"), -1.0, "ci_high", "ci_low"),
                                 (3 * pl.col("y") + 7, 3.0, "ci_low", "ci_high")):  # fmt: skip
        moved = contrasts(replace(made, outcomes=made.outcomes.with_columns(y=change)), after)
        assert moved["effect"].to_list() == pytest.approx([a * v for v in told["effect"]])
        assert moved["ci_low"].to_list() == pytest.approx([a * v for v in told[low]])
        assert moved["ci_high"].to_list() == pytest.approx([a * v for v in told[high]])
        assert moved["p"].to_list() == pytest.approx(told["p"].to_list())
    shuffled = replace(
        made,
        outcomes=made.outcomes.sample(fraction=1, shuffle=True, seed=1),
        runs=made.runs.sample(fraction=1, shuffle=True, seed=2),
        sessions=made.sessions.sample(fraction=1, shuffle=True, seed=3),
    )
    assert contrasts(shuffled, after.sample(fraction=1, shuffle=True, seed=4)).equals(plain)


def test_the_family_is_corrected_together():
    """q is Benjamini–Hochberg's over all rows of the athlete that have a p."""
    made, after = drilled(3, **PLANNED)
    other, _ = drilled(3, **PLANNED, metric="stance_time_ms", level=250.0, sd=5.0)
    both = replace(
        made,
        outcomes=pl.concat([made.outcomes, other.outcomes]),
        sensors=pl.concat([made.sensors, other.sensors]),
    )
    frame = contrasts(both, after)
    assert frame.height == 4
    assert frame["q"].to_list() == pytest.approx(stats.false_discovery_control(frame["p"]))


def test_before_the_first_drill_nothing_is_known():
    """Runs of which it cannot be known are in no pair, whatever their values."""
    made, after = drilled(4, known_from=0.4, **PLANNED)
    unknown = after.filter(pl.col("has_activation").is_null())["run_id"].implode()
    plain = row(contrasts(made, after), AFTER_DRILLS)
    assert plain["n_runs"] == after["has_activation"].count()
    odd = made.outcomes.with_columns(
        y=pl.when(pl.col("run_id").is_in(unknown)).then(1e3).otherwise("y")
    )
    told = row(contrasts(replace(made, outcomes=odd), after), AFTER_DRILLS)
    assert told["effect"] == pytest.approx(plain["effect"])
    assert told["ci_high"] == pytest.approx(plain["ci_high"])


def test_no_number_has_a_reason():
    """Without drills, pairs or sessions there is no number, but a reason; nulls stay null."""
    made, after = drilled(5, **PLANNED)
    never = after.with_columns(has_activation=pl.lit(None, pl.Boolean))
    always = after.with_columns(has_activation=pl.lit(value=True))
    bare = replace(made, sessions=made.sessions.clear())
    for frame, contrast, reason in (
        (contrasts(made, never), AFTER_DRILLS, "none yet"),
        (contrasts(made, always), AFTER_DRILLS, "a like run without (0 so far)"),
        (contrasts(bare, after), AFTER_STRENGTH, "8 runs in the 48 hours"),
    ):
        told = row(frame, contrast)
        assert reason in told["reason"]
        assert [told[k] for k in ("effect", "ci_low", "ci_high", "p", "q", "says")] == [None] * 6
    assert row(contrasts(bare, after), AFTER_DRILLS)["effect"] is not None
    empty = replace(made, runs=made.runs.clear(), outcomes=made.outcomes.clear())
    assert contrasts(empty, after.clear()).equals(columns.empty(ACUTE_EFFECT))


def test_acute_columns_stand_beside_the_verdict():
    """carry_over tells the acute term with its interval and runs; acute_effect tells the same."""
    made, after = drilled(6, acute=-0.5, **PLANNED)
    verdict = carry_over(made.outcomes, made.runs, made.sessions, made.sensors, COMPLETE)
    primary = verdict.filter(pl.col("role") == "primary").row(0, named=True)
    told = row(contrasts(made, after), AFTER_STRENGTH)
    assert (told["effect"], told["ci_low"], told["ci_high"], told["n_with"]) == tuple(
        primary[k] for k in ("acute_effect", "acute_low", "acute_high", "n_acute")
    )
    near = after.filter(pl.col("hours_since_strength") <= 48).height
    assert told["n_with"] == near
    assert told["ci_low"] < told["effect"] < told["ci_high"]


def test_planted_drills_are_found_and_none_is_not():
    """+0.8 after drills comes back, past an acute effect; without any few intervals exclude 0."""
    for truth, least in ((0.8, 0.8), (0.0, 0.0)):
        rows = [
            row(contrasts(*drilled(seed, effect=truth, acute=-0.5, **PLANNED), fitted=False),
                AFTER_DRILLS)
            for seed in range(24)
        ]  # fmt: skip
        effects = np.array([r["effect"] for r in rows])
        bound = 3.5 * effects.std(ddof=1) / np.sqrt(effects.size)
        assert abs(effects.mean() - truth) < bound, f"{truth}: {effects.mean():.2f} ± {bound:.2f}"
        held = np.mean([r["ci_low"] <= truth <= r["ci_high"] for r in rows])
        assert held >= 0.83, f"{truth}: coverage {held:.2f}, seeds 0…23"
        assert np.mean([r["ci_low"] > 0 for r in rows]) >= least


@pytest.mark.parametrize(
    ("outcome", "effect", "words"),
    [
        ("decay", 3.0, "drills have 3.0 ms more late-run drift of ground contact time ("),
        ("level", -3.0, "runs after activation drills have 3.0 ms less ground contact time"),
    ],
)  # fmt: skip
def test_a_number_is_said_plainly(outcome, effect, words):
    """One sentence: size, unit, side, interval, runs and pairs; doubt where 0 is inside."""
    made, after = drilled(7, metric="stance_time_ms", outcome=outcome, sd=0.3, effect=effect,
                          **PLANNED)  # fmt: skip
    told = row(contrasts(made, after), AFTER_DRILLS)
    shift = effect - told["effect"]
    moved = replace(
        made,
        outcomes=made.outcomes.join(after, on="run_id").with_columns(
            y=pl.col("y") + shift * pl.col("has_activation").fill_null(value=False).cast(pl.Float64)
        ).select(made.outcomes.columns),
    )  # fmt: skip
    told = row(contrasts(moved, after), AFTER_DRILLS)
    assert words in told["says"]
    assert told["says"].endswith(
        f"; {told['n_matched']} pairs, {told['n_with'] - told['n_matched']} without a match."
    )
    gym = row(contrasts(moved, after), AFTER_STRENGTH)
    assert gym["says"].startswith("Runs in the 48 hours after a gym session have ")
    doubt = ", which cannot be told from no difference; " in gym["says"]
    assert doubt == (gym["ci_low"] <= 0 <= gym["ci_high"])


def test_hours_tell_how_long_it_lasts():
    """A dip of 48 hours shows in the first two days and not in the third."""
    spans = np.array(
        [
            [r["difference"] for r in hours(*drilled(seed, acute=-0.8, **PLANNED)).to_dicts()]
            for seed in range(16)
        ]
    )
    mean, error = spans.mean(axis=0), spans.std(axis=0, ddof=1) / np.sqrt(len(spans))
    for found, bound, planted in zip(mean, 3.5 * error, (-0.8, -0.8, 0.0), strict=True):
        assert abs(found - planted) < bound, f"{mean.round(2)} ± {error.round(2)}"


def hours(made, after):
    return acute_hours(made.outcomes, made.runs, made.sessions, after, made.sensors, COMPLETE)


def test_hours_are_counted_once_and_keep_their_unit():
    """Spans and later runs are all runs after the first session; 3·y scales; no session, null."""
    made, after = drilled(8, **PLANNED)
    frame = hours(made, after)
    assert frame.schema == pl.Schema(ACUTE_HOURS)
    assert frame["n_runs"].sum() + frame["n_later"][0] == after["hours_since_strength"].count()
    scaled = hours(replace(made, outcomes=made.outcomes.with_columns(y=3 * pl.col("y"))), after)
    for name in ("difference", "ci_low", "ci_high"):
        assert scaled[name].to_list() == pytest.approx((3 * frame[name]).to_list())
    unknown = after.with_columns(hours_since_strength=pl.lit(None, pl.Float64))
    assert hours(made, unknown)["difference"].null_count() == 3
