"""Where the matrix says that a paper shows an entity."""

from pathlib import Path

from kg.index import files, incidence
from kg.index.incidence import EntityFact, Incidence, PaperFact
from kg.model import Field, Label, Place
from kg.workspace import Reader


def test_every_cell_leads_to_a_mention_and_its_sentence(reader: Reader) -> None:
    found = reader.incidence
    for row, paper_id in enumerate(found.papers):
        paper = reader.catalogue.paper(paper_id)
        mentions = reader.catalogue.mentions(paper_id)
        for cell in range(found.by_paper.indptr[row], found.by_paper.indptr[row + 1]):
            (place,) = found.places_of([cell])
            assert place
            text = paper.text(place.field)
            (one,) = (m for m in mentions if (m.mention.field, m.mention.start) == (place.field, place.start))
            assert one.entity.slug == found.entities[int(found.by_paper.indices[cell])]
            assert text[place.start : place.end] == one.mention.text
            assert text[place.sentence_start : place.sentence_end] == one.mention.sentence


def shown(found: Incidence, paper_id: str, slug: str) -> Place | None:
    row = found.row(paper_id)
    cell = found.by_paper.indptr[row] + found.entities_of(row)[0].tolist().index(found.column(slug))
    return found.places_of([cell])[0]


def test_the_abstract_shows_more_than_the_title_and_a_role_more_than_a_name(reader: Reader) -> None:
    found = reader.incidence
    tangent = shown(found, "ntk", "tangent-kernel")
    assert tangent
    assert tangent.field is Field.ABSTRACT
    trick = shown(found, "ntk", "rare-trick")
    assert trick
    assert reader.catalogue.paper("ntk").abstract[: trick.start].endswith("We propose ")


def test_places_survive_the_files_and_there_may_be_none(tmp_path: Path) -> None:
    place = Place(Field.ABSTRACT, 3, 7, 0, 9)
    named = [("a", 0.5, None), ("b", 0.5, None)]
    made = incidence.assemble(
        [PaperFact("p", None, None, named, {"b": place}), PaperFact("q", None, None, named)],
        [EntityFact("a", Label.METHOD, generic=False), EntityFact("b", Label.METHOD, generic=False)],
        [],
    )
    files.save(made, tmp_path / "files")
    found = files.load(tmp_path / "files")
    assert found.places_of(range(4)) == [None, place, None, None]
