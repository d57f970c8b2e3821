"""Ready-made schedules: a systemd timer, a cron line, or Prefect's server with `carryover serve`.

Each is text that a shell can read: what it does is plain to see, and nothing is done before.
"""

from __future__ import annotations

import datetime as dt
import re
import shlex
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from carryover.clock import Clock, clock_of
from carryover.errors import UsageError

UNITS: Final = "~/.config/systemd/user"
HARDENED: Final = """\
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6"""
STRICTER: Final = """\
# Stricter still, where the kernel lets users have namespaces: take these # away and try it once.
#PrivateUsers=yes
#PrivateTmp=yes
#PrivateNetwork=yes
#ProtectSystem=strict
#ReadWritePaths={home}"""
GENTLE: Final = """\
Nice=10
IOSchedulingClass=idle
OOMScoreAdjust=500"""
SERVICE: Final = """\
[Unit]
Description=carryover: the night

[Service]
Type=oneshot
ExecStart={nightly}
# 3: another night is at it.
SuccessExitStatus=3
TimeoutStartSec=6h
Environment={prefect_home}
{gentle}
{hardened}
{stricter}
"""
TIMER: Final = """\
[Unit]
Description=carryover: when the night runs

[Timer]
{calendar}
# A night that was missed is made up for, once, when the machine is on again.
Persistent=true

[Install]
WantedBy=timers.target
"""
PREFECT: Final = """\
[Unit]
Description=carryover: Prefect's server, for this machine alone

[Service]
ExecStart={prefect} server start --host 127.0.0.1 --port 4200
Environment={prefect_home}
Environment=DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false
Environment=PREFECT_SERVER_DATABASE_TIMEOUT=60
Restart=always
RestartSec=10
{hardened}

[Install]
WantedBy=default.target
"""
SERVE: Final = """\
[Unit]
Description=carryover: the night on its schedule
After=carryover-prefect.service
# Without the server it ends, and is started again until it stands.
StartLimitIntervalSec=0

[Service]
ExecStart={serve}
Environment={prefect_home}
Environment=PREFECT_API_URL=http://127.0.0.1:4200/api
Restart=always
RestartSec=30
# 2: the configuration is wrong, and stays so.
RestartPreventExitStatus=2
{gentle}
{hardened}

[Install]
WantedBy=default.target
"""
LINGER: Final = "loginctl enable-linger    # nights run while you are not logged in, too"


class Kind(StrEnum):
    """What keeps the time."""

    SYSTEMD = "systemd"
    CRON = "cron"
    PREFECT = "prefect"


@dataclass(frozen=True, slots=True)
class Place:
    """What a schedule runs: `program`, the words of the command; a home, and when (in a zone)."""

    program: tuple[str, ...]
    prefect: tuple[str, ...]
    home: Path
    cron: str
    timezone: str

    @property
    def prefect_home(self) -> str:
        """Where Prefect keeps its own things: in the home, with its rights."""
        return f"PREFECT_HOME={self.home / 'data' / 'warehouse' / 'prefect'}"


def recipe(kind: Kind, place: Place, today: dt.date) -> str:
    """Return a schedule as text for a shell (`cron`: for `crontab -e`).

    Raises UsageError for a path that cannot stand in it, SettingsError for a cron line that only
    some clocks know.
    """
    for path in (*place.program, *place.prefect, str(place.home)):
        if re.search(r"[\x00-\x1f]", path):
            raise UsageError("a path with a line break cannot stand in a schedule", subject=path)
    clock = clock_of(place.cron)
    if kind is Kind.CRON:
        return _cron(place)
    if kind is Kind.PREFECT:
        return _prefect(place)
    return _systemd(place, clock, today)


def units(kind: Kind, place: Place) -> dict[str, str]:
    """Return the units of a schedule by the name of their file; none for cron."""
    told = {
        "nightly": _exec(*place.program, "nightly", "--home", str(place.home)),
        "serve": _exec(
            *place.program, "serve", "--home", str(place.home), "--cron", place.cron,
            "--timezone", place.timezone,
        ),
        "prefect": _exec(*place.prefect),
        "prefect_home": _quoted(place.prefect_home),
        "calendar": "\n".join(
            f"OnCalendar={line}" for line in clock_of(place.cron).on_calendar(place.timezone)
        ),
        "gentle": GENTLE, "hardened": HARDENED,
        "stricter": STRICTER.format(home=_quoted(str(place.home))),
    }  # fmt: skip
    files = {
        Kind.SYSTEMD: {"carryover-nightly.service": SERVICE, "carryover-nightly.timer": TIMER},
        Kind.PREFECT: {"carryover-prefect.service": PREFECT, "carryover-serve.service": SERVE},
        Kind.CRON: {},
    }
    return {name: text.format(**told) for name, text in files[kind].items()}


def _systemd(place: Place, clock: Clock, today: dt.date) -> str:
    gap = clock.left_out(place.timezone, today)
    warning = (
        f"# The clocks of {place.timezone} leave out {gap:%H:%M} on {gap:%Y-%m-%d}, and systemd "
        'runs no night then:\n# take another hour (carryover schedule --cron "0 5 * * *").\n'
        if gap else ""
    )  # fmt: skip
    return warning + _script(
        units(Kind.SYSTEMD, place),
        "systemctl --user enable --now carryover-nightly.timer",
        "systemctl --user list-timers carryover-nightly.timer",
    )


def _prefect(place: Place) -> str:
    return _script(
        units(Kind.PREFECT, place),
        "systemctl --user enable --now carryover-prefect.service carryover-serve.service",
        "systemctl --user status carryover-serve.service --no-pager",
    )


def _script(files: dict[str, str], *last: str) -> str:
    lines = ["set -e", f"mkdir -p {UNITS}"]
    for name, text in files.items():
        lines.append(f"cat > {UNITS}/{name} <<'END'\n{text}END")
    return "\n".join([*lines, "systemctl --user daemon-reload", *last, LINGER, ""])


def _cron(place: Place) -> str:
    command = shlex.join([*place.program, "nightly", "--home", str(place.home)])
    folder = place.home / "data" / "warehouse"
    where, log = shlex.quote(str(folder)), shlex.quote(str(folder / "cron.log"))
    environment = shlex.quote(place.prefect_home)
    line = f"umask 077; mkdir -p {where} && env {environment} nice {command} > {log} 2>&1"
    return (
        f"# cronie keeps this zone; Debian's cron knows the machine's alone, and passes over it.\n"
        f"CRON_TZ={place.timezone}\n"
        # To cron a percent sign is the end of the line.
        f"{place.cron} {line.replace('%', chr(92) + '%')}\n"
    )


def _exec(*words: str) -> str:
    """Return words as systemd's ExecStart takes them; the first is a path, where $ is itself."""
    first, *rest = words
    return " ".join([_quoted(first), *(_quoted(word.replace("$", "$$")) for word in rest)])


def _quoted(text: str) -> str:
    """Return a text as one word in a unit."""
    plain = re.fullmatch(r"[A-Za-z0-9_./:=@+-]+", text)
    held = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return text if plain else f'"{held}"'
