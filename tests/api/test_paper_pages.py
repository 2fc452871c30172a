"""The start, the list of papers, the page of one, search and about: what they say, by what addresses."""

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from api.assets import built
from kg.analysis.related import Via
from kg.model import Label
from kg.resources import load_graph, ontology_dir
from kg.view.vocabulary import vocabulary
from tests.api.test_pages import HTML, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def get(client: TestClient, address: str, status: int = 200) -> str:
    """A page, with its spaces made one and its entities read."""
    answer = client.get(address, headers=HTML)
    assert answer.status_code == status, address
    return html.unescape(" ".join(answer.text.split()))


def listed(page: str) -> list[str]:
    return re.findall(r'class="title" href="/papers/(\w+)"', page)


def test_the_start_counts_and_asks_three_questions_of_this_graph(client: TestClient) -> None:
    page = get(client, "/")
    assert "<b>16</b><span" in page
    assert 'Which papers use <a href="/methods/attention">' in page
    assert "/papers?entity=attention&role=uses" in page
    assert "What goes with" in page
    assert re.search(r"/link\?a=(ntk&b=features|features&b=ntk)", page)
    assert '<form class="paste" method="post" action="/ingest"' in page


def test_a_list_is_chosen_by_its_address(client: TestClient) -> None:
    assert len(listed(get(client, "/papers"))) == 16
    assert listed(get(client, "/papers?sort=oldest"))[0] == "ntk"
    assert listed(get(client, "/papers?entity=attention&role=uses")) == ["mt"]
    assert listed(get(client, "/papers?q=attention+accuracy&year_to=2002")) == ["mt"]
    page = get(client, "/papers?entity=attention&year_from=2003&year_to=2003")
    assert listed(page) == ["vision"]
    assert "1</b> of 16 papers" in page
    assert 'href="/papers?year_from=2003&year_to=2003"><span class="unseen">Without </span>Attention' in page


def test_the_fields_of_the_form_may_be_empty_and_entities_may_be_named(client: TestClient) -> None:
    empty = "/papers?q=&entity=&type=&role=&venue=&year_from=&year_to=&sort=&format="
    assert len(listed(get(client, empty))) == 16
    assert listed(get(client, "/papers?entity=Rare Trick")) == ["vision", "ntk"]
    page = get(client, "/papers?entity=unicorns&q=translation")
    assert listed(page) == ["mt"]
    assert "Nothing in this graph is called “unicorns”; it was left out." in page


def test_each_choice_that_is_offered_leads_to_as_many_papers_as_it_says(client: TestClient) -> None:
    page = get(client, "/papers?q=attention")
    offered = re.findall(r'<li><a href="(/papers\?[^"]+)">[^<]+</a> <span class="number">(\d+)</span>', page)
    assert len(offered) >= 4
    for address, papers in offered:
        found = listed(get(client, address))
        assert len(found) == int(papers), address


