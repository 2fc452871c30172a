"""What holds for every page that a reader opens: large and on a phone, light and dark, with and without scripts."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.model import Entity, Label
from tests.pages.addresses import Address, Things, addresses
from tests.pages.conftest import packed_size
from tests.pages.visits import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = Path(__file__).parent
AUDIT = (HERE / "audit.js").read_text(encoding="utf-8")
KEYBOARD = (HERE / "keyboard.js").read_text(encoding="utf-8")
AXE = HERE.parents[1] / "api/ui/node_modules/axe-core/axe.min.js"
SAMPLE = 8

_ANY = Entity("x", "x", Label.METHOD)
NAMES = list(addresses(Things("x", "x", "x", "x", dict.fromkeys(Label, _ANY), _ANY)))
# The page learns of the other theme some frames later: its text is dark until then.
DARKENED = r"""new Promise((done) => {
  const isDark = (colour) => colour.match(/\d+/g).slice(0, 3).every((part) => part < 128);
  const look = (left) =>
    requestAnimationFrame(left && isDark(getComputedStyle(document.body).color) ? () => look(left - 1) : done);
  look(120);
})"""
# A page of its own, without our header: the network, as it can be saved in one file.
GUESTS = {"download"}

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module", params=NAMES)
def address(request: pytest.FixtureRequest, pages: dict[str, Address]) -> Address:
    return pages[request.param]


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm could not be reached when this was set up")
    return AXE.read_text(encoding="utf-8")


def opened(visit: Visit, address: Address) -> Visit:
    visit.forget()
    answer = visit.go(address.path)
    assert answer.status == address.status
    if address.name == "api" and visit.scripted:  # it draws the page
        visit.page.locator(".opblock").first.wait_for()
    return visit


@pytest.fixture(scope="module")
def large(address: Address, wide: Visit) -> Visit:
    """The page in a large window; the tests of one page share it, in their order."""
    return opened(wide, address)


@pytest.fixture(scope="module")
def small(address: Address, phone: Visit) -> Visit:
    """The page on a phone in the dark."""
    return opened(phone, address)


def grave(page: "Page", *rules: str) -> list[str]:
    """What axe-core finds that keeps people out; only by some of its rules, if they are named."""
    chosen: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        chosen["runOnly"] = {"type": "rule", "values": list(rules)}
    found = page.evaluate("(chosen) => axe.run(document, chosen)", chosen)
    return [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"][:4]
    ]


def test_it_says_what_it_is_for(address: Address, large: Visit) -> None:
    assert address.says in (large.page.locator("main").text_content() or "")
    assert large.page.evaluate(AUDIT, address.name not in GUESTS) == []


def test_its_scripts_are_few_and_in_files_of_the_site(address: Address, large: Visit) -> None:
    if address.name not in GUESTS:
        assert large.page.locator("script:not([src]):not([type$=json])").count() == 0
    if address.scripts is not None:
        sizes = {url: packed_size(url) for url in large.scripts}
        assert sum(sizes.values()) <= address.scripts, sizes


def test_the_first_stop_skips_to_the_content(address: Address, large: Visit) -> None:
    if address.name in GUESTS:
        pytest.skip("a page of its own, without our header")
    page = large.page
    page.evaluate(KEYBOARD)
    page.evaluate("tabStops[0].focus({ focusVisible: true })")
    assert page.locator(":focus").get_attribute("href") == "#main"
    assert page.evaluate("lostFocus()") == ""
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    page.keyboard.press("Tab")
    page.evaluate(KEYBOARD)
    assert page.evaluate("isBehindMain(document.activeElement)")
    if address.name != "api":  # its tool goes on drawing, and stops come and go
        assert page.evaluate("tabStops.indexOf(document.activeElement) === tabStops.findIndex(isBehindMain)")


def test_tab_leads_through_it_and_can_be_seen(address: Address, large: Visit) -> None:
    page = large.page
    page.evaluate(KEYBOARD)
    stops = page.evaluate("tabStops.length")
    assert stops > 0
    for number in {1 + step * (stops - 1) // SAMPLE for step in range(SAMPLE)} - {stops}:
        page.evaluate("(n) => tabStops[n - 1].focus({ focusVisible: true })", number)
        page.keyboard.press("Tab")
        for _ in range(2):  # what scrolls is a stop too
            if not page.evaluate("(n) => document.activeElement === tabStops[n]", number):
                page.keyboard.press("Tab")
        told = "(n) => [document.activeElement, tabStops[n]].map((element) => element.outerHTML.slice(0, 200))"
        there, wanted = page.evaluate(told, number)
        assert there == wanted
        assert page.evaluate("lostFocus()") == ""


def test_nobody_is_kept_out_in_the_light_or_in_the_dark(large: Visit, axe: str) -> None:
    page = large.page
    page.evaluate(axe)
    assert grave(page) == []
    page.emulate_media(color_scheme="dark")
    page.evaluate(DARKENED)
    dark = grave(page, "color-contrast")
    page.emulate_media(color_scheme="light")
    assert dark == []


def test_it_fits_a_phone(address: Address, small: Visit, axe: str) -> None:
    assert small.page.evaluate(AUDIT, address.name not in GUESTS) == []
    small.page.evaluate(axe)
    assert grave(small.page) == []


def test_it_fits_the_widest_screen_and_its_letters_grow_with_it(address: Address, large: Visit) -> None:
    page = large.page
    before = page.viewport_size
    page.set_viewport_size({"width": 3840, "height": 2160})
    if address.name not in GUESTS:  # the page learns of its new width some frames later
        page.wait_for_function("getComputedStyle(document.documentElement).fontSize === '24px'")
    found = page.evaluate(AUDIT, address.name not in GUESTS)
    page.set_viewport_size(before or {})
    assert found == []


def test_on_paper_there_is_what_it_says_and_nothing_to_press(address: Address, large: Visit) -> None:
    page = large.page
    page.emulate_media(media="print")
    text = page.locator("main").inner_text() if address.name not in GUESTS else address.says
    pressed = page.locator("main :is(button, input, select, .button)").filter(visible=True).count()
    page.emulate_media(media="screen")
    assert address.says in text
    assert pressed == 0 or address.name in GUESTS


def test_it_reads_without_scripts(address: Address, plain: Visit) -> None:
    page = opened(plain, address).page
    if address.name not in GUESTS:
        assert page.get_by_role("heading", level=1).count() == 1
        assert address.says in page.locator("main").inner_text()
        assert len(page.locator("main").inner_text()) > 50
    assert plain.faults == []


def test_its_console_stays_empty_and_nothing_outside_is_asked(large: Visit, small: Visit) -> None:
    assert large.faults == []
    assert small.faults == []
