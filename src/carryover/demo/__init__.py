"""A synthetic athlete as real files, with a known answer: `write_demo`."""

from __future__ import annotations

from carryover.demo.truth import DemoTruth
from carryover.demo.write import write_demo

__all__ = ["DemoTruth", "write_demo"]
