"""Time in a run: weights, pauses, sampling, and which day it was for the runner."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from carryover.normalise.channels import CHANNELS
from carryover.normalise.order import in_order
from carryover.normalise.samples import NO_MARKS, Marks, Sampler, ascent, measure
from carryover.normalise.times import clock, offset_between, zone_of
from carryover.normalise.traces import Traces

START = dt.datetime(2024, 5, 4, 7, 0, tzinfo=dt.UTC)
BERLIN, SHANGHAI, AUCKLAND = (52.52, 13.40), (31.2, 121.5), (-36.85, 174.76)
NONE = np.array([])


def channels(times, **held) -> pl.DataFrame:
    """Canonical channels at seconds after START; what is not given is null."""
    frame = pl.DataFrame({"recorded_at": [START + dt.timedelta(seconds=float(t)) for t in times]})
    frame = frame.with_columns(pl.col("recorded_at").cast(pl.Datetime("us", "UTC")))
    absent = [pl.lit(None, pl.Float64).alias(c) for c in CHANNELS if c not in held]
    return frame.with_columns(
        *absent, *(pl.Series(n, list(v), dtype=pl.Float64) for n, v in held.items())
    )


def marks(stops=(), starts=()) -> Marks:
    base = START.timestamp()
    return Marks(np.array([base + s for s in stops]), np.array([base + s for s in starts]))


def kept(held: pl.DataFrame, marks: Marks) -> tuple[pl.DataFrame, dict]:
    """The samples of one recording, and what they sum up to."""
    traces = Traces(held.with_columns(unit=pl.lit(0, pl.UInt32)), 1)
    sampler = Sampler(traces)
    sums = sampler.keep(traces.unit(0), measure(traces, traces.unit(0), marks))
    return sampler.frame(), sums


def samples(held: pl.DataFrame, marks: Marks) -> pl.DataFrame:
    return kept(held, marks)[0]


def totals(held: pl.DataFrame) -> dict:
    return kept(held, NO_MARKS)[1]


def ordered(held: pl.DataFrame) -> pl.DataFrame:
    return in_order(held.with_columns(unit=pl.lit(0, pl.UInt32))).drop("unit")


def mean(frame: pl.DataFrame, name: str) -> float:
    known = frame.filter(pl.col(name).is_not_null())
    return float((known[name] * known["dt_s"]).sum() / known["dt_s"].sum())


gaps = st.lists(st.integers(1, 90), min_size=1, max_size=60)


@given(gaps=gaps, data=st.data())
def test_weights_are_bounded_and_never_exceed_the_time_that_passed(gaps, data):
    """Each weight is 0 to 5 s, the last is 0, and together they are at most the elapsed time."""
    times = np.cumsum([0, *gaps]).astype(float)
    stops = data.draw(st.lists(st.sampled_from(times.tolist()), max_size=4))
    starts = data.draw(st.lists(st.sampled_from(times.tolist()), max_size=4))
    held = clock(times, np.array(stops), np.array(starts), np.full(len(times), 3.0))
    assert (held.dt_s >= 0).all()
    assert (held.dt_s <= 5).all()
    assert held.dt_s[-1] == 0
    assert held.dt_s.sum() <= held.elapsed_s[-1] + 1e-9
    assert held.moving_s[-1] <= held.elapsed_s[-1] + 1e-9
    assert (np.diff(held.moving_s) >= 0).all()
    assert (np.diff(held.segment) >= 0).all()


@given(stop=st.integers(2, 40), pause=st.integers(1, 600), after=st.integers(2, 40))
def test_no_weight_across_a_timer_stop(stop, pause, after):
    """The record before a stop weighs nothing, moving time stands still, a segment begins."""
    times = np.array([*range(stop + 1), *range(stop + pause, stop + pause + after)], float)
    speed = np.full(len(times), 3.0)
    held = clock(times, np.array([float(stop)]), np.array([float(stop + pause)]), speed)
    assert held.dt_s[stop] == 0
    assert held.moving_s[-1] == stop + after - 1
    assert held.segment.tolist() == [0] * (stop + 1) + [1] * after


def stands(i, times, stops, starts) -> bool:
    """Whether the timer stops before the next record or is off: by definition, mark by mark."""
    if not stops:
        return False
    following = times[i + 1] if i + 1 < len(times) else times[i]
    if any(times[i] <= stop < following for stop in stops):
        return True
    passed = [(mark, state) for state, marks in ((0, stops), (1, starts)) for mark in marks
              if mark <= times[i]]  # fmt: skip
    return bool(passed) and not max(passed)[1]


@given(gaps=gaps, data=st.data())
def test_the_timer_is_what_its_marks_say(gaps, data):
    """Record by record the weight is 0 where the timer stops or is off, and only there."""
    times = np.cumsum([0, *gaps]).tolist()
    moments = st.lists(st.integers(-3, times[-1] + 3), max_size=5)
    stops, starts = data.draw(moments), data.draw(moments)
    speed = np.full(len(times), 3.0)
    held = clock(*(np.array(t, dtype=float) for t in (times, stops, starts)), speed)
    expected = [
        0 if stands(i, times, stops, starts) else min(times[i + 1] - times[i], 5)
        for i in range(len(times) - 1)
    ]
    assert held.dt_s.tolist() == [*expected, 0]


@given(after=st.integers(1, 30))
def test_records_while_the_timer_is_off_weigh_nothing(after):
    """A watch that goes on writing through a pause adds no running."""
    times = np.arange(0.0, 60.0)
    held = clock(times, np.array([20.0]), np.array([20.0 + after]), np.full(60, 3.0))
    assert (held.dt_s[20 : 20 + after] == 0).all()
    assert held.dt_s.sum() == 59 - after


def test_a_stop_at_the_end_takes_nothing_away():
    """Every run ends with a stop; it closes the run and no more."""
    times = np.arange(0.0, 11.0)
    held = clock(times, np.array([10.0]), np.array([0.0]), np.full(11, 3.0))
    assert held.dt_s.sum() == 10
    assert held.moving_s[-1] == 10


@given(
    levels=st.lists(st.floats(150, 400), min_size=2, max_size=8),
    length=st.integers(20, 60),
    steps=st.lists(st.integers(1, 5), min_size=5, max_size=30),
)
def test_smart_recording_moves_a_mean_by_no_more_than_its_sampling(levels, length, steps):
    """One signal recorded each second or each 1–5 s has one mean, within the sampling's bound.

    A piecewise constant signal is misread only from a change to the next record, at most 4 s a
    change; so the means differ by at most Σ|change|·4 s over the length of the run.
    """
    total = length * len(levels)
    every = np.arange(total + 1)
    places = [0]
    while places[-1] < total:
        places.append(min(places[-1] + steps[len(places) % len(steps)], total))

    def signal(at):
        return [levels[min(t // length, len(levels) - 1)] for t in at]

    full = samples(
        channels(every, speed_mps=[3.0] * len(every), stance_time_ms=signal(every)), NO_MARKS
    )
    smart = samples(
        channels(places, speed_mps=[3.0] * len(places), stance_time_ms=signal(places)), NO_MARKS
    )
    bound = sum(abs(a - b) for a, b in pairwise(levels)) * 4 / total
    assert abs(mean(full, "stance_time_ms") - mean(smart, "stance_time_ms")) <= bound + 1e-6
    assert smart["dt_s"].sum() == full["dt_s"].sum() == total


@given(data=st.data(), values=st.lists(st.floats(150, 400), min_size=3, max_size=30))
def test_the_order_of_records_in_a_file_does_not_matter(data, values):
    """Records written out of order give the same samples."""
    given_ = channels(range(len(values)), stance_time_ms=values, speed_mps=[3.0] * len(values))
    order = data.draw(st.permutations(range(len(values))))
    shuffled = given_[list(order)]
    assert samples(ordered(shuffled), NO_MARKS).equals(samples(ordered(given_), NO_MARKS))


@given(copies=st.integers(2, 4))
def test_one_instant_written_several_times_is_one_instant(copies):
    """Distance, speed and heart rate of a second in three records are one sample."""
    once = channels(range(10), heart_rate_bpm=[150] * 10, speed_mps=[3.0] * 10)
    parts = [
        once.with_columns(pl.lit(None, pl.Float64).alias("heart_rate_bpm")),
        once.with_columns(pl.lit(None, pl.Float64).alias("speed_mps")),
    ]
    many = pl.concat((parts * 2)[:copies])
    joined = ordered(many)
    assert joined["heart_rate_bpm"].to_list() == [150] * 10
    assert joined["speed_mps"].to_list() == [3.0] * 10


def test_standing_is_no_moving_time_but_true_zeros_stay():
    """A speed of 0 is data: the seconds stand in the run, not in its moving time."""
    speed = [3.0] * 10 + [0.0] * 10 + [3.0] * 10
    frame, sums = kept(channels(range(30), speed_mps=speed), NO_MARKS)
    assert frame["speed_mps"].to_list() == speed
    assert sums["moving_s"] == 19
    assert sums["elapsed_s"] == 29


@given(
    climbs=st.lists(st.integers(4, 60), min_size=1, max_size=6),
    wobble=st.floats(0, 1),
    base=st.floats(-400, 4000),
)
def test_climbs_add_up_and_wobble_does_not(climbs, wobble, base):
    """Metres climbed are the rises between valleys, to a step of 3 m each; noise is no climb."""
    flat = 40
    heights = [base]
    for climb in climbs:
        heights += [base] * flat + [base + climb] * flat
    noisy = [height + wobble * (-1) ** i for i, height in enumerate(heights)]
    told = ascent(pl.Series(noisy))
    assert sum(climbs) - 6 * len(climbs) <= told <= sum(climbs) + 2 * wobble * len(climbs) + 1e-6
    assert ascent(pl.Series(noisy[:flat])) == 0
    assert ascent(pl.Series([None, None], dtype=pl.Float64)) is None


def test_a_silence_without_a_stop_is_a_lost_signal():
    """Half an hour without a record is not half an hour of running."""
    frame, sums = kept(channels([0, 1, 2, 1802, 1803], speed_mps=[3.0] * 5), NO_MARKS)
    assert sums["moving_s"] == 3 + 5
    assert frame["segment"].to_list() == [0, 0, 0, 1, 1]


def test_a_run_of_one_record_is_a_run_of_no_time():
    """A single instant has no length and breaks nothing."""
    _, sums = kept(channels([0], speed_mps=[3.0]), marks([0], [0]))
    assert sums["elapsed_s"] == 0
    assert sums["avg_heart_rate_bpm"] is None


@given(offset=st.integers(-12 * 4, 14 * 4), noise=st.integers(-170, 170))
def test_an_offset_is_read_to_the_quarter_hour(offset, noise):
    """Local minus UTC is an offset of whole quarters; a clock may be minutes off."""
    gap = dt.timedelta(minutes=15 * offset)
    local = (START + gap + dt.timedelta(seconds=noise)).replace(tzinfo=None)
    assert offset_between(local, START) == gap


@pytest.mark.parametrize("hours", [-13, 15, 0.12, 24 * 300])
def test_a_gap_that_is_no_offset_is_not_taken_for_one(hours):
    """Local times of another day, or between quarters, tell nothing."""
    local = (START + dt.timedelta(hours=hours)).replace(tzinfo=None)
    assert offset_between(local, START) is None
    assert offset_between(None, START) is None
    assert offset_between(local, None) is None


moments = st.integers(1_100_000_000, 1_900_000_000).map(
    lambda second: dt.datetime.fromtimestamp(second, dt.UTC)
)


@given(moment=moments, home=st.sampled_from(["Europe/Berlin", "Asia/Shanghai", "UTC"]))
def test_the_files_own_offset_decides_the_day(moment, home):
    """An offset that is not 0 tells the runner's clock wherever home is."""
    zone = zone_of(moment, dt.timedelta(hours=8), None, home)
    assert zone.source == "file"
    assert zone.local_date == (moment + dt.timedelta(hours=8)).date()


