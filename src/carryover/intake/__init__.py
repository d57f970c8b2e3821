"""What lies on disk: find files, name them by content, open archives."""

from carryover.intake.archives import Container, Foreign, Refused, unpack
from carryover.intake.glances import Glances
from carryover.intake.places import Found, digest, identify, is_passed_over, lies_in, walk
from carryover.intake.strip import LEFTOVER, strip

__all__ = [
    "LEFTOVER",
    "Container",
    "Foreign",
    "Found",
    "Glances",
    "Refused",
    "digest",
    "identify",
    "is_passed_over",
    "lies_in",
    "strip",
    "unpack",
    "walk",
]
