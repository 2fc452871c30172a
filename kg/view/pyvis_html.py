"""Network → one HTML page that needs nothing else; the only import of pyvis."""

import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyvis
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pyvis.network import Network as PyvisNetwork

from kg.model import Edge, Label, Network, Node
from kg.view.telling import told

_HERE = Path(__file__).parent / "templates"
_VIS = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
_SCRIPTS = ("geometry.js", "network.js", "page.js")
_NONCE = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_SHAPES = {
    Label.METHOD: ("dot", 1.0),
    Label.DATASET: ("square", 0.88),
    Label.CONCEPT: ("dot", 0.95),
    Label.TASK: ("diamond", 1.22),
    Label.METRIC: ("triangle", 1.1),
}
"""vis's name of each mark, and the factor that gives all marks of one size the same area."""

_AT_REST = 3
"""Links of each entity that are drawn before one is chosen, in a drawing that is not ``_LARGE``; one less there."""

_LARGE = 300
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"chosen": False, "shapeProperties": {"interpolation": False}},
    "edges": {"smooth": False, "chosen": False, "arrows": {"to": {"enabled": False}}},
    "interaction": {
        "dragNodes": False,
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "tooltipDelay": 80,
        "zoomSpeed": 0.7,
        "keyboard": {"enabled": True, "bindToWindow": False},
    },
}


def content_security_policy(nonce: str) -> str:
    """The policy of a page rendered with this nonce: its own scripts and styles run, nothing is fetched."""
    if not _NONCE.fullmatch(nonce):
        raise ValueError("a nonce is at least 16 characters of base64")
    own = f"'nonce-{nonce}'"
    return f"default-src 'none'; script-src {own}; style-src {own}; img-src data:; base-uri 'none'; form-action 'none'"


def render(
    network: Network, *, nonce: str | None = None, entity_url: str | None = None, paper_url: str | None = None
) -> str:
    """The page for a browser, from a file or served; names in it are text, never markup.

    ``nonce`` is that of the Content-Security-Policy header when the page is served. ``entity_url`` and
    ``paper_url`` are the paths of such pages on the same server with ``{slug}`` in them; without them the
    page links to nothing outside itself.
    """
    for url in (entity_url, paper_url):
        if url is not None and not re.fullmatch(r"/(?!/)[^\\]*\{slug\}[^\\]*", url):
            raise ValueError(f"not a path on this server with {{slug}} in it: {url!r}")
    page = _Page(network, nonce or secrets.token_urlsafe(16), entity_url, paper_url)
    return page.generate_html()


class _Page(PyvisNetwork):  # type: ignore[misc]  # pyvis is untyped
    """A pyvis network that is written by our template.

    pyvis's own is not used: it fetches from three hosts, and runs markup in titles, ids and headings.
    """

    def __init__(self, network: Network, nonce: str, entity_url: str | None, paper_url: str | None) -> None:
        super().__init__(directed=True, cdn_resources="in_line")
        self.network = network
        self.nonce = nonce
        self.entity_url = entity_url
        self.paper_url = paper_url
        self.templateEnv = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
        self.options = _OPTIONS
        most = max((node.papers for node in network.nodes), default=1)
        for number, node in enumerate(network.nodes):
            self._draw(number, node, most)
        place = {node.id: number for number, node in enumerate(network.nodes)}
        major = _major(network)
        self.edges = [  # add_edge() searches all nodes for each end
            {
                "from": place[edge.source],
                "to": place[edge.target],
                "width": round(0.7 + min(2.3, 0.35 * (edge.papers - 1)), 2),
                "papers": edge.papers,
                "weight": edge.weight,
                "minor": edge not in major,
            }
            for edge in network.edges
        ]

    def _draw(self, number: int, node: Node, most: int) -> None:
        """Numbers serve as ids and the name is left to our script, so vis never sees a word of the data."""
        shape, factor = _SHAPES[node.label]
        radius = (3.4 + 13 * (node.papers / max(most, 8)) ** 0.6) * factor
        ring = node.label is Label.CONCEPT
        self.add_node(
            number,
            shape=shape,
            group=node.label.value,
            x=node.x,
            y=node.y,
            size=round(radius, 2),
            borderWidth=round(max(1.6, radius * 0.3), 2) if ring else 1.2,
        )
        del self.node_map[number]["label"], self.node_map[number]["group"]

    def generate_html(self, *_: object, **__: object) -> str:
        """The whole page; pyvis's arguments are accepted and change nothing."""
        network = self.network
        return str(
            self.templateEnv.get_template("network.html").render(
                network=network,
                nonce=self.nonce,
                policy=Markup(content_security_policy(self.nonce)),  # noqa: S704 - made of a checked nonce
                home="/" if self.entity_url else None,
                css=_asset(_HERE / "network.css"),
                vis=_asset(_VIS),
                script=_asset(*(_HERE / name for name in _SCRIPTS)),
                data=self._data(),
                legend=_legend(network),
                clusters=_clusters(network),
                cut=told(network),
                rows=list(self._rows()),
            )
        )

    def _data(self) -> dict[str, Any]:
        places = {node.id: number for number, node in enumerate(self.network.nodes)}
        return {
            "nodes": self.nodes,
            "edges": self.edges,
            "options": self.options,
            "entities": [
                {
                    "slug": node.id,
                    "name": node.name,
                    "label": node.label.value,
                    "papers": node.papers,
                    "degree": node.degree,
                    "cluster": node.cluster,
                    "evidence": [{"parts": e.parts, "paper": e.paper_id, "title": e.title} for e in node.evidence],
                }
                for node in self.network.nodes
            ],
            "focus": places.get(self.network.focus) if self.network.focus is not None else None,
            "page": self.entity_url,
            "paperPage": self.paper_url,
        }

    def _rows(self) -> Iterator[dict[str, Any]]:
        names = {node.id: node.name for node in self.network.nodes}
        near: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for edge in self.network.edges:
            near[edge.source].append((-edge.weight, names[edge.target]))
            near[edge.target].append((-edge.weight, names[edge.source]))
        for node in self.network.nodes:
            href = self.entity_url and self.entity_url.replace("{slug}", quote(node.id, safe=""))
            yield {"node": node, "href": href, "near": [name for _, name in sorted(near[node.id])[:5]]}


def _asset(*paths: Path) -> Markup:
    """Our own or pyvis's code as it stands, save that nothing in it can end the element around it."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    return Markup(text.replace("</script", "<\\/script"))  # noqa: S704 - shipped files, no data


def _major(network: Network) -> set[Edge]:
    """The links that are drawn at rest, the strongest of each end; the others show when one is chosen."""
    most = _AT_REST if len(network.nodes) <= _LARGE else _AT_REST - 1
    near: dict[str, list[Edge]] = defaultdict(list)
    for edge in sorted(network.edges, key=lambda edge: (-edge.weight, -edge.papers, edge.source, edge.target)):
        near[edge.source].append(edge)
        near[edge.target].append(edge)
    return {edge for edges in near.values() for edge in edges[:most]}


def _legend(network: Network) -> list[dict[str, Any]]:
    counts = Counter(node.label for node in network.nodes)
    return [
        {"label": label.value, "plural": f"{label.value}s", "count": counts[label]} for label in Label if counts[label]
    ]


def _clusters(network: Network) -> list[dict[str, Any]]:
    """The communities worth a line: those of three and more, if there are several."""
    counts = Counter(node.cluster for node in network.nodes)
    found = [
        {"number": number, "name": name, "count": counts[number]}
        for number, name in sorted(network.clusters.items())
        if counts[number] > 2
    ]
    return found if len(found) > 1 else []
