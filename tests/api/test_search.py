import csv
import io

import bibtexparser
from fastapi.testclient import TestClient
from rdflib import Graph
from rdflib.namespace import RDF

from kg.vocab import KG


def test_search_finds_both_kinds(client: TestClient) -> None:
    found = client.get("/v1/search", params={"q": "attent"}).json()
    assert found["entities"][0]["slug"] == "attention"
    assert {p["id"] for p in found["papers"]} == {"mt", "vision"}
    assert found["meant"] is None
    nothing = client.get("/v1/search", params={"q": '"; DROP TABLE papers; --'}).json()
    assert nothing == {"entities": [], "papers": [], "meant": None}


def test_slips_of_the_pen_are_told(client: TestClient) -> None:
    found = client.get("/v1/search", params={"q": "atention"}).json()
    assert (found["meant"], found["entities"][0]["slug"]) == ("attention", "attention")
    page = client.get("/search", params={"q": "atention"}, headers={"Accept": "text/html"}).text
    assert 'href="/search?q=attention"' in page


def test_types_years_and_venues_choose(client: TestClient) -> None:
    def ids(**asked: object) -> tuple[list[str], list[str]]:
        found = client.get("/v1/search", params={"q": "attention", **asked}).json()
        return [e["slug"] for e in found["entities"]], [p["id"] for p in found["papers"]]

    assert ids(type="Paper") == ([], ["mt", "vision"])
    assert ids(type=["Method", "Dataset"]) == (["attention"], [])
    assert ids(type="Dataset") == ([], [])
    assert ids(year_from=2003) == (["attention"], ["vision"])
    assert ids(year_to=2002) == (["attention"], ["mt"])
    assert ids(venue="none") == (["attention"], [])


def test_what_was_found_can_be_had_as_a_file(client: TestClient) -> None:
    def ask(form: str) -> str:
        answer = client.get("/v1/search", params={"q": "attention", "format": form})
        assert answer.headers["content-disposition"].startswith('attachment; filename="search-attention.')
        return answer.text

    rows = list(csv.DictReader(io.StringIO(ask("csv"))))
    assert [(row["type"], row["id"]) for row in rows] == [
        ("Method", "attention"), ("Paper", "mt"), ("Paper", "vision"),
    ]  # fmt: skip
    assert [entry.key for entry in bibtexparser.parse_string(ask("bibtex")).entries] == [
        "lovelace2002attention",
        "lovelace2003images",
    ]
    graph = Graph().parse(data=ask("turtle"), format="turtle")
    assert {str(each).rpartition("/")[2] for each in graph.subjects(RDF.type, KG.Paper)} == {"mt", "vision"}
    assert len(list(graph.subjects(RDF.type, KG.Method))) == 1


def test_suggestions_say_what_fits_and_where(client: TestClient) -> None:
    found = client.get("/v1/suggest", params={"q": "atten"}).json()
    assert found["items"][0] == {
        "kind": "entity", "id": "attention", "name": "Attention", "type": "Method", "matched": "Attention",
        "spans": [[0, 5]],
    }  # fmt: skip
    assert found["items"][1] == {
        "kind": "paper", "id": "mt", "name": "Attention for translation", "type": None,
        "matched": "Attention for translation", "spans": [[0, 5]],
    }  # fmt: skip
    assert client.get("/v1/suggest", params={"q": "atetntion"}).json()["meant"] == "attention"
    assert client.get("/v1/suggest", params={"q": "???"}).json() == {"items": [], "meant": None}


def test_what_is_not_there_is_answered_with_near_names(client: TestClient) -> None:
    answer = client.get("/id/entity/tangant-kernel", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json()["candidates"] == ["tangent-kernel"]
    assert client.get("/id/entity/zzz").json()["candidates"] == []
