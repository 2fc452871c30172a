import pytest
from fastapi.testclient import TestClient

from kg.resources import demo_corpus

PROBLEM = "application/problem+json"


def test_papers_are_listed_page_by_page(client: TestClient) -> None:
    ids, cursor = [], None
    while True:
        page = client.get("/v1/papers", params={"limit": 5} | ({"cursor": cursor} if cursor else {})).json()
        assert page["total"] == 16
        ids += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(ids) == len(set(ids)) == 16


def test_a_paper_comes_with_mentions_whose_offsets_are_right(client: TestClient) -> None:
    paper = client.get("/v1/papers/ntk").json()
    assert paper["title"] == "Tangent kernel"
    assert paper["authors"] == ["Ada Lovelace", "Alan Turing"]
    assert paper["iri"] == "http://127.0.0.1:8000/id/paper/ntk"
    assert len(paper["mentions"]) == 5
    for mention in paper["mentions"]:
        assert paper[mention["field"]][mention["start"] : mention["end"]] == mention["text"]
        assert mention["text"] in mention["sentence"]
        assert mention["run"].startswith("http://127.0.0.1:8000/id/run/")
    assert paper["entities"][-1] == {"slug": "rare-trick", "name": "rare trick", "type": "Method", "role": "proposes"}
    assert {e["slug"] for e in paper["entities"]} == {m["entity"] for m in paper["mentions"]}
    assert {e["role"] for e in paper["entities"][:-1]} == {None}


def test_mentions_say_their_role_and_how_surely(client: TestClient) -> None:
    mentions = client.get("/v1/papers/mt").json()["mentions"]
    assert [(m["text"], m["role"], m["role_score"]) for m in mentions if m["field"] == "abstract"] == [
        ("neural network", None, None),
        ("attention", "uses", 0.75),
        ("translation", "addresses", 0.75),
        ("Accuracy", None, None),
    ]


def test_related_papers_say_why(client: TestClient) -> None:
    page = client.get("/v1/papers/ntk/related", params={"limit": 1}).json()
    assert page["paper"] == "ntk"
    (first,) = page["items"]
    assert (first["id"], first["title"], first["year"]) == ("features", "Feature learning", 2001)
    assert {s["entity"]["slug"] for s in first["shared"]} == {"tangent-kernel", "infinite-width"}
    words = first["wording"]
    assert first["score"] == pytest.approx(sum(s["weight"] for s in first["shared"]) + words["weight"])
    assert words["reason"].startswith(f"weight {words['weight']:.2f}")
    for shared in first["shared"]:
        assert shared["reason"].endswith("in 2 of 16 papers")
        assert not shared["through_parent"]
        for paper, part in (("ntk", shared["here"]), ("features", shared["there"])):
            evidence = part["evidence"]
            assert evidence["paper"] == paper
            assert evidence["sentence"][evidence["start"] : evidence["end"]] == evidence["text"]
            assert [entity["slug"] for entity in part["entities"]] == [shared["entity"]["slug"]]
    assert (first["here"]["paper"], first["there"]["paper"]) == ("ntk", "features")


def test_related_papers_are_chosen_by_what_is_shared_and_when(client: TestClient) -> None:
    def ids(**params: object) -> list[str]:
        return [each["id"] for each in client.get("/v1/papers/ntk/related", params=params).json()["items"]]

    assert ids() == ids(via="any") == ["features", "vision"]
    assert ids(via=["method", "dataset"]) == ids(via="method") == ["vision"]
    assert ids(via="dataset") == []
    assert ids(min_shared=2) == ["features"]
    assert ids(year_from=2002) == ["vision"]
    assert ids(year_to=2001) == ["features"]


def test_the_query_of_related_papers_gives_the_same_at_the_endpoint(client: TestClient) -> None:
    page = client.get("/v1/papers/ntk/related").json()
    answer = client.post("/sparql", data={"query": page["query"]}, headers={"Accept": "application/json"}).json()
    asked = [(row["other"]["value"], float(row["score"]["value"])) for row in answer["results"]["bindings"]]
    assert [iri.rpartition("/")[2] for iri, _ in asked] == [each["id"] for each in page["items"]]
    assert [score for _, score in asked] == pytest.approx([each["score"] for each in page["items"]], abs=1e-6)


