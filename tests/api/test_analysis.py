import csv
import io

import pytest
from fastapi.testclient import TestClient

PROBLEM = "application/problem+json"
CSV = {"Accept": "text/csv"}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_path_has_stops_and_hops_with_sentences(client: TestClient) -> None:
    found = client.get("/v1/paths", params={"a": "ntk", "b": "vision"}).json()
    assert (found["a"]["kind"], found["b"]["id"], found["reason"]) == ("paper", "vision", None)
    [first] = found["paths"]
    assert [(s["kind"], s["id"]) for s in first["stops"]] == [
        ("paper", "ntk"),
        ("entity", "rare-trick"),
        ("paper", "vision"),
    ]
    assert [(h["paper"]["id"], h["entity"]["slug"], h["role"]) for h in first["hops"]] == [
        ("ntk", "rare-trick", "proposes"),
        ("vision", "rare-trick", None),
    ]
    for hop in first["hops"]:
        evidence = hop["evidence"]
        assert evidence["sentence"][evidence["start"] : evidence["end"]] == evidence["text"]


def test_paths_lead_over_what_is_asked_for(client: TestClient) -> None:
    def over(**params: object) -> list[str]:
        found = client.get("/v1/paths", params={"a": "ntk", "b": "features", "k": 9, **params}).json()
        return [path["stops"][1]["type"] for path in found["paths"]]

    assert set(over()) == {"Concept"}
    assert over(via="method") == []
    assert over(via=["any", "method"]) == over()
    reason = client.get("/v1/paths", params={"a": "ntk", "b": "features", "via": "dataset"}).json()["reason"]
    assert reason == "'Tangent kernel' names no dataset that is specific and in another paper"


def test_ends_of_a_path_may_be_entities(client: TestClient) -> None:
    found = client.get("/v1/paths", params={"a": "entity:tangent-kernel", "b": "imagenet"}).json()
    assert found["a"] | {"papers": 2} == found["a"]
    assert [s["id"] for s in found["paths"][0]["stops"]] == [
        "tangent-kernel",
        "ntk",
        "rare-trick",
        "vision",
        "imagenet",
    ]
    assert client.get("/v1/paths", params={"a": "paper:imagenet", "b": "ntk"}).status_code == 404


def test_a_timeline_with_its_queries(client: TestClient) -> None:
    found = client.get("/v1/entities/rare-trick/timeline").json()
    assert found["years"][0] | {"year": 2000, "papers": 1, "total": 1} == found["years"][0]
    assert found["first"]["papers"][0]["paper"]["id"] == "ntk"
    answer = client.get("/sparql", params={"query": found["query"]}, headers={"Accept": "application/json"}).json()
    said = {int(b["year"]["value"]): int(b["papers"]["value"]) for b in answer["results"]["bindings"]}
    assert said == {y["year"]: y["papers"] for y in found["years"] if y["papers"]}
    assert client.get("/sparql", params={"query": found["proposal_query"]}).status_code == 200


def test_trends_say_what_was_counted(client: TestClient) -> None:
    found = client.get("/v1/trends", params={"min_papers": 1, "from": 2000, "to": 2015}).json()
    assert (found["from"], found["to"], found["considered"]) == (2000, 2015, 2)
    falling = client.get("/v1/trends", params={"direction": "falling", "type": "Concept", "min_papers": 2}).json()
    assert {t["entity"]["type"] for t in falling["trends"]} <= {"Concept"}
    assert falling["to"] == 2015
    assert client.get("/v1/trends", params={"venue": "nowhere"}).status_code == 404
    assert client.get("/sparql", params={"query": found["query"]}).status_code == 200


def test_gaps_want_a_task_or_a_method(client: TestClient) -> None:
    assert client.get("/v1/gaps", params={"task": "translation"}).json()["gaps"] == []
    query = client.get("/v1/gaps", params={"method": "attention"}).json()["query"]
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "application/json"}).json()
    assert [b["name"]["value"] for b in answer["results"]["bindings"]] == ["translation"]
    for params in ({}, {"task": "translation", "method": "attention"}):
        answer = client.get("/v1/gaps", params=params)
        assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
        assert "either a task or a method" in answer.json()["detail"]
    assert client.get("/v1/gaps", params={"task": "attention"}).status_code == 404


def test_companions_of_an_entity(client: TestClient) -> None:
    found = client.get("/v1/entities/attention/with", params={"type": "Dataset"}).json()
    [one] = found["companions"]
    assert (one["entity"]["slug"], one["papers"], found["total"]) == ("imagenet", 1, 1)
    assert one["sightings"][0]["paper"]["id"] == "vision"


def test_a_comparison_of_papers(client: TestClient) -> None:
    found = client.get("/v1/compare", params={"papers": "ntk,vision", "type": "Method"}).json()
    assert [p["id"] for p in found["papers"]] == ["ntk", "vision"]
    cells = {c["entity"]["slug"]: [cell and cell["role"] for cell in c["cells"]] for c in found["columns"]}
    assert cells == {"rare-trick": ["proposes", None], "attention": [None, None]}
    assert client.get("/v1/compare", params={"papers": ["ntk", "vision"]}).json()["papers"] == found["papers"]
    for papers in ("", ",", ",".join(f"p{i}" for i in range(21))):
        assert client.get("/v1/compare", params={"papers": papers}).status_code == 422


@pytest.mark.parametrize(
    ("path", "columns"),
    [
        ("/v1/paths?a=ntk&b=vision", {"path", "hop", "sentence"}),
        ("/v1/entities/attention/timeline", {"year", "papers", "low", "high"}),
        ("/v1/trends?min_papers=1", {"id", "growth"}),
        ("/v1/gaps?task=translation", {"method", "task", "expected"}),
        ("/v1/entities/attention/with", {"id", "association"}),
        ("/v1/compare?papers=ntk,vision", {"id", "title", "rare trick (Method)"}),
    ],
)
def test_all_of_it_can_be_had_as_csv(client: TestClient, path: str, columns: set[str]) -> None:
    answer = client.get(path, headers=CSV)
    assert answer.headers["content-type"].startswith("text/csv")
    assert columns <= set(next(csv.reader(io.StringIO(answer.text))))
    assert client.get(f"{path}{'&' if '?' in path else '?'}format=csv").text == answer.text
    assert len(rows(answer.text)) == len(answer.text.splitlines()) - 1


@pytest.mark.parametrize(
    "path",
    [
        "/v1/paths?a=nope&b=ntk",
        "/v1/entities/nope/timeline",
        "/v1/gaps?task=nope",
        "/v1/entities/nope/with",
        "/v1/compare?papers=nope",
    ],
)
def test_what_is_not_there_is_named(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
    assert "nope" in answer.json()["detail"]
