"""The graph as a reader sees it → the Network of its concepts, with evidence for what is drawn."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from kg.model import Entity, Label, Network
from kg.query.catalogue import Catalogue
from kg.view.network import EVIDENCE, MIN_MAP, cooccurrence

# Entities with most papers that a drawing is chosen from: beyond, co-occurrence would take seconds.
CANDIDATES = 4000


def concept_network(  # noqa: PLR0913 - the filters of one drawing
    catalogue: Catalogue,
    entities: Iterable[Entity],
    *,
    limit: int | None,
    default: int,
    total: int = 0,
    focus: str | None = None,
    labels: Collection[Label] = tuple(Label),
) -> Network:
    """The network of these entities; raises NotFoundError if ``focus`` is not in the graph.

    ``entities`` come with most papers first, out of ``total``. A ``limit`` is filled; without one, up to
    ``default`` entities are drawn, and those of a single paper only if few recur. With a focus, its own
    papers decide which take part. Links are counted among the entities given.
    """
    title = "Concept map"
    if focus is not None:
        centre = catalogue.entity(focus)
        title = f"{title}: {centre.name}"
        near = {e.slug: e for paper in catalogue.paper_ids_of(focus) for e in catalogue.entities_of(paper)}
        chosen = {focus: centre, **near}
    else:
        chosen = {entity.slug: entity for entity in entities}
    papers: dict[str, set[str]] = defaultdict(set)
    for slug in chosen:
        for paper_id in catalogue.paper_ids_of(slug):
            papers[paper_id].add(slug)
    drawn = cooccurrence(
        chosen, papers, limit=limit or default, at_least=limit or MIN_MAP, focus=focus, labels=labels, title=title
    )
    if focus is None:
        drawn = replace(drawn, total_nodes=max(drawn.total_nodes, total))
    return _with_evidence(catalogue, drawn)


def _with_evidence(catalogue: Catalogue, network: Network) -> Network:
    nodes = []
    for node in network.nodes:
        sentences = catalogue.sentences(node.id, limit=EVIDENCE)
        nodes.append(replace(node, evidence=tuple(sentences)))
    return replace(network, nodes=tuple(nodes))
