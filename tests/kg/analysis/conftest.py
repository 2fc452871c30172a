"""A graph of few papers that differ in year, venue and what they do."""

from collections.abc import Iterator

import pytest

from kg.build import build
from kg.sources import make_paper
from kg.workspace import Reader, Workspace
from tests.corpus import BASE, corpus_parts

PAPERS = [
    ("a", "Zebras with attention", "We run on ImageNet.", 2021, "ICLR 2021"),
    ("b", "apples", "We do it with attention, and accuracy.", 2023, "ICLR 2023"),
    ("c", "Mangos", "Attention is no rare trick.", None, None),
    ("d", "Bananas", "We propose ImageNet. Zebras are in it.", 2023, "NeurIPS"),
]


@pytest.fixture(scope="module")
def fruit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    workspace = Workspace(tmp_path_factory.mktemp("fruit") / "data", BASE)
    papers = [make_paper(t, a, identifier=name, year=year, venue=venue) for name, t, a, year, venue in PAPERS]
    with workspace.writer() as writer:
        build(papers, corpus_parts(), writer)
    opened = workspace.reader()
    yield opened
    opened.close()
