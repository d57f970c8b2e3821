"""The product's verdict on made athletes without an effect, in small; benchmarks/carry_over.py."""

from __future__ import annotations

import json
from itertools import cycle, islice

import pytest

from benchmarks import carry_over, carry_tables
from benchmarks.carry_judged import judged
from benchmarks.carry_kept import Wanted, _first, program_hash, records
from benchmarks.carry_worlds import NULLS, SCENARIOS, athlete

SEVEN = [scenario.name for scenario in NULLS[:7]]
N_ATHLETES = 60


class Here:
    """A pool that does the work itself and remembers it."""

    def __init__(self):
        self.jobs = []

    def imap_unordered(self, work, jobs):
        for job in jobs:
            self.jobs.append(job)
            yield work(job)


def test_athletes_without_an_effect_are_rarely_given_one():
    """Of 60 judged athletes in seven kinds of trouble, at most 12 % are told of a direction."""
    names, told, seed = cycle(SEVEN), [], 0
    for name in names:
        told += carry_tables.passed([judged((name, seed))])
        if len(told) == N_ATHLETES:
            break
        seed += 1
    claims = sum(map(carry_tables.claims, told))
    misses = sum(not carry_tables.holds(0.0)(record) for record in told)
    tempted = sum(record["pearson"] < 0.05 for record in told)
    assert claims <= 0.12 * N_ATHLETES, f"{claims} of {N_ATHLETES} claims, seeds 0…{seed}"
    assert misses <= 0.12 * N_ATHLETES, f"{misses} intervals without 0, seeds 0…{seed}"
    assert tempted >= 0.25 * N_ATHLETES, "these athletes tempt nobody"


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_every_athlete_comes_from_its_seed(name):
    """The same seed makes the same athlete, another seed another one."""
    one, same, other = (athlete(SCENARIOS[name], seed) for seed in (3, 3, 4))
    assert one.outcomes.equals(same.outcomes)
    assert one.runs.equals(same.runs)
    assert not one.outcomes["y"].equals(other.outcomes["y"])


def test_trouble_is_what_it_says():
    """Lost runs are lost with their load; a new strap reads a jump; odd runs are few and far."""
    free = athlete(SCENARIOS["confounded"], 5)
    lost = athlete(SCENARIOS["lost"], 5)
    assert lost.runs.height == lost.outcomes.height
    assert 0.75 < lost.runs.height / free.runs.height < 0.95
    sensor = athlete(SCENARIOS["sensor"], 5)
    moved = (sensor.outcomes["y"] - free.outcomes["y"]).to_numpy()
    new = (sensor.runs["sensor_epoch"] == "new strap").to_numpy()
    assert moved[~new] == pytest.approx(0.0)
    assert moved[new].std() == pytest.approx(0.0, abs=1e-9)
    assert abs(moved[new].mean()) > 0
    odd = (athlete(SCENARIOS["outliers"], 5).outcomes["y"] - free.outcomes["y"]).to_numpy()
    assert 0.01 < (odd != 0).mean() < 0.12


def made(job):
    """A record of which every third is stopped by the gate."""
    return {"seed": job[1], "stopped": "too little" if job[1] % 3 == 0 else None}


def test_a_broken_run_goes_on_where_it_stopped(tmp_path):
    """Kept records are not made again; more are added; a line that was cut off is made anew."""
    first = Here()
    some = records(Wanted("clean", 5, 10), made, first, tmp_path)
    assert len(carry_tables.passed(some)) == 5
    assert [record["seed"] for record in some] == list(range(10, 10 + len(some)))
    path = tmp_path / f"clean-{program_hash()}.jsonl"
    path.write_text(path.read_text("utf-8")[:-12], "utf-8")
    second = Here()
    more = records(Wanted("clean", 9, 10), made, second, tmp_path)
    assert len(carry_tables.passed(more)) == 9
    cut = first.jobs[-1]
    assert set(first.jobs) & set(second.jobs) == {cut}
    third = Here()
    assert records(Wanted("clean", 9, 10), made, third, tmp_path) == more
    assert third.jobs == []


def test_another_program_starts_anew(tmp_path):
    """Records of a program with another fingerprint are not used."""
    path = tmp_path / "clean-000000000000.jsonl"
    path.write_text(json.dumps({"seed": 0, "stopped": None}) + "\n", "utf-8")
    pool = Here()
    records(Wanted("clean", 1, 1), made, pool, tmp_path)
    assert pool.jobs


def test_an_unbroken_run_of_seeds_counts():
    """Which athletes are counted does not depend on which were ready first."""
    found = {seed: {"seed": seed, "stopped": None} for seed in (0, 1, 3, 4)}
    assert [record["seed"] for record in _first(found, Wanted("clean", 3, 0))[0]] == [0, 1]


def test_the_tables_count():
    """Shares, their errors and the targets are those of the records."""
    right = {"seed": 0, "stopped": None, "claim": 1, "effect": 1.1, "ci_low": 0.5, "ci_high": 1.7,
             "verdict": "carrying over", "good_side": "down"}  # fmt: skip
    wrong = right | {"seed": 1, "claim": -1, "effect": -0.9, "ci_low": -1.5, "ci_high": -0.3,
                     "verdict": "getting worse"}  # fmt: skip
    none = right | {"seed": 2, "claim": 0, "effect": 0.1, "ci_low": -0.9, "ci_high": 1.1}
    stopped = {"seed": 3, "stopped": "weeks"}
    rows = [right, wrong, none, none | {"seed": 4}, stopped]
    made_ = carry_tables.effect_table({"effect": rows})
    line = made_.splitlines()[-1]
    assert "| 4 of 5 |" in line
    assert "**25.0 ± 21.7 %** | 25.0 ± 21.7 % | 75.0 ± 21.7 % | −0.90 ± 0.41 |" in line
    targets = carry_tables.target_table({"effect": rows})
    assert "| 25.0 % | yes |" in targets
    assert "| ≤ 3 % | 25.0 % | **no** |" in targets


def test_the_page_is_put_between_its_marks():
    """What stands before and after the marks stays; a page without marks is refused."""
    start, end = carry_over.MARKS
    assert carry_over.put(f"a\n{start}\nold\n{end}\nb", "new") == f"a\n{start}\n\nnew\n\n{end}\nb"
    with pytest.raises(ValueError, match="substring"):
        carry_over.put("no marks", "new")


def test_the_seven_scenarios_are_there():
    """All seven kinds of trouble are tried, each by its name."""
    assert list(islice(SCENARIOS, 7)) == SEVEN
    assert SEVEN == ["clean", "confounded", "drift", "mix", "outliers", "lost", "sensor"]
