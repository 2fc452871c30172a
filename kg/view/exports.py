"""Network → the files that other programs read: GraphML, GEXF, JSON, CSV of its edges, and our HTML page."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import networkx as nx

from kg.errors import SourceError, StoreError
from kg.model import Network, Node
from kg.view.pyvis_html import render
from kg.view.tables import edges_table, to_csv

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_graphml(network: Network) -> bytes:
    """GraphML for Gephi, yEd, Cytoscape, igraph: ``label`` is the name to show, ``type`` the Label."""
    out = BytesIO()
    nx.write_graphml(_graph(network), out, encoding="utf-8")
    return out.getvalue()


def to_gexf(network: Network) -> bytes:
    """GEXF 1.2 for Gephi, with the places of the drawing."""
    graph = _graph(network)
    for node in network.nodes:
        graph.nodes[_xml(node.id)]["viz"] = {"position": {"x": node.x * 1000, "y": -node.y * 1000, "z": 0.0}}
    out = BytesIO()
    nx.write_gexf(graph, out, encoding="utf-8", version="1.2draft")
    return out.getvalue()


def to_json(network: Network) -> str:
    """Node-link JSON that ``networkx.node_link_graph`` and d3 read, in the network's order.

    ``graph`` has ``title``, ``focus`` (an id or null), ``total_nodes`` and ``total_edges`` (before the
    cut) and ``clusters`` (a list of ``cluster``, ``name``). A node has ``id``, ``name``, ``label``,
    ``papers``, ``degree`` (nodes it shares papers with), ``x``, ``y``, ``cluster``, ``evidence`` (paper, sentence,
    and where in it). An
    edge has ``source``, ``target``, ``papers`` (shared), ``weight`` (association in [0, 1]).
    """
    document = {
        "directed": False,
        "multigraph": False,
        "graph": {
            "title": network.title,
            "focus": network.focus,
            "total_nodes": network.total_nodes,
            "total_edges": network.total_edges,
            "clusters": [{"cluster": key, "name": name} for key, name in sorted(network.clusters.items())],
        },
        "nodes": [
            node_record(node)
            | {
                "evidence": [
                    {"paper": e.paper_id, "sentence": e.sentence, "start": e.start, "end": e.end} for e in node.evidence
                ]
            }
            for node in network.nodes
        ],
        "edges": [
            {"source": edge.source, "target": edge.target, "papers": edge.papers, "weight": edge.weight}
            for edge in network.edges
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def node_record(node: Node) -> dict[str, str | int | float]:
    """A node without its evidence, as ``to_json`` names what it has; of its label the name."""
    return {
        "id": node.id,
        "name": node.name,
        "type": node.label.value,
        "papers": node.papers,
        "degree": node.degree,
        "x": node.x,
        "y": node.y,
        "cluster": node.cluster,
    }


def write(network: Network, path: Path) -> None:
    """Write the file that the extension of ``path`` asks for, in UTF-8."""
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise SourceError(str(path), f"a network is written as {', '.join(sorted(_WRITERS))}")
    try:
        path.write_bytes(writer(network))
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error


def _bytes(text: str) -> bytes:
    """UTF-8, with a question mark for half of a surrogate pair, which no encoding has."""
    return text.encode("utf-8", errors="replace")


_WRITERS: dict[str, Callable[[Network], bytes]] = {
    ".csv": lambda network: _bytes(to_csv(edges_table(network))),
    ".gexf": to_gexf,
    ".graphml": to_graphml,
    ".html": lambda network: _bytes(render(network)),
    ".json": lambda network: _bytes(to_json(network)),
}


def _graph(network: Network) -> "nx.Graph[str]":
    """The network for the XML writers: one type an attribute, and no character that XML forbids."""
    graph: nx.Graph[str] = nx.Graph(
        title=_xml(network.title),
        focus=_xml(network.focus or ""),
        total_nodes=network.total_nodes,
        total_edges=network.total_edges,
    )
    for node in network.nodes:
        graph.add_node(
            _xml(node.id),
            label=_xml(node.name),
            type=node.label.value,
            papers=node.papers,
            degree=node.degree,
            x=float(node.x),
            y=float(node.y),
            cluster=node.cluster,
            cluster_name=_xml(network.clusters.get(node.cluster, "")),
            evidence=_xml("\n".join(e.sentence for e in node.evidence)),
        )
    for edge in network.edges:
        graph.add_edge(_xml(edge.source), _xml(edge.target), papers=edge.papers, weight=float(edge.weight))
    return graph


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
