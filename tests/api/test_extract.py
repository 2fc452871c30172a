import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.readings import EXAMPLE_ABSTRACT, EXAMPLE_TITLE, MAX_CHARACTERS
from kg.preview.pool import PreviewPool
from tests.api.conftest import settings

# "attention" is in the graph of the tests, "graph" is not, "method" names nothing by itself.
WAYWARD = "tests.wayward:Wayward?word=attention|graph|method"


@pytest.fixture(scope="module")
def reading(data_folder: Path) -> Iterator[TestClient]:
    app = create_app(settings(data_folder, extractor=WAYWARD))
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


def site(path: Path, **changes: object) -> TestClient:
    return TestClient(create_app(settings(path, **changes)), raise_server_exceptions=False)


def test_one_paper_is_read_and_its_entities_named(reading: TestClient) -> None:
    answer = reading.post("/v1/extract", json={"title": "A graph", "abstract": "A method of attention on a graph."})
    assert answer.status_code == 200
    body = answer.json()
    assert body["extractor"]["name"] == "wayward"
    assert re.fullmatch(r"1\+[0-9a-f]{12}", body["extractor"]["version"])
    (paper,) = body["papers"]
    assert paper["aliases"] == [{"long": "graph network", "short": "GN"}]
    assert (paper["system"], paper["error"]) == ("GN", None)
    for mention in paper["mentions"]:
        assert paper[mention["field"]][mention["start"] : mention["end"]] == mention["text"]
        end = mention["sentence_start"] + len(mention["sentence"])
        assert paper[mention["field"]][mention["sentence_start"] : end] == mention["sentence"]
    assert [(m["field"], m["text"], m["entity"]) for m in paper["mentions"]] == [
        ("title", "graph", {"slug": "graph", "name": None, "page": None}),
        ("abstract", "method", None),
        ("abstract", "attention", {"slug": "attention", "name": "Attention", "page": "/entities/attention"}),
        ("abstract", "graph", {"slug": "graph", "name": None, "page": None}),
    ]
    assert paper["mentions"][0] | {"entity": None} == {
        "field": "title",
        "start": 2,
        "end": 7,
        "text": "graph",
        "label": "Method",
        "score": 0.988,
        "rule": "found-it",
        "sentence": "A graph",
        "sentence_start": 0,
        "role": None,
        "role_score": None,
        "trail": [],
        "entity": None,
    }
    assert reading.get(paper["mentions"][2]["entity"]["page"]).status_code == 200


def test_roles_and_relations_are_told(reading: TestClient) -> None:
    body = {"title": "relate a graph", "abstract": "A method of attention."}
    (paper,) = reading.post("/v1/extract", json=body).json()["papers"]
    assert {(m["role"], m["role_score"]) for m in paper["mentions"]} == {("uses", 0.765)}
    assert paper["relations"] == [
        {"head": i, "tail": i + 1, "kind": "partOf", "score": 0.877, "rule": "found-it"} for i in range(2)
    ]
    assert [m["text"] for m in paper["mentions"]] == ["graph", "method", "attention"]


