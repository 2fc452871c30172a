"""THE SPINE: text -> Paper -> Mention -> Link -> Quad -> Store, batch by batch.

records = read_papers(paths)                       kg.sources      files      -> Paper
extractor.extract(papers)                          kg.extract      Paper      -> Mentions
linker.link(extraction)                            kg.link         Mention    -> Link
consolidator.change(linked)                        kg.consolidate  Links      -> Quads (kg.graph)
writer.commit(change)                              kg.workspace    Quads      -> Store and index
naming.changes()                                   kg.consolidate  all Quads  -> names, hierarchy and statements
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from rdflib import OWL, Graph
from rdflib.compare import to_canonical_graph

from kg.consolidate.naming import Naming
from kg.consolidate.papers import Consolidator
from kg.errors import OntologyError, SourceError
from kg.extract import choose_extractor, make_embedder
from kg.extract.checked import read_each
from kg.graph.change import Change
from kg.graph.triples import Run, content_hash, distinct_slugs
from kg.link.generic import load_generic
from kg.link.linker import NormalFormLinker
from kg.model import Added, Extraction, LinkedPaper, Outcome, Paper
from kg.protocols import Embedder, Extractor, Linker
from kg.query import library
from kg.resources import load_graph, model_dir, ontology_dir
from kg.writer import Writer

BATCH = 64
_TWICE = "this input holds another record of the same id before it; give the two different ids"

Record: TypeAlias = Paper | SourceError
Progress: TypeAlias = Callable[["BuildReport"], None]


@dataclass(slots=True)
class BuildReport:
    """What became of the records. received = new + replaced + unchanged + rejected.

    ``mentions``, ``entities`` (distinct) and ``quads`` (added) are those of new and replaced papers. ``kept`` holds
    the papers that are in the graph, in the order in which they got there. While papers are read, ``extracted`` and
    ``linked`` run ahead of these, and ``title`` is of the last one; ``naming`` says that all of them are in.
    """

    received: int = 0
    new: int = 0
    replaced: int = 0
    unchanged: int = 0
    rejected: list[SourceError] = field(default_factory=list)
    mentions: int = 0
    slugs: set[str] = field(default_factory=set)
    quads: int = 0
    seconds: float = 0.0
    kept: list[Added] = field(default_factory=list)
    extracted: int = 0
    linked: int = 0
    title: str = ""
    naming: bool = False

    def keep(self, paper: Paper, outcome: Outcome) -> None:
        """Count a paper that the graph holds."""
        self.kept.append(Added(paper.id, paper.title, outcome))
        match outcome:
            case "new":
                self.new += 1
            case "replaced":
                self.replaced += 1
            case "unchanged":
                self.unchanged += 1

    def as_dict(self) -> dict[str, int | float | list[dict[str, str]]]:
        """The report for machines; ``rejected`` is a number and ``rejections`` says where and why."""
        return {
            "received": self.received,
            "new": self.new,
            "replaced": self.replaced,
            "unchanged": self.unchanged,
            "rejected": len(self.rejected),
            "mentions": self.mentions,
            "entities": len(self.slugs),
            "quads": self.quads,
            "seconds": round(self.seconds, 3),
            "rejections": [{"where": e.location, "reason": e.reason} for e in self.rejected],
        }


@dataclass(frozen=True, slots=True)
class Parts:
    """What a build is made of besides its papers and its store. Without an embedder no typos are merged."""

    extractor: Extractor
    linker: Linker
    generic: frozenset[str]
    ontology: Graph
    shapes: Graph
    embedder: Embedder | None = None

    @property
    def run(self) -> Run:
        """The run that these parts make, see ``kg.graph.triples``."""
        version = next(map(str, self.ontology.objects(None, OWL.versionInfo)), None)
        if version is None:
            raise OntologyError("the ontology has no owl:versionInfo")
        linker = self.linker.version + (f"+{self.embedder.version}" if self.embedder else "")
        return Run(self.extractor.name, self.extractor.version, linker, version)


def default_parts(model: Path | None = None, *, extractor: str | None = None, gazetteer: str | None = None) -> Parts:
    """The shipped linker, ontology and shapes, and an extractor as ``kg.extract.choose_extractor`` takes it.

    The embedder is that of the shipped pipeline whatever the extractor: it looks at sentences alone.
    """
    folder = ontology_dir()
    return Parts(
        choose_extractor(extractor, model, gazetteer),
        NormalFormLinker(),
        load_generic(folder / "generic.ttl"),
        load_graph(folder / "kg.ttl"),
        load_graph(folder / "shapes.ttl"),
        make_embedder(model or model_dir()),
    )


def build(
    records: Iterable[Record],
    parts: Parts,
    writer: Writer,
    *,
    batch_size: int = BATCH,
    progress: Progress = lambda _: None,
) -> BuildReport:
    """Bring the graph to hold these papers: the whole write path.

    Each batch is one atomic, durable commit; afterwards names go where all papers together put them. A record that is
    already there, unchanged and read by the same run, costs one look-up; a bad one is reported and costs the others
    nothing. ``progress`` is told after each paper that was read, after each commit, and before and after names move.
    """
    report = BuildReport()
    started = time.monotonic()
    run = parts.run
    consolidator = Consolidator(writer.store, writer.iris, run, parts.generic)
    _keep_ontology(parts.ontology, writer)
    _keep_generic(consolidator, writer)
    for batch in _batched(_changed(records, run, writer, report), batch_size):
        linked = _linked(batch, parts, report, progress)
        _commit(linked, consolidator, parts.shapes, writer, report)
        report.seconds = time.monotonic() - started
        progress(report)
    report.naming, report.title = True, ""
    progress(report)
    _keep_names(parts, consolidator, writer)
    report.seconds = time.monotonic() - started
    progress(report)
    return report


def _batched(papers: Iterable[Paper], size: int) -> Iterator[list[Paper]]:
    """Lists of up to ``size`` papers."""
    papers = iter(papers)
    while batch := list(islice(papers, size)):
        yield batch


def _changed(records: Iterable[Record], run: Run, writer: Writer, report: BuildReport) -> Iterator[Paper]:
    """Papers to read. Of two records of one id in one input the first counts; another text is rejected, not lost."""
    seen: dict[str, str] = {}
    for record in records:
        report.received += 1
        if isinstance(record, SourceError):
            report.rejected.append(record)
            continue
        digest, first = content_hash(record, run), seen.get(record.id)
        if first is not None and first != digest:
            report.rejected.append(SourceError(f"paper {record.id}, {record.title[:60]!r}", _TWICE))
        elif first == digest or _stored_hash(record.id, writer) == digest:
            report.keep(record, "unchanged")
        else:
            yield record
        seen.setdefault(record.id, digest)


def _stored_hash(paper_id: str, writer: Writer) -> str | None:
    row = next(library.run(writer.store, "content_hash", paper=writer.iris.paper(paper_id)), None)
    return str(row["hash"]) if row else None


def _extract(papers: list[Paper], extractor: Extractor, report: BuildReport) -> Iterator[Extraction]:
    for outcome in read_each(extractor, papers):
        if isinstance(outcome, SourceError):
            report.rejected.append(outcome)
        else:
            yield outcome


def _linked(batch: list[Paper], parts: Parts, report: BuildReport, progress: Progress) -> list[LinkedPaper]:
    linked = []
    for extraction in _extract(batch, parts.extractor, report):
        report.extracted += 1
        report.title = extraction.paper.title
        linked.append(parts.linker.link(extraction))
        report.linked += 1
        progress(report)
    return linked


def _commit(
    linked: list[LinkedPaper], consolidator: Consolidator, shapes: Graph, writer: Writer, report: BuildReport
) -> None:
    change = consolidator.change(linked)
    if faults := consolidator.faults(change, linked, shapes):
        for paper_id, messages in sorted(faults.items()):
            report.rejected.append(SourceError(f"paper {paper_id}", "; ".join(sorted(set(messages)))))
        linked = [paper for paper in linked if paper.paper.id not in faults]
        change = consolidator.change(linked)
    if not linked:
        return
    known = {paper.paper.id for paper in linked if _stored_hash(paper.paper.id, writer) is not None}
    writer.commit(change)
    consolidator.applied(change)
    for paper in linked:
        report.keep(paper.paper, "replaced" if paper.paper.id in known else "new")
    report.mentions += sum(len(paper.links) for paper in linked)
    report.slugs |= distinct_slugs(linked)
    report.quads += len(change.added)


def _keep_names(parts: Parts, consolidator: Consolidator, writer: Writer) -> None:
    """Nothing to do where no paper came and the last ingest reached its end: then the index is level."""
    if writer.index.stale:
        for change in Naming(writer.store, writer.iris, consolidator, parts.generic, parts.embedder).changes():
            writer.commit(change)


def _keep_ontology(ontology: Graph, writer: Writer) -> None:
    """The graph explains its own terms; loaded again whenever the file changed."""
    graph = writer.iris.ontology_graph
    # Blank nodes get IRIs that depend on what they say alone: a store cannot remove nameless ones.
    named = to_canonical_graph(ontology).skolemize(authority=writer.iris.base)
    wanted = frozenset((s, p, o, graph) for s, p, o in named)
    found = frozenset(writer.store.quads(graph))
    if wanted != found:
        writer.commit(Change(found - wanted, wanted - found))


def _keep_generic(consolidator: Consolidator, writer: Writer) -> None:
    """The list of generic terms is no part of a run, so a change of it touches papers that are unchanged."""
    change = consolidator.generic_change()
    if change.removed or change.added:
        writer.commit(change)
