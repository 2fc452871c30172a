"""The SPARQL query that gives the same ranking as ``kg.analysis.related``, whole: for any endpoint over the graph.

SPARQL 1.1 has no logarithm, so the rarities stand in it as numbers, with what the paper itself says of each entity.
Nor does it tell words apart, so what these count stands in it for the papers of the answer: all others score less than
these even with theirs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rdflib import URIRef

from kg.analysis.related import Related, Wanted
from kg.analysis.sharing import Side
from kg.graph.terms import ROLE_EDGES
from kg.index.incidence import LABELS
from kg.index.weights import ROLE_FACTORS, Weights
from kg.iri import Iris
from kg.query.library import load_query

_FIRST, _LAST = 0, 9999


def words_of(found: Iterable[Related]) -> dict[str, float]:
    """What the words of each paper count, where they do."""
    return {each.paper_id: each.wording.weight for each in found if each.wording}


def ranking_query(
    weights: Weights,
    iris: Iris,
    paper_id: str,
    wanted: Wanted,
    words: Mapping[str, float],
    *,
    beside: str | None = None,
) -> str:
    """The text of the query; with the id of another paper ``beside`` that of its score alone. Raises NotFoundError.

    ``words`` has what they count for the papers of the answer, by id.
    """
    incidence = weights.incidence
    side, paper = Side.of(weights, incidence.row(paper_id)), iris.paper(paper_id)
    labels = frozenset(map(LABELS.index, wanted.labels))

    def rows(found: Mapping[int, float]) -> list[tuple[URIRef, float]]:
        counting = [
            (iris.entity(incidence.entities[column]), weight)
            for column, weight in sorted(found.items())
            if weight and incidence.labels[column] in labels
        ]
        return counting or [(paper, 0.0)]  # finds nothing, for engines that take no empty table

    direct = {column: float(weights.rarity[column]) * each for column, each in side.strengths.items()}
    kin = {parent: float(weights.kin_rarity[parent]) * side.strengths[own[0]] for parent, own in side.reaches.items()}
    worded = [(paper, iris.paper(other), weight) for other, weight in words.items()]
    # A paper without a year is of year 0, and left out where years are asked for.
    first = wanted.year_from or (_FIRST if wanted.year_to is None else _FIRST + 1)
    last = _LAST if wanted.year_to is None else wanted.year_to
    query, ends = load_query("related"), {"paper": paper}
    if beside is not None:
        query, ends = replace(query, binds=(*query.binds, "other")), {"paper": paper, "other": iris.paper(beside)}
    query = replace(query, text=query.filled(**ends))
    text = (
        query.tabled("?entity ?weight", rows(direct))
        .tabled("?parent ?weight", rows(kin))
        .tabled("?paper ?other ?words", worded or [(paper, paper, 0.0)])
        .tabled("?role ?factor", [(ROLE_EDGES[role], factor) for role, factor in ROLE_FACTORS.items() if role])
        .tabled("?flat ?each ?least ?from ?to", [(weights.flat, weights.each, wanted.min_shared, first, last)])
        .text
    )
    return text if beside is not None else f"{text}LIMIT {wanted.limit}\n"
