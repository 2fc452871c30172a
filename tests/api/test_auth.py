import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request

from api.app import create_app
from api.auth import authorize, require_safe_address
from api.deps import Service
from kg.errors import AccessError, BadTokenError, NoTokenError, ScopeError, StoreError
from kg.settings import Settings
from kg.tokens import Scope, Tokens
from kg.workspace import Workspace
from tests.api.conftest import settings
from tests.corpus import BASE

UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}
READ_ROUTES = ("/", "/v1/papers", "/v1/papers/ntk", "/v1/entities", "/papers/ntk", "/network", "/health/live", "/docs")


@pytest.fixture
def folder(data_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_folder, tmp_path / "data"))


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(settings(folder)), raise_server_exceptions=False) as made:
        yield made


def live(folder: Path) -> list[str]:
    with Workspace(folder, BASE).writer() as writer:
        return sorted(map(str, writer.store._store))


def bearer(value: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {value}"}


def ask(folder: Path, *headers: tuple[str, str], scope: Scope = Scope.UPDATE, **changes: object) -> object:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    request = Request({"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": raw})
    made = settings(folder, **changes)
    return authorize(request, Service(made, Workspace(folder, BASE)), scope)


def every_write(client: TestClient, headers: dict[str, str]) -> Iterator[tuple[str, int, dict[str, str]]]:
    graph = {"graph": f"{BASE}graph/paper/ntk"}
    for method in ("PUT", "POST", "DELETE"):
        for params in (graph, {"default": ""}, {"graph": "urn:new"}):
            body = b"<urn:a> <urn:b> 1 ." if method != "DELETE" else b""
            answer = client.request(method, "/graph-store", params=params, content=body, headers={**TURTLE, **headers})
            yield f"{method} /graph-store", answer.status_code, answer.headers


def test_no_write_route_answers_before_there_is_a_token(client: TestClient, folder: Path) -> None:
    before = live(folder)
    for headers in ({}, bearer("kg_" + "A" * 43)):
        for what, status, _ in every_write(client, headers):
            assert status == 403, what
    answer = client.delete("/graph-store?default")
    assert "kg token create --scope update" in answer.json()["detail"]
    assert live(folder) == before


def test_wrong_tokens_write_nothing(client: TestClient, folder: Path) -> None:
    tokens, before = Tokens(folder), live(folder)
    revoked, gone = tokens.create({Scope.UPDATE})
    tokens.revoke(revoked.id)
    _, expired = tokens.create({Scope.UPDATE}, lifetime=-1)
    _, other = tokens.create({Scope.INGEST, Scope.CURATE})
    cases = {
        401: [{}, bearer("kg_" + "A" * 43), bearer(gone), bearer(expired), bearer(""), bearer(other + "A")],
        403: [bearer(other)],
    }
    cases[401] += [{"Authorization": f"Basic {other}"}, {"Authorization": other}, {"X-Token": other}]
    for expected, all_headers in cases.items():
        for headers in all_headers:
            for what, status, answered in every_write(client, headers):
                assert status == expected, (what, headers)
                assert answered["www-authenticate"].startswith('Bearer realm="paperkg"')
                assert ("insufficient_scope" in answered["www-authenticate"]) == (expected == 403)
    assert live(folder) == before


def test_a_token_in_the_address_is_no_token(client: TestClient, folder: Path) -> None:
    _, value = Tokens(folder).create({Scope.UPDATE})
    for name in ("access_token", "token", "authorization"):
        answer = client.delete("/graph-store", params={"default": "", name: value})
        assert answer.status_code == 401
    form = client.post("/graph-store", params={"default": ""}, data={"access_token": value})
    assert form.status_code == 401


def test_routes_that_read_take_no_writes_even_with_a_token(client: TestClient, folder: Path) -> None:
    before = live(folder)
    _, value = Tokens(folder).create({Scope.ADMIN})
    for method, path in product(("PUT", "POST", "DELETE", "PATCH"), READ_ROUTES):
        answer = client.request(method, path, content=b"<urn:a> <urn:b> 1 .", headers={**TURTLE, **bearer(value)})
        assert answer.status_code == 405, path
    assert live(folder) == before


def test_the_sparql_route_takes_no_update_without_a_token(client: TestClient, folder: Path) -> None:
    before, update = live(folder), "DROP ALL"
    Tokens(folder).create({Scope.UPDATE})
    answers = [
        client.post("/sparql", content=update, headers=UPDATE),
        client.post("/sparql", data={"update": update}),
        client.post("/sparql", data={"query": update}),
        client.get("/sparql", params={"update": update}),
        client.get("/sparql", params={"query": update}),
    ]
    assert {answer.status_code for answer in answers} <= {400, 401, 403}
    assert live(folder) == before


def test_what_the_errors_are(folder: Path) -> None:
    with pytest.raises(AccessError, match="no write route answers until a token exists"):
        ask(folder)
    token, value = Tokens(folder).create({Scope.CURATE})
    with pytest.raises(NoTokenError, match="Authorization: Bearer"):
        ask(folder)
    with pytest.raises(ScopeError):
        ask(folder, ("Authorization", f"Bearer {value}"))
    for headers in (
        [("Authorization", f"Bearer {value}")] * 2,
        [("Authorization", "Bearer")],
        [("Authorization", f"Bearer {value} {value}")],
    ):
        with pytest.raises(BadTokenError):
            ask(folder, *headers, scope=Scope.CURATE)
    assert ask(folder, ("Authorization", f"bearer  {value}"), scope=Scope.CURATE)
    with pytest.raises(AccessError, match="KG_WRITES=off"):
        ask(folder, ("Authorization", f"Bearer {value}"), scope=Scope.CURATE, writes="off")
    Tokens(folder).revoke(token.id)
    with pytest.raises(BadTokenError, match="revoked"):
        ask(folder, ("Authorization", f"Bearer {value}"), scope=Scope.CURATE)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "kg.example.org", ""])  # noqa: S104 - not listened on
def test_a_public_address_needs_a_token_or_no_writes(tmp_path: Path, host: str) -> None:
    public = Settings(data=tmp_path, host=host)
    with pytest.raises(StoreError, match=r"kg token create --scope update, or set KG_WRITES=off"):
        require_safe_address(public)
    require_safe_address(public.model_copy(update={"writes": "off"}))
    Tokens(tmp_path).create({Scope.UPDATE})
    require_safe_address(public)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost", "LOCALHOST"])
def test_this_machine_alone_needs_none(tmp_path: Path, host: str) -> None:
    require_safe_address(Settings(data=tmp_path, host=host))
