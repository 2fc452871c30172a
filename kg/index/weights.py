"""What each cell of the matrix counts when papers are compared: how rare, how sure, in which role, in how long a list.

Two papers score the sum over what both name of ``rarity * strength here * strength there``. Rarity falls to nothing
where an entity is common, so hubs need no list. Papers also meet one step up the hierarchy: those that name different
kinds of a thing, or one the thing and the other a kind of it, are its kin.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kg.index.incidence import ROLES, Incidence
from kg.model import Role

COMMON = 0.05
"""An entity in this share of the papers says nothing of two of them."""
FEW = 12
"""In a corpus so small that this share would be fewer papers, these many are too many."""
POWER = 1.5
"""How much more a rare entity counts than a common one."""
PARENT = 0.7
"""What it counts to meet one step up, beside naming the same."""
COMMON_PARENT = 0.02
"""Of things that papers meet at so, those that this share of the papers name, or name kinds of, say nothing."""
LENGTH = 0.5
"""How much of the advantage of papers that name more than others is taken from them, in [0, 1]."""
ROLE_FACTORS: Mapping[Role | None, float] = {
    None: 1.0,
    Role.PROPOSES: 1.5,
    Role.USES: 1.2,
    Role.COMPARES: 1.2,
    Role.EVALUATES: 1.0,
    Role.ADDRESSES: 1.0,
    Role.REPORTS: 0.7,
}
"""What a paper does with an entity, beside only naming it."""


def rarity(papers: NDArray[np.signedinteger], corpus: int, common: float = COMMON) -> NDArray[np.float64]:
    """``ln(H / n) ** POWER`` of entities that ``n`` of ``corpus`` papers name; 0 where ``n`` is ``H`` or more.

    ``H`` is the share ``common`` of the papers, and in small corpora ``FEW`` of them, or all if there are fewer.
    """
    horizon = max(common * corpus, min(corpus, FEW))
    found: NDArray[np.float64] = np.log(np.maximum(horizon / np.maximum(papers, 1), 1.0)) ** POWER
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Made once a snapshot, by ``of``.

    ``rarity`` and ``kin_rarity`` have a number for each entity, 0 for generic ones; that of kin is by how many papers
    name the entity or a kind of it (``kin_papers``), times ``PARENT``. ``strengths`` stand beside the cells of
    ``by_paper``; ``by_entity`` is entities x papers of the same, and ``kin`` too, for entities that have kinds, with
    the strongest of these. A paper's strengths are divided by ``flat + each * (number of entities it names)``.
    ``reaches`` holds paper by paper the pairs of an entity that has kinds and one by which the paper reaches it, itself
    or a kind; the two columns of ``begins`` say where a paper begins in ``by_paper`` and there.
    """

    incidence: Incidence
    flat: float
    each: float
    rarity: NDArray[np.float64]
    kin_rarity: NDArray[np.float64]
    kin_papers: NDArray[np.int64]
    strengths: NDArray[np.float64]
    by_entity: csr_matrix
    kin: csr_matrix
    reaches: NDArray[np.int32]
    begins: NDArray[np.int64]

    @classmethod
    def of(cls, incidence: Incidence) -> "Weights":
        """Weigh the cells of a matrix."""
        corpus, lengths = len(incidence.papers), np.diff(incidence.by_paper.indptr)
        mean = float(lengths.mean()) if lengths.any() else 1.0
        flat, each = 1.0 - LENGTH, LENGTH / mean
        divisors = flat + each * lengths
        strengths = _strengths(incidence.by_paper, incidence.roles) / np.repeat(divisors, lengths)
        turned = _strengths(incidence.by_entity, incidence.roles_by_entity) / divisors[incidence.by_entity.indices]
        rows, cells, reached = _reaches(incidence)
        kin = _kin(incidence, rows, reached, strengths[cells])
        kin_papers = np.diff(kin.indptr).astype(np.int64)
        telling, has_kin = ~np.asarray(incidence.generic), kin_papers > 0
        return cls(
            incidence,
            flat,
            each,
            rarity(incidence.counts, corpus) * telling,
            PARENT * rarity(kin_papers, corpus, COMMON_PARENT) * (telling & has_kin),
            kin_papers,
            strengths,
            _like(incidence.by_entity, turned),
            kin,
            np.column_stack([reached, incidence.by_paper.indices[cells]]),
            np.column_stack([incidence.by_paper.indptr, np.searchsorted(rows, np.arange(corpus + 1))]),
        )


def _strengths(matrix: csr_matrix, roles: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Confidence times role; the graph's confidences are products of two numbers of three places."""
    factors = np.array([ROLE_FACTORS[role] for role in ROLES])
    found: NDArray[np.float64] = np.round(matrix.data.astype(np.float64), 6) * factors[roles]
    return found


def _like(matrix: csr_matrix, data: NDArray[np.float64]) -> csr_matrix:
    return csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape, copy=False)


def _reaches(incidence: Incidence) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    """Paper by paper its row, a cell, and an entity that has kinds: the one of the cell, or one directly broader."""
    by_paper, broader = incidence.by_paper, incidence.broader
    steps = np.diff(broader.indptr)[by_paper.indices]
    before = np.cumsum(steps) - steps
    up = np.repeat(broader.indptr[by_paper.indices] - before, steps) + np.arange(steps.sum())
    itself = np.flatnonzero(np.isin(by_paper.indices, broader.indices))
    cells = np.concatenate([np.repeat(np.arange(by_paper.nnz), steps), itself])
    reached = np.concatenate([broader.indices[up], by_paper.indices[itself]])
    order = np.argsort(cells, kind="stable")
    rows = np.repeat(np.arange(len(incidence.papers)), np.diff(by_paper.indptr))
    return rows[cells[order]], cells[order], reached[order]


def _kin(
    incidence: Incidence, rows: NDArray[np.int64], reached: NDArray[np.int32], strengths: NDArray[np.float64]
) -> csr_matrix:
    """Entities that have kinds x the papers that reach them, with the strongest of the strengths."""
    papers, entities = len(incidence.papers), len(incidence.entities)
    keys = reached.astype(np.int64) * papers + rows
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    begins = np.flatnonzero(np.diff(keys, prepend=-1))
    strongest = np.maximum.reduceat(strengths[order], begins) if len(begins) else strengths
    entity, paper = np.divmod(keys[begins], max(papers, 1))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(entity, minlength=entities))])
    cells = (strongest, paper.astype(np.int32), indptr.astype(np.int32))
    return csr_matrix(cells, shape=(entities, papers), copy=False)
