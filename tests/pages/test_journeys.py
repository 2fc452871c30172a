"""What people come for, from the first page to the last: with the mouse, by keyboard alone, and without scripts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.assets import built
from kg.resources import demo_corpus
from kg.tokens import Scope, Tokens
from tests.api.test_pages import serve
from tests.pages.visits import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(built("map.js") is None, reason="the scripts of the pages are not built: scripts/build_ui"),
]

PATIENT = 300_000
"""Milliseconds: a model is loaded, and the machine may have other work."""
_RECORDS = [json.loads(line) for line in demo_corpus().read_text(encoding="utf-8").splitlines()]
GRAPHS = [record for record in _RECORDS if "graph" in record["abstract"].lower()]


def pasted() -> str:
    """The page of a papers site as it comes out of a clipboard: what is no paper stands around the papers."""
    papers = [f"{record['title']}\n\n{record['abstract']}\n\n12 comments\n" for record in GRAPHS]
    return "Papers of today\n\nSign in\n\n" + "\n".join(papers)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A service without a paper, and a token to add some."""
    _, token = Tokens(tmp_path / "data").create([Scope.INGEST])
    for site in serve(tmp_path / "data", extract_timeout=PATIENT / 1000):
        yield site, token


def test_from_a_pasted_page_to_an_export(fresh: tuple[str, str], browser: "Browser") -> None:
    site, token = fresh
    visit = Visit(browser, site)
    page = visit.page
    visit.go("/")
    page.get_by_role("heading", name="No papers yet").wait_for()
    visit.go(f"/ingest#token={token}")
    page.get_by_label("Titles and abstracts").fill(pasted())
    page.get_by_role("button", name="Show what is recognised").click()
    page.get_by_role("heading", name=f"{len(GRAPHS)} papers recognised").wait_for(timeout=PATIENT)
    page.get_by_role("button", name=f"Add {len(GRAPHS)} papers").click()
    page.wait_for_url("**/ingest/jobs/*")
    page.locator("#job[data-state=done]").wait_for(timeout=PATIENT)
    assert page.locator("#added li").count() == len(GRAPHS)

    page.get_by_role("link", name="See the map").click()
    page.locator("#scene[data-drawn]").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("graph conv")
    page.get_by_role("option", name=re.compile("graph convolutional network")).first.wait_for()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Details")
    panel.get_by_role("heading", name=re.compile("graph convolutional network", re.IGNORECASE)).first.wait_for()
    assert panel.locator("mark").count() > 0

    panel.get_by_role("link", name="Open page").click()
    page.wait_for_url("**/methods/graph-convolutional-network")
    assert page.locator(".papers q mark").count() >= 2
    page.locator(".papers a.title", has_text="Semi-Supervised Classification").first.click()
    page.get_by_role("heading", level=1, name=re.compile("Semi-Supervised Classification")).wait_for()
    page.get_by_role("link", name="All that links them").first.click()
    page.wait_for_url("**/link?a=*&b=*")
    assert page.get_by_text(re.compile(r"Linked by \d+ thing")).is_visible()
    assert page.locator(".shared q mark").count() >= 2

    page.get_by_role("navigation", name="Main").get_by_role("link", name="SPARQL").click()
    page.get_by_role("link", name="Most mentioned methods", exact=True).first.click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator("#summary").get_by_text(re.compile(r"rows? in")).wait_for()
    assert page.get_by_role("cell", name="graph convolutional network").count() > 0
    with page.expect_download() as got:
        page.get_by_role("link", name="csv", exact=True).click()
    assert "graph convolutional network" in got.value.path().read_text(encoding="utf-8")
    assert visit.faults == []
    visit.close()


def test_from_a_question_to_an_answer_by_keyboard_alone(wide: Visit) -> None:
    wide.forget()
    wide.go("/")
    page = wide.page
    page.get_by_role("combobox", name="Search", exact=True).focus()
    page.keyboard.type("graph convolutional n")
    page.get_by_role("option", name=re.compile("graph convolutional network")).first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/methods/graph-convolutional-network*")

    def follow(name: str) -> None:
        link = page.get_by_role("main").get_by_role("link", name=name).first
        link.focus()
        page.keyboard.press("Enter")

    follow("Show on the map")
    page.wait_for_url("**/map?focus=graph-convolutional-network")
    page.locator("#scene[data-drawn]").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("node class")
    page.get_by_role("option", name=re.compile("node classification")).first.wait_for()
    page.keyboard.press("Enter")
    page.locator("#panel-heading").get_by_text("node classification").wait_for()
    page.get_by_role("link", name="List", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_role("link", name="graph convolutional network").first.wait_for()
    assert wide.faults == []


def test_from_a_paper_to_why_another_is_like_it_without_scripts(plain: Visit) -> None:
    plain.forget()
    plain.go("/search?q=graph+attention+networks")
    page = plain.page
    page.get_by_role("link", name="Graph Attention Networks", exact=True).first.click()
    page.get_by_role("heading", level=1, name="Graph Attention Networks").wait_for()
    page.get_by_role("link", name="All that links them").first.click()
    page.wait_for_url("**/link?a=*&b=*")
    assert page.locator(".shared q mark").count() >= 2
    page.get_by_role("link", name="Compare", exact=True).first.click()
    page.wait_for_url("**/compare?ids=*")
    assert page.get_by_role("table").count() > 0
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Map").click()
    assert page.get_by_role("main").get_by_role("link", name="stochastic gradient descent").count() > 0
    assert plain.faults == []
