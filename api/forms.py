"""The forms in which our RDF is served, which of them a client wants, and how one form names the others."""

from collections.abc import Sequence
from functools import partial

from fastapi import HTTPException, Request
from rdflib import Graph

from api.negotiate import best_match
from kg.prefixes import PREFIXES
from kg.query.results import ResultFormat

PAGE = "text/html"
JSON = "application/json"
# The preferred first, with what rdflib calls them.
_WRITERS = {
    ResultFormat.TURTLE: "turtle",
    ResultFormat.JSONLD: "json-ld",
    ResultFormat.NTRIPLES: "nt",
    ResultFormat.RDFXML: "xml",
}
RDF = tuple(_WRITERS)
BY_EXTENSION = {form.extension: form for form in RDF}


def bare(form: ResultFormat) -> str:
    """The media type of a form without parameters, as Accept names it."""
    return form.media_type.partition(";")[0]


BY_MEDIA = {bare(form): form for form in RDF}


def chosen(request: Request, offered: Sequence[str]) -> str:
    """Which of the media types the client likes best, the earlier on a tie; 406 if it likes none."""
    best = best_match(request.headers.get("accept"), offered)
    if best is None:
        raise HTTPException(406, f"this can be had as {', '.join(offered)}", {"Vary": "Accept"})
    return best


def data_wanted(request: Request) -> ResultFormat | None:
    """The form of RDF that a client of a page would rather have; None for browsers, and whoever wants anything."""
    best = best_match(request.headers.get("accept"), (PAGE, *BY_MEDIA))
    return BY_MEDIA.get(best or PAGE)


def written(graph: Graph, form: ResultFormat) -> bytes:
    """A small graph of our own as a document, with short names where the form has them."""
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    write = partial(graph.serialize, format=_WRITERS[form], encoding="utf-8")
    return write(auto_compact=True) if form is ResultFormat.JSONLD else write()


def alternates(stem: str) -> str:
    """A Link header that names the document ``stem`` in each form, by its ending."""
    return ", ".join(f'<{stem}.{form.extension}>; rel="alternate"; type="{bare(form)}"' for form in RDF)


def in_openapi(description: str, *media: str) -> dict[str, object]:
    """What OpenAPI says of an answer in any form of RDF, and in these types."""
    return {"description": description, "content": {each: {} for each in (*media, *BY_MEDIA)}}
