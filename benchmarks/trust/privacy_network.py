"""A whole night of the real program under strace: whom it calls, where it listens, who may read."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ADDRESS: Final = re.compile(
    r'(?P<call>connect|sendto|sendmsg|sendmmsg|bind)\(.*?sa_family=AF_INET6?, .*?'
    r'(?:inet_addr\("(?P<four>[\d.]+)"\)|inet_pton\(AF_INET6, "(?P<six>[0-9a-fA-F:.]+)")'
)  # fmt: skip
CALLS: Final = "connect,sendto,sendmsg,sendmmsg,bind"
FLOW: Final = "import sys; from pipelines.nightly import nightly; nightly(sys.argv[1])"
MEANT: Final = frozenset({".gitkeep"})


@dataclass(frozen=True, slots=True)
class Watched:
    """A night that was watched: its exit code and words, and calls by address."""

    code: int
    told: str
    calls: tuple[tuple[str, str], ...]

    def abroad(self) -> list[str]:
        """Return calls to, and ports on, any address but this machine's own."""
        return [f"{call} {address}" for call, address in self.calls if not is_own(address)]


def is_own(address: str) -> bool:
    """Return whether an address is of the machine itself; `0.0.0.0` is everybody's."""
    told = ipaddress.ip_address(address)
    mapped = getattr(told, "ipv4_mapped", None)
    return (mapped or told).is_loopback


def missing() -> str:
    """Return why a night cannot be watched here; empty where it can."""
    if not shutil.which("strace"):
        return "no strace here"
    command = ["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "true"]
    probe = subprocess.run(command, check=False, capture_output=True)
    return "" if probe.returncode == 0 else "strace may not watch here"


def no_namespace() -> str:
    """Return why a night cannot be cut off from all networks here; empty where it can."""
    for program in ("unshare", "ip"):
        if not shutil.which(program):
            return f"no {program} here"
    probe = subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True)
    return "" if probe.returncode == 0 else "this system lets nobody make a network of their own"


def watched(home: Path, scratch: Path, *, alone: bool, imported: bool = False) -> Watched:
    """Run a night on a home, with Prefect's temporary server, and return whom it called.

    `alone`: in a network with nothing but the machine itself. `imported`: the flow is imported
    and called by a program whose new files anybody could read; else it is the command.
    """
    command = [sys.executable, "-m", "carryover", "nightly", "--home", str(home)]
    if imported:
        command = [sys.executable, "-c", FLOW, str(home)]
    log = scratch / "calls.log"
    traced = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-e",
        f"trace={CALLS}",
        "-s",
        "128",
        "-o",
        str(log),
        *command,
    ]
    shell = f'umask 000; {"ip link set lo up; " * alone}exec "$@"'
    run = [*(["unshare", "-rn"] if alone else []), "sh", "-c", shell, "sh", *traced]
    # A server that this machine runs already is none of this night's.
    env = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_API")}
    env |= {"PREFECT_HOME": str(scratch / "prefect")}
    done = subprocess.run(run, env=env, check=False, capture_output=True, text=True)
    return Watched(done.returncode, done.stdout + done.stderr, _calls(log))


def _calls(log: Path) -> tuple[tuple[str, str], ...]:
    text = log.read_text("utf-8", "replace") if log.exists() else ""
    return tuple((m["call"], m["four"] or m["six"]) for m in ADDRESS.finditer(text))


def open_to_others(home: Path, before: frozenset[Path] = frozenset()) -> list[str]:
    """Return files and folders of a home that others than the owner may use."""
    return [
        f"{path.relative_to(home)}: {stat.S_IMODE(path.lstat().st_mode):o}"
        for path in sorted(home.rglob("*"))
        if path not in before and path.name not in MEANT and not path.is_symlink()
        and stat.S_IMODE(path.lstat().st_mode) & 0o077 and not _is_inside_private(path, home)
    ]  # fmt: skip


def _is_inside_private(path: Path, home: Path) -> bool:
    """Return whether a folder on the way is the owner's alone."""
    held = [folder for folder in path.parents if folder.is_relative_to(home)]
    return any(not stat.S_IMODE(folder.stat().st_mode) & 0o077 for folder in held if folder != home)
