"""Expected failures to problem+json (RFC 9457), or to a page where a person asked; the one place."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount

from api.middleware import STRICT_HEADERS
from api.negotiate import wants_page
from api.record import record_of
from api.templating import page
from kg.errors import (
    AccessError,
    AmbiguousError,
    BadQueryError,
    BadRdfError,
    BadTokenError,
    BudgetError,
    ExtractionError,
    GoneError,
    KgError,
    NotFoundError,
    NoTokenError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    WorkBusyError,
    WorkResourceError,
    WorkTimeoutError,
)

STATUS: dict[type[KgError], int] = {
    NotFoundError: 404,
    GoneError: 410,
    AmbiguousError: 409,
    BadQueryError: 400,
    BudgetError: 429,
    BadRdfError: 400,
    NoTokenError: 401,
    BadTokenError: 401,
    AccessError: 403,
    WorkTimeoutError: 503,
    WorkResourceError: 503,
    WorkBusyError: 503,
    StoreFullError: 507,
    StoreError: 503,
    ExtractionError: 503,
    KgError: 500,
}
REASONS: dict[type[KgError], str] = {
    WorkTimeoutError: "timeout",
    WorkResourceError: "memory",
    WorkBusyError: "busy",
    BudgetError: "budget",
    StoreLockedError: "locked",
}
RETRY_SECONDS = 2
NO_ROUTE = "Nothing is at this address. It may be mistyped or out of date; search finds papers and entities by name."

PROBLEM: dict[str, Any] = {
    "application/problem+json": {
        "schema": {
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string", "description": "What was wrong, and what to do."},
            },
        }
    }
}
PROBLEMS: dict[int | str, dict[str, Any]] = {"default": {"description": "What went wrong", "content": PROBLEM}}
"""What OpenAPI says of the errors of every route."""


def status_of(error: KgError) -> int:
    """The status of the nearest class that has one."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)


def retry_after(error: KgError) -> dict[str, str] | None:
    """The header that says when to ask again, for failures that pass."""
    if isinstance(error, BudgetError):
        return {"Retry-After": str(error.retry_after)}
    return {"Retry-After": str(RETRY_SECONDS)} if status_of(error) == HTTPStatus.SERVICE_UNAVAILABLE else None


def reason_of(error: KgError) -> str:
    """One word for what a client can wait for or do less of; empty for other failures."""
    return next((reason for kind, reason in REASONS.items() if isinstance(error, kind)), "")


def problem(
    request: Request, status: int, detail: str, headers: dict[str, str] | None = None, **extra: object
) -> Response:
    """The answer to a failed request, in the form that the client asked for."""
    title = HTTPStatus(status).phrase
    if wants_page(request):
        return page(request, "error.html", status=status, headers=headers, heading=title, detail=detail)
    identity = {"request_id": record_of(request).id}
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **extra, **identity}
    return JSONResponse(body, status, headers, "application/problem+json")


def _members_of(error: KgError) -> dict[str, object]:
    """What programs may want to know of an error beside its text."""
    members: dict[str, object] = {}
    if isinstance(error, NotFoundError | AmbiguousError):
        members["candidates"] = error.candidates
    if isinstance(error, BadQueryError) and error.place:
        members["line"], members["column"] = error.place
    if reason := reason_of(error):
        members["reason"] = reason
    return members


def _other_method(request: Request, _: Exception) -> Response:
    """What a path answers to methods that it does not take, OPTIONS among them."""
    asked = request.method == "OPTIONS"
    response = Response(status_code=204) if asked else problem(request, 405, f"{request.method} is not allowed here")
    response.headers["Allow"] = ", ".join(_methods_of(request))
    return response


def _methods_of(request: Request) -> list[str]:
    """What the path of a request takes: a route that refuses a method knows those of its own only."""

    def taken(method: str) -> bool:
        scope = {**request.scope, "method": method}
        # Files are mounted, and a mount takes whatever comes.
        routes = [each for each in request.app.routes if method == "GET" or not isinstance(each, Mount)]
        return any(each.matches(scope)[0] is Match.FULL for each in routes)

    methods = {method for method in ("DELETE", "GET", "PATCH", "POST", "PUT") if taken(method)}
    return sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set()))


def _challenging(response: Response, error: KgError) -> Response:
    """With the header that says which token would help, where one would."""
    if isinstance(error, AccessError) and error.challenge:
        response.headers["WWW-Authenticate"] = error.challenge
    return response


def install(app: FastAPI) -> None:
    """Answer every failure of ``app`` by ``problem``."""
    app.add_exception_handler(405, _other_method)

    @app.exception_handler(KgError)
    def expected(request: Request, error: KgError) -> Response:
        record_of(request).reason = reason_of(error)
        response = problem(request, status_of(error), str(error), retry_after(error), **_members_of(error))
        return _challenging(response, error)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        # What no route takes is told in Starlette's words, which say nothing.
        detail = str(error.detail)
        said = NO_ROUTE if error.status_code == 404 and detail == HTTPStatus(404).phrase else detail
        response = problem(request, error.status_code, said)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'][1:])) or e['loc'][0]}: {e['msg']}" for e in error.errors())
        return problem(request, 422, wrong)

    @app.exception_handler(Exception)
    def bug(request: Request, _: Exception) -> Response:
        response = problem(request, 500, "a fault of the service; its log says more")
        # Starlette answers bugs outside of all middleware.
        response.headers.update({**STRICT_HEADERS, "X-Request-ID": record_of(request).id})
        return response
