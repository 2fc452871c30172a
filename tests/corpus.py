"""A small graph that reads like the real thing, made once by the fake extractor; and empty ones to be filled."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from kg.build import Parts, build
from kg.index.search import SearchIndex
from kg.iri import Iris
from kg.link.linker import NormalFormLinker
from kg.model import Label, Paper
from kg.resources import load_graph, ontology_dir
from kg.sources import make_paper
from kg.store.memory import MemoryStore
from kg.store.oxigraph import OxigraphStore
from kg.workspace import Reader, Workspace
from kg.writer import Writer
from tests.fakes import FakeExtractor

BASE = "http://127.0.0.1:8000/"

NAMES = {
    "neural network": Label.METHOD,
    "tangent kernel": Label.CONCEPT,
    "infinite width": Label.CONCEPT,
    "attention": Label.METHOD,
    "ImageNet": Label.DATASET,
    "accuracy": Label.METRIC,
    "translation": Label.TASK,
    "rare trick": Label.METHOD,
}
TEXTS = {
    "ntk": ("Tangent kernel", "A neural network of infinite width follows the tangent kernel. We propose rare trick."),
    "features": ("Feature learning", "The neural network of infinite width leaves the tangent kernel."),
    "mt": ("Attention for translation", "A neural network with attention does translation. Accuracy rises."),
    "vision": ("Images", "Attention in a neural network on ImageNet. The rare trick gives accuracy."),
    **{f"other{i}": (f"Other {i}", "A neural network has accuracy.") for i in range(12)},
}


def corpus_parts() -> Parts:
    """The parts over the fake extractor."""
    folder = ontology_dir()
    return Parts(
        FakeExtractor(NAMES),
        NormalFormLinker(),
        frozenset({"neural-network"}),
        load_graph(folder / "kg.ttl"),
        load_graph(folder / "shapes.ttl"),
    )


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with sixteen papers; read it, do not write it."""
    path = tmp_path_factory.mktemp("graph") / "data"
    papers = [
        make_paper(title, abstract, identifier=name, year=2000 + i, authors=("Ada Lovelace", "Alan Turing"))
        for i, (name, (title, abstract)) in enumerate(TEXTS.items())
    ]
    with Workspace(path, BASE).writer() as writer:
        build(papers, corpus_parts(), writer)
    return path


@pytest.fixture
def reader(data_folder: Path) -> Iterator[Reader]:
    """The newest snapshot of ``data_folder``."""
    opened = Workspace(data_folder, BASE).reader()
    yield opened
    opened.close()


def make_writer(folder: Path, name: str = "a", *, memory: bool = False) -> Writer:
    """An empty graph in memory, of Oxigraph or of rdflib, with its index in ``folder``."""
    store = MemoryStore() if memory else OxigraphStore(None)
    return Writer(store, SearchIndex(folder / f"{name}.sqlite"), Iris(BASE))


def dump(writer: Writer) -> str:
    """All of the graph as N-Quads."""
    out = io.BytesIO()
    assert isinstance(writer.store, OxigraphStore)
    writer.store.dump("nquads", out)
    return out.getvalue().decode()


def outcome(folder: Path, parts: Parts, inputs: Iterable[list[Paper]], size: int) -> tuple[str, object]:
    """The graph and the index rows after these inputs, one after the other, in batches of ``size``."""
    writer = make_writer(folder)
    for records in inputs:
        build(records, parts, writer, batch_size=size)
    return dump(writer), (writer.index.entities(limit=99), writer.index.papers(limit=99))
