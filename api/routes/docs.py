"""The documentation of the API by Swagger UI, from files of an installed package: works offline."""

from fastapi import APIRouter, Request, Response

from api.middleware import CONTENT_SECURITY_POLICY
from api.templating import page

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def docs(request: Request) -> Response:
    """Swagger UI over ``/openapi.json``."""
    response = page(request, "docs.html")
    # Swagger UI sets style attributes; scripts stay as strict as elsewhere.
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
        "style-src 'self'", "style-src 'self' 'unsafe-inline'"
    )
    return response
