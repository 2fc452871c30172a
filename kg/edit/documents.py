"""RDF documents that clients send: which syntaxes are read, and what is refused before their parser sees it."""

from typing import NamedTuple
from xml.parsers import expat

from kg.errors import BadRdfError

SYNTAXES = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/rdf+xml": "rdfxml",
    "application/ld+json": "jsonld",
}
"""Media types that are read, and the names of their syntaxes."""


class Document(NamedTuple):
    """An RDF graph as a client sent it; relative IRIs in it start from ``base``."""

    body: bytes
    syntax: str
    base: str


def require_harmless(document: Document) -> None:
    """Raise BadRdfError for what is not UTF-8, and for XML that is cut off or has a document type.

    The parser of RDF/XML takes a missing end for an end, and grows a few hundred bytes of nested entities to gigabytes.
    """
    try:
        document.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRdfError(f"the document is not UTF-8 at byte {error.start}") from None
    if document.syntax == "rdfxml":
        _require_plain_xml(document.body)


def _require_plain_xml(body: bytes) -> None:
    # The encoding that the document declares must not make this parser see another text than the next.
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise BadRdfError(f"the document cannot be read as XML: {error}") from None


def _refuse_doctype(*_: object) -> None:
    raise BadRdfError("DOCTYPE and ENTITY are not allowed in RDF/XML: write IRIs in full")
