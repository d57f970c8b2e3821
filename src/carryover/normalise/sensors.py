"""Which watch, strap or pod a recording is from: what opens a new sensor epoch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from carryover.normalise.traces import UNIT, Span, Traces

EXTERNAL_TYPES: Final = {
    "heart_rate": "strap", "stride_speed_distance": "pod", "30": "running dynamics",
    "running_dynamics": "running dynamics",
}  # fmt: skip
"""device_info.antplus_device_type of devices that can measure running dynamics."""
NO_VALUE: Final = ("", "0", "0.0", "65535", "2147483647", "4294967295")
"""How makers write "none" where a number or a name should stand."""
DYNAMICS: Final = ("stance_time_ms", "stance_time_balance_pct", "vertical_oscillation_mm")
POD_MAKERS: Final[Mapping[str | None, str]] = {
    "stryd": "Stryd pod", "wahoo_fitness": "Wahoo strap",
}  # fmt: skip
"""Whose files hold no dynamics but a pod's or strap's: no wrist has computed them."""
NATIVE: Final = ("stance_time_ms", "vertical_oscillation_mm")
"""Where one of these is a watch's or strap's beside an app's other one, both are named."""
FIELDS: Final = ("device_index", "device_type", "manufacturer", "product", "serial", "firmware")
"""What a device tells of itself, as text."""

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sensors:
    """The watch and where its running dynamics come from."""

    manufacturer: str | None
    device: str | None
    serial: str | None
    firmware: str | None
    dynamics_source: str

    def row(self) -> dict[str, str | None]:
        """Return its columns of `activity`."""
        return {name: getattr(self, name) for name in self.__slots__}


class Devices:
    """What a batch's `file_id` and `device_info` messages tell, by unit."""

    def __init__(self, file_id: pl.DataFrame, device_info: pl.DataFrame) -> None:
        listed = _told(device_info)
        self.frame = listed.select(UNIT, *FIELDS).unique(maintain_order=True)
        """Each device of a unit once: `unit` (rising) and FIELDS."""
        self._heads = _first(_told(file_id))
        self._creators = _first(listed.filter(pl.col("index").is_in(["creator", "0"])))
        self._external = _external(listed)

    def sensors(self, unit: int, traces: Traces, span: Span, makers: Mapping[str, str]) -> Sensors:
        """Return the sensors of one FIT recording.

        Watches alone give contact time without balance and without field 40, so either of those
        says that a strap or pod measured; without them the source is called "watch".
        """
        head, creator = self._heads.get(unit, {}), self._creators.get(unit, {})
        return Sensors(
            manufacturer=head.get("manufacturer") or creator.get("manufacturer"),
            device=head.get("product") or creator.get("product"),
            serial=head.get("serial") or creator.get("serial"),
            firmware=creator.get("firmware"),
            dynamics_source=self._dynamics(unit, traces, span, makers),
        )

    def _dynamics(
        self, unit: int, traces: Traces, span: Span, developers: Mapping[str, str]
    ) -> str:
        present = [c for c in DYNAMICS if traces.has(c, span)]
        if not present:
            return "none"
        makers = {developers[c] for c in present if c in developers}
        external = any(
            traces.has(c, span) and c not in developers
            for c in ("stance_time_balance_pct", "stance_time_percent")
        )
        native = self._external_name(unit) if external else self._writer(unit)
        if not makers:
            return native
        app = f"{'+'.join(sorted(makers))} app"
        mixed = any(c in present and c not in developers for c in NATIVE)
        return f"{app} and {native}" if mixed else app

    def _writer(self, unit: int) -> str:
        """Whose own sensor it is where no strap or other pod is told."""
        return POD_MAKERS.get(self._heads.get(unit, {}).get("manufacturer"), "watch")

    def _external_name(self, unit: int) -> str:
        """The strap or pod by its serial; the same whatever order the watch lists them in."""
        named = self._external.get(unit, set())
        dynamics = sorted(serial for kind, serial in named if kind == "running dynamics")
        chosen = dynamics or sorted({serial for _, serial in named})
        return f"strap or pod {chosen[0]}" if chosen else "strap or pod"


def _told(frame: pl.DataFrame) -> pl.DataFrame:
    """Return devices with text in every column: `unit`, FIELDS, and `index` and `kind` as told."""
    if UNIT not in frame.columns:
        return pl.DataFrame(schema={UNIT: pl.UInt32} | dict.fromkeys((*FIELDS, "index", "kind"),
                                                                     pl.String))  # fmt: skip

    def raw(name: str) -> pl.Expr:
        return pl.col(name) if name in frame.columns else pl.lit(None, pl.String)

    def text(*names: str) -> pl.Expr:
        """A vendor's name or number."""
        found = [_text(name) for name in names if name in frame.columns]
        return pl.coalesce(found) if found else pl.lit(None, pl.String)

    return frame.select(
        pl.col(UNIT),
        device_index=text("device_index"),
        device_type=text("antplus_device_type", "device_type"),
        manufacturer=text("manufacturer"),
        product=text("product_name", "garmin_product", "product"),
        serial=text("serial_number"),
        firmware=text("software_version"),
        index=raw("device_index"),
        kind=raw("antplus_device_type"),
    )


def _text(name: str) -> pl.Expr:
    bare = pl.col(name).str.strip_chars().str.replace_all("\0", "", literal=True)
    return pl.when(bare.is_in(NO_VALUE).not_()).then(bare)


def _first(told: pl.DataFrame) -> dict[int, Told]:
    first = told.unique(UNIT, keep="first", maintain_order=True)
    return {row[UNIT]: row for row in first.iter_rows(named=True)}


def _external(listed: pl.DataFrame) -> dict[int, set[tuple[str, str]]]:
    held = listed.filter(pl.col("kind").is_in(list(EXTERNAL_TYPES))).drop_nulls("serial")
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for unit, kind, serial in held.select(UNIT, "kind", "serial").iter_rows():
        found[unit].add((EXTERNAL_TYPES[kind], serial))
    return found
