"""Text from files and settings is only text: on pages, in the report and in a terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.errors import MarkupError
from rich.text import Text

from benchmarks.trust.pages import FIELDS, tried
from carryover.cli_words import say
from carryover.harmless import harmless
from carryover.progress import bar

TEMPLATES = Path(__file__).parents[1] / "dashboards" / "templates"


@pytest.mark.browser
def test_hostile_text_of_every_field_does_nothing(browser, tmp_path):
    """Of hostile text in all fields that files fill none is run, asked for or linked to."""
    trial = tried(browser, tmp_path / "home", all_pages=False)
    assert trial.is_clean, trial.failures
    assert int(trial.note.split()[0]) >= 20
    assert len(FIELDS) >= 30
    assert trial.tried >= 11


def test_no_template_takes_data_for_markup():
    """Templates escape: none marks what it is given as safe, or turns escaping off."""
    for path in TEMPLATES.rglob("*.*"):
        text = path.read_text("utf-8") if path.suffix in (".html", ".xml", ".svg") else ""
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|forceescape", text), path.name


@given(st.text())
def test_nothing_moves_a_cursor(text):
    """No control character gets through, everything else does, and twice is as once."""
    shown = harmless(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert harmless(shown) == shown
    if text.isprintable() and text.isascii():
        assert shown == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_stays_the_same(text):
    """What a machine reads as JSON is the text itself, escapes or not."""
    assert json.loads(harmless(json.dumps(text, ensure_ascii=False))) == text


def test_what_is_said_is_harmless(capsys):
    """A file's name cannot clear a screen or write a window's title."""
    say("run\x1b[2J\x1b]0;own\x07.fit\u202etif")
    assert capsys.readouterr().out == "run\\u001b[2J\\u001b]0;own\\u0007.fit\\u202etif\n"


@pytest.mark.parametrize(
    "name", ["[/x].fit", "[red]a[/].fit", "[link=https://evil.example]x", "\x1b[2J"]
)
def test_a_name_beside_the_bar_is_no_markup(name, monkeypatch, capsys):
    """A name in brackets neither ends a night nor colours it."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with bar("reading", 2, "files") as advance:
        advance(1, name)
    assert "\x1b[2J.fit" not in capsys.readouterr().err


def test_markup_would_end_a_night():
    """The guard is needed: taken for markup such a name raises."""
    with pytest.raises(MarkupError):
        Text.from_markup("[/x].fit")
