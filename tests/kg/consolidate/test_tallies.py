"""What is kept in mind of the store must be what stands there."""

from pathlib import Path

import pytest

from kg.build import build
from kg.consolidate import tallies
from kg.consolidate.papers import Consolidator
from kg.consolidate.tallies import Tallies
from kg.query import library
from tests.corpus import dump, make_writer
from tests.kg.consolidate.test_naming import SST, paper, parts

RECORDS = [
    paper(1, "Momentum for parsing. SST as Dataset."),
    paper(2, "The momentum as Method is looked at, with SST."),
    paper(3, SST),
    paper(4, "MOMENTUM as Method, and parsing."),
    paper(5, f"An auto-encoder for momentum. {SST}"),
    paper(6, "Momentum as Method is an autoencoder."),
]


def test_batch_by_batch_the_graph_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calm, hasty = make_writer(tmp_path), make_writer(tmp_path, "b")
    build(RECORDS, parts(), calm)
    monkeypatch.setattr(tallies, "HUB", 1)
    build([paper(2, "Parsing as Metric."), *RECORDS[2:]], parts(), hasty, batch_size=1)
    build(RECORDS, parts(), hasty, batch_size=1)
    assert dump(hasty) == dump(calm)


def test_only_what_was_applied_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "HUB", 1)
    read: list[str] = []
    run = library.run

    def watched(store, name, **bindings):
        if name == "entity_mentions":
            read.append(str(bindings["entity"]).rpartition("/")[2])
        return run(store, name, **bindings)

    monkeypatch.setattr("kg.consolidate.tallies.library.run", watched)
    writer, made = make_writer(tmp_path), parts()
    consolidator = Consolidator(writer.store, writer.iris, made.run, made.generic)
    linked = [made.linker.link(extraction) for extraction in made.extractor.extract(RECORDS)]
    for number, applied in enumerate([True, True, False]):
        change = consolidator.change([linked[number]])
        if applied:
            writer.commit(change)
            consolidator.applied(change)
    assert read == []  # each was new, or had just been counted
    change = consolidator.change([linked[0]])
    consolidator.applied(consolidator.change([linked[1]]))
    consolidator.applied(change)  # not the last: says nothing
    assert "momentum" in read


def test_few_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = make_writer(tmp_path)
    build([RECORDS[0]], parts(), writer)
    monkeypatch.setattr(tallies, "MOST", 1)
    monkeypatch.setattr(tallies, "HUB", 1)
    kept = Tallies(writer.store, writer.iris)
    read = {slug: kept.take(slug, 1) for slug in ("momentum", "parsing")}
    assert [tally.labels.total() > 0 for tally in read.values()] == [True, True]
    kept.keep(read)
    assert kept.take("momentum", 1) is read["momentum"]
    assert kept.take("parsing", 1) is not read["parsing"]
