"""What changes of the graph touch of the matrix: papers whose rows, and entities whose columns may be others now."""

from dataclasses import dataclass, field

from rdflib.namespace import SKOS

from kg.graph.change import Change
from kg.graph.terms import ROLES
from kg.iri import Iris
from kg.vocab import KG

MENTION_FACTS = frozenset(
    {
        KG.inPaper,
        KG.refersTo,
        KG.confidence,
        KG.linkScore,
        KG.field,
        KG.beginIndex,
        KG.endIndex,
        KG.sentence,
        KG.sentenceBegin,
        KG.role,
    }
)
"""What of a mention goes into the row of its paper."""


@dataclass(slots=True)
class Touched:
    """Ids and slugs, some of which may be gone; perhaps more than what changed, never less.

    ``everything`` says that nobody kept count.
    """

    papers: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    everything: bool = False

    def note(self, change: Change, iris: Iris) -> None:
        """Remember a change that our own code makes: each paper's mentions are in its own graph."""
        self.papers.update(paper.id for paper in change.papers)
        self.entities.update(entity.slug for entity in change.entities)
        self.entities.update(change.gone)
        graph = str(iris.paper_graph(""))
        for s, p, _, g in (quad for quads in (change.removed, change.added) for quad in quads):
            if p in MENTION_FACTS and g.startswith(graph):
                self.papers.add(g.removeprefix(graph))
            elif p in ROLES:
                self.papers.add(iris.paper_id(s))
            elif p == SKOS.broader:
                self.entities.add(iris.slug(s))
