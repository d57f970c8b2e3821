"""A night that would change nothing: it ends before Prefect starts, and leaves its record."""

from __future__ import annotations

import datetime as dt

from carryover.app import nothing_new
from carryover.home import Home
from carryover.nights import Night
from carryover.report import Report
from carryover.settings import load_settings
from carryover.tally import files_on_disk


def quiet_night(home: Home, *, now: dt.datetime) -> Report | None:
    """Return the report of a night without anything new, written down; None where there is work.

    A look that fails (a wrong configuration, a disk that is not there) is a night that failed.
    """
    with home.night_lock(), Night(home, unsure=True) as night:
        settings = load_settings(home.root)
        with night.step("find"):
            report = nothing_new(home, settings, now=now)
        if report is not None:
            night.found(report.found, 0, len(report.unreadable))
            night.tell(files_on_disk(home), changed=False)
    return report
