"""Expected failures to problem+json (RFC 9457), or to a page where a person asked; the one place."""

from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.middleware import STRICT_HEADERS
from api.negotiate import wants_page
from api.templating import page
from kg.errors import (
    AccessError,
    AmbiguousError,
    BadQueryError,
    BadRdfError,
    BadTokenError,
    ExtractionError,
    KgError,
    NotFoundError,
    NoTokenError,
    StoreError,
    StoreLockedError,
    WorkBusyError,
    WorkResourceError,
    WorkTimeoutError,
)

STATUS: dict[type[KgError], int] = {
    NotFoundError: 404,
    AmbiguousError: 409,
    BadQueryError: 400,
    BadRdfError: 400,
    NoTokenError: 401,
    BadTokenError: 401,
    AccessError: 403,
    WorkTimeoutError: 503,
    WorkResourceError: 503,
    WorkBusyError: 503,
    StoreError: 503,
    ExtractionError: 503,
    KgError: 500,
}
REASONS: dict[type[KgError], str] = {
    WorkTimeoutError: "timeout",
    WorkResourceError: "memory",
    WorkBusyError: "busy",
    StoreLockedError: "locked",
}
RETRY_AFTER = {"Retry-After": "2"}


def status_of(error: KgError) -> int:
    """The status of the nearest class that has one."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)


def problem(request: Request, status: int, detail: str, **extra: object) -> Response:
    """The answer to a failed request, in the form that the client asked for."""
    title = HTTPStatus(status).phrase
    headers = RETRY_AFTER if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    if wants_page(request):
        return page(request, "error.html", status=status, headers=headers, heading=title, detail=detail)
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **extra}
    return JSONResponse(body, status, headers, "application/problem+json")


def _challenging(response: Response, error: KgError) -> Response:
    """With the header that says which token would help, where one would."""
    if isinstance(error, AccessError) and error.challenge:
        response.headers["WWW-Authenticate"] = error.challenge
    return response


def install(app: FastAPI) -> None:
    """Answer every failure of ``app`` by ``problem``."""

    @app.exception_handler(KgError)
    def expected(request: Request, error: KgError) -> Response:
        extra: dict[str, object] = {}
        if isinstance(error, NotFoundError | AmbiguousError):
            extra["candidates"] = error.candidates
        for kind, reason in REASONS.items():
            if isinstance(error, kind):
                extra["reason"] = reason
        return _challenging(problem(request, status_of(error), str(error), **extra), error)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        response = problem(request, error.status_code, str(error.detail))
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
        response.headers.update(STRICT_HEADERS)
        return response