@given(moment=moments)
def test_without_an_offset_the_place_decides_and_then_the_home(moment):
    """A position names the zone of the day; without one it is the home's."""
    there = zone_of(moment, None, AUCKLAND, "Europe/Berlin")
    assert (there.name, there.source) == ("Pacific/Auckland", "position")
    assert there.local_date == moment.astimezone(ZoneInfo("Pacific/Auckland")).date()
    home = zone_of(moment, None, None, "Europe/Berlin")
    assert (home.name, home.source) == ("Europe/Berlin", "home")
    assert home.local_date == moment.astimezone(ZoneInfo("Europe/Berlin")).date()


@given(moment=moments)
def test_an_offset_of_zero_needs_a_witness(moment):
    """COROS writes UTC as local time: 0 counts only where place or home agree."""
    nothing = dt.timedelta(0)
    placed = zone_of(moment, nothing, SHANGHAI, "UTC")
    assert (placed.name, placed.source) == ("Asia/Shanghai", "position")
    treadmill = zone_of(moment, nothing, None, "Asia/Shanghai")
    assert (treadmill.name, treadmill.source) == ("Asia/Shanghai", "home")
    assert zone_of(moment, nothing, None, "UTC").source == "file"


@given(day=st.dates(dt.date(2024, 3, 25), dt.date(2024, 11, 5)), minute=st.integers(0, 1439))
def test_nights_of_changing_clocks_have_one_date(day, minute):
    """On any night of the year the date is the wall clock's, also when it jumps."""
    midnight = dt.datetime.combine(day, dt.time(), dt.UTC)
    moment = midnight + dt.timedelta(minutes=minute)
    local = moment.astimezone(ZoneInfo("Europe/Berlin"))
    told = zone_of(moment, local.utcoffset(), BERLIN, "UTC")
    assert told.local_date == local.date()
    assert told.name == "Europe/Berlin"
    assert told.source == "file"