def test_any_two_papers_are_explained_side_by_side(client: TestClient) -> None:
    found = client.get("/v1/link", params={"a": "ntk", "b": "vision"}).json()
    assert (found["a"]["title"], found["b"]["title"], found["corpus"]) == ("Tangent kernel", "Images", 16)
    trick, hub = found["shared"]
    assert (trick["entity"]["slug"], trick["here"]["role"], trick["there"]["role"]) == ("rare-trick", "proposes", None)
    assert trick["weight"] > 0
    assert found["score"] == pytest.approx(trick["weight"] + found["wording"]["weight"])
    assert (hub["entity"]["slug"], hub["reason"]) == ("neural-network", "weight 0.00, in 16 of 16 papers")
    assert hub["here"]["evidence"]["paper"] == "ntk"
    assert hub["there"]["evidence"]["paper"] == "vision"
    assert not found["only_common"]
    assert client.get("/v1/link", params={"a": "other1", "b": "other2"}).json()["only_common"]


def test_entities_are_listed_by_papers_and_type(client: TestClient) -> None:
    page = client.get("/v1/entities", params={"limit": 2}).json()
    assert [e["slug"] for e in page["items"]] == ["neural-network", "accuracy"]
    assert page["items"][0]["generic"] is True
    rest = client.get("/v1/entities", params={"limit": 50, "cursor": page["next"]}).json()
    assert rest["next"] is None
    assert page["total"] == len(rest["items"]) + 2
    datasets = client.get("/v1/entities", params={"type": "Dataset"}).json()
    assert [e["slug"] for e in datasets["items"]] == ["imagenet"]
    assert datasets["total"] == 1


def test_an_entity_has_evidence_and_papers(client: TestClient) -> None:
    entity = client.get("/v1/entities/tangent-kernel").json()
    assert entity["entity"]["type"] == "Concept"
    assert {e["paper"] for e in entity["evidence"]} == {"ntk", "features"}
    for evidence in entity["evidence"]:
        assert evidence["sentence"][evidence["start"] : evidence["end"]] == evidence["text"]
    papers = client.get("/v1/entities/rare-trick/papers").json()
    assert {p["id"]: p["introduces"] for p in papers} == {"ntk": True, "vision": False}
    assert {p["id"]: p["role"] for p in papers} == {"ntk": "proposes", "vision": None}


def test_an_entity_has_statements_with_sentences(client: TestClient) -> None:
    [stated] = client.get("/v1/entities/attention").json()["statements"]
    assert stated == {
        "subject": {"slug": "attention", "name": "Attention", "type": "Method"},
        "kind": "usedFor",
        "object": {"slug": "translation", "name": "translation", "type": "Task"},
        "papers": 1,
        "score": 0.55,
        "evidence": [
            {
                "paper": "mt",
                "sentence": "Attention for translation",
                "start": 0,
                "end": 9,
                "text": "Attention",
                "score": 0.55,
                "title": "Attention for translation",
            }
        ],
    }
    wide = client.get("/v1/entities/infinite-width").json()["statements"]
    assert [(s["subject"]["slug"], s["kind"], s["papers"], len(s["evidence"])) for s in wide] == [
        ("neural-network", "partOf", 2, 2)
    ]


def test_stats_count_what_is_there(client: TestClient) -> None:
    stats = client.get("/v1/stats").json()
    assert stats["papers"] == 16
    assert stats["entities"] == {"Method": 3, "Dataset": 1, "Task": 1, "Metric": 1, "Concept": 2}
    assert stats["mentions"] == 43
    assert stats["edges"] == 40


def test_the_network_comes_as_json_and_for_other_tools(client: TestClient) -> None:
    network = client.get("/v1/network").json()
    names = {node["name"].lower() for node in network["nodes"]}
    assert "neural network" not in names
    assert {"tangent kernel", "attention"} <= names
    focus = client.get("/v1/network", params={"focus": "tangent-kernel"}).json()
    assert focus["focus"] == "tangent-kernel"
    assert {tuple(node["evidence"]) for node in focus["nodes"]} == {()}
    shown = client.get("/v1/network", params={"focus": "tangent-kernel", "sentences": 2}).json()
    assert {min(2, node["papers"]) for node in shown["nodes"]} == {1, 2}
    assert [len(node["evidence"]) for node in shown["nodes"]] == [min(2, node["papers"]) for node in shown["nodes"]]
    for form, root in (("graphml", "graphml"), ("gexf", "gexf")):
        answer = client.get("/v1/network", params={"format": form})
        assert answer.headers["content-type"].startswith(f"application/{form}+xml")
        assert f"<{root}" in answer.text


