"""A small graph that reads like the real thing, made once by the fake extractor."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.build import Parts, build
from kg.link.linker import NormalFormLinker
from kg.model import Label
from kg.resources import load_graph, ontology_dir
from kg.sources import make_paper
from kg.workspace import Reader, Workspace
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
