import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.routes.query_page import SHOWN_ROWS, Excerpt, excerpt_of
from tests.api.conftest import settings
from tests.api.test_pages import serve
from tests.corpus import BASE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PREFIX = "PREFIX kg: <https://w3id.org/paperkg/ns#> PREFIX dcterms: <http://purl.org/dc/terms/> "
TITLES = PREFIX + "SELECT ?p ?t ?none WHERE { ?p a kg:Paper ; dcterms:title ?t } ORDER BY ?t LIMIT 2"


def shown(client: TestClient, query: str, **more: str) -> str:
    answer = client.get("/sparql", params={"query": query, **more}, headers=HTML)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8"), answer.text
    return " ".join(answer.text.split())


class _TextareaOf(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self._inside = "", False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self._inside = tag == "textarea"

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._inside = False

    def handle_data(self, data: str) -> None:
        self.text += data if self._inside else ""


def test_a_browser_without_a_query_gets_a_form_that_works(client: TestClient) -> None:
    answer = client.get("/sparql", headers=HTML)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Accept" in answer.headers["vary"]
    assert "<script" not in answer.text
    starter = _TextareaOf(answer.text).text
    assert "#+" not in starter
    assert client.get("/sparql", params={"query": starter}).json()["results"]["bindings"]


def test_the_form_needs_no_graph(empty: TestClient) -> None:
    assert empty.get("/sparql", headers=HTML).status_code == 200
    page = empty.get("/sparql", params={"query": "ASK {}"}, headers=HTML)
    assert page.status_code == 503
    assert page.headers["retry-after"]
    assert "kg ingest" in page.text


def test_rows_stand_in_a_table_and_our_iris_are_links(client: TestClient) -> None:
    page = shown(client, TITLES)
    assert '<th scope="col">p</th><th scope="col">t</th><th scope="col">none</th>' in page
    assert f'<a href="/id/paper/mt" title="{BASE}id/paper/mt">paper/mt</a>' in page
    assert "<td>Attention for translation</td><td></td>" in page
    assert "2 rows in" in page
    assert "Cut at" not in page
    assert _TextareaOf(client.get("/sparql", params={"query": TITLES}, headers=HTML).text).text.strip() == TITLES


def test_the_same_answer_is_a_link_away_in_each_format(client: TestClient) -> None:
    page = client.get(
        "/sparql", params={"query": TITLES, "default-graph-uri": f"{BASE}graph/paper/mt"}, headers=HTML
    ).text
    links = [each.replace("&amp;", "&") for each in re.findall(r'href="(/sparql\?query=[^"]*)"', page)]
    assert [parse_qs(urlsplit(each).query)["format"] for each in links] == [["json"], ["xml"], ["csv"], ["tsv"]]
    for link in links:
        answer = client.get(link, headers=HTML)
        assert answer.status_code == 200
        assert "Attention for translation" in answer.text
        assert "Feature learning" not in answer.text
    assert f'name="default-graph-uri" value="{BASE}graph/paper/mt"' in page


def test_a_cut_answer_says_so(client: TestClient) -> None:
    assert "Cut at 20 rows" in shown(client, "SELECT * { ?s ?p ?o }")
    assert "Cut at 20 triples" in shown(client, "CONSTRUCT WHERE { ?s ?p ?o }")


def test_long_answers_are_shown_in_part(data_folder: Path) -> None:
    numbers = " ".join(str(n) for n in range(SHOWN_ROWS + 1))
    with TestClient(create_app(settings(data_folder, query_rows=10_000))) as client:
        page = shown(client, f"SELECT * {{ VALUES ?n {{ {numbers} }} }}")
    assert page.count("<tr><td>") == SHOWN_ROWS
    assert f"The page shows the first {SHOWN_ROWS} rows" in page


def test_other_answers(client: TestClient) -> None:
    assert ">Yes</p>" in shown(client, "ASK {}")
    assert ">No</p>" in shown(client, "ASK { <urn:x> ?p ?o }")
    assert "Nothing fits." in shown(client, "SELECT * { <urn:x> ?p ?o }")
    graph = shown(client, f"DESCRIBE <{BASE}id/paper/mt>")
    assert "Attention for translation" in graph
    assert "format=turtle" in graph
    assert "format=csv" not in graph


@pytest.mark.parametrize("query", ["SELECT ?x WHERE {\n  ?x ?y }", "SELECT * {\n SERVICE <http://x/> {} }"])
def test_an_error_is_shown_beside_the_query(client: TestClient, query: str) -> None:
    answer = client.get("/sparql", params={"query": query, "format": "html"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "line 2, column" in answer.text
    assert '<pre class="excerpt"' in answer.text
    assert _TextareaOf(answer.text).text.strip() == query


def test_what_is_asked_and_found_cannot_become_markup(client: TestClient) -> None:
    for attack in ("</textarea><script>x()</script>", '"><img src=x onerror=x()>'):
        literal = attack.replace('"', '\\"')
        page = shown(client, f'SELECT ("{literal}" AS ?x) {{}}')
        assert attack not in page
        bad = client.get("/sparql", params={"query": attack}, headers=HTML)
        assert bad.status_code == 400
        assert attack not in bad.text
    page = shown(client, "SELECT (<javascript:alert(1)> AS ?x) {}")
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    ("line", "column", "excerpt"),
    [
        (1, 1, Excerpt("", "A", "SK {")),
        (1, 6, Excerpt("ASK {", " ", "")),
        (2, 2, Excerpt("\u00e9", "x", "")),
        (9, 9, Excerpt("\u00e9x", " ", "")),
    ],
)
def test_the_place_of_an_error_is_cut_out(line: int, column: int, excerpt: Excerpt) -> None:
    assert excerpt_of("ASK {\n\u00e9x", line, column) == excerpt


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_a_person_asks_without_javascript_on_a_phone(data_folder: Path, page: "Page") -> None:
    for site in serve(data_folder):
        page.goto(f"{site}/sparql")
        page.get_by_label("Query", exact=True).fill(TITLES)
        page.get_by_role("button", name="Run").click()
        assert page.get_by_role("cell", name="Attention for translation").is_visible()
        page.get_by_role("link", name="csv").click()
        assert "Attention for translation" in page.content()
        page.goto(f"{site}/sparql")
        page.get_by_label("Query", exact=True).fill("ASK {")
        page.get_by_role("button", name="Run").click()
        assert "line 1, column 6" in page.get_by_role("alert").inner_text()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360
