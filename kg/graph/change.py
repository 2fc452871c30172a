"""One atomic step of the graph: what goes, what comes, and what that touches."""

from dataclasses import dataclass

from kg.model import Entity, Paper
from kg.protocols import Quad


@dataclass(frozen=True, slots=True)
class Change:
    """Quads to remove and to add, with the papers and entities they describe for the search index.

    ``gone`` are slugs of entities that no paper mentions any more; ``stated`` is all that the graph says of
    ``papers`` and ``entities`` afterwards, new or not, which is what the shapes are held against.
    """

    removed: frozenset[Quad]
    added: frozenset[Quad]
    papers: tuple[Paper, ...] = ()
    entities: tuple[Entity, ...] = ()
    gone: tuple[str, ...] = ()
    stated: frozenset[Quad] = frozenset()
