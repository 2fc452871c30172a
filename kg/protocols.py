"""The sockets: what an extractor, a linker and a store must do to be used here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rdflib import URIRef
from rdflib.term import Node

from kg.model import Extraction, LinkedPaper, Paper

Triple: TypeAlias = tuple[Node, Node, Node]
Quad: TypeAlias = tuple[Node, Node, Node, URIRef]
Row: TypeAlias = Mapping[str, Node]


class Extractor(Protocol):
    """Text to mentions. Deterministic: the same paper gives the same extraction."""

    @property
    def name(self) -> str:
        """Stable name that goes into provenance, like ``spacy-tagger``."""

    @property
    def version(self) -> str:
        """Changes whenever the same text could give other mentions: model, rules and configuration."""

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        """Every paper once, in order; mentions sorted, inside the text and without overlaps."""


class Linker(Protocol):
    """Mentions to entities. Looks at one paper at a time; what all papers say together is decided later."""

    @property
    def version(self) -> str:
        """Changes whenever the same mentions could give other links."""

    def link(self, extraction: Extraction) -> LinkedPaper:
        """Mentions that name nothing worth a node are left out."""


class Embedder(Protocol):
    """Contexts of mentions to vectors, so that names used alike lie near each other. Deterministic."""

    @property
    def version(self) -> str:
        """Changes whenever the same contexts could give other vectors."""

    def embed(self, contexts: Sequence[tuple[str, int, int]]) -> NDArray[np.float32]:
        """Unit vectors, one a row, of (sentence, start, end): the mention is ``sentence[start:end]``."""


class Store(Protocol):
    """A set of quads under SPARQL 1.1. Queries see the union of all named graphs as default graph.

    A statement made in two graphs may give a row twice, so each of ours is made in one. Reading is safe
    from many threads; one process at a time may write.
    """

    def apply(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Remove, then add, as one atomic update: other readers see all of it or nothing, even after a kill.

        While a change goes in that a store calls large, who reads that very store may see a part of it.
        No blank nodes among the removed: SPARQL cannot name them. Raises StoreError.
        """

    def select(self, query: str, /, **bindings: Node) -> Iterator[Row]:
        """Solutions of a SELECT query; unbound variables are absent from a row.

        A bound parameter must stand in the SELECT clause. Raises BadQueryError.
        """

    def texts(self, query: str, /, **bindings: Node) -> Iterator[Mapping[str, str]]:
        """Solutions as ``select`` has them, of each term only its IRI or lexical form: for thousands of rows."""

    def quads(self, graph: URIRef | None = None, subject: URIRef | None = None) -> Iterator[Quad]:
        """All quads of one named graph, or of all; of one subject, or of all."""

    def flush(self) -> None:
        """Return once everything applied so far would survive a power loss."""

    def close(self) -> None:
        """Release the store; it must not be used afterwards."""
