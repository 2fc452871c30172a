"""What a graph covers: how many papers of which years and venues, and how many things they name."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kg.analysis.facets import Facets, facets
from kg.analysis.selection import Chosen, Selection, Snapshot
from kg.index.incidence import LABELS
from kg.model import Label


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of one snapshot.

    ``edges`` counts what each paper names, and ``linking`` the things by which papers are linked: named by two or
    more, and by not so many that they tell nothing.
    """

    papers: int
    entities: Mapping[Label, int]
    edges: int
    linking: int
    facets: Facets


def coverage(snapshot: Snapshot) -> Coverage:
    """Count all."""
    incidence = snapshot.incidence
    labels = np.bincount(incidence.labels, minlength=len(LABELS)).tolist()
    return Coverage(
        len(incidence.papers),
        dict(zip(LABELS, labels, strict=True)),
        int(incidence.by_paper.nnz),
        int(np.count_nonzero((snapshot.weights.rarity > 0) & (incidence.counts > 1))),
        facets(Chosen(snapshot, Selection())),
    )
