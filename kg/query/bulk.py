"""What the graph says of many papers and entities at once, as the indexes hold it.

Of what a client wrote in part or wrongly nothing is told; of what it wrote twice, what sorts first.
"""

import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from typing import TypeAlias, TypeVar

from rdflib import URIRef
from rdflib.namespace import DCTERMS

from kg.graph.terms import ROLES
from kg.index.incidence import PaperFact
from kg.model import Entity, Field, Paper, Place, Role
from kg.query import library
from kg.query.catalogue import Catalogue, entity_of, local_name, paper_of
from kg.vocab import BIBO, KG, SCHEMA

AT_ONCE = 64
"""Papers or entities a query: more would cost memory, and fewer the time to plan it."""
_THREADS = min(4, os.cpu_count() or 1)
_LARGEST = 2**31 - 1
_ENTITY = {"entity_label": "name", "entity_type": "type", "entity_count": "count", "entity_generic": "generic"}
"""Queries, and what of their rows says the same as a row of ``entity_summary``."""
_PAPER: Mapping[str, str] = {
    str(DCTERMS.title): "title",
    str(DCTERMS.abstract): "abstract",
    str(DCTERMS.issued): "year",
    str(DCTERMS.identifier): "identifier",
    str(KG.byline): "byline",
    str(KG.venue): "venue",
    str(KG.arxivId): "arxiv",
    str(BIBO.doi): "doi",
    str(SCHEMA.url): "url",
}
"""Properties by their names in a row of ``paper_metadata``."""
_MENTION: Mapping[str, str] = {
    str(KG.refersTo): "entity",
    str(KG.confidence): "score",
    str(KG.linkScore): "linkScore",
    str(KG.field): "field",
    str(KG.beginIndex): "start",
    str(KG.endIndex): "end",
    str(KG.sentence): "sentence",
    str(KG.sentenceBegin): "begin",
    str(KG.role): "role",
}
_ROLES = list(Role)

Texts: TypeAlias = Mapping[str, str]
Shown: TypeAlias = tuple[Field, bool, float, int]
"""How well a mention shows what it names, the best first: in the abstract, saying a role, surely, early."""
T = TypeVar("T")
K = TypeVar("K")


def papers(catalogue: Catalogue, paper_ids: Iterable[str]) -> Iterator[Paper]:
    """The records of those of these papers that the graph describes, in order."""

    def read(some: list[str]) -> list[Paper]:
        rows = _rows(catalogue, "paper_values", paper={each: catalogue.iris.paper(each) for each in some})
        return list(_whole(some, rows))

    return _side_by_side(read, paper_ids)


def entities(catalogue: Catalogue, slugs: Iterable[str] | None = None) -> Iterator[Entity]:
    """Those of these entities that the graph describes, or of all, with their aliases, in order."""
    if slugs is None:
        return _entities(catalogue, None)
    return _side_by_side(lambda some: list(_entities(catalogue, some)), slugs)


def facts(catalogue: Catalogue, records: Iterable[tuple[str, int | None, str | None]]) -> Iterator[PaperFact]:
    """What these papers name, in order; each is given as id, year and venue."""

    def read(some: list[tuple[str, int | None, str | None]]) -> list[PaperFact]:
        nodes = {paper_id: catalogue.iris.paper(paper_id) for paper_id, _, _ in some}
        mentions = _rows(catalogue, "named", paper=nodes)
        roles = _rows(catalogue, "paper_roles", paper=nodes)
        return [_fact(catalogue, record, mentions[record[0]], roles[record[0]]) for record in some]

    return _side_by_side(read, records)


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


def _side_by_side(read: Callable[[list[K]], list[T]], keys: Iterable[K]) -> Iterator[T]:
    """What is read of each chunk, in order; several are read at once, as the store works outside of Python's lock."""
    waiting: deque[Future[list[T]]] = deque()
    if _memory_is_limited():  # each thread would reserve much of it
        for some in _chunks(keys):
            yield from read(some)
        return
    with ThreadPoolExecutor(_THREADS) as pool:
        for some in _chunks(keys):
            if len(some) < AT_ONCE and not waiting:  # the first and only one
                yield from read(some)
                return
            waiting.append(pool.submit(read, some))
            if len(waiting) > _THREADS:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _memory_is_limited() -> bool:
    try:
        import resource  # POSIX only
    except ImportError:
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def _rows(catalogue: Catalogue, query: str, **wanted: Mapping[str, URIRef]) -> defaultdict[str, list[Texts]]:
    """The rows of a query about several things, by the key that each is given under."""
    (name, nodes), *_ = wanted.items()
    keys = {str(node): key for key, node in nodes.items()}
    found: defaultdict[str, list[Texts]] = defaultdict(list)
    text = library.load_query(query).filled(**{name: list(nodes.values())})
    for row in catalogue.store.texts(text):
        found[keys[row[name]]].append(row)
    return found


