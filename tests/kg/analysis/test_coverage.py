from kg.analysis.coverage import coverage
from kg.model import Label
from kg.workspace import Reader


def test_what_a_graph_covers(reader: Reader) -> None:
    found = coverage(reader)
    counts = reader.index.counts()
    assert (found.papers, found.entities) == (counts["Paper"], {label: counts[label.value] for label in Label})
    assert found.edges == reader.catalogue.totals()[1]
    assert found.facets.years[0] == (2000, 1)
    assert sum(papers for _, papers in found.facets.years) + found.facets.undated == 16


def test_what_links_is_named_by_several_papers_and_not_by_nearly_all(reader: Reader) -> None:
    # Infinite width, tangent kernel, attention and rare trick; neither accuracy nor what a single paper names.
    assert coverage(reader).linking == 4
