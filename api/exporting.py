"""Results as files: which form a client wants, and the answer that holds it."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError

from api.negotiate import accept_of, best_match
from kg.view.forms import ENTITIES, NETWORK, PAPERS, TABLE, Form
from kg.view.results import Result


def _chooser(offered: tuple[Form, ...]) -> Callable[..., Form]:
    names = ", ".join(offered)

    def choose(
        request: Request,
        response: Response,
        named: Annotated[
            str | None,
            Query(alias="format", description="Instead of Accept.", json_schema_extra={"enum": [*offered]}),
        ] = None,
    ) -> Form:
        response.headers["Vary"] = "Accept"
        if named is not None:
            if named not in offered:
                raise RequestValidationError(
                    [{"loc": ("query", "format"), "msg": f"this can be had as {names}", "type": "enum"}]
                )
            return Form(named)
        best = best_match(accept_of(request), tuple(form.bare for form in offered))
        if best is None:
            raise HTTPException(406, f"this can be had as {', '.join(form.bare for form in offered)}")
        return next(form for form in offered if form.bare == best)

    return choose


TableForm = Annotated[Form, Depends(_chooser(TABLE))]
EntitiesForm = Annotated[Form, Depends(_chooser(ENTITIES))]
PapersForm = Annotated[Form, Depends(_chooser(PAPERS))]
NetworkForm = Annotated[Form, Depends(_chooser(NETWORK))]
"""The form that a client wants, among those that fit: 422 for another ``?format=``, 406 where Accept likes none."""


def in_openapi(model: Any, forms: tuple[Form, ...]) -> dict[int | str, dict[str, Any]]:  # noqa: ANN401 - a type, of any kind
    """What OpenAPI says of an answer that is ``model`` as JSON, and can be had in these forms."""
    return {200: {"model": model, "content": {form.bare: {} for form in forms if form is not Form.JSON}}}


def next_page(request: Request, cursor: str | None) -> str | None:
    """The address of this request for the page after, if there is one."""
    return str(request.url.include_query_params(cursor=cursor)) if cursor else None


def exported(form: Form, result: Result, *, more: str | None = None) -> Response:
    """The answer in any form but JSON, which a route gives in its own shape.

    ``more`` is the address of the page after, of a list that goes on; see ``next_page``.
    """
    answer = attached(result.written(form), form.media_type, result.name, form.extension)
    answer.headers["Vary"] = "Accept"
    if more:
        answer.headers["Link"] = f'<{more}>; rel="next"'
    return answer


def attached(content: bytes, media_type: str, name: str, extension: str) -> Response:
    """A file to be saved, called by as much of ``name`` as file systems bear."""
    stem = re.sub(r"(?:[^A-Za-z0-9_.]|\.\.+)+", "-", name).strip("-.")[:100] or "result"
    headers = {"Content-Disposition": f'attachment; filename="{stem}.{extension}"'}
    return Response(content, media_type=media_type, headers=headers)
