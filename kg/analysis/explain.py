"""Why an entity is one: its names and the rules that brought them, what papers say of it, what was kept apart."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rdflib import Literal

from kg.model import Entity, Evidence, Role
from kg.query import library
from kg.query.catalogue import Catalogue, Statement

SAMPLES = 3
STATEMENTS = 50


@dataclass(frozen=True, slots=True)
class NameUse:
    """One spelling of the entity and the rule that brought it here; ``score`` is the rule's lowest."""

    name: str
    rule: str
    score: float
    mentions: int
    papers: int
    surface: str


@dataclass(frozen=True, slots=True)
class Defined:
    """A paper that says what an abbreviation stands for."""

    short: str
    long: str
    paper: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Apart:
    """What an abbreviation of the entity means elsewhere: another entity, with the reason why."""

    name: str
    slug: str
    papers: int
    reason: str


@dataclass(frozen=True, slots=True)
class Relative:
    """A broader or narrower entity: by the ``head`` of the name, or by what the sentence of a paper says."""

    slug: str
    name: str
    rule: str
    sentence: str = ""
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that there is to say; ``samples`` are sentences of different papers.

    ``roles`` counts the papers that do something with the entity, by what it is; ``statements`` are what most papers
    state of it and another.
    """

    entity: Entity
    roles: Mapping[Role, int]
    names: tuple[NameUse, ...]
    definitions: tuple[Defined, ...]
    apart: tuple[Apart, ...]
    broader: tuple[Relative, ...]
    narrower: tuple[Relative, ...]
    statements: tuple[Statement, ...]
    samples: tuple[Evidence, ...]


def explain(catalogue: Catalogue, slug: str) -> Explanation:
    """Explain an entity; raises NotFoundError."""
    entity = catalogue.entity(slug)
    names = tuple(sorted(_names(catalogue, slug), key=lambda n: (-n.mentions, n.name, n.rule)))
    found = sorted(_definitions(catalogue, {name.surface for name in names}), key=lambda pair: pair[1].paper)
    shorts = {short for short, _ in found} | {name.surface for name in names}
    roles = Counter(row.role for row in catalogue.papers_of(slug))
    return Explanation(
        entity,
        {role: roles[role] for role in Role if roles[role]},
        names,
        tuple(definition for _, definition in found),
        tuple(sorted(_apart(catalogue, slug, shorts), key=lambda a: (-a.papers, a.name, a.slug, a.reason))),
        tuple(_relatives(catalogue, slug, "broader")),
        tuple(_relatives(catalogue, slug, "narrower")),
        tuple(catalogue.statements(slug, limit=STATEMENTS)),
        tuple(catalogue.sentences(slug, limit=SAMPLES)),
    )


def _names(catalogue: Catalogue, slug: str) -> Iterator[NameUse]:
    groups: dict[tuple[str, str, str], list[tuple[float, int, int]]] = defaultdict(list)
    for row in library.run(catalogue.store, "entity_names", entity=catalogue.iris.entity(slug)):
        each = float(str(row["score"])), int(str(row["mentions"])), int(str(row["papers"]))
        groups[str(row["exact"]), str(row["rule"]), str(row["surface"])].append(each)
    for (name, rule, surface), counts in groups.items():
        score, mentions, papers = min(c[0] for c in counts), sum(c[1] for c in counts), sum(c[2] for c in counts)
        yield NameUse(name, rule, score, mentions, papers, surface)


def _definitions(catalogue: Catalogue, surfaces: set[str]) -> Iterator[tuple[str, Defined]]:
    for surface in sorted(surfaces):
        for row in library.run(catalogue.store, "definitions_of", long=Literal(surface)):
            defined = Defined(
                str(row["abbreviation"]),
                str(row["longForm"]),
                catalogue.iris.paper_id(row["paper"]),
                str(row["sentence"]),
            )
            yield str(row["short"]), defined


def _apart(catalogue: Catalogue, slug: str, shorts: set[str]) -> Iterator[Apart]:
    """Other long forms of the same abbreviations, and other entities that mentions written so refer to."""
    for short in sorted(shorts):
        papers: dict[str, set[str]] = defaultdict(set)
        for row in library.run(catalogue.store, "definition_papers", short=Literal(short)):
            papers[str(row["long"])].add(str(row["paper"]))
        for long, says in papers.items():
            for other in {found for found, _, _ in _entities(catalogue, long)} - {slug}:
                yield Apart(short, other, len(says), "defined so by its papers")
        for other, rule, count in _entities(catalogue, short):
            if other != slug:
                yield Apart(short, other, count, _REASONS.get(rule, rule))


_REASONS = {
    "name": "neither a definition nor the corpus says what it means there",
    "definition": "defined so by its papers",
    "sense": "most papers that define it mean this",
    "context": "papers that mean this share more with these",
    "homonym": "another type of thing",
    "spacing": "another spelling of it",
    "typo": "a slip of the pen for it",
}


def _entities(catalogue: Catalogue, surface: str) -> Iterator[tuple[str, str, int]]:
    for row in library.run(catalogue.store, "surface_entities", surface=Literal(surface)):
        yield catalogue.iris.slug(row["entity"]), str(row["rule"]), int(str(row["papers"]))


def _relatives(catalogue: Catalogue, slug: str, direction: str) -> Iterator[Relative]:
    node = catalogue.iris.entity(slug)
    for row in library.run(catalogue.store, direction, entity=node):
        other = catalogue.iris.slug(row["other"])
        narrow, broad = (node, row["other"]) if direction == "broader" else (row["other"], node)
        said = next(library.run(catalogue.store, "hyponymy_evidence", narrow=narrow, broad=broad), None)
        name = catalogue.entity(other).name
        if said is None:
            yield Relative(other, name, "head")
        else:
            paper = catalogue.iris.paper_id(said["paper"])
            yield Relative(other, name, str(said["rule"]), str(said["sentence"]), paper)
