"""The ways to find related papers whose answers scripts/bench quality sets side by side."""

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

import bm25s
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from benchmarks.relevance import Record
from kg.analysis.related import Wanted, related
from kg.workspace import Reader

Retrieval: TypeAlias = Callable[[int], list[int]]
"""The rows of the papers nearest to the one in a row, best first, without itself."""

DEPTH = 50
_WORD = re.compile(r"\w\w+")


def ours(reader: Reader, _: Sequence[Record]) -> Retrieval:
    """What the service answers where words may do alone."""
    return _related(reader, Wanted(min_shared=0, limit=DEPTH))


def ours_sharing(reader: Reader, _: Sequence[Record]) -> Retrieval:
    """What it answers by default: only papers that share a thing."""
    return _related(reader, Wanted(limit=DEPTH))


def _related(reader: Reader, wanted: Wanted) -> Retrieval:
    papers = reader.incidence.papers
    return lambda row: [reader.incidence.row(each.paper_id) for each in related(reader, papers[row], wanted)]


def shared_counts(reader: Reader, _: Sequence[Record]) -> Retrieval:
    """The number of entities that both papers name, whatever they are."""
    matrix = reader.incidence.by_paper.astype(bool).astype(np.float32)
    turned = matrix.T.tocsr()
    return lambda row: _nearest(row, (matrix[row] @ turned).toarray().ravel())


def bm25(_: Reader, papers: Sequence[Record]) -> Retrieval:
    """BM25 of title and abstract against those of all papers, by bm25s with its usual parameters."""
    index, tokens = _indexed(papers)
    return lambda row: _nearest(row, index.get_scores(tokens[row]))


def bm25_distinct(_: Reader, papers: Sequence[Record]) -> Retrieval:
    """The same with each word of the paper that is asked for taken once."""
    index, tokens = _indexed(papers)
    return lambda row: _nearest(row, index.get_scores(list(dict.fromkeys(tokens[row]))))


def _indexed(papers: Sequence[Record]) -> tuple[bm25s.BM25, list[list[str]]]:
    tokens = bm25s.tokenize([_text(paper) for paper in papers], return_ids=False, show_progress=False)
    index = bm25s.BM25()
    index.index(tokens, show_progress=False)
    return index, tokens


def tf_idf(_: Reader, papers: Sequence[Record]) -> Retrieval:
    """The cosine of title and abstract, words weighted by ``(1 + ln tf) * ln(N / n)``."""
    vocabulary: dict[str, int] = {}
    rows = [np.array([vocabulary.setdefault(word, len(vocabulary)) for word in _words(paper)]) for paper in papers]
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    words = np.concatenate(rows) if rows else np.zeros(0, np.int64)
    counts = csr_matrix((np.ones(len(words)), words, indptr), shape=(len(papers), len(vocabulary)))
    counts.sum_duplicates()
    found = np.bincount(counts.indices, minlength=len(vocabulary))
    counts.data = (1 + np.log(counts.data)) * np.log(len(papers) / found)[counts.indices]
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    unit = (diags(1 / np.maximum(lengths, 1e-9)) @ counts).tocsr()
    turned = unit.T.tocsr()
    return lambda row: _nearest(row, (unit[row] @ turned).toarray().ravel())


RETRIEVALS: dict[str, Callable[[Reader, Sequence[Record]], Retrieval]] = {
    each.__name__: each for each in (ours, ours_sharing, bm25, bm25_distinct, tf_idf, shared_counts)
}


def _nearest(row: int, scores: NDArray[np.floating]) -> list[int]:
    """Rows of the highest scores above 0, ties by row."""
    scores = scores.astype(np.float64)
    scores[row] = 0
    best = np.lexsort((np.arange(len(scores)), -scores))[:DEPTH]
    rows: list[int] = best[scores[best] > 0].tolist()
    return rows


def _text(paper: Record) -> str:
    return f"{paper.title}\n{paper.abstract}"


def _words(paper: Record) -> list[str]:
    return _WORD.findall(_text(paper).casefold())
