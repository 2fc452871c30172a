"""What the pages of papers and entities have in common: names that moved, and the documents beside them."""

from fastapi import Request, Response

from api.addresses import document_path, moved_to, page_path, see_other
from api.forms import alternates, data_wanted
from kg.iri import Kind
from kg.query.things import living_name
from kg.workspace import Reader


def elsewhere(request: Request, reader: Reader, kind: Kind, name: str) -> Response | None:
    """The way to the thing that another was merged into, or to the data for a program that asks for RDF.

    Raises NotFoundError or GoneError where there is no such thing.
    """
    living = living_name(reader.catalogue, reader.index, kind, name)
    if living != name:
        return moved_to(page_path(kind, living))
    form = data_wanted(request)
    return see_other(document_path(kind, name, form.extension)) if form else None


def described(kind: Kind, name: str) -> dict[str, str]:
    """Headers that lead from the page to the documents about the same thing."""
    return {"Vary": "Accept", "Link": alternates(document_path(kind, name, "ttl").removesuffix(".ttl"))}
