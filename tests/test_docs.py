"""What is written is true: commands, links and paths in the docs exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from carryover.cli import app

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    """Every relative link of a page leads to a file that is there."""
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8"))
    local = [link for link in links if "://" not in link]
    missing = [link for link in local if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_commands_that_pages_name_exist(page):
    """Every `carryover …` in a page is a command, and every option it shows is known."""
    group = typer.main.get_command(app)
    for name, rest in COMMAND.findall(page.read_text("utf-8")):
        if name in NOT_YET:
            continue
        command = group.commands.get(name)
        assert command is not None, f"carryover {name}"
        options = {o for c in _with_children(command) for p in c.params
                   for o in [*p.opts, *p.secondary_opts]}  # fmt: skip
        used = set(re.findall(r"(--[a-z-]+)", rest.split("#")[0]))
        assert used <= options | {"--help"}, f"carryover {name}{rest}"


COMMAND = re.compile(r"(?:^|`)carryover ([a-z]+)([^`\n]*)", re.MULTILINE)
NOT_YET: set[str] = set()
"""Named in the README as not there yet."""


def _with_children(command):
    return [command, *getattr(command, "commands", {}).values()]


def test_the_first_lines_are_the_two_commands():
    """The README begins with what a new user types: make run, make test."""
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert [line.split("#")[0].strip() for line in lines[3:5]] == ["make run", "make test"]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert {"run", "test"} <= set(re.findall(r"^(\w+):", makefile, re.MULTILINE))


def test_the_lock_names_no_host_and_pins_by_hash():
    """requirements.lock pins every package by hash and records no download address."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    packages = re.findall(r"^[a-z0-9][^ \n]*==[^ \n]+", lock, re.MULTILINE)
    assert len(packages) > 100
    for block in re.split(r"\n(?=[a-z0-9])", lock.strip()):
        assert "--hash=sha256:" in block, block[:80]


def test_the_changelog_has_a_place_for_changed_numbers():
    """Every release says which of its numbers change."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    releases = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert releases
    assert all("### Numbers that change" in release for release in releases)


def test_pages_name_only_commands_that_exist():
    """What a page or a message tells a runner to type is a command."""
    known = set(typer.main.get_command(app).commands)
    texts = [p for top in ("dashboards", "src") for p in (ROOT / top).rglob("*")]
    for path in texts:
        if path.suffix in {".html", ".py", ".toml", ".sql"} and "site" not in path.parts:
            named = re.findall(r"[`>]carryover ([a-z]+)", path.read_text("utf-8"))
            assert set(named) <= known, path
