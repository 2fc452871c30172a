from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rdflib.namespace import RDF

from kg.errors import QueryResourceError
from kg.iri import Iris, Kind
from kg.protocols import Row
from kg.query.catalogue import Catalogue
from kg.query.survey import samples, survey
from kg.workspace import Reader
from tests.corpus import BASE, make_writer

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def test_the_counts_are_those_of_the_graph(reader: Reader) -> None:
    quads = list(reader.store.quads())
    found = survey(reader.iris, (), "7", NOW, lambda query: list(reader.store.select(query)))
    assert (found.snapshot, found.modified) == ("7", NOW)
    assert found.triples == len(quads)
    assert found.subjects == len({s for s, _, _, _ in quads})
    assert found.objects == len({o for _, _, o, _ in quads})
    assert dict(found.properties) == Counter(p for _, p, _, _ in quads)
    instances = {(s, o) for s, p, o, _ in quads if p == RDF.type}
    assert dict(found.classes) == Counter(o for _, o in instances)
    assert found.things == len({s for s, _ in instances if str(s).startswith(f"{BASE}id/")})


def test_what_is_too_much_to_count_is_left_out(reader: Reader) -> None:
    def ask(query: str) -> Sequence[Row]:
        if "DISTINCT ?o" in query:
            raise QueryResourceError("too much")
        return list(reader.store.select(query))

    found = survey(reader.iris, (), "7", NOW, ask)
    assert found.objects is None
    assert found.subjects


def test_there_is_a_sample_of_each_kind(reader: Reader) -> None:
    found = samples(reader.catalogue, reader.index)
    assert len(found) == 3
    for kind, thing in zip((Kind.ENTITY, Kind.PAPER, Kind.MENTION), found, strict=True):
        assert Iris(BASE).name(kind, thing)
        assert any(s == thing for s, _, _, _ in reader.store.quads())


def test_an_empty_graph_is_counted_too(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    assert samples(Catalogue(writer.store, writer.iris), writer.index) == ()
    found = survey(writer.iris, (), "1", NOW, lambda query: list(writer.store.select(query)))
    assert (found.triples, found.subjects, found.objects, found.things) == (0, 0, 0, 0)
