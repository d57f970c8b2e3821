"""The page docs/trust.md: each check, where it is tested, and what the last full run came to."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "trust.md"
CHECKS: Final = Path(__file__).with_name("checks.csv")
HEAD: Final = """# Trust: what was tried, and what it came to

Made by `python -m benchmarks.trust` (all trials in full); a short form of each runs with the tests.
A trial is clean where nothing was lost, nothing was left half done, nothing hung and nothing else
went wrong.

"""


def checks() -> list[dict[str, str]]:
    """Return every check: check, law, shown_by (tests and parts, by blanks), note."""
    with CHECKS.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def page(results: Mapping[str, Any]) -> str:
    """Return the page for the results of the last full run of each part."""
    lines = [HEAD, "## Trials\n\n"]
    lines += ["| trial | checks | tried | lost | partial | hung | other | slowest | took |\n"]
    lines += ["| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"]
    for part in results.values():
        lines += [_row(trial) for trial in part["trials"]]
    lines += ["\n", *(_when(name, part) for name, part in results.items())]
    lines += ["\n## Checks\n\n| check | law | shown by |\n| --- | --- | --- |\n"]
    for check in checks():
        note = f". {check['note']}" if check["note"] else ""
        shown = ", ".join(f"`{where}`" for where in check["shown_by"].split())
        lines.append(f"| {check['check']} | {check['law']} | {shown}{note} |\n")
    return "".join(lines)


def write_page(results: Mapping[str, Any]) -> None:
    """Write docs/trust.md."""
    PAGE.write_text(page(results), "utf-8")


def _row(trial: Mapping[str, Any]) -> str:
    slowest = "" if trial["slowest_s"] is None else f"{trial['slowest_s']:.2f} s"
    note = f" ({trial['note']})" if trial["note"] else ""
    return (
        f"| {trial['what']}{note} | {', '.join(trial['checks'])} | {trial['tried']:,} "
        f"| {trial['lost']} | {trial['partial']} | {trial['hung']} | {len(trial['failures'])} "
        f"| {slowest} | {trial['took_s']:.0f} s |\n"
    )


def _when(name: str, part: Mapping[str, Any]) -> str:
    return f"- {name}: {part['on']}, {part['took_s']:.0f} s; {part['machine']}\n"
