from pathlib import Path

import pytest

from kg.analysis.facets import InYear, facets
from kg.analysis.selection import Chosen, Order, Selection
from kg.model import Label, Role
from kg.workspace import Reader, Workspace
from tests.corpus import BASE


def test_facets_say_what_each_further_wish_would_leave(fruit: Reader) -> None:
    everything = facets(Chosen(fruit, Selection()))
    assert everything.years == (InYear(2021, 1), InYear(2022, 0), InYear(2023, 2))
    assert everything.undated == 1
    assert everything.venues == (("ICLR", 2), ("NeurIPS", 1))
    assert everything.of_venues == 2
    assert everything.roles == {}
    assert [(each.entity.slug, each.papers) for each in everything.entities[Label.METHOD]] == [
        ("attention", 3),
        ("rare-trick", 1),
    ]
    assert Label.TASK not in everything.entities


def test_a_facet_counts_as_if_it_were_not_chosen_itself(fruit: Reader) -> None:
    found = facets(Chosen(fruit, Selection(entities=("imagenet",), role=Role.EVALUATES, venue="ICLR", year_to=2022)))
    assert found.venues == (("ICLR", 1),)
    assert found.years == (InYear(2021, 1),)
    assert found.roles == {Role.EVALUATES: 1}
    assert found.entities == {Label.METHOD: ((fruit.catalogue.entity("attention"), 1),)}


@pytest.mark.parametrize("asked", [{"venue": "ICLR"}, {"words": "zebras"}, {"entities": ("attention",)}, {}])
def test_each_number_is_what_choosing_it_gives(fruit: Reader, asked: dict[str, object]) -> None:
    def total(**more: object) -> int:
        return Chosen(fruit, Selection(**{**asked, **more})).total  # type: ignore[arg-type]

    found = facets(Chosen(fruit, Selection(**asked)))  # type: ignore[arg-type]
    for year, papers in found.years:
        assert total(year_from=year, year_to=year) == papers
    for venue, papers in found.venues:
        assert total(venue=venue) == papers
    for role, papers in found.roles.items():
        assert total(role=role) == papers
    for named in found.entities.values():
        for entity, papers in named:
            assert total(entities=(*asked.get("entities", ()), entity.slug)) == papers  # type: ignore[misc]


def test_a_graph_without_papers_has_no_facets(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "data", BASE)
    with workspace.writer():
        pass
    opened = workspace.reader()
    chosen = Chosen(opened, Selection(words="any"))
    assert (chosen.total, chosen.ids(Order.BEST, 0, 9)) == (0, [])
    assert facets(chosen).years == ()
    opened.close()
