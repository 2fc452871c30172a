"""What the graph says of many papers and entities at once, as the indexes hold it.

Of what a client wrote in part or wrongly nothing is told; of what it wrote twice, what sorts first.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeAlias, TypeVar

from rdflib import URIRef

from kg.graph.terms import ROLES
from kg.index.incidence import PaperFact
from kg.model import Entity, Field, Paper, Place, Role
from kg.query import library
from kg.query.catalogue import Catalogue, entity_of, local_name, paper_of

AT_ONCE = 64
"""Papers or entities a query: more would cost memory, and fewer the time to plan it."""
_LARGEST = 2**31 - 1
_ROLES = list(Role)

Texts: TypeAlias = Mapping[str, str]
Shown: TypeAlias = tuple[Field, bool, float, int]
"""How well a mention shows what it names, the best first: in the abstract, saying a role, surely, early."""
T = TypeVar("T")


def papers(catalogue: Catalogue, paper_ids: Iterable[str]) -> Iterator[Paper]:
    """The records of those of these papers that the graph describes, in order."""
    for some in _chunks(paper_ids):
        rows = _rows(catalogue, "paper_metadata", paper={each: catalogue.iris.paper(each) for each in some})
        yield from _whole(paper_of, some, rows)


def entities(catalogue: Catalogue, slugs: Iterable[str]) -> Iterator[Entity]:
    """Those of these entities that the graph describes, with their aliases, in order."""
    for some in _chunks(slugs):
        nodes = {each: catalogue.iris.entity(each) for each in some}
        rows = _rows(catalogue, "entity_summary", entity=nodes)
        aliases = _rows(catalogue, "entity_aliases", entity=nodes)

        def entity(slug: str, row: Texts, aliases: Mapping[str, list[Texts]] = aliases) -> Entity:
            return entity_of(slug, row, sorted({each["alias"] for each in aliases[slug]}))

        yield from _whole(entity, some, rows)


def facts(catalogue: Catalogue, records: Iterable[tuple[str, int | None, str | None]]) -> Iterator[PaperFact]:
    """What these papers name, in order; each is given as id, year and venue."""
    for some in _chunks(records):
        nodes = {paper_id: catalogue.iris.paper(paper_id) for paper_id, _, _ in some}
        mentions = _rows(catalogue, "named", paper=nodes)
        roles = _rows(catalogue, "paper_roles", paper=nodes)
        for paper_id, year, venue in some:
            surely, places = _folded(catalogue, mentions[paper_id])
            does = _roles(catalogue, roles[paper_id])
            named = [(slug, confidence, does.get(slug)) for slug, confidence in surely.items()]
            yield PaperFact(paper_id, year, venue, named, places)


def hierarchy(catalogue: Catalogue, slugs: Iterable[str] | None = None) -> Iterator[tuple[str, str]]:
    """Each of these entities, or of all, with each that is directly broader."""
    if slugs is None:
        rows = catalogue.store.texts(library.load_query("hierarchy").filled())
        return ((catalogue.iris.slug(row["narrow"]), catalogue.iris.slug(row["broad"])) for row in rows)
    return _others(catalogue, "broader", slugs, lambda row: catalogue.iris.slug(row["other"]))


def narrower(catalogue: Catalogue, slugs: Iterable[str]) -> set[str]:
    """Entities directly narrower than one of these."""
    return {other for _, other in _others(catalogue, "narrower", slugs, lambda row: catalogue.iris.slug(row["other"]))}


def naming(catalogue: Catalogue, slugs: Iterable[str]) -> set[str]:
    """Papers with a mention of one of these entities."""
    pairs = _others(catalogue, "entity_naming", slugs, lambda row: catalogue.iris.paper_id(row["paper"]))
    return {paper_id for _, paper_id in pairs}


def papers_with(catalogue: Catalogue, mentions: Iterable[str]) -> set[str]:
    """Papers that these mentions are in, which are given by their IRIs."""
    found = set[str]()
    for some in _chunks(mentions):
        rows = _rows(catalogue, "mention_papers", mention={each: URIRef(each) for each in some})
        found.update(catalogue.iris.paper_id(row["paper"]) for of_one in rows.values() for row in of_one)
    return found


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    items = iter(items)
    while some := list(islice(items, AT_ONCE)):
        yield some


def _rows(catalogue: Catalogue, query: str, **wanted: Mapping[str, URIRef]) -> defaultdict[str, list[Texts]]:
    """The rows of a query about several things, by the key that each is given under."""
    (name, nodes), *_ = wanted.items()
    keys = {str(node): key for key, node in nodes.items()}
    found: defaultdict[str, list[Texts]] = defaultdict(list)
    text = library.load_query(query).filled_with_each(**{name: nodes.values()})
    for row in catalogue.store.texts(text):
        found[keys[row[name]]].append(row)
    return found


def _others(
    catalogue: Catalogue, query: str, slugs: Iterable[str], other: Callable[[Texts], str]
) -> Iterator[tuple[str, str]]:
    for some in _chunks(slugs):
        rows = _rows(catalogue, query, entity={each: catalogue.iris.entity(each) for each in some})
        yield from ((slug, other(row)) for slug, of_one in rows.items() for row in of_one)


def _whole(read: Callable[[str, Texts], T], keys: Iterable[str], rows: Mapping[str, list[Texts]]) -> Iterator[T]:
    for key in keys:
        if key in rows:
            try:
                yield read(key, min(rows[key], key=lambda row: sorted(row.items())))
            except (KeyError, ValueError):
                continue


def _folded(catalogue: Catalogue, mentions: Iterable[Texts]) -> tuple[dict[str, float], dict[str, Place]]:
    """How surely at most a paper names each entity, and where it is shown best."""
    surely: dict[str, float] = {}
    shown: dict[str, tuple[Shown, Place]] = {}
    for row in mentions:
        slug = catalogue.iris.slug(row["entity"])
        try:
            score = float(row["score"])
            confidence, place = score * float(row["linkScore"]), _place(row)
        except ValueError:
            continue
        if 0 < confidence <= 1:
            surely[slug] = max(confidence, surely.get(slug, 0.0))
            shows = (place.field, "role" not in row, -score, place.start), place
            shown[slug] = min(shows, shown.get(slug, shows))
    return surely, {slug: place for slug, (_, place) in shown.items()}


def _place(row: Texts) -> Place:
    start, end, begin, length = (int(row[name]) for name in ("start", "end", "sentenceStart", "length"))
    if not 0 <= begin <= start <= end <= begin + length <= _LARGEST:
        raise ValueError("a mention stands outside of its sentence")
    return Place(Field(local_name(row["field"])), start, end, begin, begin + length)


def _roles(catalogue: Catalogue, rows: Iterable[Texts]) -> dict[str, Role]:
    """What a paper does with each entity: one thing, be there edges of several."""
    found: dict[str, Role] = {}
    for row in rows:
        slug, role = catalogue.iris.slug(row["entity"]), ROLES[URIRef(row["role"])]
        found[slug] = min(role, found.get(slug, role), key=_ROLES.index)
    return found
