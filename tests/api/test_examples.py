from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph
from rdflib.namespace import RDF, SDO, SH

from api.app import create_app
from api.surveyor import Surveyor
from kg.query.examples import questions
from kg.vocab import NS
from tests.api.conftest import settings
from tests.corpus import BASE

HTML = {"Accept": "text/html,*/*;q=0.8"}


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


def test_people_are_led_to_the_page_of_queries_which_shows_each_question(site: TestClient) -> None:
    led = site.get("/sparql/examples", headers=HTML)
    assert (led.status_code, led.headers["location"]) == (303, "/sparql#questions")
    assert "Accept" in led.headers["vary"]
    found = site.get("/sparql/examples").json()
    page = site.get("/sparql", headers=HTML).text
    assert page.count('href="/sparql?example=') == len(questions())
    assert page.count('class="run"') == sum(each["answered"] for each in found)
    for each in found:
        assert f'id="{each["id"]}"' in page
        assert each["summary"][1:30] in page


def test_a_question_has_an_address_where_it_stands_in_the_editor(site: TestClient) -> None:
    found = next(each for each in site.get("/sparql/examples").json() if each["parameters"])
    page = site.get("/sparql", params={"example": found["id"]}, headers=HTML)
    assert page.status_code == 200
    assert found["query"] in unescape(page.text)
    assert "VALUES" in page.text
    wrong = site.get("/sparql", params={"example": "nothing-of-the-kind"}, headers=HTML)
    assert wrong.status_code == 404
    assert "no question &#39;nothing-of-the-kind&#39;" in wrong.text


def test_questions_need_no_graph(empty: TestClient) -> None:
    page = empty.get("/sparql", headers=HTML).text
    assert page.count('href="/sparql?example=') == len(questions())
    assert 'class="run"' not in page
    page = empty.get("/sparql", params={"example": "07-datasets-with-a-method"}, headers=HTML).text
    assert "?method ?dataset ?name" in page


def test_editors_are_told_the_words_of_queries(empty: TestClient) -> None:
    told = empty.get("/sparql/words").json()
    assert told["base"] == BASE
    assert told["prefixes"]["kg"] == NS
    words = {each["name"]: each for each in told["words"]}
    assert words["kg:usesMethod"]["source"] == ["kg:Paper"]
    assert words["skos:prefLabel"]["kind"] == "property"


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
