"""What a reader asks of the concepts of a snapshot → their Network, with evidence for what is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import networkx as nx
import numpy as np

from kg.analysis.cooccurrence import Choice, among, around, typical
from kg.atlas.atlas import Atlas
from kg.model import MAX_NODES, Evidence, Network
from kg.query.catalogue import Catalogue
from kg.view.network import arranged, community_name, placed
from kg.workspace import Reader

MAX_EGO = 150
"""Entities at most where it is about one entity or some papers: more make a fan of spokes, and take long to lay out."""

FOUND = 300
"""Papers at most that a query stands for, those that fit it best."""


SENTENCES = 450
"""Sentences that a drawing brings along, unless it has more entities than that."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to draw: what surrounds an entity, in all papers, or in those that a text finds or that have these ids.

    Without an entity, what is typical of those papers, or of the ones that the filters leave. Without any of this, it
    is the map of the whole corpus, with its places and communities.
    """

    focus: str | None = None
    query: str | None = None
    papers: tuple[str, ...] = ()
    choice: Choice = field(default_factory=Choice)

    def with_sentences(self, most: int = 3) -> "Question":
        """The same with up to so many sentences to each entity, fewer in a large drawing: each is a look-up."""
        nodes = self.choice.limit if self.whole else min(self.choice.limit, MAX_EGO)
        return replace(self, choice=replace(self.choice, examples=min(most, max(1, SENTENCES // nodes))))

    @property
    def whole(self) -> bool:
        """Whether it is the map of the whole corpus."""
        return not (self.focus or self.query or self.papers or self.choice.leaves_out_papers)


def concept_network(reader: Reader, question: Question) -> Network:
    """The network that answers a question, with a sentence from each example that it asks for.

    Raises NotFoundError for an unknown entity, paper or venue.
    """
    if question.whole:
        graph = _of_map(reader, replace(question.choice, limit=min(question.choice.limit, MAX_NODES)))
        drawn = _mapped(reader, graph)
    else:
        choice = replace(question.choice, limit=min(question.choice.limit, MAX_EGO))
        graph = _neighbourhood(reader, replace(question, choice=choice))
        drawn = arranged(graph, _title(reader, question), {each.slug: (each.x, each.y) for each in reader.atlas.places})
    nodes = (replace(node, evidence=_evidence(reader.catalogue, node.id, graph)) for node in drawn.nodes)
    return replace(drawn, nodes=tuple(nodes)) if question.choice.examples else drawn


def rows_of(reader: Reader, question: Question) -> list[int] | None:
    """The rows of the papers that a question names or finds; None where it asks for none in particular."""
    papers = question.papers
    if question.query is not None:
        papers = tuple(hit.id for hit in reader.index.search_papers(question.query, limit=FOUND))
    if papers or question.query is not None:
        return [reader.incidence.row(paper_id) for paper_id in papers]
    return None


def _neighbourhood(reader: Reader, question: Question) -> "nx.Graph[str]":
    rows = rows_of(reader, question)
    if question.focus is None:
        return typical(reader.incidence, reader.index, rows, question.choice)
    return around(reader.incidence, reader.index, question.focus, question.choice, rows)


def _of_map(reader: Reader, choice: Choice) -> "nx.Graph[str]":
    """The entities of the map that fit, those in most papers first."""
    fits = choice.entities(reader.incidence) & (reader.incidence.counts >= max(1, choice.min_papers))
    fitting = (place for place in reader.atlas.places if fits[place.column])
    columns = [place.column for place in sorted(fitting, key=lambda place: (-place.papers, place.slug))]
    chosen = np.array(columns[: choice.limit], dtype=np.int64)
    return among(reader.incidence, reader.index, chosen, choice, int(fits.sum()))


def _mapped(reader: Reader, graph: "nx.Graph[str]") -> Network:
    shown = [place for place in reader.atlas.places if place.slug in graph]
    places = {place.slug: (place.x, place.y) for place in shown}
    cluster = {place.slug: place.community for place in shown}
    named = community_names(reader, reader.atlas)
    return placed(graph, "Concept map", places, cluster, {each: named[each] for each in sorted({*cluster.values()})})


def community_names(reader: Reader, atlas: Atlas) -> dict[int, str]:
    """How the communities of a map are called, by number."""
    names = names_of(reader, (slug for each in atlas.communities for slug in each.telling))
    return {each.number: community_name([names[slug] for slug in each.telling]) for each in atlas.communities}


def names_of(reader: Reader, slugs: Iterable[str]) -> dict[str, str]:
    """The names to show of entities."""
    wanted = list(slugs)
    return {slug: slug for slug in wanted} | {each.slug: each.name for each in reader.index.entities_of(wanted)}


def _title(reader: Reader, question: Question) -> str:
    parts = [] if question.focus is None else [names_of(reader, [question.focus])[question.focus]]
    if question.query is not None:
        parts.append(f"papers on “{question.query}”")
    elif question.papers:
        parts.append(f"{len(set(question.papers))} papers")
    if question.choice.venue is not None:
        parts.append(question.choice.venue)
    return f"Concept map: {', '.join([*parts, *_years(question.choice)])}"


def _years(choice: Choice) -> list[str]:
    match choice.year_from, choice.year_to:
        case (None, None):
            return []
        case (None, last):
            return [f"up to {last}"]
        case (first, None):
            return [f"from {first}"]
        case (first, last):
            return [f"{first} to {last}" if first != last else f"{first}"]


def _evidence(catalogue: Catalogue, slug: str, graph: "nx.Graph[str]") -> tuple[Evidence, ...]:
    found = (catalogue.evidence(paper_id, slug)[:1] for paper_id in graph.nodes[slug]["examples"])
    return tuple(each for some in found for each in some)
