import re
import shlex
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi.testclient import TestClient

from api.answer_views import SHOWN_ROWS, VIEWS
from api.app import create_app
from api.assets import built
from api.routes.query_page import Excerpt, excerpt_of
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
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", answer.text))
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
    headings = re.findall(r'<th scope="col" data-kind="(\w+)"[^>]*>(\w+)</th>', page)
    assert headings == [("thing", "p"), ("text", "t"), ("text", "none")]
    assert f'<a href="/id/paper/mt" title="{BASE}id/paper/mt">paper/mt</a>' in page
    assert "<td>Attention for translation</td><td></td>" in page
    assert "2 rows in" in page
    assert "Cut at" not in page
    assert _TextareaOf(client.get("/sparql", params={"query": TITLES}, headers=HTML).text).text.strip() == TITLES


def test_the_same_answer_is_a_link_away_in_each_format(client: TestClient) -> None:
    page = client.get(
        "/sparql", params={"query": TITLES, "default-graph-uri": f"{BASE}graph/paper/mt"}, headers=HTML
    ).text
    links = [unescape(each) for each in re.findall(r'href="(/sparql\?query=[^"]*)" download', page)]
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
    assert page.count("<tr><td") == SHOWN_ROWS
    assert f"The page shows the first {SHOWN_ROWS:,} rows" in page


def test_other_answers(client: TestClient) -> None:
    assert ">Yes</p>" in shown(client, "ASK {}")
    assert ">No</p>" in shown(client, "ASK { <urn:x> ?p ?o }")
    assert "Nothing fits" in shown(client, "SELECT * { <urn:x> ?p ?o }")


def test_a_graph_is_a_table_of_triples_and_a_network(client: TestClient) -> None:
    page = shown(client, f"DESCRIBE <{BASE}id/paper/mt>", view="network")
    assert re.search(r"<th[^>]*>subject</th><th[^>]*>predicate</th><th[^>]*>object</th>", page)
    assert "Attention for translation" in page
    assert re.search(r'download="paperkg.ttl">turtle</a>', page)
    assert "format=csv" not in page.partition('id="questions"')[0]
    assert 'class="dot method"' in page, "the graph knows what attention is, though the answer does not say it"
    assert "kg:mentions" in page


def test_an_address_says_which_view_is_shown(client: TestClient) -> None:
    for view in VIEWS:
        page = shown(client, TITLES, view=view)
        assert re.findall(r'<div class="view" data-view="(\w+)">', page) == [view]
        assert re.findall(r'data-view="(\w+)" aria-current="true"', page) == [view]
        form = page.partition('id="ask"')[2].partition("</form>")[0]
        assert ('type="hidden" name="view"' in form) == (view != "table")
    assert re.findall(r'<div class="view" data-view="(\w+)">', shown(client, TITLES, view="<b>")) == ["table"]


def test_a_chart_is_drawn_of_the_columns_that_the_address_names(client: TestClient) -> None:
    query = 'SELECT ?a ?n ?m { VALUES (?a ?n ?m) { ("one" 4 1) ("two" 1 8) } }'
    page = shown(client, query, view="chart")
    assert re.findall(r'<rect x="([\d.]+)%" width="([\d.]+)%"', page) == [("0.0", "100.0"), ("0.0", "25.0")]
    page = shown(client, query, view="chart", y="m")
    assert re.findall(r'<rect x="[\d.]+%" width="([\d.]+)%"', page) == ["12.5", "100.0"]
    assert '<option value="m" selected>' in page
    years = 'SELECT ?year ?n { VALUES (?year ?n) { ("2001" 4) ("2003" 1) } }'
    assert "<title>2003: 1</title>" in shown(client, years, view="chart")
    assert "Nothing to chart" in shown(client, "SELECT (1 AS ?n) {}", view="chart")
    assert "Nothing to connect" in shown(client, years, view="network")


