"""What there is in the graph, for programs that look for data: VoID at its well-known place (RFC 8615)."""

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial

from fastapi import APIRouter, Request, Response

from api.deps import ReaderDep, ServiceDep
from api.forms import BY_MEDIA, chosen, in_openapi, written
from kg.query.survey import samples, survey
from kg.view.void import void

router = APIRouter(tags=["linked data"])

_FORMATS = [f"http://www.w3.org/ns/formats/{name}" for name in ("Turtle", "JSON-LD", "N-Triples", "RDF_XML")]


@router.get(
    "/.well-known/void",
    responses={
        200: in_openapi("The description of the dataset"),
        406: {"description": "No form that the client accepts"},
        503: {"description": "The graph is still being counted; Retry-After says when to come again"},
    },
    response_class=Response,
)
def get_void(request: Request, reader: ReaderDep, service: ServiceDep) -> Response:
    """The dataset in VoID: its size, its classes and properties with counts, things to start from, the endpoint.

    The counts are those of the newest snapshot, or of the one before while they are being taken.
    """
    form = BY_MEDIA[chosen(request, tuple(BY_MEDIA))]
    modified = datetime.fromtimestamp(int(reader.path.stat().st_mtime), UTC)
    known = samples(reader.catalogue, reader.index)
    found = service.surveyor.get(reader, partial(survey, reader.iris, known, reader.path.name, modified))
    described = void(found, reader.iris, str(request.base_url), _FORMATS)
    headers = {"Vary": "Accept", "Last-Modified": format_datetime(found.modified, usegmt=True)}
    return Response(written(described, form), media_type=form.media_type, headers=headers)