def test_a_run_through_midnight_belongs_to_the_day_of_its_start():
    """A run that starts at 23:50 is that day's, whatever UTC says."""
    start = dt.datetime(2024, 7, 1, 15, 50, tzinfo=dt.UTC)
    assert zone_of(start, dt.timedelta(hours=8), None, "UTC").local_date == dt.date(2024, 7, 1)
    later = start + dt.timedelta(minutes=20)
    assert zone_of(later, dt.timedelta(hours=8), None, "UTC").local_date == dt.date(2024, 7, 2)


def test_a_traveller_lives_by_the_place_not_by_home():
    """A runner from Berlin in Shanghai has Shanghai's date."""
    start = dt.datetime(2024, 7, 1, 22, 0, tzinfo=dt.UTC)
    assert zone_of(start, None, SHANGHAI, "Europe/Berlin").local_date == dt.date(2024, 7, 2)


def test_at_sea_there_is_a_zone_too():
    """A place without a country has a zone by its longitude."""
    zone = zone_of(START, None, (0.5, -150.0), "Europe/Berlin")
    assert zone.source == "position"
    assert zone.local_date == dt.date(2024, 5, 3)


@given(values=st.lists(st.one_of(st.none(), st.floats(100, 200)), min_size=2, max_size=40))
def test_a_mean_is_over_the_time_that_has_a_value(values):
    """Missing seconds neither pull a mean to 0 nor count in its weight."""
    assume(any(v is not None for v in values[:-1]))
    sums = totals(channels(range(len(values)), heart_rate_bpm=values))
    known = [v for v in values[:-1] if v is not None]
    assert sums["avg_heart_rate_bpm"] == pytest.approx(sum(known) / len(known))
