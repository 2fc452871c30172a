"""An ingest in batches of three papers that says when each is safe; the kill test kills it."""

import argparse
import json
import sys
from pathlib import Path

from kg.build import BuildReport, Parts, build
from kg.link.linker import NormalFormLinker
from kg.resources import load_graph, ontology_dir
from kg.sources import read_papers
from kg.store import oxigraph
from kg.workspace import Workspace
from tests.fakes import C, D, DefiningExtractor, M

NAMES = {"attention": M, "transformer": M, "ImageNet": D, "overfitting": C, "gradient": C, "network": M}
# What some papers define and others do not, so that names move after the batches.
NAMES |= {"convolutional neural networks": M, "CNNs": M, "CNN": M}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--data", type=Path)
    args = parser.parse_args()
    folder = ontology_dir()
    parts = Parts(
        DefiningExtractor(NAMES),
        NormalFormLinker(),
        frozenset(),
        load_graph(folder / "kg.ttl"),
        load_graph(folder / "shapes.ttl"),
    )

    # Some batches count as large changes, others do not.
    oxigraph.LARGE = 150

    def say(report: BuildReport) -> None:
        sys.stdout.write(json.dumps(report.as_dict()) + "\n")
        sys.stdout.flush()

    with Workspace(args.data, "http://127.0.0.1:8000/").writer() as writer:
        say(build(read_papers([args.corpus]), parts, writer, batch_size=3, progress=say))


if __name__ == "__main__":
    main()