def test_pages_of_a_list(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.pages.papers.PAGE", 6)
    first = get(client, "/papers?sort=title")
    assert 'href="/papers?sort=title&page=2">Next' in first
    second = get(client, "/papers?sort=title&page=2")
    third = get(client, "/papers?sort=title&page=3")
    assert 'href="/papers?sort=title">Previous' in second
    assert "Page 3 of 3" in third
    assert "Next</a>" not in third
    assert len({*listed(first), *listed(second), *listed(third)}) == 16
    assert "There is no page 4" in get(client, "/papers?sort=title&page=4")


def test_a_list_without_papers_says_what_to_do(client: TestClient) -> None:
    page = get(client, "/papers?q=zebra&venue=Nowhere")
    assert "No paper fits all of this" in page
    assert 'href="/search?q=zebra"' in page


@pytest.mark.parametrize("address", ["/papers?year_from=x", "/papers?sort=best;", "/papers?page=0", "/papers?type=Foo"])
def test_what_cannot_be_asked_is_told(client: TestClient, address: str) -> None:
    assert "Unprocessable" in get(client, address, 422)


def test_a_list_can_be_had_as_a_file(client: TestClient) -> None:
    answer = client.get("/papers?entity=attention&sort=oldest&format=csv", headers=HTML)
    assert [row["id"] for row in csv.DictReader(io.StringIO(answer.text))] == ["mt", "vision"]
    assert 'filename="papers.csv"' in answer.headers["content-disposition"]
    links = re.findall(r'href="(/papers\?[^"]*format=\w+)"', get(client, "/papers?entity=attention"))
    assert len(links) == 5
    for link in links:
        assert "attachment" in client.get(link).headers["content-disposition"]


def test_a_paper_shows_its_mentions_by_type_and_what_it_does(client: TestClient) -> None:
    page = get(client, "/papers/mt")
    mark = re.search(
        r'<a class="mark method" id="a-22-31" href="/methods/attention" data-tip="([^"]+)">attention</a>', page
    )
    assert mark
    assert re.fullmatch(r"Method · uses it · score 0\.\d\d", mark[1])
    assert re.findall(r'id="show-(\w+)" checked', page) == ["method", "task", "metric"]
    assert 'href="/v1/papers/mt?format=bibtex"' in page
    assert "Lovelace, A., & Turing, A. (2002). Attention for translation.</textarea>" in page
    assert "@misc{lovelace2002attention," in page


def test_a_paper_is_told_to_machines_whatever_is_in_it(client: TestClient) -> None:
    raw = client.get("/papers/mt", headers=HTML).text
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', raw, re.DOTALL)
    told = json.loads(data)
    assert (told["@type"], told["name"]) == ("ScholarlyArticle", "Attention for translation")
    assert {each["name"] for each in told["about"]} >= {"Attention", "translation"}


def test_related_papers_are_chosen_by_plain_links(client: TestClient) -> None:
    page = get(client, "/papers/ntk")
    ways = re.findall(r'href="/papers/ntk(?:\?via=(\w+))?#related"', page)
    assert ways == ["", *(way.value for way in Via if way is not Via.ANY)]
    assert "/link?a=ntk&b=features" in page
    assert "/compare?ids=ntk,features" in page
    assert "named in 2 of 16 papers" in page
    methods = get(client, "/papers/ntk?via=method")
    assert "/link?a=ntk&b=vision" in methods
    assert "/link?a=ntk&b=features" not in methods
    none = get(client, "/papers/ntk?via=metric")
    assert "shares anything specific with this one that you asked for" in none
    assert "/link?a=ntk&b=vision" not in get(client, "/papers/ntk?year_from=2001&year_to=2002")
    assert "/papers/ntk?shown=2#related" in get(client, "/papers/ntk?shown=1")


def test_what_is_drawn_is_what_is_listed(client: TestClient) -> None:
    page = get(client, "/papers/ntk")
    drawing = page[page.index('<figure class="surroundings"') : page.index("</figure>")]
    assert set(re.findall(r'href="/papers/(\w+)"', drawing)) == {"features", "vision"}
    assert "/concepts/infinite-width" in drawing
    assert "/methods/rare-trick" in drawing


def test_search_finds_both_by_type_and_says_what_was_meant(client: TestClient) -> None:
    page = get(client, "/search?q=attention")
    assert 'href="/methods/attention">' in page
    assert {"mt", "vision"} <= set(listed(page))
    assert "<mark>attention</mark>" in page
    assert listed(get(client, "/search?q=attention&type=Method")) == []
    assert "/methods/attention" not in get(client, "/search?q=attention&type=Paper")
    meant = get(client, "/search?q=atention")
    assert 'Did you mean <a href="/search?q=attention">attention</a>?' in meant
    assert "Nothing is called so" in get(client, "/search?q=zebra")
    assert 'class="chip' in get(client, "/search?q=+")


def test_about_says_what_was_measured_and_what_is_allowed(client: TestClient) -> None:
    page = get(client, "/about")
    assert '<dt>Papers</dt><dd><a href="/papers">16</a>' in page
    assert ">fake</a> <code>1" in page
    run = re.search(r'href="(/id/run/\w+)"', page)
    assert run
    assert client.get(run[1], headers=HTML).status_code == 200
    card = client.get("/about/model.md").text
    for score in re.findall(r'<td class="number">(\d+\.\d \(\d+\.\d to \d+\.\d\))</td>', page):
        assert score in card
    assert "5 s, 20 rows" in page


def test_the_diagram_shows_classes_and_properties_that_there_are(client: TestClient) -> None:
    terms = vocabulary(load_graph(ontology_dir() / "kg.ttl"))
    names = {term.name for term in (*terms.classes, *terms.properties)}
    page = get(client, "/about")
    shown = set(re.findall(r'href="/ns#(\w+)"', page))
    assert shown <= names
    assert {label.value for label in Label} <= shown


def test_about_needs_no_graph(empty: TestClient) -> None:
    assert "There is no graph yet" in get(empty, "/about")


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("/papers?q=a%20b&sort=title", "/papers?q=a%20b&sort=title"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_theme_is_kept_and_leads_back_to_this_site_alone(client: TestClient, back: str, to: str) -> None:
    answer = client.post("/theme", data={"theme": "dark", "back": back}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, to)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("theme=dark;")
    assert "SameSite=lax" in cookie
    client.cookies.clear()


def test_a_theme_holds_on_every_page_until_it_is_forgotten(client: TestClient) -> None:
    assert "data-theme" not in get(client, "/papers")
    client.post("/theme", data={"theme": "light"})
    assert '<html lang="en" data-theme="light">' in get(client, "/about")
    assert 'name="back" value="/papers?q=a%20b"' in get(client, "/papers?q=a%20b")
    client.post("/theme", data={"theme": "auto"})
    assert "data-theme" not in get(client, "/about")
    client.cookies.set("theme", '"><script>')
    assert "data-theme" not in get(client, "/about")
    client.cookies.clear()


@pytest.fixture(scope="module")
def site(data_folder: Path) -> Iterator[str]:
    yield from serve(data_folder)


@pytest.fixture
def tab(browser: "Browser") -> "Iterator[Page]":
    """A page whose console must stay empty."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    opened, faults = context.new_page(), list[str]()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert faults == []


needs_scripts = pytest.mark.skipif(not built("home.js"), reason="scripts/build_ui has not run here")


@pytest.mark.browser
@needs_scripts
def test_suggestions_are_chosen_by_keys_and_told_to_screen_readers(site: str, tab: "Page") -> None:
    tab.goto(site)
    box = tab.get_by_role("combobox", name="Search", exact=True)
    expect(box).to_be_focused()
    tab.keyboard.type("atten")
    options = tab.get_by_role("option")
    expect(options.first).to_contain_text("Attention")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(tab.get_by_role("status").filter(has_text="2 suggestions")).to_be_attached()
    expect(tab.get_by_role("group", name="Papers").get_by_role("option")).to_contain_text("Attention for translation")
    assert tab.locator(".suggestion mark").first.inner_text() == "Atten"
    tab.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.last.get_attribute("id")
    tab.keyboard.press("ArrowDown")
    expect(tab.locator("[aria-selected=true]")).to_have_count(0)
    tab.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(options.first).to_be_hidden()
    assert box.input_value() == "atten"
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/methods/attention")


@pytest.mark.browser
@needs_scripts
def test_enter_without_a_choice_searches_and_a_click_opens(site: str, tab: "Page") -> None:
    tab.goto(f"{site}/search")
    box = tab.get_by_role("combobox", name="Search", exact=True)
    box.press_sequentially("trick")
    expect(tab.get_by_role("option", name="rare trick")).to_be_visible()
    box.press("Enter")
    tab.wait_for_url("**/search?q=trick")
    box = tab.get_by_role("combobox").first
    box.press_sequentially("s")
    box.fill("rare")
    tab.get_by_role("option", name="rare trick").click()
    tab.wait_for_url("**/methods/rare-trick")


@pytest.mark.browser
@needs_scripts
def test_an_entity_is_added_to_what_papers_are_chosen_by(site: str, tab: "Page") -> None:
    tab.goto(f"{site}/papers?year_from=2001")
    tab.get_by_label("That name").press_sequentially("atten")
    tab.get_by_role("option", name="Attention").click()
    tab.wait_for_url("**/papers?*entity=attention*")
    assert "year_from=2001" in tab.url
    expect(tab.locator("ol.papers > li")).to_have_count(2)


@pytest.mark.browser
@needs_scripts
def test_a_file_that_is_dropped_is_pasted(site: str, tab: "Page") -> None:
    tab.goto(site)
    transfer = tab.evaluate_handle("new DataTransfer()")
    transfer.evaluate("(files, text) => files.items.add(new File([text], 'a.txt'))", "A title\n\nAn abstract")
    field = tab.locator("#paste textarea")
    field.dispatch_event("drop", {"dataTransfer": transfer})
    expect(field).to_have_value("A title\n\nAn abstract")


@pytest.mark.browser
def test_types_are_marked_or_not_without_a_script(site: str, browser: "Browser") -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{site}/papers/mt")
    mark = tab.locator("#a-22-31")
    expect(mark).to_have_css("text-decoration-line", "underline")
    tab.get_by_label("Method").uncheck()
    expect(mark).to_have_css("text-decoration-line", "none")
    expect(tab.locator("article p.abstract a.mark.task")).to_have_css("text-decoration-line", "underline")
    assert tab.get_by_role("button", name="Copy").count() == 0
    context.close()


@pytest.mark.browser
@needs_scripts
def test_a_citation_is_copied(site: str, browser: "Browser") -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(f"{site}/papers/mt")
    tab.get_by_role("button", name="Copy").first.click()
    expect(tab.get_by_role("button", name="Copied")).to_be_visible()
    assert tab.evaluate("navigator.clipboard.readText()") == tab.locator("#reference").input_value()
    context.close()


@pytest.mark.browser
def test_dark_is_dark_and_stays_so(site: str, browser: "Browser") -> None:
    context = browser.new_context(color_scheme="light", java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{site}/papers?q=attention")
    light = tab.locator("html").evaluate("e => getComputedStyle(e).backgroundColor")
    tab.get_by_role("button", name="Dark").click()
    assert tab.url == f"{site}/papers?q=attention"
    expect(tab.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    dark = tab.locator("html").evaluate("e => getComputedStyle(e).backgroundColor")
    assert light != dark
    tab.goto(f"{site}/about")
    expect(tab.locator("html")).to_have_css("background-color", dark)
    context.close()
