"""Ways to find what shares papers with an entity: of each, how many papers it shares with the first 150.

Each is made of a reader and answers for one entity, a slug, with the papers shared by slug, most first. They count
alike, and ours alone goes on to weigh, to link what it found and to lay it out.
"""

from collections import Counter
from collections.abc import Callable

import networkx as nx
import numpy as np
import pyoxigraph as ox
from scipy.sparse import csr_matrix

from kg.analysis.cooccurrence import Choice, around
from kg.view.network import arranged
from kg.vocab import KG
from kg.workspace import Reader

MOST = 150
Neighbours = Callable[[str], dict[str, int]]

_QUERY = """SELECT ?other (COUNT(DISTINCT ?paper) AS ?papers)
WHERE {{ ?paper <{mentions}> <{entity}>, ?other }} GROUP BY ?other ORDER BY DESC(?papers) ?other LIMIT {most}"""


def ours(reader: Reader, choice: Choice = Choice(limit=MOST)) -> Neighbours:  # noqa: B008 - frozen
    """What the service runs before it draws: weighed by association, with all links among what was found."""

    def ask(slug: str) -> dict[str, int]:
        graph = around(reader.incidence, reader.index, slug, choice)
        return {other: data["papers"] for other, data in graph[slug].items()}

    return ask


def drawn(reader: Reader) -> Neighbours:
    """The same with its communities and a place for everything, as ``/v1/network`` gives it."""

    def ask(slug: str) -> dict[str, int]:
        graph = around(reader.incidence, reader.index, slug, Choice(limit=MOST))
        network = arranged(graph, slug, {})
        own = (edge for edge in network.edges if slug in {edge.source, edge.target})
        return {edge.target if edge.source == slug else edge.source: edge.papers for edge in own}

    return ask


def scipy(reader: Reader) -> Neighbours:
    """One row of the product of the matrix with itself, the limit; counts alone."""
    incidence = reader.incidence
    ones = np.ones(incidence.by_paper.nnz, dtype=np.int32)
    papers = csr_matrix((ones, incidence.by_paper.indices, incidence.by_paper.indptr), shape=incidence.by_paper.shape)
    entities = papers.T.tocsr()

    def ask(slug: str) -> dict[str, int]:
        row = entities[incidence.column(slug)] @ papers
        most = np.argpartition(-row.data, MOST)[:MOST] if row.nnz > MOST else np.arange(row.nnz)
        first = most[np.argsort(-row.data[most])]
        return {incidence.entities[row.indices[at]]: int(row.data[at]) for at in first}

    return ask


def networkx(reader: Reader) -> Neighbours:
    """Two steps through a graph of papers and entities; counts alone."""
    incidence, graph = reader.incidence, nx.Graph()
    papers = [("paper", number) for number in range(len(incidence.papers))]
    slugs = list(incidence.entities)
    rows = np.repeat(np.arange(len(papers)), np.diff(incidence.by_paper.indptr)).tolist()
    columns = incidence.by_paper.indices.tolist()
    graph.add_edges_from((papers[row], slugs[column]) for row, column in zip(rows, columns, strict=True))

    def ask(slug: str) -> dict[str, int]:
        counts = Counter(other for paper in graph[slug] for other in graph[paper])
        return dict(counts.most_common(MOST))

    return ask


def sparql(reader: Reader) -> Neighbours:
    """A query over the graph itself, in this process; counts alone."""
    store = ox.Store.read_only(str(reader.graph_path))

    def ask(slug: str) -> dict[str, int]:
        text = _QUERY.format(mentions=KG.mentions, entity=reader.iris.entity(slug), most=MOST)
        rows = store.query(text, use_default_graph_as_union=True)
        return {reader.iris.slug(row["other"].value): int(row["papers"].value) for row in rows}

    return ask


NEIGHBOURS: dict[str, Callable[[Reader], Neighbours]] = {
    "ours": ours,
    "drawn": drawn,
    "scipy": scipy,
    "networkx": networkx,
    "sparql": sparql,
}
