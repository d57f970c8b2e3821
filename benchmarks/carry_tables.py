"""The calibration's tables: how often the product errs, covers, finds, each with its MC error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from benchmarks.carry_judged import N_OUTCOMES
from benchmarks.carry_peers import PEERS
from benchmarks.carry_worlds import ACUTE, EFFECTS, FAMILY, NULLS, Scenario
from benchmarks.tables import table
from carryover.estimate.verdict import MIN_LEAD_P

Records = list[dict[str, Any]]
Test = Callable[[dict[str, Any]], bool]

NULL_HEADER: Final = (
    "no effect is planted", "seeds", "judged", "claims a direction", "95 % interval holds 0",
    "bias, SD", f"leads p < .05 / < {MIN_LEAD_P:.2f}".replace("0.", "."), *PEERS.values(),
)  # fmt: skip
EFFECT_HEADER: Final = (
    "planted: ± 1 SD", "seeds", "judged", "found", "wrong side", "95 % interval holds it",
    "bias, SD", "median half-width, SD",
)  # fmt: skip
ACUTE_HEADER: Final = (
    "−0.5 SD within 48 h is planted", "judged", "bias of the slow effect, SD",
    "95 % interval holds 0",
)  # fmt: skip
FAMILY_HEADER: Final = (f"{N_OUTCOMES} outcomes without an effect", "athletes with any")


def null_table(found: Mapping[str, Records]) -> str:
    """Return false claims, coverage and bias of athletes without an effect, peers beside."""
    rows = []
    for scenario in _made(NULLS, found):
        told = passed(found[scenario.name])
        leads = [_percent(_share(told, _below("lead_p", bound))) for bound in (0.05, MIN_LEAD_P)]
        rows.append([
            scenario.title, _seeds(found[scenario.name]), _judged(found[scenario.name]),
            f"**{share(told, claims)}**", share(told, holds(0.0)), _bias(told, 0.0),
            " / ".join(leads), *(_percent(_share(told, _below(peer, 0.05))) for peer in PEERS),
        ])  # fmt: skip
    return table(NULL_HEADER, rows, texts=2)


def effect_table(found: Mapping[str, Records]) -> str:
    """Return power, wrong sides, coverage and bias of athletes with a planted effect."""
    rows = []
    for scenario in _made(EFFECTS, found):
        told = passed(found[scenario.name])
        halves = [(r["ci_high"] - r["ci_low"]) / 2.0 for r in told]
        rows.append([
            scenario.title, _seeds(found[scenario.name]), _judged(found[scenario.name]),
            f"**{share(told, right)}**", share(told, wrong), share(told, holds(scenario.beta)),
            _bias(told, scenario.beta), f"{np.median(halves):.2f}",
        ])  # fmt: skip
    return table(EFFECT_HEADER, rows, texts=2)


def acute_table(found: Mapping[str, Records]) -> str:
    """Return what the term for the last 48 hours is good for."""
    rows = []
    for scenario in _made((ACUTE,), found):
        told = passed(found[scenario.name])
        bare = [
            {"effect": r["bare_effect"], "ci_low": r["bare_low"], "ci_high": r["bare_high"]}
            for r in told
        ]
        for title, some in (("with the term for it", told), ("without", bare)):
            rows.append([title, str(len(some)), _bias(some, 0.0), share(some, holds(0.0))])
    return table(ACUTE_HEADER, rows)


def family_table(found: Mapping[str, Records]) -> str:
    """Return how many athletes have any claim among many outcomes, rule by rule."""
    told = passed(found[FAMILY.name]) if FAMILY.name in found else []
    rules = {
        "Pearson r, p < .05": "pearson",
        "this model, p < .05": "reml",
        "this model, q < .05 (Benjamini–Hochberg)": "q",
        "the product's rule: q < .05 and the circular shift": "claims",
        "the product on all outcomes it can have (11, and two other τ)": "own_claims",
    }
    rows = [[title, share(told, _any(key))] for title, key in rules.items()] if told else []
    return table(FAMILY_HEADER, rows)


def target_table(found: Mapping[str, Records]) -> str:
    """Return each target beside what was measured."""
    rows = [
        [what, wanted, measured, met if isinstance(met, str) else "yes" if met else "**no**"]
        for what, wanted, measured, met in _targets(found)
    ]
    return table(("target", "wanted", "measured", "met"), rows, texts=2)


def _met(value: float, bound: float, n: int, *, least: bool = False) -> str:
    """Return whether a share keeps its bound: yes, no, or no by less than chance makes of n."""
    beyond = bound - value if least else value - bound
    if beyond <= 0:
        return "yes"
    noise = 1.96 * float(np.sqrt(bound * (1.0 - bound) / n))
    return "within its error" if beyond <= noise else "**no**"


def _targets(found: Mapping[str, Records]) -> list[tuple[str, str, str, bool | str]]:
    """Return what, bound, measured and whether it is met, for the scenarios that were made."""
    nulls = {s.name: passed(found[s.name]) for s in _made(NULLS, found)}
    effects = {s.name: passed(found[s.name]) for s in _made(EFFECTS, found)}
    rows = []
    if nulls:
        n = min(len(told) for told in nulls.values())
        false = [_share(told, claims) for told in nulls.values()]
        cover = [_share(told, holds(0.0)) for told in nulls.values()]
        bias = [abs(float(np.mean([r["effect"] for r in told]))) for told in nulls.values()]
        leads = [_share(told, _below("lead_p", 0.05)) for told in nulls.values()]
        rows += [
            ("false claims, mean of scenarios", "≤ 5 %", _percent(np.mean(false)),
             np.mean(false) <= 0.05),
            ("false claims, worst scenario", "≤ 7.1 %", _percent(max(false)), max(false) <= 0.071),
            ("coverage, worst scenario", "93–97 %",
             f"{_percent(min(cover))} to {_percent(max(cover))}",
             max(_met(min(cover), 0.93, n, least=True), _met(max(cover), 0.97, n), key=MET.index)),
            ("bias, worst scenario", "≤ 0.10 SD", f"{max(bias):.2f} SD", max(bias) <= 0.10),
            ("leads check at .05, worst scenario", "≤ 7 %", _percent(max(leads)),
             _met(max(leads), 0.07, n)),
        ]  # fmt: skip
    powers = {"effect": ("power at 1 SD, 52 weeks, own blocks", 0.20),
              "effect-planned": ("power at 1 SD, 104 weeks, 8/8", 0.55)}  # fmt: skip
    for name, (what, least) in powers.items():
        if name in effects:
            power = _share(effects[name], right)
            rows.append(
                (
                    what,
                    f"≥ {_percent(least)}",
                    _percent(power),
                    _met(power, least, len(effects[name]), least=True),
                )
            )
    sided = [told for told in (nulls | effects).values() if told[0]["good_side"] != "none"]
    if sided:
        worse = max(_share(told, _worse) for told in sided)
        rows.append(("“getting worse” where it is not, worst scenario", "≤ 3 %", _percent(worse),
                     worse <= 0.03))  # fmt: skip
    if ACUTE.name in found:
        off = abs(float(np.mean([r["effect"] for r in passed(found[ACUTE.name])])))
        rows.append(("bias beside an acute effect", "≤ 0.10 SD", f"{off:.2f} SD", off <= 0.10))
    if FAMILY.name in found:
        any_ = _share(passed(found[FAMILY.name]), _any("claims"))
        rows.append(
            (
                "any claim among 48 outcomes",
                "≤ 5 %",
                _percent(any_),
                _met(any_, 0.05, len(passed(found[FAMILY.name]))),
            )
        )
    return rows


MET: Final = ("yes", "within its error", "**no**")
"""From the best to the worst."""


def passed(records: Records) -> Records:
    """Return the athletes that the gate lets through."""
    return [record for record in records if record["stopped"] is None]


def claims(record: dict[str, Any]) -> bool:
    """Return whether a direction is claimed."""
    return bool(record["claim"] != 0)


def right(record: dict[str, Any]) -> bool:
    """Return whether the planted side is claimed: the good one, or up where there is none."""
    return bool(record["claim"] == 1)


def wrong(record: dict[str, Any]) -> bool:
    """Return whether the other side is claimed."""
    return bool(record["claim"] == -1)


def holds(truth: float) -> Test:
    """Return whether an interval holds the truth."""
    return lambda record: bool(record["ci_low"] <= truth <= record["ci_high"])


def share(told: Records, test: Test) -> str:
    """Return how many pass a test, with the Monte-Carlo error: `4.3 ± 1.0 %`."""
    p = _share(told, test)
    return f"{100 * p:.1f} ± {100 * np.sqrt(p * (1 - p) / max(len(told), 1)):.1f} %"


def _share(told: Records, test: Test) -> float:
    return sum(map(test, told)) / len(told) if told else float("nan")


def _worse(record: dict[str, Any]) -> bool:
    return bool(record["verdict"] == "getting worse")


def _below(key: str, bound: float) -> Test:
    return lambda record: record[key] is not None and record[key] < bound


def _any(key: str) -> Test:
    return lambda record: bool(record[key] > 0)


def _bias(told: Records, truth: float) -> str:
    off = np.array([record["effect"] for record in told]) - truth
    return f"{off.mean():+.2f} ± {off.std(ddof=1) / np.sqrt(off.size):.2f}".replace("-", "−")


def _percent(share_: float) -> str:
    return f"{100 * share_:.1f} %"


def _seeds(records: Records) -> str:
    return f"{records[0]['seed']}–{records[-1]['seed']}"


def _judged(records: Records) -> str:
    return f"{len(passed(records))} of {len(records)}"


def _made(scenarios: tuple[Scenario, ...], found: Mapping[str, Records]) -> list[Scenario]:
    return [s for s in scenarios if s.name in found]
