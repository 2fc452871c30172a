"""RDF documents that clients send: which syntaxes are read, and what is refused before any parser sees them."""

from typing import NamedTuple

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
    """Raise BadRdfError for what is not UTF-8, and for XML with a document type.

    A few hundred bytes of nested entities grow to gigabytes in the parser. It reads UTF-8 alone, so that no other
    encoding can hide the declaration.
    """
    try:
        text = document.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRdfError(f"the document is not UTF-8 at byte {error.start}") from None
    if document.syntax == "rdfxml":
        upper = text.upper()
        for declaration in ("<!DOCTYPE", "<!ENTITY"):
            if declaration in upper:
                raise BadRdfError(f"{declaration} is not allowed in RDF/XML: write IRIs in full, without entities")
