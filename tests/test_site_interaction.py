"""The pages under a hand: pickers, ranges, zoom, keys, saving, rules of access, in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from test_site import render_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser

SERIOUS = {"serious", "critical"}
DRAWN = "document.querySelector('#trend .main-svg')"
SPAN = "document.getElementById('trend').layout.xaxis.range.map(d => String(d).slice(0, 10))"
EVERY_FIGURE = "[...document.querySelectorAll('.plot')].every(p => p.querySelector('.main-svg'))"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render_state("full", tmp_path_factory.mktemp("handled"))


@pytest.fixture
def page(tab: Any) -> Iterator[Any]:
    """The tab at a desk's size; what a page says is wrong fails the test."""
    tab.set_viewport_size({"width": 1280, "height": 1000})
    tab.emulate_media(media="screen", color_scheme="light")
    faults: list[str] = []
    heard = {
        "pageerror": lambda error: faults.append(str(error)),
        "console": lambda m: faults.append(m.text) if m.type == "error" else None,
    }
    for event, hear in heard.items():
        tab.on(event, hear)
    yield tab
    for event, hear in heard.items():
        tab.remove_listener(event, hear)
    tab.goto("about:blank")
    assert faults == []


def trends(page: Any, site: Path, anchor: str = "") -> None:
    page.goto((site / "trends.html").as_uri() + anchor)
    page.wait_for_function(DRAWN)


def newest_run(site: Path) -> Path:
    return max((site / "runs").glob("*.html"))


def title(page: Any) -> str:
    return page.locator("#trend-title").inner_text()


def test_a_picked_metric_is_drawn(page: Any, site: Path) -> None:
    """Each metric of the list can be drawn, with its own finding, unit and words."""
    trends(page, site)
    names = page.locator("#pick-metric option").evaluate_all("all => all.map(o => o.value)")
    assert len(names) > 10
    seen = set()
    for name in names:
        page.select_option("#pick-metric", name)
        label = page.locator("#pick-metric option:checked").inner_text()
        page.wait_for_function(
            "l => document.getElementById('trend-title').textContent.startsWith(l)", arg=label
        )
        assert page.evaluate("document.getElementById('trend').data.length") >= 4
        assert page.locator(f"#{name}").is_visible()
        assert page.locator(".about:visible").count() == 1
        seen.add(title(page))
    assert len(seen) == len(names)
    assert page.url.endswith(f"#{names[-1]}")


def test_a_second_metric_stands_beneath_on_the_same_axis(page: Any, site: Path) -> None:
    """Two metrics share one time axis with the dose, each with a value axis of its own."""
    trends(page, site, "#cadence_spm+stance_time_ms")
    axes = page.evaluate(
        "(() => { const l = document.getElementById('trend').layout;"
        " return ['yaxis', 'yaxis3', 'yaxis2'].map(a => [l[a].title.text, l[a].domain]); })()"
    )
    (upper, top), (lower, middle), (dose, strip) = axes
    assert (upper, lower, dose) == ("Cadence, spm", "Ground contact time, ms", "dose")
    assert top[0] >= middle[1] >= middle[0] >= strip[1]
    page.select_option("#pick-beside", "")
    page.wait_for_function("!document.getElementById('trend').layout.yaxis3")


def test_values_as_run_are_not_compared(page: Any, site: Path) -> None:
    """The raw values are one press away, and say that pace and hills move them."""
    trends(page, site)
    adjusted = title(page)
    page.get_by_role("button", name="As run").click()
    page.wait_for_function("document.getElementById('trend-title').textContent.includes('as run')")
    assert page.get_by_role("button", name="As run").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="At reference speed").click()
    page.wait_for_function(
        "t => document.getElementById('trend-title').textContent === t", arg=adjusted
    )


def test_a_span_is_picked_and_moved(page: Any, site: Path) -> None:
    """The buttons of time narrow the axis to the newest months, then step through the years."""
    trends(page, site)
    page.get_by_role("button", name="3 months").click()
    assert page.evaluate(SPAN) == ["2026-08-25", "2026-11-25"]
    page.get_by_role("button", name="Earlier").click()
    assert page.evaluate(SPAN) == ["2026-07-10", "2026-10-10"]
    page.get_by_role("button", name="All").click()
    assert page.evaluate(SPAN)[0] == "2025-11-21"


def test_a_dragged_range_is_shown(page: Any, site: Path) -> None:
    """Dragging over the figure selects that range of time, and the values fill the height."""
    trends(page, site)
    whole = page.evaluate(SPAN)
    area = page.locator("#trend .nsewdrag").first.bounding_box()
    y = area["y"] + area["height"] / 2
    page.mouse.move(area["x"] + area["width"] * 0.5, y)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.7, y, steps=8)
    page.mouse.up()
    page.wait_for_function(f"s => {SPAN}[0] > s", arg=whole[0])
    start, end = page.evaluate(SPAN)
    assert whole[0] < start < end < whole[1]


