import pytest

from kg.analysis.cooccurrence import Choice
from kg.errors import NotFoundError
from kg.view.concepts import Question
from kg.view.details import between, details
from kg.view.map_chart import Asked, chart
from kg.workspace import Reader


def test_what_there_is_to_tell_of_an_entity(reader: Reader) -> None:
    asked = Asked(Question(choice=Choice(limit=2)))
    drawn = chart(reader, asked)
    slug = drawn.network.nodes[0].id
    found = details(reader, asked, drawn, slug)
    assert (found.entity.slug, found.node, found.added) == (slug, drawn.network.nodes[0], 0)
    assert found.step == found.neighbours.total - found.neighbours.known > 0
    wider = Asked(asked.question, expanded=((slug, 2),))
    after = details(reader, wider, chart(reader, wider), slug)
    assert (after.added, after.neighbours.known) == (2, found.neighbours.known + 2)
    assert {node.id for node, _ in after.linked} >= set(chart(reader, wider).reached[slug].slugs)
    hidden = details(reader, asked, drawn, "imagenet")
    assert (hidden.node, hidden.linked) == (None, ())
    with pytest.raises(NotFoundError):
        details(reader, asked, drawn, "nope")


def test_only_papers_that_count_speak(reader: Reader) -> None:
    asked = Asked(Question(choice=Choice(year_to=2002)))
    found = details(reader, asked, chart(reader, asked), "attention")
    assert [each.paper.id for each in found.sightings] == ["mt"]
    assert found.entity.papers == 2
    assert between(reader, asked, ("attention", "accuracy")).papers == 1
    assert between(reader, Asked(), ("attention", "accuracy")).papers == 2
