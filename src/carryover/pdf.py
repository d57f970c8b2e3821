"""A page as PDF, printed by a Chromium that happens to be here: alone, offline, in a hurry."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from carryover.errors import CarryoverError, UsageError

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
OWN: Final = "CARRYOVER_CHROMIUM"
"""The environment's word on which Chromium to use."""
TIMEOUT_S: Final = 90.0
MARK: Final = b"%carryover report\n"
"""A comment behind the end of a PDF: readers pass over it, and we know our own files by it."""
SILENT: Final = (
    "--headless", "--no-pdf-header-footer", "--disable-gpu", "--no-first-run",
    "--no-default-browser-check", "--disable-extensions", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
    "--disable-domain-reliability", "--metrics-recording-only",
    # No name can be looked up: what is on the page is all that it can show.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip


def chromium() -> Path | None:
    """Return the Chromium to print with, or None; raises UsageError where a wrong one is named."""
    named = os.environ.get(OWN)
    if named:
        found = shutil.which(named)
        if found is None:
            raise UsageError(
                "this is no program that can be run", subject=f"{OWN}={named}",
                remedy="Name the program's full path, or unset it.",
            )  # fmt: skip
        return Path(found)
    return next((Path(found) for found in map(shutil.which, NAMES) if found), None)


def print_pdf(program: Path, page: Path, pdf: Path, *, timeout_s: float = TIMEOUT_S) -> None:
    """Print an HTML file beside itself; `pdf` is there whole or not at all.

    Raises CarryoverError where the program fails, takes too long or writes no PDF.
    """
    # Beside the page: a Chromium that is caged (snap) sees the home, but not our /tmp.
    part = pdf.with_name(f"{pdf.stem}.part.pdf")
    root = ("--no-sandbox",) if _is_root() else ()
    with tempfile.TemporaryDirectory(prefix="carryover-chromium-") as profile:
        told = _run(
            [str(program), *SILENT, *root, f"--user-data-dir={profile}",
             f"--print-to-pdf={part.absolute()}", page.absolute().as_uri()],
            timeout_s,
        )  # fmt: skip
    try:
        content = part.read_bytes() if part.exists() else b""
        if not content.startswith(b"%PDF-"):
            raise CarryoverError(
                f"it wrote no PDF{told}", subject=str(program),
                remedy=f"Open {page} in a browser and print it there.",
            )  # fmt: skip
        part.write_bytes(content + MARK)
        part.replace(pdf)
    finally:
        part.unlink(missing_ok=True)


def is_ours(pdf: Path) -> bool:
    """Tell whether a PDF was printed here."""
    with pdf.open("rb") as file:
        file.seek(max(0, pdf.stat().st_size - len(MARK)))
        return file.read() == MARK


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _run(command: list[str], timeout_s: float) -> str:
    """Run a program with all that it starts; return its last words, for the case that it failed."""
    with subprocess.Popen(  # noqa: S603 - a program that the user has installed or named
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, errors="replace", start_new_session=True,
    ) as process:  # fmt: skip
        try:
            _, words = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            raise CarryoverError(
                f"printing took longer than {timeout_s:g} s", subject=command[0],
                remedy="Print the page from a browser instead.",
            ) from error  # fmt: skip
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    last = words.strip().splitlines()[-1:]
    return f" ({last[0]})" if process.returncode and last else ""
