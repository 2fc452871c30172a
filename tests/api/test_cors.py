import pytest
from fastapi.testclient import TestClient

ORIGIN = {"Origin": "https://elsewhere.example"}
ALLOW = "access-control-allow-origin"
ASK = "/sparql?query=ASK%7B%7D"


def preflight(client: TestClient, path: str, method: str, headers: str = ""):
    asked = {"Access-Control-Request-Method": method} | ({"Access-Control-Request-Headers": headers} if headers else {})
    return client.options(path, headers=ORIGIN | asked)


@pytest.mark.parametrize("path", [ASK, "/sparql", "/v1/papers", "/v1/papers/nope", "/openapi.json", "/sparql?query=no"])
def test_any_site_may_read_open_data_and_its_errors(client: TestClient, path: str) -> None:
    headers = client.get(path, headers=ORIGIN).headers
    assert headers[ALLOW] == "*"
    assert "X-KG-Truncated" in headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in headers
    assert "Origin" in headers["vary"]
    assert client.head(path, headers=ORIGIN).headers[ALLOW] == "*"
    assert ALLOW not in client.get(path).headers


@pytest.mark.parametrize("path", ["/", "/papers", "/sparql", ASK, "/docs", "/network", "/health/live"])
def test_no_site_may_read_pages(client: TestClient, path: str) -> None:
    headers = client.get(path, headers=ORIGIN | {"Accept": "text/html"}).headers
    assert ALLOW not in headers
    assert "access-control-expose-headers" not in headers


def test_queries_may_be_posted_from_anywhere(client: TestClient) -> None:
    answer = preflight(client, "/sparql", "POST", "content-type, accept")
    assert (answer.status_code, answer.headers[ALLOW]) == (200, "*")
    assert answer.headers["x-content-type-options"] == "nosniff"
    posted = client.post("/sparql", data={"query": "ASK {}"}, headers=ORIGIN)
    assert (posted.status_code, posted.headers[ALLOW]) == (200, "*")


@pytest.mark.parametrize("path", ["/sparql", "/v1/papers", "/v1/extract"])
def test_tokens_do_not_travel_from_other_sites(client: TestClient, path: str) -> None:
    answer = preflight(client, path, "GET", "authorization")
    assert answer.status_code == 400
    assert "authorization" not in answer.headers["access-control-allow-headers"].lower()


@pytest.mark.parametrize(("path", "method"), [("/v1/extract", "POST"), ("/sparql", "PUT"), ("/v1/papers", "DELETE")])
def test_other_methods_are_refused_beforehand(client: TestClient, path: str, method: str) -> None:
    assert preflight(client, path, method).status_code == 400


def test_what_is_posted_elsewhere_stays_closed(client: TestClient) -> None:
    assert ALLOW not in client.post("/v1/extract", json={}, headers=ORIGIN).headers


def test_another_host_name_opens_nothing(client: TestClient) -> None:
    asked = ORIGIN | {"Host": "evil.example", "Access-Control-Request-Method": "GET"}
    assert client.options("/sparql", headers=asked).status_code == 400
    assert ALLOW not in client.get(ASK, headers=ORIGIN | {"Host": "evil.example"}).headers
