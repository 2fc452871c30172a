"""Every IRI of ours leads somewhere, or says why not."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, RDF, SKOS

from api.app import create_app
from kg.build import build
from kg.graph.change import Change
from kg.iri import Iris, Kind
from kg.model import Label
from kg.query import library
from kg.query.catalogue import Catalogue
from kg.query.things import LISTED_PAPERS
from kg.sources import make_paper
from kg.vocab import KG
from kg.workspace import Reader, Workspace
from tests.api.conftest import settings
from tests.corpus import BASE, corpus_parts
from tests.fakes import DefiningExtractor

# rdflib's own JSON-LD parser makes one.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FORMS = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
    "rdf": ("application/rdf+xml", "xml"),
}
IRIS = Iris(BASE)


@pytest.fixture(scope="module")
def site(data_folder: Path) -> Iterator[TestClient]:
    """The small graph, with room for whole documents."""
    app = create_app(settings(data_folder, query_rows=1000))
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


def things(reader: Reader) -> dict[Kind, str]:
    """A name of each kind that is in the small graph; no paper of it defines or subsumes anything."""
    found = {}
    for subject, *_ in reader.store.quads():
        for kind in Kind:
            if name := IRIS.name(kind, subject):
                found[kind] = name
    return found


def test_every_kind_of_thing_leads_to_a_page_and_to_data_in_every_form(site: TestClient, reader: Reader) -> None:
    found = things(reader)
    assert found.keys() == set(Kind) - {Kind.DEFINITION, Kind.HYPONYMY}
    for kind, name in found.items():
        page = site.get(f"/id/{kind}/{name}", headers=HTML)
        assert page.status_code == 303
        assert page.headers["vary"] == "Accept, Origin"
        shown = site.get(page.headers["location"], headers=HTML)
        assert (shown.status_code, shown.headers["content-type"]) == (200, "text/html; charset=utf-8")
        graphs = []
        for extension, (media, form) in FORMS.items():
            data = site.get(f"/id/{kind}/{name}", headers={"Accept": media})
            assert (data.status_code, data.headers["location"]) == (303, f"/data/{kind}/{name}.{extension}")
            document = site.get(data.headers["location"])
            assert document.headers["content-type"].partition(";")[0] == media
            assert document.headers["x-kg-truncated"] == "false"
            graphs.append(Graph().parse(data=document.content, format=form))
        assert (IRIS.thing(kind, name), RDF.type, None) in graphs[0]
        assert all(isomorphic(graphs[0], other) for other in graphs[1:])


def test_the_way_stays_on_the_host_that_was_asked(data_folder: Path) -> None:
    with TestClient(create_app(settings(data_folder)), base_url="http://localhost:9", follow_redirects=False) as site:
        for accept in ("text/html", "text/turtle", "application/json"):
            assert site.get("/id/paper/ntk", headers={"Accept": accept}).headers["location"].startswith("/")


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("*/*", "/papers/ntk"),
        ("application/json", "/v1/papers/ntk"),
        ("text/turtle;q=0.4, application/n-triples;q=0.5", "/data/paper/ntk.nt"),
        ("text/html;q=0.4, text/turtle", "/data/paper/ntk.ttl"),
    ],
)
def test_the_form_is_what_the_client_likes_best(site: TestClient, accept: str, location: str) -> None:
    assert site.get("/id/paper/ntk", headers={"Accept": accept}).headers["location"] == location


def test_what_no_form_fits_is_refused(site: TestClient) -> None:
    refused = site.get("/id/paper/ntk", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.json()["detail"]
    assert site.get("/id/mention/mt-t-0-9", headers={"Accept": "application/json"}).status_code == 406


def test_a_mention_leads_to_its_place_in_the_page_of_its_paper(site: TestClient) -> None:
    path, _, place = site.get("/id/mention/mt-t-0-9", headers=HTML).headers["location"].partition("#")
    assert (path, place) == ("/papers/mt", "t-0-9")
    assert f'id="{place}"' in site.get(path, headers=HTML).text


def test_a_paper_comes_with_its_mentions_and_the_names_of_its_entities(site: TestClient, reader: Reader) -> None:
    graph = Graph().parse(data=site.get("/data/paper/mt.ttl").content, format="turtle")
    own = {(s, p, o) for s, p, o, _ in reader.store.quads(IRIS.paper_graph("mt"))}
    names = {(s, p, o) for s, p, o in graph if (s, p, o) not in own}
    assert own <= set(graph)
    assert {p for _, p, _ in names} == {RDF.type, SKOS.prefLabel}
    assert {s for s, _, _ in names} == set(graph.objects(IRIS.paper("mt"), KG.mentions))


def test_an_entity_comes_with_its_papers_what_they_do_and_statements(site: TestClient) -> None:
    graph = Graph().parse(data=site.get("/data/entity/attention.ttl").content, format="turtle")
    entity = IRIS.entity("attention")
    assert graph.value(entity, SKOS.prefLabel) == Literal("Attention")
    assert set(graph.subjects(KG.mentions, entity)) == {IRIS.paper("mt"), IRIS.paper("vision")}
    assert list(graph.subjects(KG.uses, entity)) == [IRIS.paper("mt")]
    assert graph.value(IRIS.paper("mt"), DCTERMS.title) == Literal("Attention for translation")
    [statement] = graph.subjects(RDF.subject, entity)
    assert graph.value(statement, RDF.object) == IRIS.entity("translation")


def test_pages_offer_the_same_as_data(site: TestClient) -> None:
    for page, stem in (("/papers/ntk", "/data/paper/ntk"), ("/methods/attention", "/data/entity/attention")):
        shown = site.get(page, headers=HTML)
        assert shown.headers["vary"] == "Accept"
        for extension, (media, _) in FORMS.items():
            assert f'<link rel="alternate" type="{media}" href="{stem}.{extension}">' in shown.text
            assert f'<{stem}.{extension}>; rel="alternate"; type="{media}"' in shown.headers["link"]
            assert site.get(page, headers={"Accept": media}).headers["location"] == f"{stem}.{extension}"
        assert 'rel="alternate"; type="text/html"' in site.get(f"{stem}.ttl").headers["link"]


def test_a_page_of_facts_shows_names_and_leads_on(site: TestClient, reader: Reader) -> None:
    name = things(reader)[Kind.STATEMENT]
    text = site.get(f"/data/statement/{name}.html").text
    assert "<h1>" in text
    assert re.search(r'<a href="/id/entity/[a-z-]+">\w', text)
    assert '<a href="/ns#support">kg:support</a>' in text
    assert f'href="/data/statement/{name}.jsonld"' in text


@pytest.mark.parametrize(
    "path",
    [
        "/id/paper/nope",
        "/id/entity/nope",
        "/id/mention/ntk-t-7-8",
        "/id/mention/x",
        "/id/run/nope",
        "/id/nothing/ntk",
        "/data/paper/ntk.pdf",
        "/data/paper/ttl",
        "/data/paper/nope.ttl",
        "/data/paper/.ttl",
        "/graph/paper/nope",
        "/graph/nope",
        "/id/paper/%3E%20%7B%7D%22%5C",
        "/id/entity/%00",
    ],
)
def test_what_never_was_is_not_found(site: TestClient, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_graphs_lead_to_their_triples_and_papers_of_people_to_pages(site: TestClient) -> None:
    for name in ("entities", "paper/ntk", "ontology"):
        answer = site.get(f"/graph/{name}", headers={"Accept": "text/turtle"})
        wanted = f"/graph-store?graph=http%3A%2F%2F127.0.0.1%3A8000%2Fgraph%2F{name.replace('/', '%2F')}"
        assert (answer.status_code, answer.headers["location"]) == (303, wanted)
    assert site.get("/graph/paper/ntk", headers=HTML).headers["location"] == "/papers/ntk"


@pytest.fixture
def changing(tmp_path: Path) -> tuple[Workspace, TestClient]:
    return Workspace(tmp_path / "d", BASE), TestClient(
        create_app(settings(tmp_path / "d", query_rows=1000)), raise_server_exceptions=False, follow_redirects=False
    )


def ingest(workspace: Workspace, text: str, name: str = "one", names: dict[str, Label] | None = None) -> None:
    parts = corpus_parts()
    if names:
        parts = replace(parts, extractor=DefiningExtractor(names))
    with workspace.writer() as writer:
        build([make_paper("A title", text, identifier=name)], parts, writer)


def test_an_entity_that_no_paper_names_any_more_is_gone_until_one_does(changing: tuple[Workspace, TestClient]) -> None:
    workspace, site = changing
    with site:
        ingest(workspace, "Attention on ImageNet.")
        assert site.get("/id/entity/attention").status_code == 303
        ingest(workspace, "Nothing but ImageNet.")
        for path in ("/id/entity/attention", "/data/entity/attention.ttl", "/entities/attention"):
            gone = site.get(path)
            assert gone.status_code == 410
            assert "attention" in gone.json()["detail"]
        assert site.get("/id/entity/attention", headers=HTML).headers["content-type"].startswith("text/html")
        assert site.get("/id/entity/never-was").status_code == 404
        ingest(workspace, "Attention on ImageNet.")
        assert site.get("/id/entity/attention").status_code == 303


def test_a_paper_that_was_removed_is_gone_with_its_mentions(changing: tuple[Workspace, TestClient]) -> None:
    workspace, site = changing
    ingest(workspace, "Attention on ImageNet.")
    ingest(workspace, "Attention.", "two")
    with workspace.writer() as writer:
        graph = writer.iris.paper_graph("one")
        writer.commit(Change(frozenset(writer.store.quads(graph)), frozenset()))
        writer.index.clear()
        writer.index.put_papers([Catalogue(writer.store, IRIS).paper("two")])
    with site:
        for path in (
            "/id/paper/one",
            "/papers/one",
            "/data/paper/one.ttl",
            "/id/mention/one-a-0-9",
            "/graph/paper/one",
        ):
            assert site.get(path).status_code == 410, path
        assert site.get("/id/paper/two").status_code == 303
        assert site.get("/id/mention/two-a-0-99").status_code == 404


def test_a_name_that_papers_merged_leads_to_the_survivor(changing: tuple[Workspace, TestClient]) -> None:
    workspace, site = changing
    names = {"graph network": Label.METHOD, "GN": Label.METHOD}
    ingest(workspace, "A graph network (GN) learns.", "one", names)
    with site:
        # The paper itself says what it stands for: no entity ever had this name.
        moved = site.get("/id/entity/gn", headers={"Accept": "text/turtle"})
        assert (moved.status_code, moved.headers["location"]) == (301, "/id/entity/graph-network")
        # One paper more that writes it so is too little to say what that means; two that define it are enough.
        ingest(workspace, "We use GN for all.", "two", names)
        assert site.get("/id/entity/gn").status_code == 303
        ingest(workspace, "The graph network (GN) generalises.", "three", names)
        assert site.get("/data/entity/gn.nt").headers["location"] == "/data/entity/graph-network.nt"
        page = site.get("/entities/gn", headers=HTML)
        assert (page.status_code, page.headers["location"]) == (301, "/methods/graph-network")
        assert page.headers["cache-control"] == "no-cache"


def test_what_people_merged_leads_to_what_replaced_it(changing: tuple[Workspace, TestClient]) -> None:
    workspace, site = changing
    ingest(workspace, "Attention on ImageNet.")
    quad = (IRIS.entity("attention"), DCTERMS.isReplacedBy, IRIS.entity("imagenet"), URIRef(f"{BASE}graph/curation"))
    with workspace.writer() as writer:
        writer.commit(Change(frozenset(), frozenset([quad])))
    with site:
        moved = site.get("/id/entity/attention")
        assert (moved.status_code, moved.headers["location"]) == (301, "/id/entity/imagenet")


def test_a_name_of_several_things_names_them(changing: tuple[Workspace, TestClient]) -> None:
    workspace, site = changing
    names = {"graph network": Label.METHOD, "gradient noise": Label.METHOD, "GN": Label.METHOD}
    ingest(workspace, "A graph network (GN) learns.", "one", names)
    ingest(workspace, "The gradient noise (GN) grows.", "two", names)
    with site:
        answer = site.get("/id/entity/gn")
        assert answer.status_code == 404
        assert answer.json()["candidates"] == ["gradient-noise", "graph-network"]


def test_a_document_says_that_it_is_cut(data_folder: Path) -> None:
    with TestClient(create_app(settings(data_folder, query_rows=5))) as site:
        assert site.get("/data/entity/neural-network.ttl").headers["x-kg-truncated"] == "true"


def test_the_cap_on_papers_is_the_one_of_the_query() -> None:
    limits = re.findall(r"LIMIT (\d+)", library.load_query("documents/entity").text)
    assert {int(each) for each in limits} == {LISTED_PAPERS}