def test_several_papers_come_back_in_order_and_a_bad_one_costs_no_other(reading: TestClient) -> None:
    titles = ["A graph", "raise this graph", "Last graph"]
    papers = reading.post("/v1/extract", json={"papers": [{"title": title} for title in titles]}).json()["papers"]
    assert [paper["title"] for paper in papers] == titles
    assert [len(paper["mentions"]) for paper in papers] == [1, 0, 1]
    assert "ValueError: not this one" in papers[1]["error"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "send either a title and an abstract, or a list of papers"),
        ({"abstract": "Alone."}, "send either"),
        ({"title": "A", "papers": [{"title": "B"}]}, "send either"),
        ({"papers": []}, "papers: List should have at least 1 item"),
        ({"papers": [{"title": "A"}] * 51}, "papers: List should have at most 50 items"),
        ({"papers": [{"abstract": "A"}]}, "papers.0.title: Field required"),
        ({"title": "A", "abstrakt": "B"}, "abstrakt: Extra inputs are not permitted"),
        ({"title": " \u200b"}, "paper: has no title"),
        ({"papers": [{"title": "A"}, {"title": " "}]}, "papers.1: has no title"),
        ({"title": "A" * 1001}, "title: String should have at most 1000 characters"),
        ({"papers": [{"title": "A", "abstract": "b" * 50_000}] * 5}, f"{MAX_CHARACTERS:,} are read at once"),
        ({"title": 3}, "title: Input should be a valid string"),
    ],
)
def test_a_request_that_is_not_right_is_told_why(reading: TestClient, body: object, reason: str) -> None:
    answer = reading.post("/v1/extract", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert reason in answer.json()["detail"]


def test_broken_json_and_half_characters_are_refused(reading: TestClient) -> None:
    kind = {"Content-Type": "application/json"}
    for content in (b"{", b'{"title": "\\ud800"}', b"\xff"):
        assert reading.post("/v1/extract", content=content, headers=kind).status_code in (400, 422), content


@pytest.mark.parametrize(("title", "reason"), [("hang", "timeout"), ("crash", "memory"), ("memory", "memory")])
def test_faults_are_problems_to_try_again_and_the_next_request_is_answered(
    data_folder: Path, title: str, reason: str
) -> None:
    with site(data_folder, extractor=WAYWARD, extract_timeout=4.0, extract_memory_mb=512) as client:
        answer = client.post("/v1/extract", json={"title": title})
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
        assert answer.json()["reason"] == reason
        assert client.post("/v1/extract", json={"title": "A graph"}).status_code == 200


def test_a_busy_service_says_so(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.deps.PreviewPool", lambda *a, **k: PreviewPool(*a, **{**k, "queue": 0}))
    with site(data_folder, extractor=WAYWARD, extract_timeout=5.0) as client, ThreadPoolExecutor(1) as threads:
        # A line of no length is full as long as no process is idle, as before the first has started.
        assert client.post("/v1/extract", json={"title": "A graph"}).json()["reason"] == "busy"
        service = client.app.state.service  # type: ignore[attr-defined]
        pool = service._preview_pool()
        with pool._changed:
            pool._replenish()
            assert pool._changed.wait_for(lambda: pool._idle, 10)
        hanging = threads.submit(client.post, "/v1/extract", json={"title": "hang"})
        while pool._idle:
            time.sleep(0.01)
        busy = client.post("/v1/extract", json={"title": "A graph"})
        assert (busy.status_code, busy.json()["reason"]) == (503, "busy")
        assert hanging.result().json()["reason"] == "timeout"


def test_an_extractor_that_cannot_be_loaded_is_named(data_folder: Path) -> None:
    with site(data_folder, extractor="tests.wayward:Wayworn") as client:
        answer = client.post("/v1/extract", json={"title": "A graph"})
        assert answer.status_code == 503
        assert "has no 'Wayworn'; did you mean Wayward?" in answer.json()["detail"]


def test_the_process_goes_with_the_service(data_folder: Path) -> None:
    with site(data_folder, extractor=WAYWARD) as client:
        assert client.post("/v1/extract", json={"title": "A graph"}).status_code == 200
        service = client.app.state.service  # type: ignore[attr-defined]
        (worker,) = service._previews._workers
    assert not worker.usable()
    with pytest.raises(Exception, match="stopping"):
        service.preview([])


def test_it_can_be_switched_off(data_folder: Path) -> None:
    with site(data_folder, extract="off") as client:
        answer = client.post("/v1/extract", json={"title": "A"})
        assert answer.status_code == 404
        assert "KG_EXTRACT=off" in answer.text


def test_the_description_shows_both_forms_and_an_answer(reading: TestClient) -> None:
    operation = reading.get("/openapi.json").json()["paths"]["/v1/extract"]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    assert set(content["examples"]) == {"one", "several"}
    for example in content["examples"].values():
        assert reading.post("/v1/extract", json=example["value"]).status_code == 200
    example = operation["responses"]["200"]["content"]["application/json"]["example"]
    real = reading.post("/v1/extract", json={"title": "On attention"}).json()
    assert example.keys() == real.keys()
    # What is null in the example is left out of the description.
    assert real["papers"][0].keys() - example["papers"][0].keys() == {"error"}
    assert real["papers"][0]["mentions"][0].keys() == example["papers"][0]["mentions"][0].keys()
    assert {"404", "422", "503"} <= operation["responses"].keys()


@pytest.mark.slow
def test_the_shipped_extractor_reads_the_example(data_folder: Path) -> None:
    with site(data_folder, extract_timeout=60.0) as client:
        paper = {"title": EXAMPLE_TITLE, "abstract": EXAMPLE_ABSTRACT}
        assert client.post("/v1/extract", json=paper).json()["papers"][0]["system"] == "QuietProp"
        first = client.post("/v1/extract", json={"title": "Attention for translation on ImageNet"}).json()
        slugs = {m["entity"]["slug"] for m in first["papers"][0]["mentions"]}
        assert "imagenet" in slugs


def test_many_clients_at_once_get_their_own_answers(reading: TestClient) -> None:
    answers: dict[int, str] = {}

    def ask(number: int) -> None:
        body = reading.post("/v1/extract", json={"title": f"Graph {number} with attention"}).json()
        answers[number] = body["papers"][0]["title"]

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {i: f"Graph {i} with attention" for i in range(6)}
