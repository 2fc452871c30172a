"""What an editor of queries offers: questions as queries that run on this graph, and the words they are made of."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from typing import Self
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SDO, SH

from api.addresses import see_other
from api.deps import ReaderDep, ServiceDep
from api.forms import BY_MEDIA, JSON, PAGE, chosen, in_openapi, written
from api.questions import filled
from kg.prefixes import PREFIXES
from kg.query.examples import Example
from kg.resources import load_graph, ontology_dir
from kg.view.words import Word, WordKind, words

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


class WordOut(BaseModel):
    """A class or a property; ``source`` are the classes whose things have the property, ``target`` where it leads."""

    name: str
    kind: WordKind
    label: str
    comment: str
    source: list[str]
    target: list[str]

    @classmethod
    def of(cls, word: Word) -> Self:
        """From our noun."""
        return cls(**asdict(word))


class WordsOut(BaseModel):
    """``base`` is what all IRIs of things in the graph start with, ``prefixes`` are namespaces by their short names."""

    base: str
    prefixes: dict[str, str]
    words: list[WordOut]


@router.get(
    "/sparql/examples",
    summary="Questions that the graph answers, as queries",
    responses={
        200: {**in_openapi("The questions"), "model": list[ExampleOut]},
        303: {"description": "To the page that shows the questions to people"},
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
    if best == PAGE:
        return see_other("/sparql#questions")
    found = filled(service, reader)
    vary = {"Vary": "Accept"}
    if best in BY_MEDIA:
        endpoint = URIRef(f"{request.base_url}sparql")
        body = written(_as_graph(found, f"{reader.iris.base}sparql/examples", endpoint), BY_MEDIA[best])
        return Response(body, media_type=BY_MEDIA[best].media_type, headers=vary)
    return JSONResponse([_shown(each).model_dump() for each in found], headers=vary)


@router.get("/sparql/words", summary="The words that queries are made of")
def get_words(service: ServiceDep, response: Response) -> WordsOut:
    """Prefixes, and the classes and properties of the graph, each with what it means: for editors of queries."""
    response.headers["Cache-Control"] = "max-age=600"  # they change with a release
    return _words(service.settings.base)


@cache
def _words(base: str) -> WordsOut:
    found = words(load_graph(ontology_dir() / "kg.ttl"), load_graph(ontology_dir() / "shapes.ttl"))
    return WordsOut(base=base, prefixes=dict(PREFIXES), words=[WordOut.of(each) for each in found])


def _shown(example: Example) -> ExampleOut:
    return ExampleOut(
        id=example.id,
        summary=example.summary,
        query=example.query,
        parameters={name: term.n3() for name, term in example.parameters.items()},
        answered=example.answered,
        url=f"/sparql?{urlencode({'query': example.query})}",
    )


def _as_graph(found: Sequence[Example], document: str, endpoint: URIRef) -> Graph:
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
