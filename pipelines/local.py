"""A night by hand stays on this machine, wherever a profile of Prefect's points."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

from prefect.settings import PREFECT_API_KEY, PREFECT_API_URL, temporary_settings


@contextlib.contextmanager
def on_this_machine() -> Iterator[None]:
    """Use a server elsewhere only where the environment names it for this very night.

    A profile that was made for other work (a company's cloud) would be told names of files.
    """
    api = PREFECT_API_URL.value()
    if not api or is_local(api) or os.environ.get("PREFECT_API_URL"):
        yield
        return
    sys.stderr.write(
        "Your Prefect profile names a server elsewhere; this night uses one of its own. "
        "Set PREFECT_API_URL to have it there.\n"
    )
    with temporary_settings(restore_defaults={PREFECT_API_URL, PREFECT_API_KEY}):
        yield


def is_local(url: str) -> bool:
    """Return whether a server's address is the machine's own."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
