"""A night by hand stays on the machine, whatever a profile of Prefect's says."""

from __future__ import annotations

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from pipelines.local import is_local, on_this_machine

ELSEWHERE = "https://api.prefect.cloud/api/accounts/a/workspaces/b"


def test_a_profile_elsewhere_is_not_followed(monkeypatch, capsys):
    """A server that only a profile names is used for no night by hand, and that is said."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with temporary_settings({PREFECT_API_URL: ELSEWHERE}):
        with on_this_machine():
            assert not PREFECT_API_URL.value()
        assert PREFECT_API_URL.value() == ELSEWHERE
    assert "elsewhere" in capsys.readouterr().err


def test_what_the_environment_names_is_used(monkeypatch, capsys):
    """Who names a server for this night gets it."""
    monkeypatch.setenv("PREFECT_API_URL", ELSEWHERE)
    with temporary_settings({PREFECT_API_URL: ELSEWHERE}), on_this_machine():
        assert PREFECT_API_URL.value() == ELSEWHERE
    assert not capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "local"),
    [("http://127.0.0.1:4200/api", True), ("http://localhost:4200/api", True),
     ("http://[::1]:4200/api", True), ("http://127.9.9.9/api", True), (ELSEWHERE, False),
     ("http://192.168.1.4:4200/api", False), ("http://127.0.0.1.evil.org/api", False)],
)  # fmt: skip
def test_only_the_machine_s_own_addresses_are_local(url, local):
    """An address is this machine's where it is a loopback address or named so."""
    assert is_local(url) is local
