"""The matrix: what it says, and that it is the same however it came about."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import NotFoundError, StoreError
from kg.index import files
from kg.index.incidence import EntityFact, Incidence, PaperFact, assemble, renewed
from kg.index.names import Names
from kg.model import Field, Label, Place, Role

PLACE = Place(Field.ABSTRACT, 3, 9, 0, 40)
PAPERS = [
    PaperFact("b", 2019, "ACL", [("bert", 0.9, Role.USES), ("squad", 0.5, None)], {"bert": PLACE}),
    PaperFact("a", None, None, [("bert", 0.75, Role.PROPOSES), ("unheard-of", 1.0, None)]),
    PaperFact("c", 2021, "EMNLP", []),
]
ENTITIES = [
    EntityFact("squad", Label.DATASET, generic=False),
    EntityFact("bert", Label.METHOD, generic=False),
    EntityFact("model", Label.METHOD, generic=True),
]
BROADER = [("bert", "model"), ("bert", "nowhere")]


def small() -> Incidence:
    return assemble(PAPERS, ENTITIES, BROADER)


def written(incidence: Incidence, folder: Path) -> dict[str, bytes]:
    files.save(incidence, folder)
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_rows_and_columns_are_in_the_order_of_ids() -> None:
    found = small()
    assert list(found.papers) == ["a", "b", "c"]
    assert list(found.entities) == ["bert", "model", "squad"]
    assert found.by_paper.toarray().tolist() == [[0.75, 0, 0], [np.float32(0.9), 0, 0.5], [0, 0, 0]]
    assert (found.by_entity != found.by_paper.T).nnz == 0
    assert found.counts.tolist() == [2, 0, 1]


def test_what_is_known_of_rows_and_columns() -> None:
    found = small()
    assert found.years.tolist() == [0, 2019, 2021]
    assert [found.venue_names[at] if at >= 0 else None for at in found.venues] == [None, "ACL", "EMNLP"]
    assert found.generic.tolist() == [False, True, False]
    assert found.having([Label.DATASET]).tolist() == [False, False, True]
    assert found.broader.toarray().tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]


def test_roles_and_places_stand_beside_the_cells() -> None:
    found = small()
    assert found.relation(Role.USES).nonzero() == (np.array([1]), np.array([0]))
    assert found.relation(None, Role.PROPOSES).nnz == 2
    assert found.places_of([1, 0]) == [PLACE, None]
    columns, confidences, roles = found.entities_of(found.row("b"))
    assert (columns.tolist(), confidences.tolist()) == ([0, 2], [np.float32(0.9), 0.5])
    assert roles.tolist() == [found.papers_of(0)[2].tolist()[1], 0]


def test_unknown_ids_are_named() -> None:
    with pytest.raises(NotFoundError, match="paper 'z'"):
        small().row("z")
    with pytest.raises(NotFoundError, match="entity 'z'"):
        small().column("z")


NAME = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4)


@settings(deadline=None)
@given(st.sets(NAME, max_size=12), st.sets(NAME, max_size=6), st.sets(NAME, max_size=6))
def test_names_after_a_change_are_those_made_of_all(old: set[str], come: set[str], gone: set[str]) -> None:
    before = Names.of(old)
    gone |= set(sorted(old)[::3])
    names, moved, numbers = before.renewed(come, gone)
    wanted = sorted((old - gone) | come)
    assert list(names) == wanted
    assert [each.tolist() for each in names.arrays] == [each.tolist() for each in Names.of(wanted).arrays]
    assert [wanted[at] if at >= 0 else None for at in moved] == [name if name in wanted else None for name in before]
    assert {name: wanted[at] for name, at in numbers.items()} == {name: name for name in come}
    assert [names.find(name) for name in wanted] == list(range(len(wanted)))
    assert names.find("no such name") is None


class Corpus(NamedTuple):
    papers: dict[str, PaperFact]
    entities: dict[str, EntityFact]
    broader: set[tuple[str, str]]

    @property
    def matrix(self) -> Incidence:
        return assemble(self.papers.values(), self.entities.values(), self.broader)


SLUGS = [f"e{i}" for i in range(7)]
IDS = [f"p{i}" for i in range(6)]
NAMED = st.dictionaries(
    st.sampled_from(SLUGS), st.tuples(st.sampled_from([0.25, 0.5, 1.0]), st.sampled_from([None, *Role])), max_size=5
)
PAPER = st.builds(
    lambda paper, year, venue, named, shown: PaperFact(
        paper,
        year,
        venue,
        [(slug, *said) for slug, said in named.items()],
        {slug: PLACE._replace(start=len(slug)) for slug in named if shown},
    ),
    st.sampled_from(IDS),
    st.sampled_from([None, 2000, 2024]),
    st.sampled_from([None, "ACL", "ICML"]),
    NAMED,
    st.booleans(),
)
ENTITY = st.builds(EntityFact, st.sampled_from(SLUGS), st.sampled_from(list(Label)), st.booleans())
CHANGE = st.tuples(
    st.lists(PAPER, max_size=4, unique_by=lambda fact: fact.id),
    st.lists(ENTITY, max_size=5, unique_by=lambda fact: fact.slug),
    st.sets(st.sampled_from(IDS), max_size=2),
    st.sets(st.sampled_from(SLUGS), max_size=2),
    st.sets(st.tuples(st.sampled_from(SLUGS), st.sampled_from(SLUGS)), max_size=3),
)


def changed(corpus: Corpus, change: tuple) -> Corpus:  # type: ignore[type-arg]
    papers, entities, gone_papers, gone_entities, pairs = change
    told = {fact.slug: fact for fact in entities}
    return Corpus(
        {id_: fact for id_, fact in corpus.papers.items() if id_ not in gone_papers} | {f.id: f for f in papers},
        {slug: fact for slug, fact in corpus.entities.items() if slug not in gone_entities} | told,
        {pair for pair in corpus.broader if pair[0] not in told} | {pair for pair in pairs if pair[0] in told},
    )


def naming(corpus: Corpus, slugs: Iterable[str]) -> set[str]:
    return {fact.id for fact in corpus.papers.values() if {slug for slug, *_ in fact.named} & set(slugs)}


@settings(max_examples=60, deadline=None)
@given(changes=st.lists(CHANGE, min_size=1, max_size=5))
def test_a_matrix_after_changes_is_that_of_all_facts_byte_by_byte(
    changes: list[tuple],  # type: ignore[type-arg]
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    corpus = Corpus({}, {}, set())
    kept = corpus.matrix
    for change in changes:
        before, corpus = corpus, changed(corpus, change)
        papers, entities, gone_papers, gone_entities, _ = change
        new = corpus.entities.keys() - before.entities.keys()
        narrow = {narrow for narrow, broad in corpus.broader if broad in new}
        told = {fact.slug for fact in entities} | (narrow & corpus.entities.keys())
        kept = renewed(
            kept,
            [corpus.papers[each] for each in {fact.id for fact in papers} | naming(corpus, new)],
            [corpus.entities[slug] for slug in told],
            [pair for pair in corpus.broader if pair[0] in told],
            gone_papers,
            gone_entities,
        )
    folder = tmp_path_factory.mktemp("matrices")
    assert written(kept, folder / "kept") == written(corpus.matrix, folder / "anew")


def test_a_matrix_comes_back_from_its_files(tmp_path: Path) -> None:
    first = written(small(), tmp_path / "one")
    again = files.load(tmp_path / "one")
    assert written(again, tmp_path / "two") == first
    assert again.places_of([1]) == [PLACE]


def test_an_empty_matrix_can_be_kept(tmp_path: Path) -> None:
    files.save(assemble([], [], []), tmp_path / "none")
    found = files.load(tmp_path / "none")
    assert (len(found.papers), len(found.entities), found.by_paper.shape) == (0, 0, (0, 0))


@pytest.mark.parametrize("name", sorted(["years", "venues", "labels", "generic", "roles", "places", "papers.ends"]))
def test_an_array_of_another_length_is_refused(tmp_path: Path, name: str) -> None:
    files.save(small(), tmp_path / "m")
    array = np.load(tmp_path / "m" / f"{name}.npy")
    np.save(tmp_path / "m" / f"{name}.npy", array[:-1])
    with pytest.raises(StoreError, match="kg index --rebuild"):
        files.load(tmp_path / "m")


@pytest.mark.parametrize("name", ["by_paper.data", "by_entity.indices", "broader.indptr", "roles"])
def test_a_file_that_is_missing_cut_off_or_of_another_type_is_refused(tmp_path: Path, name: str) -> None:
    files.save(small(), tmp_path / "m")
    file = tmp_path / "m" / f"{name}.npy"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    with pytest.raises(StoreError, match="kg index --rebuild"):
        files.load(tmp_path / "m")
    np.save(file, np.load(tmp_path / "m" / "years.npy"))
    with pytest.raises(StoreError, match="int16"):
        files.load(tmp_path / "m")
    file.unlink()
    with pytest.raises(StoreError, match=name):
        files.load(tmp_path / "m")
