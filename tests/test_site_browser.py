"""The site in a real browser, from disk: it draws, fits, stays silent and runs nothing foreign."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from test_site import render_state

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
KINDS = (
    "index", "trends", "late-miles", "symmetry", "carry-over", "runs", "run", "strength", "explore",
    "health", "about",
)  # fmt: skip
DRAWN = {"index", "trends", "late-miles", "symmetry", "carry-over", "run", "strength"}
"""Pages that have figures."""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("browsed")
    return {s: render_state(s, folder) for s in ("full", "empty", "hostile")}


@dataclass
class Seen:
    """What a visit to one page showed."""

    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    width: int = 0
    figures: int = 0
    drawn: int = 0
    hacked: bool = False
    overlapping: list[str] = field(default_factory=list)


OVERLAPPING = """() => {
  const found = [];
  document.querySelectorAll('.plot').forEach(plot => {
    ['.xtick text', '.ytick text', '.y2tick text'].forEach(kind => {
      const boxes = [...plot.querySelectorAll(kind)]
        .map(t => [t.textContent, t.getBoundingClientRect()]);
      boxes.forEach(([ta, a], i) => boxes.slice(i + 1).forEach(([tb, b]) => {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 1 && high > 2) found.push(plot.id + ': ' + ta + ' / ' + tb);
      }));
    });
  });
  return found;
}"""


ALL_DRAWN = """() => [...document.querySelectorAll('.plot')]
  .every(plot => plot.querySelector('.main-svg'))"""


def file_of(root: Path, kind: str) -> Path | None:
    if kind != "run":
        return root / f"{kind}.html"
    runs = sorted((root / "runs").glob("*.html"))
    return runs[-1] if runs else None


def visit(tab: Any, path: Path, *, size: str, scheme: str = "light") -> Seen:
    """Open a page in a tab of this size and these colours, and tell what it shows."""
    width, height = SIZES[size]
    tab.set_viewport_size({"width": width, "height": height})
    tab.emulate_media(color_scheme=scheme)
    seen = Seen()
    heard = {
        "console": lambda m: seen.console.append(m.text) if m.type == "error" else None,
        "pageerror": lambda e: seen.errors.append(str(e)),
        "request": lambda r: None if _own(r.url) else seen.foreign.append(r.url),
    }
    for event, hear in heard.items():
        tab.on(event, hear)
    tab.goto(path.as_uri())
    seen.figures = tab.locator(".plot").count()
    if seen.figures:
        tab.wait_for_function(ALL_DRAWN)
    traced = ".trace, .bars .point, .hm image"
    seen.drawn = tab.locator(f".plot:has({traced.replace(', ', '), .plot:has(')})").count()
    seen.width = tab.evaluate("document.documentElement.scrollWidth")
    seen.hacked = tab.evaluate("window.hacked !== undefined")
    seen.overlapping = tab.evaluate(OVERLAPPING)
    for event, hear in heard.items():
        tab.remove_listener(event, hear)
    tab.goto("about:blank")
    return seen


def _own(url: str) -> bool:
    return url.startswith(("file://", "data:"))


def check(seen: Seen, size: str) -> None:
    assert (seen.console, seen.errors, seen.foreign) == ([], [], [])
    assert seen.drawn == seen.figures
    assert seen.width <= SIZES[size][0], "the page scrolls sideways"
    assert not seen.hacked
    assert seen.overlapping == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", SIZES)
def test_full_pages_draw_and_fit(tab: Any, sites: dict[str, Path], kind: str, size: str) -> None:
    """Every page opens from disk: all figures drawn, no error, no request, no sideways scroll."""
    path = file_of(sites["full"], kind)
    assert path is not None
    seen = visit(tab, path, size=size, scheme="dark" if size == "phone" else "light")
    check(seen, size)
    assert (seen.figures > 0) == (kind in DRAWN)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_never_runs(tab: Any, sites: dict[str, Path], kind: str) -> None:
    """Names that carry scripts are shown and not run, and do not widen the page."""
    path = file_of(sites["hostile"], kind)
    assert path is not None
    check(visit(tab, path, size="phone"), "phone")


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "run"])
def test_empty_pages_stand(tab: Any, sites: dict[str, Path], kind: str) -> None:
    """A home without data has pages without errors and without empty figures."""
    path = file_of(sites["empty"], kind)
    assert path is not None
    seen = visit(tab, path, size="phone")
    check(seen, "phone")
    assert seen.figures == 0


def test_a_run_dot_leads_to_its_page(tab: Any, sites: dict[str, Path]) -> None:
    """A click on a run's dot opens that run."""
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.goto((sites["full"] / "index.html").as_uri())
    dots = tab.locator(".plot .scatterlayer .points path")
    dots.last.scroll_into_view_if_needed()
    box = dots.last.bounding_box()
    tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.wait_for_timeout(200)
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.wait_for_url("**/runs/*.html", timeout=5000)
    assert tab.locator("h1").inner_text() == "Sun 22 Nov 2026"


def test_tables_are_narrowed_by_words(tab: Any, sites: dict[str, Path]) -> None:
    """Words leave the columns that hold all of them, open; without words all are there, folded."""
    tab.goto((sites["full"] / "explore.html").as_uri())
    part = tab.locator("section[data-filter]")
    every = part.locator("details").count()
    box = part.get_by_role("searchbox")
    box.press_sequentially("form_decay ci_")
    assert part.locator("details:visible").count() == 1
    assert set(part.locator("tbody tr:visible th").all_inner_texts()) == {"ci_low", "ci_high"}
    assert part.locator("[aria-live]").inner_text() == "2 columns in 1 table"
    box.fill("nothing is called so")
    assert part.locator("details:visible").count() == 0
    box.fill("")
    assert part.locator("details:visible").count() == every
    assert part.locator("details[open]").count() == 0


def test_a_query_is_copied_as_it_stands(tab: Any, sites: dict[str, Path]) -> None:
    """The button puts the whole query, comments too, on the clipboard; the keyboard reaches it."""
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto((sites["full"] / "explore.html").as_uri())
    recipe = tab.locator("details", has_text="How much did I run each week?").first
    recipe.locator("summary").press("Enter")
    recipe.get_by_role("button").press("Enter")
    recipe.get_by_text("Copied").wait_for()
    held = tab.evaluate("navigator.clipboard.readText()")
    assert held.startswith("-- How much did I run each week?")
    assert held.rstrip().endswith(";")
    tab.context.clear_permissions()
