"""Pairs of recordings → runs: who belongs together, whatever order the files came in."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Final

import polars as pl

from carryover import columns

BY_HAND: Final = "configuration"
"""`matched_by` of pairs that a person has declared."""

Links = dict[str, list[tuple[str, float, str]]]


def run_group(running: pl.DataFrame, links: pl.DataFrame, declared: pl.DataFrame) -> pl.DataFrame:
    """Return `columns.RUN_GROUP`: each running recording with the keeper of its run's time.

    `running` has activity_id and clock_rank (lower keeps time); `links` one, other, clock_shift_s,
    matched_by, overlap_share; `declared` rule, entry and activity_id of the configuration. The best
    links are taken first, and none that would bring two together that must never be.
    """
    rank = dict(running.select("activity_id", "clock_rank").iter_rows())
    cluster = _Clusters(list(rank), _forbidden(declared))
    taken: Links = defaultdict(list)
    for link in _in_order(links).iter_rows(named=True):
        one, other = link["one"], link["other"]
        if cluster.join(one, other):
            shift_s, how = link["clock_shift_s"], link["matched_by"]
            taken[one].append((other, shift_s, how))
            taken[other].append((one, -shift_s, how))
    rows = [row for members in cluster.members() for row in _placed(members, rank, taken)]
    return pl.DataFrame(rows, schema=columns.RUN_GROUP, orient="row")


def _in_order(links: pl.DataFrame) -> pl.DataFrame:
    """Declared links first, then those without a shift, then by how much both cover."""
    return links.sort(
        pl.col("matched_by") != BY_HAND,
        pl.col("clock_shift_s").abs() > 1.0,
        -pl.col("overlap_share"),
        "one",
        "other",
    )


def _forbidden(declared: pl.DataFrame) -> dict[str, set[str]]:
    apart: dict[str, set[str]] = defaultdict(set)
    never = (
        declared.filter(pl.col("rule") == "never_same")
        .group_by("entry", maintain_order=True)
        .agg("activity_id")
    )
    for named in never["activity_id"].to_list():
        for key in named:
            apart[key] |= set(named) - {key}
    return apart


class _Clusters:
    """Disjoint sets of recordings, with pairs that must stay in two of them."""

    def __init__(self, keys: list[str], apart: dict[str, set[str]]) -> None:
        self._of = {key: {key} for key in keys}
        self._apart = apart

    def join(self, one: str, other: str) -> bool:
        """Join two sets unless a pair across them must stay apart; tell whether it was done."""
        ours, theirs = self._of[one], self._of[other]
        if ours is theirs or any(self._apart.get(key, set()) & theirs for key in ours):
            return False
        ours |= theirs
        for key in theirs:
            self._of[key] = ours
        return True

    def members(self) -> list[set[str]]:
        """Return every set once."""
        return list({id(held): held for held in self._of.values()}.values())


def _placed(
    members: set[str], rank: dict[str, int], links: Links
) -> list[tuple[str, str, float, str | None]]:
    """Return each member with its keeper, the shift to the keeper's clock and why it is there."""
    keeper = min(members, key=lambda key: (rank[key], key))
    rows: list[tuple[str, str, float, str | None]] = [(keeper, keeper, 0.0, None)]
    seen, waiting = {keeper: 0.0}, deque([keeper])
    while waiting:
        here = waiting.popleft()
        for there, shift_s, how in sorted(links[here]):
            if there not in seen:
                seen[there] = seen[here] + shift_s
                rows.append((there, keeper, seen[there], how))
                waiting.append(there)
    return rows
