"""How often the method errs, as it was measured: what docs/carry-over.md tells."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Rate:
    """One measured rate: `row` names it in the table of the docs, `says` what it is of."""

    row: str
    value: str
    says: str


@cache
def rates() -> tuple[Rate, ...]:
    """Return the rates that the page quotes, in order."""
    text = files("dashboards").joinpath("rates.toml").read_text("utf-8")
    return tuple(Rate(**fields) for fields in tomllib.loads(text)["rate"])
