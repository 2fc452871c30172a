"""The queries of the SPARQL 1.1 Protocol, one case each as section 2 and the W3C's suite have them."""

import csv
import io
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from tests.corpus import BASE

DIRECT = {"Content-Type": "application/sparql-query"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NTK, MT, VISION = (f"{BASE}graph/paper/{name}" for name in ("ntk", "mt", "vision"))
NOWHERE = "http://example.org/no-such-graph"


def is_paper(name: str) -> str:
    return f"<{BASE}id/paper/{name}> a <https://w3id.org/paperkg/ns#Paper> ."


def held(*names: str) -> str:
    return "ASK { " + " ".join(f"GRAPH ?{name} {{ {is_paper(name)} }}" for name in names) + " }"


def graphs(*pairs: tuple[str, str]) -> str:
    return f"/sparql?{urlencode(pairs)}"


def says(answer) -> bool:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/sparql-results+json"
    return answer.json()["boolean"]


def post(client: TestClient, address: str, query: str):
    return client.post(address, content=query.encode(), headers=DIRECT)


def test_query_get(client: TestClient) -> None:
    assert says(client.get(graphs(("query", "ASK {}"), ("default-graph-uri", NOWHERE))))


def test_query_post_form(client: TestClient) -> None:
    answer = client.post(graphs(("default-graph-uri", NOWHERE)), content=b"query=ASK%20%7B%7D", headers=FORM)
    assert says(answer)


def test_query_post_direct(client: TestClient) -> None:
    assert says(post(client, "/sparql", "ASK {}"))


def test_the_path_may_end_in_a_slash(client: TestClient) -> None:
    assert says(client.get("/sparql/?query=ASK%20%7B%7D", follow_redirects=False))
    assert says(client.post("/sparql/", content=b"ASK {}", headers=DIRECT, follow_redirects=False))


def test_query_dataset_default_graph(client: TestClient) -> None:
    both = f"ASK {{ {is_paper('ntk')} {is_paper('mt')} }}"
    assert says(post(client, "/sparql", both))
    assert not says(post(client, graphs(("default-graph-uri", NTK)), both))
    assert says(post(client, graphs(("default-graph-uri", NTK)), f"ASK {{ {is_paper('ntk')} }}"))


def test_query_dataset_default_graphs_get(client: TestClient) -> None:
    both = f"ASK {{ {is_paper('ntk')} {is_paper('mt')} }}"
    named = [("default-graph-uri", NTK), ("default-graph-uri", MT)]
    assert says(client.get(graphs(("query", both), *named)))
    assert not says(client.get(graphs(("query", f"ASK {{ {is_paper('vision')} }}"), *named)))


def test_query_dataset_default_graphs_post(client: TestClient) -> None:
    both = f"ASK {{ {is_paper('ntk')} {is_paper('mt')} }}"
    address = graphs(("default-graph-uri", NTK), ("default-graph-uri", MT))
    assert says(post(client, address, both))
    form = urlencode([("query", both), ("default-graph-uri", NTK), ("default-graph-uri", MT)])
    assert says(client.post("/sparql", content=form.encode(), headers=FORM))


def test_query_dataset_named_graphs_get(client: TestClient) -> None:
    named = [("named-graph-uri", NTK), ("named-graph-uri", MT)]
    assert says(client.get(graphs(("query", held("ntk", "mt")), *named)))
    assert not says(client.get(graphs(("query", held("vision")), *named)))
    assert not says(client.get(graphs(("query", f"ASK {{ {is_paper('ntk')} }}"), *named)))


def test_query_dataset_named_graphs_post(client: TestClient) -> None:
    address = graphs(("named-graph-uri", NTK), ("named-graph-uri", MT))
    assert says(post(client, address, held("ntk", "mt")))
    assert not says(post(client, address, held("ntk", "vision")))


def test_query_dataset_full(client: TestClient) -> None:
    address = graphs(("default-graph-uri", VISION), ("named-graph-uri", NTK), ("named-graph-uri", MT))
    assert says(post(client, address, held("ntk", "mt").replace("{", f"{{ {is_paper('vision')} ", 1)))
    assert not says(post(client, address, f"ASK {{ {is_paper('ntk')} }}"))


def test_query_multiple_dataset(client: TestClient) -> None:
    """The graphs of the request win over those of the text."""
    both = held("ntk", "mt").replace("ASK", f"ASK FROM <{VISION}>")
    assert says(post(client, graphs(("named-graph-uri", NTK), ("named-graph-uri", MT)), both))
    from_text = f"ASK FROM <{VISION}> {{ {is_paper('ntk')} }}"
    assert not says(post(client, "/sparql", from_text))
    assert says(post(client, graphs(("default-graph-uri", NTK)), from_text))


def test_query_content_type_select(client: TestClient) -> None:
    query = "SELECT (1 AS ?value) {}"
    assert post(client, "/sparql", query).headers["content-type"] == "application/sparql-results+json"
    answer = client.post("/sparql", content=query.encode(), headers={**DIRECT, "Accept": "text/csv"})
    assert list(csv.reader(io.StringIO(answer.text))) == [["value"], ["1"]]


def test_query_content_type_ask(client: TestClient) -> None:
    accept = "application/sparql-results+xml"
    answer = client.post("/sparql", content=b"ASK {}", headers={**DIRECT, "Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, accept)
    assert "<boolean>true</boolean>" in answer.text


def test_query_content_type_describe(client: TestClient) -> None:
    answer = post(client, "/sparql", "DESCRIBE <http://example.org/>")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/turtle; charset=utf-8")


def test_query_content_type_construct(client: TestClient) -> None:
    answer = post(client, "/sparql", "CONSTRUCT { <s> <p> 1 } WHERE {}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/turtle; charset=utf-8")
    (quad,) = ox.parse(answer.content, ox.RdfFormat.TURTLE)
    assert quad.subject == ox.NamedNode(f"{BASE}s")


def refused(answer, status: int, reason: str) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert reason in answer.json()["detail"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "QUERY", "BREW"])
def test_bad_query_method(client: TestClient, method: str) -> None:
    answer = client.request(method, "/sparql?query=ASK%20%7B%7D", headers=FORM)
    refused(answer, 405, f"{method} is not allowed here")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_bad_multiple_queries(client: TestClient) -> None:
    refused(client.get("/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"), 400, "expected one query, got 2")
    refused(post(client, "/sparql?query=ASK%20%7B%7D", "ASK {}"), 400, "expected one query, got 2")
    both = b"query=ASK%20%7B%7D&query=ASK%20%7B%7D"
    refused(client.post("/sparql", content=both, headers=FORM), 400, "expected one query, got 2")


def test_bad_missing_query(client: TestClient) -> None:
    refused(client.get(graphs(("default-graph-uri", NTK))), 400, "expected one query, got 0")
    refused(client.post("/sparql", content=b"", headers=FORM), 400, "expected one query, got 0")


def test_bad_query_and_update(client: TestClient) -> None:
    body = b"query=ASK%20%7B%7D&update=CLEAR%20ALL"
    refused(client.post("/sparql", content=body, headers=FORM), 400, "not both")


def test_bad_query_wrong_media_type(client: TestClient) -> None:
    answer = client.post("/sparql", content=b"ASK {}", headers={"Content-Type": "text/plain"})
    refused(answer, 415, "text/plain")
    assert "application/sparql-query" in answer.headers["accept-post"]


def test_bad_query_missing_form_type(client: TestClient) -> None:
    refused(client.post("/sparql", content=b"query=ASK%20%7B%7D"), 415, "without Content-Type")


def test_bad_query_missing_direct_type(client: TestClient) -> None:
    refused(client.post("/sparql", content=b"ASK {}"), 415, "without Content-Type")


@pytest.mark.parametrize("charset", ["UTF-16", '"utf-16"', "iso-8859-1"])
def test_bad_query_non_utf8(client: TestClient, charset: str) -> None:
    headers = {"Content-Type": f"application/sparql-query; charset={charset}"}
    refused(client.post("/sparql", content="ASK {}".encode("utf-16"), headers=headers), 415, "send UTF-8")


def test_bad_bytes_are_not_taken_for_text(client: TestClient) -> None:
    refused(client.post("/sparql", content="ASK {}".encode("utf-16"), headers=DIRECT), 400, "not UTF-8 at byte 0")
    refused(client.post("/sparql", content=b"query=ASK%7B%7D%23%FF", headers=FORM), 400, "is not UTF-8")
    refused(client.get("/sparql?query=ASK%7B%7D%23%FF"), 400, "is not UTF-8")
    refused(client.get("/sparql?query=ASK%7B%7D%23%C3"), 400, "is not UTF-8")


def test_every_character_arrives_by_every_way(client: TestClient) -> None:
    text = "+&=;%#\u00e9\u4e2d\U0001f600"
    query = f'SELECT ("{text}" AS ?t) {{}}'
    answers = [
        client.get(f"/sparql?query={quote(query, safe='')}"),
        client.get(f"/sparql?{urlencode({'query': query})}"),
        client.post("/sparql", content=urlencode({"query": query}).encode(), headers=FORM),
        client.post(
            "/sparql", content=query.encode(), headers={"Content-Type": DIRECT["Content-Type"] + ";charset=UTF-8"}
        ),
    ]
    assert [each.json()["results"]["bindings"][0]["t"]["value"] for each in answers] == [text] * 4


def test_bad_query_syntax(client: TestClient) -> None:
    answer = client.get("/sparql?query=ASK%20%7B")
    refused(answer, 400, "line 1, column 6: ")
    assert (answer.json()["line"], answer.json()["column"]) == (1, 6)


def test_graphs_of_updates_do_not_go_with_a_query(client: TestClient) -> None:
    refused(client.get(graphs(("query", "ASK {}"), ("using-graph-uri", NTK))), 400, "using-graph-uri does not belong")


def test_a_graph_that_is_no_iri_is_refused(client: TestClient) -> None:
    refused(client.get(graphs(("query", "ASK {}"), ("default-graph-uri", "not an iri"))), 400, "named by an IRI")


def test_bad_update_get(client: TestClient) -> None:
    refused(client.get("/sparql?update=CLEAR%20ALL"), 400, "by POST")


def test_bad_multiple_updates(client: TestClient) -> None:
    body = b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT"
    refused(client.post("/sparql", content=body, headers=FORM), 400, "expected one update, got 2")


def test_bad_update_wrong_media_type(client: TestClient) -> None:
    refused(client.post("/sparql", content=b"CLEAR NAMED", headers={"Content-Type": "text/plain"}), 415, "text/plain")


def test_bad_update_missing_form_type(client: TestClient) -> None:
    refused(client.post("/sparql", content=b"update=CLEAR%20NAMED"), 415, "without Content-Type")


def test_bad_update_missing_direct_type(client: TestClient) -> None:
    refused(client.post("/sparql", content=b"CLEAR NAMED"), 415, "without Content-Type")


def test_bad_update_non_utf8(client: TestClient) -> None:
    headers = {"Content-Type": "application/sparql-update; charset=UTF-16"}
    refused(client.post("/sparql", content="CLEAR NAMED".encode("utf-16"), headers=headers), 415, "send UTF-8")


def test_options_names_the_methods(client: TestClient) -> None:
    answer = client.options("/sparql")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert client.options("/v1/papers").headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.options("/no/such/path").status_code == 404


def test_head_is_get_without_the_answer(client: TestClient) -> None:
    head, get = (client.request(each, "/sparql?query=ASK%20%7B%7D") for each in ("HEAD", "GET"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == get.headers["content-length"]
