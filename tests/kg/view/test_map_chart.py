import itertools

import pytest

from kg.analysis.cooccurrence import Choice
from kg.errors import NotFoundError
from kg.model import Label, Network
from kg.view.concepts import Question, concept_network
from kg.view.map_chart import Asked, chart
from kg.workspace import Reader

FEW = Question(choice=Choice(limit=2))


def ids(network: Network) -> set[str]:
    return {node.id for node in network.nodes}


def places(network: Network) -> dict[str, tuple[float, float]]:
    return {node.id: (node.x, node.y) for node in network.nodes}


def test_nothing_asked_is_the_drawing_itself(reader: Reader) -> None:
    found = chart(reader, Asked(FEW))
    assert found.network == concept_network(reader, FEW)
    assert (found.added, found.reached, found.ways, found.steps) == (frozenset(), {}, None, [])


def test_neighbours_are_added_and_linked_and_nothing_else_moves(reader: Reader) -> None:
    before = concept_network(reader, FEW)
    slug = before.nodes[0].id
    found = chart(reader, Asked(FEW, expanded=((slug, 2),)))
    added = set(found.reached[slug].slugs)
    assert len(added) == 2
    assert ids(found.network) == ids(before) | added
    assert found.added == added
    assert places(found.network).items() >= places(before).items()
    linked = {frozenset((edge.source, edge.target)) for edge in found.network.edges}
    assert {frozenset((slug, each)) for each in added} <= linked
    assert found.network.total_nodes == before.total_nodes
    atlas = {place.slug: (place.x, place.y) for place in reader.atlas.places}
    assert places(found.network) == {each: atlas[each] for each in ids(found.network)}


def test_what_is_added_around_an_entity_finds_a_place_of_its_own(reader: Reader) -> None:
    question = Question(focus="tangent-kernel", choice=Choice(limit=2))
    before = concept_network(reader, question)
    found = chart(reader, Asked(question, pinned=("imagenet", "tangent-kernel")))
    assert found.network.focus == "tangent-kernel"
    assert ids(found.network) == ids(before) | {"imagenet"}
    everywhere = places(found.network)
    assert everywhere.items() >= places(before).items()
    assert len(set(everywhere.values())) == len(everywhere)


def test_a_community_is_shown_whole(reader: Reader) -> None:
    number = reader.atlas.communities[0].number
    whole = {place.slug for place in reader.atlas.of(number)}
    found = chart(reader, Asked(FEW, community=number))
    assert ids(found.network) == ids(concept_network(reader, FEW)) | whole
    assert {node.id for node in found.network.nodes if node.cluster == number} == whole
    assert number in found.network.clusters
    only = Question(choice=Choice(limit=2, labels=(Label.METHOD,)))
    assert {node.label for node in chart(reader, Asked(only, community=number)).network.nodes} == {Label.METHOD}
    assert ids(chart(reader, Asked(FEW, community=999)).network) == ids(concept_network(reader, FEW))


def test_a_path_brings_what_it_leads_over(reader: Reader) -> None:
    question = Question(choice=Choice(limit=1))
    found = chart(reader, Asked(question, path=("infinite-width", "attention")))
    assert found.steps
    for steps in found.steps:
        assert (steps[0], steps[-1]) == ("infinite-width", "attention")
        assert set(steps) <= ids(found.network)
        linked = {frozenset((edge.source, edge.target)) for edge in found.network.edges}
        assert {frozenset(hop) for hop in itertools.pairwise(steps)} <= linked
    with pytest.raises(NotFoundError):
        chart(reader, Asked(question, path=("infinite-width", "nope")))


def test_what_is_hidden_is_gone_with_its_links(reader: Reader) -> None:
    whole = chart(reader, Asked()).network
    slug = whole.nodes[0].id
    left = chart(reader, Asked(hidden=frozenset({slug}))).network
    assert ids(left) == ids(whole) - {slug}
    assert all(slug not in (edge.source, edge.target) for edge in left.edges)
    assert chart(reader, Asked(hidden=frozenset({slug}), pinned=(slug,))).network.nodes == left.nodes
