"""Prefect only: decorate, retry, sequence, log. What is done lives in `carryover.app`.

Its settings are read when Prefect is first imported, so they stand here.
"""

import os

QUIET = {
    # Nothing about a runner leaves the machine.
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # A night needs no server: a profile of the user's may forbid to start one for it alone.
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
    # On a busy machine the temporary server needs longer than Prefect's 20 seconds.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    # Slots of a memory lease leak after a power cut and block every later night.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
        "prefect.server.concurrency.lease_storage.filesystem"
    ),
}
for name, value in QUIET.items():
    os.environ.setdefault(name, value)