def test_it_says_what_a_query_may_take_and_how_to_ask_from_a_shell(client: TestClient) -> None:
    page = client.get("/sparql", params={"query": "SELECT ('it''s' AS ?x) {}"}, headers=HTML)
    assert page.status_code == 400
    page = client.get("/sparql", params={"query": 'SELECT ("it\'s" AS ?x) {}'}, headers=HTML)
    text = unescape(page.text)
    assert "5 s and give 20 rows" in " ".join(text.split())
    command = text[text.index("curl -G ") :].partition("</pre>")[0]
    assert shlex.split(command.replace("\\\n", " ")) == [
        *("curl", "-G", "http://testserver/sparql", "-d", "format=csv"),
        *("--data-urlencode", 'query=SELECT ("it\'s" AS ?x) {}'),
    ]


@pytest.mark.parametrize("query", ["SELECT ?x WHERE {\n  ?x ?y }", "SELECT * {\n SERVICE <http://x/> {} }"])
def test_an_error_is_shown_beside_the_query(client: TestClient, query: str) -> None:
    answer = client.get("/sparql", params={"query": query, "format": "html"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "line 2, column" in answer.text
    assert '<pre class="excerpt"' in answer.text
    assert 'data-line="2" data-column="' in answer.text
    assert _TextareaOf(answer.text).text.strip() == query


def test_what_is_asked_and_found_cannot_become_markup(client: TestClient) -> None:
    for attack in ("</textarea><script>x()</script>", '"><img src=x onerror=x()>'):
        literal = attack.replace('"', '\\"')
        page = shown(client, f'SELECT ("{literal}" AS ?x) {{}}')
        assert attack not in page
        bad = client.get("/sparql", params={"query": attack}, headers=HTML)
        assert bad.status_code == 400
        assert attack not in bad.text
    page = shown(client, "SELECT (<javascript:alert(1)> AS ?x) (<http://127.0.0.1:8000//evil.example/> AS ?y) {}")
    assert 'href="javascript' not in page
    assert 'href="//' not in page


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
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


@pytest.mark.browser
def test_a_person_asks_without_javascript_on_a_phone(data_folder: Path, page: "Page") -> None:
    for site in serve(data_folder):
        page.goto(f"{site}/sparql")
        page.get_by_label("Query", exact=True).fill(TITLES)
        page.get_by_role("button", name="Run").click()
        assert page.get_by_role("cell", name="Attention for translation").is_visible()
        page.get_by_role("link", name="Chart").click()
        assert page.get_by_role("table", name="number of rows for each t").is_visible()
        with page.expect_download() as got:
            page.get_by_role("link", name="csv").click()
        assert got.value.suggested_filename == "paperkg.csv"
        assert "Attention for translation" in got.value.path().read_text(encoding="utf-8")
        page.goto(f"{site}/sparql")
        page.get_by_label("Query", exact=True).fill("ASK {")
        page.get_by_role("button", name="Run").click()
        assert "line 1, column 6" in page.get_by_role("alert").inner_text()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360


@pytest.fixture
def scripted(browser: "Browser") -> "Iterator[Page]":
    """A page with what ``scripts/build_ui`` made; the test fails on whatever the console has to complain of."""
    if built("sparql.js") is None:
        pytest.skip("the scripts of the pages are not built")
    from playwright.sync_api import expect

    expect.set_options(timeout=60_000)
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    page, faults = context.new_page(), list[str]()
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    yield page
    context.close()
    assert [each for each in faults if "400 (Bad Request)" not in each] == []


@pytest.mark.browser
def test_the_editor_completes_runs_and_marks_what_is_wrong(data_folder: Path, scripted: "Page") -> None:
    from playwright.sync_api import expect

    page = scripted
    for site in serve(data_folder):
        page.goto(f"{site}/sparql")
        editor, offers = page.get_by_role("textbox", name="Query"), page.get_by_role("listbox", name="Completions")
        editor.press("ControlOrMeta+a")
        page.keyboard.type("SELECT ?paper ?title {\n?paper kg:usesMeth")
        expect(offers.get_by_role("option").first).to_contain_text("kg:usesMethod")
        expect(page.locator(".cm-completionInfo")).to_contain_text("does not itself introduce")
        page.keyboard.press("Enter")
        page.keyboard.type(" ?m ; dcterms:titl")
        expect(offers.get_by_role("option").first).to_contain_text("dcterms:title")
        page.keyboard.press("Enter")
        page.keyboard.type(" ?title . ?m skos:prefLab")
        expect(offers.get_by_role("option").first).to_contain_text("skos:prefLabel")
        page.keyboard.press("Enter")
        page.keyboard.type(' "attent')
        expect(offers.get_by_role("option").first).to_contain_text("Attention")
        page.keyboard.press("Enter")
        page.keyboard.press("ControlOrMeta+Enter")
        expect(page.locator("#summary")).to_contain_text("2 rows in")
        assert page.locator("#query").input_value().count("PREFIX") == 3
        assert "kg%3AusesMethod" in page.url
        page.get_by_role("columnheader", name="title").get_by_role("button").click()
        expect(page.get_by_role("columnheader", name="title")).to_have_attribute("aria-sort", "ascending")
        assert page.locator(".answer tbody td:nth-child(2)").all_inner_texts() == [
            "Attention for translation",
            "Images",
        ]
        page.get_by_role("link", name="Chart").click()
        expect(page.get_by_role("table", name="number of rows for each title")).to_be_visible()
        page.reload()
        expect(page.get_by_role("table", name="number of rows for each title")).to_be_visible()
        page.get_by_role("button", name="SELECT ?paper ?title").click()
        editor.press("ControlOrMeta+End")
        page.keyboard.type(" {")
        page.get_by_role("button", name="Run", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("column")
        expect(page.locator(".cm-lintRange-error, .cm-lintPoint-error")).to_have_count(1)


@pytest.mark.browser
def test_a_query_that_takes_long_is_cancelled_and_ends_at_the_service(data_folder: Path, scripted: "Page") -> None:
    from playwright.sync_api import expect

    page = scripted
    for site in serve(data_folder, query_timeout=60.0):
        page.goto(f"{site}/sparql")
        editor = page.get_by_role("textbox", name="Query")
        editor.press("ControlOrMeta+a")
        page.keyboard.insert_text("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
        page.keyboard.press("ControlOrMeta+Enter")
        expect(page.locator("#progress")).to_contain_text("Running")
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("#told")).to_have_text("Cancelled.")
        expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
        page.get_by_label("Find a question").fill("most mentioned")
        page.get_by_role("link", name="Most mentioned methods", exact=True).click()
        page.get_by_role("button", name="Run", exact=True).click()
        expect(page.locator("#summary")).to_contain_text("rows in")


HOSTILE = r"""SELECT ?x ?y ?z ?onload { VALUES (?x ?y ?z) {
  ("a"@en-onload "<img src=x onerror=window.pwned=1>" <javascript:window.pwned=1>)
  ("b"^^<urn:x'onmouseover=window.pwned=1> "</script><script>window.pwned=1</script>" <urn:y'autofocus-onfocus=pwned>)
  ("\"><svg onload=window.pwned=1>"^^<data:text/html,script> "7" <http://127.0.0.1:8000//evil.example/>) } }"""


@pytest.mark.browser
def test_nothing_that_is_found_runs(data_folder: Path, scripted: "Page") -> None:
    page = scripted
    for site in serve(data_folder):
        for view in VIEWS:
            page.goto(f"{site}/sparql?{urlencode({'query': HOSTILE, 'view': view})}")
            page.locator(f'.view[data-view="{view}"]').wait_for()
            for href in page.locator("#answer a").evaluate_all("all => all.map(each => each.getAttribute('href'))"):
                assert href.startswith("/sparql?")
            assert page.evaluate("window.pwned") is None
        page.get_by_role("link", name="Table").click()
        page.get_by_role("columnheader", name="onload").get_by_role("button").click()
        page.get_by_role("columnheader", name="y", exact=True).get_by_role("button").click()
        assert page.evaluate("window.pwned") is None