def test_unknown_things_are_404_with_a_problem(client: TestClient) -> None:
    for path in (
        "/v1/papers/nope",
        "/v1/papers/no%20pe%3E",
        "/v1/papers/nope/related",
        "/v1/link?a=ntk&b=nope",
        "/v1/link?a=nope&b=ntk",
        "/v1/entities/nope",
        "/v1/entities/nope/papers",
        "/v1/network?focus=nope",
        "/v1/network?venue=nope",
        "/v1/map/communities/99",
        "/v1/nothing",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM), path
        assert answer.json()["status"] == 404
        assert answer.json()["title"] == "Not Found"


def test_wrong_parameters_are_422_and_named(client: TestClient) -> None:
    for path, name in (
        ("/v1/papers?limit=0", "limit"),
        ("/v1/papers?limit=x", "limit"),
        ("/v1/papers?cursor=abc", "cursor"),
        ("/v1/papers?cursor=WzFd", "cursor"),
        ("/v1/entities?type=Topic", "type"),
        ("/v1/search", "q"),
        ("/v1/papers/ntk/related?via=Method", "via"),
        ("/v1/papers/ntk/related?min_shared=-1", "min_shared"),
        ("/v1/papers/ntk/related?year_from=x", "year_from"),
        ("/v1/link?a=ntk", "b"),
        ("/v1/network?limit=100000", "limit"),
        ("/v1/network?weight=raw", "weight"),
        ("/v1/network?year_from=99999", "year_from"),
        ("/v1/map?level=3", "level"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM), path
        assert name in answer.json()["detail"]


def test_nothing_can_be_written(client: TestClient) -> None:
    for method in ("PUT", "PATCH", "DELETE", "POST"):
        for path in ("/v1/papers", "/v1/papers/ntk", "/v1/entities/attention", "/v1/network"):
            assert client.request(method, path).status_code == 405
    assert client.get("/v1/stats").json()["papers"] == 16


def test_without_a_graph_the_answer_says_what_to_do(empty: TestClient) -> None:
    answer = empty.get("/v1/papers")
    assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
    assert "kg ingest" in answer.json()["detail"]
    assert "retry-after" in answer.headers
    assert empty.get("/health/live").status_code == 200
    ready = empty.get("/health/ready")
    assert ready.status_code == 503
    assert "kg ingest" in ready.json()["reason"]


def test_a_full_disk_is_not_ready(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 100 << 20})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "has 100 MB left" in answer.json()["reason"]


def test_health(client: TestClient) -> None:
    assert client.get("/health/live").json() == {"status": "alive"}
    assert client.get("/health/ready").json() == {"status": "ready"}


def test_every_operation_is_documented(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {
        "/sparql",
        "/v1/papers",
        "/v1/papers/{paper_id}",
        "/v1/papers/{paper_id}/related",
        "/v1/link",
        "/v1/entities",
        "/v1/entities/{slug}",
        "/v1/entities/{slug}/papers",
        "/v1/entities/{slug}/timeline",
        "/v1/entities/{slug}/with",
        "/v1/paths",
        "/v1/trends",
        "/v1/gaps",
        "/v1/compare",
        "/v1/network",
        "/v1/map",
        "/v1/map/communities/{number}",
        "/v1/search",
        "/v1/suggest",
        "/v1/stats",
        "/v1/extract",
        "/v1/ingest",
        "/v1/jobs",
        "/v1/jobs/{job_id}",
        "/v1/jobs/{job_id}/events",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/graph-store",
        "/sparql/examples",
        "/sparql/words",
        "/id/{kind}/{name}",
        "/data/{kind}/{document}",
        "/graph/{name}",
        "/ns",
        "/ns.{extension}",
        "/ns/shapes",
        "/ns/shapes.{extension}",
        "/.well-known/void",
    } == paths.keys()
    for operations in paths.values():
        for operation in operations.values():
            assert operation.get("summary") or operation.get("description")


def test_the_demo_corpus_is_shipped() -> None:
    assert len(demo_corpus().read_text(encoding="utf-8").splitlines()) >= 40
