"""Texts that want to be run, and a graph full of them: each as title, abstract, author, venue, name and alias."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from rdflib import OWL, RDFS, SKOS, Literal, URIRef

from kg.build import Parts, build
from kg.graph.change import Change
from kg.link.linker import NormalFormLinker
from kg.model import Extraction, Field, Label, Mention, Paper
from kg.protocols import Quad
from kg.resources import load_graph, ontology_dir
from kg.sources import make_paper
from kg.vocab import SCHEMA
from kg.workspace import Workspace
from tests.corpus import BASE
from tests.fakes import DefiningExtractor

MARK = "__xss"
"""What every one of them sets in the window, if it is run."""

# Each has a number, so that no two are one name; those that swallow what stands behind them come last.
PAYLOADS = [
    text.replace("RUN", f"window.{MARK}={number}")
    for number, text in enumerate(
        [
            "javascript:RUN",
            " jAvAscRipt:RUN//",
            "<script>RUN</script>",
            '<img src=x onerror="RUN">',
            "<svg onload=RUN>",
            '"><svg/onload=RUN>',
            "'><img src=x onerror=RUN>",
            '" autofocus onfocus="RUN',
            "' autofocus onfocus='RUN",
            "x onmouseover=RUN tabindex=1",
            "</script><script>RUN</script>",
            "</title><script>RUN</script>",
            "</textarea><img src=x onerror=RUN>",
            "</style><script>RUN</script>",
            "]]><script>RUN</script>",
            "--><script>RUN</script>",
            '"}]}</script><script>RUN</script>',
            '<a href="javascript:RUN">href</a>',
            "data:text/html,<script>parent.RUN</script>",
            '<iframe srcdoc="<script>parent.RUN</script>">',
            "{{7*7191}}{% print(7*7191) %}${7*7191}<%= 7*7191 %>#{7*7191} RUN",
            "{{constructor.constructor('RUN')()}}",
            "`${RUN}`",
            "\\u003cscript\\u003eRUN\\u003c/script\\u003e",
            "\\\"-RUN-\\\"';RUN;'",
            "&lt;script&gt;RUN&lt;/script&gt;&#x22; onfocus=RUN",
            "\u202e\uff1cscript\uff1eRUN\uff1c/script\uff1e\u2028",
            "<details open ontoggle=RUN>",
            '<meta http-equiv="refresh" content="0;url=javascript:RUN">',
            '<base href="javascript:RUN//">',
            "}*{background:url(javascript:RUN)}<style>*{display:none}</style>",
            "<math><mtext><table><mglyph><style><img src=x onerror=RUN>",
            '<!--<img src="--><img src=x onerror=RUN//">',
            "__proto__ RUN",
            "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=RUN )//</stYle/</titLe/</teXtarEa/</scRipt/--!><sVg/oNloAd=RUN>",  # noqa: E501 - one
        ]
    )
]
EVALUATED = "50337"
"""What a template engine would make of ``7*7191``."""

_GROUP = 12
# A title holds a dozen: whatever escapes one of them escapes all, and pages stay few.
GROUPS = [" ".join(PAYLOADS[start : start + _GROUP]).strip() for start in range(0, len(PAYLOADS), _GROUP)]
NAMES = [*(text.strip() for text in PAYLOADS), *GROUPS]


class Greedy(DefiningExtractor):
    """Of names that hold others it finds the longest."""

    def _mentions(self, paper: Paper, which: Field) -> Iterator[Mention]:
        end = 0
        for mention in sorted(super()._mentions(paper, which), key=lambda m: (m.start, -m.end)):
            if mention.start >= end:
                end = mention.end
                yield mention

    def _read(self, paper: Paper) -> Extraction:
        found = super()._read(paper)
        return replace(found, aliases=found.aliases[:3])


def papers() -> list[Paper]:
    """Two of each text, so that they are related, and of all of them together."""
    return [
        make_paper(
            f"{name} no. {copy}",
            f"We propose {name} for all. It is trained with {name} on {NAMES[number - 1]}, and NAME ({name}) ends it.",
            identifier=f"x{number}-{copy}",
            authors=(name, NAMES[number - 1]),
            venue=name[:200],
            year=2000 + number % 20,
        )
        for number, name in enumerate(NAMES)
        for copy in range(2)
    ]


def make_graph(path: Path) -> None:
    """A data folder, filled the way that all papers go; then by hand with what ingest refuses."""
    folder = ontology_dir()
    labels = list(Label)
    names = {name: labels[number % len(labels)] for number, name in enumerate(NAMES)}
    parts = Parts(
        Greedy({**names, "NAME": Label.METHOD}),
        NormalFormLinker(),
        frozenset(),
        load_graph(folder / "kg.ttl"),
        load_graph(folder / "shapes.ttl"),
    )
    with Workspace(path, BASE).writer() as writer:
        report = build(papers(), parts, writer)
        assert not report.rejected, report.rejected
        graph = writer.iris.paper_graph("x0-0")
        paper, entity = writer.iris.paper("x0-0"), writer.iris.entity(next(iter(sorted(report.slugs))))
        writer.commit(Change(frozenset(), frozenset(_by_hand(paper, entity, graph))))
        writer.refresh(["x0-0"], sorted(report.slugs))


def _by_hand(paper: URIRef, entity: URIRef, graph: URIRef) -> Iterator[Quad]:
    """Addresses that are scripts, odd but legal language tags, and datatypes that are scripts."""
    script = URIRef(f"javascript:window.{MARK}='iri'")
    yield paper, SCHEMA.url, Literal(f"javascript:window.{MARK}='url'"), graph
    yield paper, RDFS.seeAlso, script, graph
    yield paper, RDFS.seeAlso, URIRef(f"data:text/html,%3Cscript%3Eparent.{MARK}=1%3C/script%3E"), graph
    yield paper, RDFS.comment, Literal(PAYLOADS[3], datatype=script), graph
    yield entity, OWL.sameAs, script, graph
    yield entity, SKOS.altLabel, Literal(PAYLOADS[4], lang="en-x-onload-alert"), graph


class Strays(HTMLParser):
    """What a page holds that none of ours does: scripts and styles inside it, handlers, addresses that are scripts."""

    def __init__(self, page: str) -> None:
        """Read the page."""
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag in ("iframe", "base", "object", "embed", "style", "math"):
            self.found.append(self.get_starttag_text() or tag)
        if tag == "script" and "src" not in given and given.get("type") != "application/ld+json":
            self.found.append(self.get_starttag_text() or tag)
        for name, value in given.items():
            runs = re.match(r"[\s\x00-\x20]*(javascript|data|vbscript):", value, re.IGNORECASE)
            if name.startswith("on") or (name in ("href", "src", "action", "formaction", "xlink:href") and runs):
                self.found.append(self.get_starttag_text() or name)


def strays(page: str) -> list[str]:
    """These of a page; the network that can be saved may hold styles and scripts by a nonce, and data as JSON."""
    own = r"<(script|style) nonce=.*?</\1>|<script type=\"application/json\".*?</script>"
    return Strays(re.sub(own, "", page, flags=re.DOTALL)).found
