"""The matrix of a snapshot is what the graph gives, whatever led to it: byte by byte that of a rebuild."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.build import Parts, build
from kg.edit.following import Following
from kg.edit.operations import touched_by
from kg.index import files
from kg.index.incidence import Incidence
from kg.index.wording import Wording
from kg.link.linker import NormalFormLinker
from kg.model import Paper
from kg.query.matrix import matrix_of, wording_of
from kg.query.updates import inspect_update
from kg.sources import make_paper
from kg.workspace import Reader, Workspace
from tests.corpus import BASE, corpus_parts
from tests.fakes import C, D, DefiningExtractor, M

NAMES = {"attention": M, "ImageNet": D, "overfitting": C, "convolutional neural networks": M, "CNN": M, "CNNs": M}
TEXTS = [
    "We propose attention. It works on ImageNet.",
    "Attention against CNN on ImageNet as Method.",
    "We train convolutional neural networks (CNN) with attention.",
    "CNNs have overfitting. A CNN with attention as Dataset.",
    "Nothing of the kind.",
]
IDS = ["a", "b", "c", "d"]


def paper(paper_id: str, text: str, year: int | None) -> Paper:
    venue = "ACL" if year == 2020 else "ICML" if year else None
    return make_paper(f"Paper {paper_id}", text, identifier=paper_id, year=year, venue=venue)


PAPERS = st.lists(
    st.builds(paper, st.sampled_from(IDS), st.sampled_from(TEXTS), st.sampled_from([None, 2020, 2021])),
    min_size=1,
    max_size=3,
    unique_by=lambda each: each.id,
)
PREFIXES = f"""
PREFIX kg: <https://w3id.org/paperkg/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX p: <{BASE}id/paper/> PREFIX e: <{BASE}id/entity/>
PREFIX g: <{BASE}graph/> PREFIX gp: <{BASE}graph/paper/>
"""
MENTION = """kg:inPaper p:b ; kg:refersTo e:attention ; kg:confidence 0.5 ; kg:linkScore 0.5 ; kg:field dcterms:title ;
    kg:beginIndex 1 ; kg:endIndex 3 ; kg:sentence "A sentence." ; kg:sentenceBegin 0"""
UPDATES = [
    "DROP SILENT GRAPH gp:a",
    "INSERT DATA { GRAPH g:entities { e:imagenet kg:generic true . e:attention a kg:Task } }",
    f"INSERT DATA {{ GRAPH <urn:mine> {{ <urn:mention> {MENTION} }} }}",
    f"INSERT DATA {{ <urn:mention> {MENTION} }}",
    f"INSERT DATA {{ GRAPH <urn:mine> {{ [] {MENTION} }} }}",
    "INSERT DATA { GRAPH <urn:other> { <urn:mention> kg:confidence 0.9 ; kg:role kg:uses } }",
    "DELETE DATA { GRAPH <urn:mine> { <urn:mention> kg:refersTo e:attention } }",
    'INSERT DATA { GRAPH gp:c { <urn:mention> kg:linkScore "much" , 7 } }',
    "INSERT DATA { p:b kg:comparesWith e:attention . p:a kg:uses e:nowhere }",
    "DELETE DATA { p:b kg:comparesWith e:attention }",
    'DELETE WHERE { GRAPH gp:b { p:b dcterms:title ?title } } ; INSERT DATA { GRAPH gp:b { p:b dcterms:title "B" } }',
    "DELETE WHERE { GRAPH gp:c { p:c dcterms:title ?title } }",
    'INSERT DATA { GRAPH gp:a { p:a dcterms:issued "1999" , "then" ; kg:venue "A place" } }',
    "INSERT DATA { GRAPH g:hierarchy { e:attention skos:broader e:overfitting , e:nowhere } }",
    "INSERT DATA { GRAPH <urn:mine> { e:imagenet skos:broader e:attention } }",
    "DROP SILENT GRAPH g:hierarchy",
    'INSERT DATA { GRAPH gp:b { <urn:mention> kg:confidence 2.5 ; kg:beginIndex "first" } }',
]
# An ingest cannot go on after these: mentions and records that it counts by are taken apart, or say everything.
BREAKING = [
    "DROP SILENT GRAPH g:entities",
    "DELETE WHERE { GRAPH g:entities { e:attention ?p ?o } }",
    'INSERT DATA { GRAPH g:entities { e:attention a kg:Method ; skos:prefLabel "attention" ; kg:paperCount 2 } }',
    "INSERT { GRAPH <urn:n> { <urn:x> ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "DELETE WHERE { GRAPH gp:b { ?mention kg:confidence ?score } }",
    "DELETE WHERE { GRAPH ?g { ?mention kg:refersTo e:imagenet } }",
]
STEPS = st.tuples(
    st.lists(st.one_of(PAPERS, st.sampled_from(UPDATES)), min_size=2, max_size=4),
    st.lists(st.sampled_from([*UPDATES, *BREAKING]), max_size=2),
)


def parts() -> Parts:
    some = corpus_parts()
    return Parts(DefiningExtractor(NAMES), NormalFormLinker(), some.generic, some.ontology, some.shapes)


def change(workspace: Workspace, step: str | list[Paper], made_of: Parts) -> None:
    with workspace.writer() as writer:
        if isinstance(step, str):
            text = PREFIXES + step
            touched = touched_by(inspect_update(text))
            following = Following(writer, None if touched is None else sorted(touched))
            with following.expecting():
                writer.store.update(text)
            following.follow()
        else:
            build(step, made_of, writer)


def written(incidence: Incidence, wording: Wording, folder: Path) -> dict[str, bytes]:
    files.save(incidence, folder)
    files.save_wording(wording, folder / "wording")
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*.npy"))}


def listed(reader: Reader) -> tuple[object, ...]:
    return sorted(reader.index.paper_facts()), sorted(reader.index.entities(limit=99), key=lambda each: each.slug)


def require_the_same_as_rebuilt(workspace: Workspace, folder: Path) -> None:
    reader = workspace.reader()
    assert (reader.path / "wording").is_dir()
    kept = written(reader.incidence, reader.wording, folder / "kept")
    anew = wording_of(reader.incidence.papers, reader.index)
    assert kept == written(matrix_of(reader.catalogue, reader.index), anew, folder / "anew")
    rows = listed(reader)
    reader.close()
    with workspace.writer() as writer:
        writer.rebuild()
    reader = workspace.reader()
    assert written(reader.incidence, reader.wording, folder / "rebuilt") == kept
    assert listed(reader) == rows
    reader.close()


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_any_sequence_of_changes_leads_to_the_matrix_of_a_rebuild(
    steps: tuple[list[str | list[Paper]], list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, made_of = tmp_path_factory.mktemp("any"), parts()
    workspace = Workspace(folder / "data", BASE)
    change(workspace, [paper("a", TEXTS[0], 2020), paper("b", TEXTS[2], None)], made_of)
    for step in [*steps[0], *steps[1]]:
        change(workspace, step, made_of)
    require_the_same_as_rebuilt(workspace, folder)


@pytest.mark.parametrize("update", [*UPDATES, *BREAKING])
def test_after_each_update_the_matrix_is_that_of_a_rebuild(update: str, tmp_path: Path) -> None:
    workspace, made_of = Workspace(tmp_path / "data", BASE), parts()
    change(workspace, [paper("a", TEXTS[0], 2020), paper("b", TEXTS[2], None), paper("c", TEXTS[3], 2021)], made_of)
    change(workspace, update, made_of)
    require_the_same_as_rebuilt(workspace, tmp_path)
