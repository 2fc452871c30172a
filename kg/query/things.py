"""A name that a client sends -> what it leads to now, and the query for the document about it."""

from collections.abc import Mapping

from rdflib import Literal, URIRef

from kg.errors import GoneError, NotFoundError
from kg.index.search import SearchIndex
from kg.iri import Kind
from kg.query import library
from kg.query.catalogue import Catalogue

# As many papers as a document about an entity lists, see documents/entity.rq.
LISTED_PAPERS = 500
# As many names as are offered in place of one that nothing has.
NEAR = 3

_DOCUMENTS: Mapping[Kind, str] = {Kind.PAPER: "paper", Kind.ENTITY: "entity", Kind.MENTION: "mention"}


def living_name(catalogue: Catalogue, index: SearchIndex, kind: Kind, name: str) -> str:
    """The name under which a thing is in the graph: another than ``name`` where it was merged into that.

    Raises GoneError for what was there once, and else NotFoundError, with names that it could mean.
    """
    thing = catalogue.iris.thing(kind, name)
    said = next(library.run(catalogue.store, "described", thing=thing), None)
    if said is not None:
        heir = catalogue.iris.name(kind, said["heir"]) if "heir" in said else None
        return heir or name
    meant = _meant(catalogue, name) if kind is Kind.ENTITY else []
    if len(meant) == 1:
        return meant[0]
    if not meant and _retired(index, kind, name):
        raise GoneError(kind, name)
    raise NotFoundError(kind, name, meant or _near(index, kind, name))


def document_query(kind: Kind, thing: URIRef) -> str:
    """The CONSTRUCT query for all that a reader wants to know of a thing; it must be run with limits."""
    parameter = _DOCUMENTS.get(kind, "thing")
    return library.load_query(f"documents/{parameter}").filled(**{parameter: thing})


def _meant(catalogue: Catalogue, slug: str) -> list[str]:
    """The entities that a name without an entity of its own leads to.

    Where all papers together moved the mentions of a name, the mentions still have it as their surface; so the graph
    itself says where it went. An abbreviation that papers only ever define leads to what it stands for.
    """
    rows = library.run(catalogue.store, "surface_leads", surface=Literal(slug))
    return [catalogue.iris.slug(row["entity"]) for row in rows]


def _near(index: SearchIndex, kind: Kind, name: str) -> list[str]:
    """Entities that are called nearly so."""
    if kind is not Kind.ENTITY:
        return []
    return [each.slug for each in index.search(name.replace("-", " "), within=None, limit=NEAR).entities]


def _retired(index: SearchIndex, kind: Kind, name: str) -> bool:
    match kind:
        case Kind.PAPER | Kind.ENTITY:
            return index.retired(kind, name)
        case Kind.MENTION | Kind.DEFINITION:  # named after their paper
            parts = name.rsplit("-", 3 if kind is Kind.MENTION else 1)
            return index.retired(Kind.PAPER, parts[0])
    return False
