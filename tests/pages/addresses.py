"""All pages of a site, with things of its own graph in their addresses: tests walk through them, pictures show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlencode

import numpy as np

from kg.analysis.related import Wanted, related
from kg.model import Entity, Label
from kg.workspace import Reader

_YEARS = """PREFIX kg: <https://w3id.org/paperkg/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?year (COUNT(?paper) AS ?papers) WHERE { ?paper a kg:Paper ; dcterms:issued ?year }
GROUP BY ?year ORDER BY ?year"""
_GRAPH = """PREFIX kg: <https://w3id.org/paperkg/ns#>
CONSTRUCT { ?paper kg:mentions ?entity } WHERE { ?paper kg:mentions ?entity } LIMIT 40"""
_BROKEN = "SELECT ?paper WHERE {\n  ?paper a kg:Paper\n"

MAP_BYTES = 150_000
"""Scripts of the map, packed, may have so many bytes."""
FORM_BYTES = 5_000
"""Those that only help with forms and buttons."""


class Address(NamedTuple):
    """A page: ``says`` stands in its main part, scripts or not; ``scripts`` is how many bytes it may load, packed.

    ``scripts`` is 0 for pages that need none, and None for those of tools that bring their own.
    """

    name: str
    path: str
    says: str = ""
    scripts: int | None = 0
    status: int = 200


@dataclass(frozen=True, slots=True)
class Things:
    """What of a graph its pages are shown with."""

    paper: str
    title: str
    near: str
    far: str
    entities: dict[Label, Entity]
    generic: Entity | None


def choose(reader: Reader) -> Things:
    """A paper that names much, another that is related to it, one that is not; of each type what most papers name."""
    incidence = reader.incidence
    row = int(np.argmax(np.diff(incidence.by_paper.indptr)))
    shared = (incidence.by_paper @ incidence.by_paper[row].T).toarray().ravel()
    paper = incidence.papers[row]
    near = next(iter(related(reader, paper, Wanted(limit=1))), None)
    common = {label: reader.index.entities(label=label, limit=60) for label in Label}
    return Things(
        paper,
        reader.index.texts([paper])[paper][0],
        near.paper_id if near else paper,
        incidence.papers[int(np.argmin(shared))],
        {label: next(e for e in found if not e.generic) for label, found in common.items() if found},
        next((e for found in common.values() for e in found if e.generic), None),
    )


def addresses(things: Things) -> dict[str, Address]:
    """Every page by its name: of each kind one at least, and those that say that there is nothing."""
    parts = (_places, _things, _between, _questions, _errors, _documents)
    return {each.name: each for part in parts for each in part(things)}


def _places(things: Things) -> Iterator[Address]:
    top = things.entities[Label.METHOD]
    yield Address("start", "/", scripts=FORM_BYTES)
    yield Address("map", "/map", top.name, MAP_BYTES)
    yield Address("map-focus", f"/map?{urlencode({'focus': top.slug})}", top.name, MAP_BYTES)
    yield Address("papers", "/papers", "papers", FORM_BYTES)
    yield Address("ingest", "/ingest", scripts=FORM_BYTES)
    yield Address("about", "/about", "Apache")


def _things(things: Things) -> Iterator[Address]:
    yield Address("paper", f"/papers/{quote(things.paper)}", things.title, FORM_BYTES)
    for label, entity in things.entities.items():
        plural = f"{label.lower()}s"
        yield Address(plural, f"/{plural}", entity.name)
        yield Address(label.lower(), f"/{plural}/{quote(entity.slug)}", entity.name, FORM_BYTES)
    if things.generic:
        yield Address(
            "generic", f"/{things.generic.label.lower()}s/{quote(things.generic.slug)}", things.generic.name, FORM_BYTES
        )


def _between(things: Things) -> Iterator[Address]:
    one, other = (things.entities[label].slug for label in (Label.METHOD, Label.DATASET))
    ids = ",".join(dict.fromkeys((things.paper, things.near, things.far)))
    yield Address("link", f"/link?{urlencode({'a': things.paper, 'b': things.near})}", things.title, FORM_BYTES)
    yield Address("link-none", f"/link?{urlencode({'a': things.paper, 'b': things.far})}", things.title, FORM_BYTES)
    yield Address("link-form", "/link", scripts=FORM_BYTES)
    yield Address("path", f"/path?{urlencode({'a': things.paper, 'b': things.far})}", things.title, FORM_BYTES)
    yield Address(
        "path-entities", f"/path?{urlencode({'a': f'entity:{one}', 'b': f'entity:{other}'})}", scripts=FORM_BYTES
    )
    yield Address("compare", f"/compare?{urlencode({'ids': ids})}", things.title, FORM_BYTES)
    yield Address("compare-form", "/compare", scripts=FORM_BYTES)


def _questions(things: Things) -> Iterator[Address]:
    words = things.entities[Label.METHOD].name
    yield Address("search", f"/search?{urlencode({'q': words})}", words, FORM_BYTES)
    yield Address("search-none", "/search?q=zzqqxx", "zzqqxx", FORM_BYTES)
    yield Address("sparql", "/sparql", scripts=None)
    yield Address("sparql-table", f"/sparql?{urlencode({'query': _YEARS})}", "year", None)
    yield Address("sparql-graph", f"/sparql?{urlencode({'query': _GRAPH})}", "mentions", None)
    yield Address("sparql-error", f"/sparql?{urlencode({'query': _BROKEN})}", "line", None, 400)


def _errors(_: Things) -> Iterator[Address]:
    yield Address("no-paper", "/papers/no-such-paper", status=404)
    yield Address("no-method", "/methods/no-such-method", status=404)
    yield Address("no-page", "/no/such/page", status=404)


def _documents(things: Things) -> Iterator[Address]:
    yield Address("vocabulary", "/ns", "Method")
    yield Address("document", f"/data/paper/{quote(things.paper)}.html", things.title)
    yield Address("api", "/docs", "openapi.json", None)
    yield Address("download", "/network", scripts=None)
