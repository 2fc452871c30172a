"""The ontology at the path of its namespace, ``/ns``, and its shapes: as a page, and in every form of RDF."""

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.forms import BY_EXTENSION, BY_MEDIA, PAGE, alternates, chosen, in_openapi, written
from api.templating import page
from kg.errors import NotFoundError
from kg.query.results import ResultFormat
from kg.resources import load_graph, ontology_dir
from kg.view.vocabulary import vocabulary

router = APIRouter(tags=["linked data"])

Extension = Annotated[str, Path(description="The form.", json_schema_extra={"enum": list(BY_EXTENSION)})]

_REFUSED: dict[int | str, dict[str, object]] = {406: {"description": "No form that the client accepts"}}
_UNKNOWN: dict[int | str, dict[str, object]] = {404: {"description": "No such form"}}


@router.get("/ns", responses={200: in_openapi("The vocabulary", PAGE), **_REFUSED}, response_class=Response)
def get_vocabulary(request: Request) -> Response:
    """The classes and properties of the graph, in the form that Accept asks for."""
    best = chosen(request, (PAGE, *BY_MEDIA))
    if best in BY_MEDIA:
        return _answer("kg", BY_MEDIA[best], "/ns")
    shown = vocabulary(load_graph(ontology_dir() / "kg.ttl"))
    return page(request, "ontology.html", headers=_negotiated("/ns"), vocabulary=shown)


@router.get("/ns.{extension}", responses={200: in_openapi("The vocabulary"), **_UNKNOWN}, response_class=Response)
def get_vocabulary_document(extension: Extension) -> Response:
    """The classes and properties of the graph, in the form that the ending names."""
    return _answer("kg", _form(extension))


@router.get("/ns/shapes", responses={200: in_openapi("The shapes"), **_REFUSED}, response_class=Response)
def get_shapes(request: Request) -> Response:
    """What a legal graph looks like, as SHACL, in the form that Accept asks for."""
    return _answer("shapes", BY_MEDIA[chosen(request, tuple(BY_MEDIA))], "/ns/shapes")


@router.get("/ns/shapes.{extension}", responses={200: in_openapi("The shapes"), **_UNKNOWN}, response_class=Response)
def get_shapes_document(extension: Extension) -> Response:
    """What a legal graph looks like, as SHACL, in the form that the ending names."""
    return _answer("shapes", _form(extension))


def _form(extension: str) -> ResultFormat:
    if extension not in BY_EXTENSION:
        raise NotFoundError("form", extension, list(BY_EXTENSION))
    return BY_EXTENSION[extension]


def _answer(name: str, form: ResultFormat, stem: str | None = None) -> Response:
    """A file of the ontology; ``stem`` is the path whose form was negotiated."""
    headers = _negotiated(stem) | {"Content-Location": f"{stem}.{form.extension}"} if stem else {}
    return Response(_document(name, form), media_type=form.media_type, headers=headers)


def _negotiated(stem: str) -> dict[str, str]:
    return {"Vary": "Accept", "Link": alternates(stem)}


@cache
def _document(name: str, form: ResultFormat) -> bytes:
    path = ontology_dir() / f"{name}.ttl"
    # The file itself, for its comments.
    return path.read_bytes() if form is ResultFormat.TURTLE else written(load_graph(path), form)
