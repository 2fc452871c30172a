from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph
from rdflib.namespace import RDF, SDO, SH

from api.app import create_app
from api.surveyor import Surveyor
from kg.query.examples import questions
from tests.api.conftest import settings


@pytest.fixture(scope="module")
def site(data_folder: Path) -> Iterator[TestClient]:
    app = create_app(settings(data_folder))
    app.state.service.exemplifier = Surveyor(timeout=60, wait=60)
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


def test_every_example_runs_as_it_stands(site: TestClient) -> None:
    found = site.get("/sparql/examples")
    assert found.headers["content-type"] == "application/json"
    assert [each["id"] for each in found.json()] == [question.name for question in questions()]
    for each in found.json():
        answer = site.get(each["url"], headers={"Accept": "application/sparql-results+json"})
        assert answer.status_code == 200, each["id"]
        assert bool(answer.json()["results"]["bindings"]) == each["answered"], each["id"]
        assert all(f"VALUES ?{name} {{ {term} }}" in each["query"] for name, term in each["parameters"].items())
    assert sum(each["answered"] for each in found.json()) >= 15


def test_people_get_a_page_with_the_text_and_a_link_that_runs_it(site: TestClient) -> None:
    page = site.get("/sparql/examples", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["vary"] == "Accept, Origin"
    for question in questions():
        assert f'id="{question.name}"' in page.text
        assert question.summary[1:30] in page.text
    assert page.text.count('href="/sparql?query=') == len(questions())
    assert "VALUES ?name { &#34;" in page.text


def test_programs_get_executables_of_shacl(site: TestClient) -> None:
    answer = site.get("/sparql/examples", headers={"Accept": "text/turtle"})
    graph = Graph().parse(data=answer.content, format="turtle")
    listed = {each["query"]: each["id"] for each in site.get("/sparql/examples").json()}
    nodes = list(graph.subjects(RDF.type, SH.SPARQLSelectExecutable))
    assert len(nodes) == len(questions())
    for node in nodes:
        assert str(node).endswith(f"/sparql/examples#{listed[str(graph.value(node, SH.select))]}")
        assert str(graph.value(node, SDO.target)) == "http://testserver/sparql"


def test_what_cannot_be_given_is_refused(site: TestClient, empty: TestClient) -> None:
    assert site.get("/sparql/examples", headers={"Accept": "image/png"}).status_code == 406
    assert empty.get("/sparql/examples").status_code == 503
