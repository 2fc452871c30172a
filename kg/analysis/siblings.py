"""Siblings of a method: others whose papers read alike, and the more so if both are kinds of one broader method.

How alike two methods are is the mean cosine of the papers on the one, without those that name both, with the middle of
the papers on the other. A paper is a vector of the specific entities it names, weighted by ``ln(N / n)``. So methods
count that do the same work in other papers, not those that work together in the same.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kg.index.incidence import Incidence
from kg.model import Label

SIBLINGS = 15
"""As many of a method are looked at, the most alike."""
MIN_PAPERS = 3
"""What is in fewer papers is nobody's sibling."""
SAME_KIND = 2.0
"""So many times as alike are methods of one broader method."""
# What few papers say is drawn towards being like nothing, as if there were so many more of them.
_STRENGTH = 2.0

Columns = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Kinship:
    """What is directly a kind of what: both are entities x entities, in ``broader`` the row is a kind of the column."""

    broader: csr_matrix
    narrower: csr_matrix

    @classmethod
    def of(cls, incidence: Incidence) -> "Kinship":
        """All that the graph says."""
        return cls(incidence.broader, incidence.broader.T.tocsr())

    def with_broader(self, columns: Columns) -> Columns:
        """These and all that they are kinds of."""
        return _closed(columns, self.broader)

    def with_narrower(self, columns: Columns) -> Columns:
        """These and all kinds of them."""
        return _closed(columns, self.narrower)

    def beside(self, column: int) -> Columns:
        """The other direct kinds of what one is a direct kind of."""
        parents = self.broader[column].indices
        return np.setdiff1d(self.narrower[parents].indices, [column]).astype(np.int64)


def _closed(columns: Columns, leads_to: csr_matrix) -> Columns:
    found = new = np.unique(columns)
    while len(new):
        new = np.setdiff1d(leads_to[new].indices, found)
        found = np.union1d(found, new)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Usage:
    """What papers are about, and which of them name which method; made once for many questions to one snapshot.

    ``papers`` are unit vectors of what each names, ``methods`` the columns of the specific methods in ``MIN_PAPERS``
    papers and more, and ``naming`` methods x papers with 1 for each cell.
    """

    incidence: Incidence
    kinship: Kinship
    papers: csr_matrix
    methods: Columns
    naming: csr_matrix

    @classmethod
    def of(cls, incidence: Incidence) -> "Usage":
        """Of all papers."""
        matrix, counts, total = incidence.by_paper, incidence.counts, len(incidence.papers)
        specific = ~np.asarray(incidence.generic) & (counts > 1)
        kept = specific[matrix.indices]
        columns = matrix.indices[kept]
        ends = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
        weights = np.log(total / counts[columns])
        rows = np.repeat(np.arange(total), np.diff(ends))
        lengths = np.sqrt(np.bincount(rows, weights=weights**2, minlength=total))
        weights /= np.maximum(lengths[rows], 1e-9)
        methods = np.flatnonzero(incidence.having([Label.METHOD]) & specific & (counts >= MIN_PAPERS))
        ones = np.ones(incidence.by_entity.nnz)
        naming = csr_matrix((ones, incidence.by_entity.indices, incidence.by_entity.indptr), incidence.by_entity.shape)
        papers = csr_matrix((weights, columns, ends), matrix.shape)
        return cls(incidence, Kinship.of(incidence), papers, methods, naming[methods])

    def likeness(self, column: int) -> NDArray[np.float64]:
        """Of each of ``methods`` how much its papers that do not name an entity read like those that do, in [0, 1]."""
        rows = self.incidence.papers_of(column)[0]
        middle = np.asarray(self.papers[rows].sum(axis=0)).ravel()
        middle[column] = 0
        cosines = self.papers @ (middle / (np.sqrt((middle**2).sum()) or 1))
        others = np.ones(len(cosines))
        cosines[rows] = others[rows] = 0
        return np.asarray(self.naming @ cosines / (self.naming @ others + _STRENGTH), dtype=np.float64)

    def siblings(self, method: int) -> tuple[Columns, NDArray[np.float64]]:
        """Up to ``SIBLINGS`` methods with how alike they are, the most alike first; no kinds of it, nor it of them."""
        alike = self.likeness(method)
        alike[np.isin(self.methods, self.kinship.beside(method))] *= SAME_KIND
        own = np.array([method])
        line = np.concatenate([self.kinship.with_broader(own), self.kinship.with_narrower(own)])
        alike[np.isin(self.methods, line)] = 0
        best = np.lexsort((self.methods, -alike.round(9)))[:SIBLINGS]
        best = best[alike[best] > 0]
        return self.methods[best], alike[best]