def _others(
    catalogue: Catalogue, query: str, slugs: Iterable[str], other: Callable[[Texts], str]
) -> Iterator[tuple[str, str]]:
    for some in _chunks(slugs):
        rows = _rows(catalogue, query, entity={each: catalogue.iris.entity(each) for each in some})
        yield from ((slug, other(row)) for slug, of_one in rows.items() for row in of_one)


def _whole(paper_ids: Iterable[str], rows: Mapping[str, list[Texts]]) -> Iterator[Paper]:
    for each in paper_ids:
        if each in rows:
            with suppress(KeyError, ValueError):
                yield paper_of(each, _first(_PAPER, rows[each]))


def _entities(catalogue: Catalogue, slugs: Sequence[str] | None) -> Iterator[Entity]:
    """Property by property: for all entities that is five scans, and not five look-ups of each."""
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for query, name in _ENTITY.items():
        for slug, value in _values(catalogue, query, name, slugs):
            values[slug][name] = min(value, values[slug].get(name, value))
    aliases: dict[str, set[str]] = defaultdict(set)
    for slug, alias in _values(catalogue, "entity_aliases", "alias", slugs):
        aliases[slug].add(alias)
    for slug in sorted(values) if slugs is None else slugs:
        with suppress(KeyError, ValueError):
            yield entity_of(slug, values[slug], sorted(aliases.get(slug, ())))


def _values(catalogue: Catalogue, query: str, name: str, slugs: Iterable[str] | None) -> Iterator[tuple[str, str]]:
    """What a query says of these entities, or of all."""
    iris = catalogue.iris
    if slugs is not None:
        rows = _rows(catalogue, query, entity={slug: iris.entity(slug) for slug in slugs})
        yield from ((slug, row[name]) for slug, of_one in rows.items() for row in of_one)
        return
    for row in catalogue.store.texts(library.load_query(query).text):
        slug = iris.slug(row["entity"])
        if row["entity"] == str(iris.entity(slug)):
            yield slug, row[name]


def _fact(
    catalogue: Catalogue, record: tuple[str, int | None, str | None], mentions: list[Texts], roles: list[Texts]
) -> PaperFact:
    surely, places = _folded(catalogue, mentions)
    does = _roles(catalogue, roles)
    return PaperFact(*record, [(slug, confidence, does.get(slug)) for slug, confidence in surely.items()], places)


def _first(names: Mapping[str, str], rows: Iterable[Texts]) -> dict[str, str]:
    """One value of each property, by its name here."""
    values: dict[str, str] = {}
    for row in rows:
        name, value = names[row["property"]], row["value"]
        values[name] = min(value, values.get(name, value))
    return values


def _folded(catalogue: Catalogue, rows: Iterable[Texts]) -> tuple[dict[str, float], dict[str, Place]]:
    """How surely at most a paper names each entity, and where it is shown best."""
    surely: dict[str, float] = {}
    shown: dict[str, tuple[Shown, Place]] = {}
    mentions: dict[str, list[Texts]] = defaultdict(list)
    for row in rows:
        mentions[row["mention"]].append(row)
    for said in (_first(_MENTION, of_one) for of_one in mentions.values()):
        try:
            slug, score = catalogue.iris.slug(said["entity"]), float(said["score"])
            confidence, place = score * float(said["linkScore"]), _place(said)
        except (KeyError, ValueError):
            continue
        if 0 < confidence <= 1:
            surely[slug] = max(confidence, surely.get(slug, 0.0))
            shows = (place.field, "role" not in said, -score, place.start), place
            shown[slug] = min(shows, shown.get(slug, shows))
    return surely, {slug: place for slug, (_, place) in shown.items()}


def _place(said: Texts) -> Place:
    start, end, begin = (int(said[name]) for name in ("start", "end", "begin"))
    until = begin + len(said["sentence"])
    if not 0 <= begin <= start <= end <= until <= _LARGEST:
        raise ValueError("a mention stands outside of its sentence")
    return Place(Field(local_name(said["field"])), start, end, begin, until)


def _roles(catalogue: Catalogue, rows: Iterable[Texts]) -> dict[str, Role]:
    """What a paper does with each entity: one thing, be there edges of several."""
    found: dict[str, Role] = {}
    for row in rows:
        slug, role = catalogue.iris.slug(row["entity"]), ROLES[URIRef(row["role"])]
        found[slug] = min(role, found.get(slug, role), key=_ROLES.index)
    return found
