"""Which recordings are one run, and which gym sessions are one visit."""

from carryover.matching.agreement import pair_agreement
from carryover.matching.groups import run_group
from carryover.matching.visits import Tolerance, gym_group

__all__ = ["Tolerance", "gym_group", "pair_agreement", "run_group"]
