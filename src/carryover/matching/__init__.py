"""Which recordings are one run: how well two of them agree, and how all of them group."""

from carryover.matching.agreement import pair_agreement
from carryover.matching.groups import run_group

__all__ = ["pair_agreement", "run_group"]
