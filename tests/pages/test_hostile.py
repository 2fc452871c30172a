"""No text of a paper, a query or an address is ever run by a page: not even without the policy that would forbid it."""

import html
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest
from fastapi.testclient import TestClient

from api.addresses import entity_path
from api.app import create_app
from api.assets import built
from kg.errors import BadRdfError, SourceError
from kg.sources import read_stream
from kg.store.oxigraph import OxigraphStore
from kg.workspace import Workspace
from tests.api.conftest import settings
from tests.api.test_pages import HTML, serve
from tests.corpus import BASE
from tests.pages.addresses import addresses, choose
from tests.pages.hostile import EVALUATED, GROUPS, MARK, NAMES, PAYLOADS, make_graph, strays
from tests.pages.visits import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RDFXML = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">
<rdf:Description rdf:about="http://e/s"><e:p xml:lang="{}">x</e:p></rdf:Description></rdf:RDF>"""
SELECT = "SELECT * WHERE {{ BIND({term} AS ?x) }}"
# Where words of a client come back, whatever they are.
REFLECTING = [
    "/search?q={}",
    "/papers?q={}",
    "/papers?venue={}",
    "/papers?sort={}",
    "/papers?cursor={}",
    "/papers/{}",
    "/papers/x0-0?via={}",
    "/methods?q={}",
    "/methods?sort={}",
    "/datasets/{}",
    "/entities/{}",
    "/link?a={0}&b={0}",
    "/path?a={0}&b=x1-0",
    "/compare?ids={0}",
    "/compare?ids=x0-0,{0}",
    "/map?focus={}",
    "/map?words={}",
    "/map?venue={0}&type={0}",
    "/network?focus={}",
    "/network?words={}",
    "/sparql?query={}",
    "/sparql?query=ASK%7B%7D&view={0}",
    "/sparql?query=ASK%7B%7D&default-graph-uri={0}",
    "/ingest?text={}",
    "/jobs/{}",
    "/about?{}",
    "/data/paper/{}.html",
    "/id/entity/{}",
    "/{}",
    "/v1/papers/{}",
]
TERMS = [
    f"IRI(\"javascript:window.{MARK}='iri'\")",
    f'STRDT("x", IRI("javascript:window.{MARK}=\'type\'"))',
    'STRLANG("x", "en-x-onload-alert")',
    'STRLANG("x", "<img src=x onerror=alert(1)>")',
    *(json.dumps(text, ensure_ascii=False) for text in GROUPS),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "data"
    make_graph(path)
    return path


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    made = create_app(settings(folder, query_rows=10_000))
    with TestClient(made, raise_server_exceptions=False, headers=HTML) as opened:
        yield opened


@pytest.fixture(scope="module")
def stored(folder: Path) -> list[str]:
    """The paths of all pages of the graph: of every kind one, and of each text its paper and its entity."""
    reader = Workspace(folder, BASE).reader()
    everything = [page.path for page in addresses(choose(reader)).values()]
    entities = reader.index.entities(limit=200)
    reader.close()
    papers = [f"/papers/x{number}-0" for number in range(len(NAMES))]
    return [*everything, *papers, *map(entity_path, entities)]


@pytest.fixture(scope="module")
def shown(folder: Path) -> list[str]:
    """Fewer paths, on which all texts are shown nevertheless, and queries whose answers are hostile."""
    reader = Workspace(folder, BASE).reader()
    pages = [page.path for page in addresses(choose(reader)).values()]
    large = [e for e in reader.index.entities(limit=200) if any(e.name == group for group in GROUPS)]
    reader.close()
    assert len(large) == len(GROUPS)
    papers = [f"x{len(PAYLOADS) + number}-0" for number in range(len(GROUPS))]
    pages += [*(f"/papers/{paper}" for paper in papers), *map(entity_path, large)]
    pages += [f"/data/entity/{e.slug}.html" for e in large]
    pages += [f"/map?focus={e.slug}" for e in large] + [f"/network?focus={e.slug}" for e in large]
    pages += [f"/link?a={a}&b={a[:-1]}1" for a in papers] + [f"/compare?ids={','.join(papers)}"]
    pages += [f"/path?a={papers[0]}&b={b}" for b in papers[1:]]
    pages += [f"/sparql?query={quote(SELECT.format(term=term))}" for term in TERMS]
    wanted = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . FILTER(isLiteral(?o) || STRSTARTS(STR(?o), 'java')) } LIMIT 400"
    return [*pages, f"/sparql?query={quote(wanted)}", "/papers/x0-0", "/data/paper/x0-0.html"]


def test_every_text_of_the_graph_stays_text(client: TestClient, stored: list[str]) -> None:
    for path in stored:
        page = client.get(path)
        assert page.status_code < 500, path
        assert strays(page.text) == [], path
        assert EVALUATED not in page.text, path


@pytest.mark.parametrize("number", range(len(REFLECTING)), ids=REFLECTING)
def test_words_of_clients_come_back_as_text(client: TestClient, number: int) -> None:
    address = REFLECTING[number]
    for text in PAYLOADS[number % 3 :: 3]:
        path = address.format(quote(text, safe=""))
        page = client.get(path, follow_redirects=True)
        assert page.status_code < 500, path
        if "html" in page.headers.get("content-type", ""):
            assert strays(page.text) == [], path
            assert EVALUATED not in page.text, path


def test_a_title_is_shown_as_it_is(client: TestClient) -> None:
    page = client.get(f"/papers/x{len(PAYLOADS)}-0").text
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert heading
    text = " ".join(html.unescape(re.sub(r"<[^>]*>", "", heading[1])).split())
    assert text == f"{' '.join(GROUPS[0].split())} no. 0"


@pytest.mark.parametrize(
    "record",
    [
        {"title": "A", "url": f"javascript:window.{MARK}=1"},
        {"title": "A", "url": "data:text/html,x"},
        {"title": "A", "url": 'https://x.example/"><script>'},
        {"title": "A", "doi": "javascript:1"},
        {"title": "A", "arxiv": "<script>"},
        {"title": "A", "year": "<script>"},
        {"title": "A", "authors": [{"name": "<script>"}]},
    ],
)
def test_ingest_refuses_what_is_no_address_number_or_name(record: dict[str, object]) -> None:
    (found,) = read_stream(BytesIO(json.dumps(record).encode()), "papers.jsonl")
    assert isinstance(found, SourceError)


@pytest.mark.parametrize("tag", ["<script>", 'en" onload="x', "en x", "javascript:alert", "-", "e" * 99, "en_GB"])
@pytest.mark.parametrize(
    ("form", "document"),
    [
        ("turtle", '<http://e/s> <http://e/p> "x"@{} .'),
        ("jsonld", '{{"@id": "http://e/s", "http://e/p": {{"@value": "x", "@language": {}}}}}'),
        ("rdfxml", RDFXML),
    ],
)
def test_language_tags_that_are_none_are_kept_out(tag: str, form: str, document: str) -> None:
    written = {"turtle": tag, "jsonld": json.dumps(tag), "rdfxml": html.escape(tag)}[form]
    store = OxigraphStore(None)
    with suppress(BadRdfError):  # JSON-LD rather leaves out what has such a tag
        store.put(None, document.format(written).encode(), form, base="http://e/", merge=True)
    assert list(store.select("SELECT ?o { ?s ?p ?o }")) == []


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    yield from serve(folder, query_rows=10_000)


@pytest.fixture(scope="module", params=["without the policy", "under the policy"])
def visit(request: pytest.FixtureRequest, browser: "Browser", site: str) -> Iterator[Visit]:
    opened = Visit(browser, site, bypass_csp=request.param == "without the policy")
    yield opened
    opened.close()


def inert(visit: Visit, path: str) -> None:
    """Open a page and see that nothing of it ran; an image that does not load is no text any more."""
    visit.forget()
    visit.go(path)
    assert visit.page.evaluate(f"window.{MARK}") is None, path
    assert visit.page.locator("img[src=x], iframe, base, math").count() == 0, path
    assert visit.faults == [], path


@pytest.mark.browser
@pytest.mark.slow
def test_nothing_that_is_stored_runs(visit: Visit, shown: list[str]) -> None:
    for path in shown:
        inert(visit, path)


@pytest.mark.browser
@pytest.mark.slow
def test_nothing_that_is_asked_runs(visit: Visit) -> None:
    for number, address in enumerate(REFLECTING[:-3]):
        for step in range(2):
            text = PAYLOADS[(2 * number + step) % len(PAYLOADS)]
            inert(visit, address.format(quote(text, safe="")))


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(built("map.js") is None, reason="the scripts of the pages are not built: scripts/build_ui")
def test_nothing_that_is_drawn_runs(visit: Visit) -> None:
    visit.forget()
    page = visit.page
    visit.go("/map")
    entities = json.loads(page.locator("#drawing").text_content() or "")["entities"]
    for entity in entities[:4]:
        visit.go(f"/map?at={entity['x']},{entity['y']},0.3")
        scene = page.locator("#scene")
        box = scene.bounding_box()
        assert box
        middle = {"x": box["width"] / 2, "y": box["height"] / 2}
        scene.hover(position=middle)
        scene.click(position=middle)
        page.wait_for_url("**select=**")
        page.locator("#panel:not([aria-busy])").wait_for()
        assert page.evaluate(f"window.{MARK}") is None, entity["name"]
    page.keyboard.press("/")
    page.keyboard.type("script")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("#panel:not([aria-busy])").wait_for()
    assert page.evaluate(f"window.{MARK}") is None
    assert visit.faults == []


@pytest.mark.browser
@pytest.mark.slow
def test_nothing_that_is_typed_runs(visit: Visit) -> None:
    visit.forget()
    visit.go("/search")
    for text in PAYLOADS[1::4]:
        visit.page.get_by_role("search").locator("input").first.fill(text)
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_url(f"**/search?q={quote_plus(text)[:6]}*")
        assert visit.page.evaluate(f"window.{MARK}") is None, text
        assert visit.page.locator("input[name=q]").first.input_value() == text
    assert visit.faults == []
