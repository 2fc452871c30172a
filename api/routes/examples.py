"""The competency questions, each as a query that runs on this graph: for people, for programs, and as RDF."""

from functools import partial
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SDO, SH

from api.deps import ReaderDep, ServiceDep
from api.forms import BY_MEDIA, JSON, PAGE, chosen, in_openapi, written
from api.templating import page
from kg.query.examples import Example, examples, values

router = APIRouter(tags=["sparql"])


class ExampleOut(BaseModel):
    """A question and the query that asks it; ``parameters`` are terms as N-Triples writes them, by variable.

    ``answered`` is false where this graph holds no answer. ``url`` is the query on this service.
    """

    id: str
    summary: str
    query: str
    parameters: dict[str, str]
    answered: bool
    url: str


@router.get(
    "/sparql/examples",
    summary="Questions that the graph answers, as queries",
    responses={
        200: {**in_openapi("The questions", PAGE), "model": list[ExampleOut]},
        406: {"description": "No form that the client accepts"},
        503: {"description": "The values are still being looked for; Retry-After says when to come again"},
    },
    response_class=JSONResponse,
)
def get_examples(request: Request, reader: ReaderDep, service: ServiceDep) -> Response:
    """Every query runs as it stands: its parameters have values of this graph, given by VALUES.

    As RDF, each is an executable of SHACL with the endpoint as `schema:target`.
    """
    best = chosen(request, (JSON, PAGE, *BY_MEDIA))
    found = service.exemplifier.get(reader, partial(examples, values(reader.catalogue, reader.index)))
    vary = {"Vary": "Accept"}
    if best in BY_MEDIA:
        endpoint = URIRef(f"{request.base_url}sparql")
        body = written(_as_graph(found, f"{reader.iris.base}sparql/examples", endpoint), BY_MEDIA[best])
        return Response(body, media_type=BY_MEDIA[best].media_type, headers=vary)
    shown = [_shown(each) for each in found]
    if best == PAGE:
        return page(request, "examples.html", headers=vary, examples=shown)
    return JSONResponse([each.model_dump() for each in shown], headers=vary)


def _shown(example: Example) -> ExampleOut:
    return ExampleOut(
        id=example.id,
        summary=example.summary,
        query=example.query,
        parameters={name: term.n3() for name, term in example.parameters.items()},
        answered=example.answered,
        url=f"/sparql?{urlencode({'query': example.query})}",
    )


def _as_graph(found: list[Example], document: str, endpoint: URIRef) -> Graph:
    graph = Graph()
    graph.bind("sh", SH)
    for example in found:
        node = URIRef(f"{document}#{example.id}")
        graph.add((node, RDF.type, SH.SPARQLExecutable))
        graph.add((node, RDF.type, SH.SPARQLSelectExecutable))
        graph.add((node, RDFS.comment, Literal(example.summary, lang="en")))
        graph.add((node, SH.select, Literal(example.query)))
        graph.add((node, SDO.target, endpoint))
    return graph
