import io
import json

import bibtexparser
import networkx as nx
import pytest
import rispy
from fastapi.testclient import TestClient
from rdflib import Graph
from rdflib.namespace import RDF

from kg.view.forms import ENTITIES, NETWORK, PAPERS, Form
from kg.vocab import KG

PATHS = {
    "/v1/papers": PAPERS,
    "/v1/papers/ntk": PAPERS,
    "/v1/papers/ntk/related": PAPERS,
    "/v1/search?q=attention": PAPERS,
    "/v1/entities": ENTITIES,
    "/v1/entities/attention/papers": PAPERS,
    "/v1/network": NETWORK,
}
CASES = [(path, form) for path, forms in PATHS.items() for form in forms]


@pytest.mark.parametrize(("path", "form"), CASES)
def test_a_form_is_chosen_by_name_or_by_accept(client: TestClient, path: str, form: Form) -> None:
    asked = client.get(path, params={"format": form} if "?" not in path else {"q": "attention", "format": form})
    liked = client.get(path, headers={"Accept": f"text/html, {form.bare}"})
    for answer in (asked, liked):
        assert (answer.status_code, answer.headers["content-type"]) == (200, form.media_type)
        assert "Accept" in answer.headers["vary"]
        assert ("content-disposition" in answer.headers) == (form is not Form.JSON)
    assert asked.content == liked.content


@pytest.mark.parametrize("path", PATHS)
def test_forms_that_do_not_fit_are_refused_by_naming_those_that_do(client: TestClient, path: str) -> None:
    asked = client.get(path, params={"q": "a", "format": "docx"})
    assert asked.status_code == 422
    assert asked.json()["detail"] == f"format: this can be had as {', '.join(PATHS[path])}"
    liked = client.get(path, headers={"Accept": "application/msword"})
    assert liked.status_code == 406
    assert all(form.bare in liked.json()["detail"] for form in PATHS[path])


def test_lists_of_papers_are_read_by_other_programs(client: TestClient) -> None:
    def ask(form: Form) -> str:
        return client.get("/v1/papers", params={"format": form, "limit": 3}).text

    titles = [paper["title"] for paper in client.get("/v1/papers", params={"limit": 3}).json()["items"]]
    entries = bibtexparser.parse_string(ask(Form.BIBTEX)).entries
    assert [entry.fields_dict["title"].value for entry in entries] == titles
    assert [each["title"] for each in rispy.loads(ask(Form.RIS))] == titles
    assert [each["title"] for each in json.loads(ask(Form.CSL))] == titles
    graph = Graph().parse(data=ask(Form.TURTLE), format="turtle")
    assert len(set(graph.subjects(RDF.type, KG.Paper))) == 3


def test_the_next_page_has_a_link(client: TestClient) -> None:
    ids, path = [], "/v1/papers?format=ris&limit=7"
    while path:
        answer = client.get(path)
        ids += [each["id"] for each in rispy.loads(answer.text)]
        path = answer.links["next"]["url"] if "next" in answer.links else ""
    assert len(ids) == len(set(ids)) == 16


def test_the_network_is_read_by_networkx(client: TestClient) -> None:
    nodes = {node["id"] for node in client.get("/v1/network").json()["nodes"]}
    for form, read in ((Form.GRAPHML, nx.read_graphml), (Form.GEXF, nx.read_gexf)):
        answer = client.get("/v1/network", params={"format": form})
        assert answer.headers["content-disposition"] == f'attachment; filename="network.{form.extension}"'
        assert set(read(io.BytesIO(answer.content))) == nodes


def test_file_names_are_plain(client: TestClient) -> None:
    answer = client.get("/v1/search", params={"q": 'ä"/../x\r\n', "format": "csv"})
    assert answer.headers["content-disposition"] == 'attachment; filename="search-x.csv"'