def test_a_dot_of_a_trend_leads_to_its_run(page: Any, site: Path) -> None:
    """A click on a dot opens the page of that very run."""
    trends(page, site)
    dots = page.locator("#trend .scatterlayer .points path")
    box = dots.nth(dots.count() // 2).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(300)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/runs/*.html", timeout=5000)


def test_keys_lead_to_a_run(page: Any, site: Path) -> None:
    """Arrow keys walk from run to run and say what each is; Enter opens it."""
    trends(page, site)
    page.locator("#trend").focus()
    page.keyboard.press("ArrowLeft")
    newest = page.locator(".said").first.inner_text()
    page.keyboard.press("ArrowLeft")
    before = page.locator(".said").first.inner_text()
    assert newest.startswith("2026-11-22")
    assert before < newest
    page.keyboard.press("Enter")
    page.wait_for_url("**/runs/2026-11-*.html", timeout=5000)


def test_a_run_is_seen_second_by_second(page: Any, site: Path) -> None:
    """Zoomed in, a run shows each value as it was recorded; zoomed out, its means again."""
    page.goto(newest_run(site).as_uri())
    page.wait_for_function("document.querySelectorAll('.pick button').length === 6")
    xs = "document.getElementById('fig-1').data[1].x"
    means = page.evaluate(f"{xs}.length")
    page.get_by_role("button", name="5 min").click()
    page.wait_for_function(f"{xs}.length < {means}")
    low, high = page.evaluate("document.getElementById('fig-1').layout.xaxis.range")
    assert high - low == pytest.approx(5)
    steps = page.evaluate(f"{xs}.slice(1).map((x, k) => Math.round(60 * (x - {xs}[k])))")
    assert set(steps) == {10}  # as often as the fixture records
    first = page.evaluate("document.getElementById('fig-1').data[1].y.find(y => y !== null)")
    assert 235 < first < 260
    pace = page.evaluate("document.getElementById('fig-1').data[0].hovertext.find(t => t)")
    assert pace.endswith(" min/km")
    page.get_by_role("button", name="Later").click()
    assert page.evaluate("document.getElementById('fig-1').layout.xaxis.range[0]") > low
    page.get_by_role("button", name="Whole run").click()
    page.wait_for_function(f"{xs}.length === {means}")


@pytest.mark.parametrize("kind", ["PNG", "SVG"])
def test_a_figure_is_saved_with_its_words(page: Any, site: Path, tmp_path: Path, kind: str) -> None:
    """Each figure can be saved as a picture that carries its own title, without a request."""
    trends(page, site)
    with page.expect_download(timeout=20_000) as waiting:
        page.get_by_role("button", name=f"Save as {kind}").first.click()
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    assert saved.name.startswith("carryover-ground-contact-time")
    content = saved.read_bytes()
    if kind == "PNG":
        assert content.startswith(b"\x89PNG")
    else:
        assert b"Ground contact time" in content
        assert b"<script" not in content


REDRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
PAPER = "Math.max(...getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3))"
PAGES = (
    "index", "trends", "late-miles", "symmetry", "carry-over", "runs", "run", "strength",
    "explore", "health", "about",
)  # fmt: skip


@pytest.fixture(scope="module")
def searched(browser: Any) -> Any:
    """A page whose own policy lets the search for faults of access in."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, bypass_csp=True)
    return context.new_page()


@pytest.mark.parametrize("name", PAGES)
def test_pages_keep_the_rules_of_access(searched: Any, site: Path, name: str) -> None:
    """No page breaks a serious rule of access (axe-core), in light and in dark."""
    path = newest_run(site) if name == "run" else site / f"{name}.html"
    searched.emulate_media(color_scheme="light")
    searched.goto(path.as_uri())
    searched.wait_for_function(EVERY_FIGURE)
    assert broken_rules(searched) == []
    searched.emulate_media(color_scheme="dark")
    searched.evaluate(REDRAWN)
    assert searched.evaluate(PAPER) < 100, "the page is not dark"
    assert broken_rules(searched) == []


def broken_rules(opened: Any) -> list[str]:
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary'][:200]}"
        for rule in Axe().run(opened).response["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("name", ["index", "trends", "run", "strength"])
def test_pages_fill_a_large_screen_and_print(page: Any, site: Path, name: str) -> None:
    """A page keeps its measure on a screen of 4k, and prints without the rail, folds open."""
    path = newest_run(site) if name == "run" else site / f"{name}.html"
    page.set_viewport_size({"width": 3840, "height": 2160})
    page.goto(path.as_uri())
    page.wait_for_function(EVERY_FIGURE)
    assert page.locator(".sheet").bounding_box()["width"] <= 1200
    page.emulate_media(media="print")
    assert not page.locator(".rail").is_visible()
    assert not page.locator(".tools").first.is_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("[...document.querySelectorAll('details')].every(d => d.open)")
    assert len(page.pdf(format="A4")) > 10_000


def test_no_foreign_script_runs(tab: Any, site: Path) -> None:
    """The policy of the pages stops a script that got into one, and every request outwards."""
    broken = site / "broken.html"
    text = (site / "index.html").read_text("utf-8")
    evil = (
        "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>"
        "<img src='https://evil.example/x.png'><iframe src='https://evil.example/'></iframe>"
    )
    broken.write_text(text.replace('<main id="main">', '<main id="main">' + evil), "utf-8")
    asked: list[str] = []
    tab.on("requestfinished", lambda r: asked.append(r.url))
    tab.goto(broken.as_uri())
    tab.wait_for_timeout(300)
    broken.unlink()
    assert tab.evaluate("window.hacked === undefined")
    assert not [url for url in asked if "evil" in url]
    tab.goto("about:blank")
