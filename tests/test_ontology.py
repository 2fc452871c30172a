"""The ontology is whole: no term undocumented, unused or misspelt, no shape that refuses nothing."""

import importlib.util
import re
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pyshacl
import pytest
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS
from rdflib.term import Node

from kg.model import Label
from kg.vocab import KG, NS

# rdflib's own TriG parser makes one.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = Graph().parse(ROOT / "ontology" / "kg.ttl")
SHAPES = Graph().parse(ROOT / "ontology" / "shapes.ttl")
GENERIC = Graph().parse(ROOT / "ontology" / "generic.ttl")
GOLDEN = ROOT / "tests" / "golden"
SHAPES_NS = "https://w3id.org/paperkg/shapes#"

TERMS = sorted({URIRef(str(term)) for term in ONTOLOGY.subjects(RDFS.label)})
PROPERTIES = {*ONTOLOGY.subjects(RDF.type, OWL.ObjectProperty), *ONTOLOGY.subjects(RDF.type, OWL.DatatypeProperty)}
CLASSES = {term for term in ONTOLOGY.subjects(RDF.type, OWL.Class) if isinstance(term, URIRef)}
TARGETED = {
    str(shape).removeprefix(SHAPES_NS)
    for target in (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    for shape in SHAPES.subjects(target)
}
ILLEGAL = sorted(GOLDEN.glob("illegal-*.trig"))
NO_CONSTRAINTS = {SH.path, SH.message, SH.property, SH.targetClass, SH.targetNode} | {
    SH.targetSubjectsOf,
    SH.targetObjectsOf,
}


def local(term: Node | None) -> str:
    return str(term).removeprefix(NS)


# ---- terms


@pytest.mark.parametrize("term", TERMS, ids=local)
def test_a_term_is_documented(term: URIRef) -> None:
    for annotation in (RDFS.label, RDFS.comment):
        [text] = ONTOLOGY.objects(term, annotation)
        assert isinstance(text, Literal)
        assert text.language == "en"
    assert str(ONTOLOGY.value(term, RDFS.comment)).endswith(".")
    assert (term in PROPERTIES) != (term in CLASSES)
    if term in PROPERTIES:
        assert len(set(ONTOLOGY.objects(term, RDFS.domain))) == 1
        assert len(set(ONTOLOGY.objects(term, RDFS.range))) == 1


def test_every_term_is_declared_and_labelled() -> None:
    ours = {term for triple in ONTOLOGY for term in triple if str(term).startswith(NS) and str(term) != NS}
    assert {KG.Paper, KG.mentions} < ours
    assert ours == set(TERMS) == PROPERTIES | CLASSES


def used_terms() -> set[str]:
    """Local names in the shapes, in their SPARQL and in the competency questions."""
    texts = [path.read_text() for path in (ROOT / "ontology" / "queries").glob("*.rq")]
    texts += [str(select) for select in SHAPES.objects(None, SH.select)]
    code = "\n".join(re.sub(r"^#.*$", "", text, flags=re.MULTILINE) for text in texts)
    in_shapes = {local(term) for triple in SHAPES for term in triple if str(term).startswith(NS)}
    return {*in_shapes, *re.findall(r"\bkg:(\w+)", code)} - {""}


def test_no_term_is_dead() -> None:
    """A term lives if a shape or a competency question names it, or one that specialises it."""
    alive = {
        local(above)
        for name in used_terms()
        for upward in (RDFS.subClassOf, RDFS.subPropertyOf)
        for above in ONTOLOGY.transitive_objects(URIRef(NS + name), upward)
    }
    assert {local(term) for term in TERMS} <= alive


def test_shapes_and_questions_name_only_declared_terms() -> None:
    assert used_terms() <= {local(term) for term in TERMS}


def test_labels_of_the_code_are_the_classes_of_entities() -> None:
    assert {NS + label for label in Label} == set(map(str, ONTOLOGY.subjects(RDFS.subClassOf, KG.ResearchEntity)))


# ---- kg/vocab.py


@pytest.fixture
def generator() -> ModuleType:
    loader = SourceFileLoader("generate_vocab", str(ROOT / "scripts" / "generate_vocab"))
    loader_spec = importlib.util.spec_from_loader(loader.name, loader)
    assert loader_spec
    module = importlib.util.module_from_spec(loader_spec)
    loader.exec_module(module)
    return module


def test_vocab_is_what_the_generator_writes(generator: ModuleType) -> None:
    assert generator.main(["--check"]) == 0


def test_the_check_tells_how_to_repair(
    generator: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "vocab.py"
    monkeypatch.setattr(generator, "TARGET", stale)
    for text in (None, "class KG: ...\n"):
        if text:
            stale.write_text(text)
        assert generator.main(["--check"]) == 1
        assert "run scripts/generate_vocab" in capsys.readouterr().err
    assert generator.main([]) == 0
    assert stale.read_bytes() == (ROOT / "kg" / "vocab.py").read_bytes()


def test_vocab_has_every_term_and_refuses_others() -> None:
    assert {name: str(iri) for name, iri in vars(KG).items() if isinstance(iri, URIRef)} == {
        local(term): str(term) for term in TERMS
    }
    with pytest.raises(AttributeError):
        _ = KG.usesMehtod  # type: ignore[attr-defined]


# ---- generic terms


def test_generic_terms_have_one_name_each_and_share_none() -> None:
    concepts = set(GENERIC.subjects(RDF.type, SKOS.Concept))
    assert 40 <= len(concepts) <= 80
    for concept in concepts:
        assert len(set(GENERIC.objects(concept, SKOS.prefLabel))) == 1
        assert GENERIC.value(concept, SKOS.inScheme)
    names = [o for p in (SKOS.prefLabel, SKOS.altLabel) for o in GENERIC.objects(None, p)]
    assert all(isinstance(name, Literal) and str(name) == str(name).strip() for name in names)
    assert len({str(name).casefold() for name in names}) == len(names)
    assert {s for p in (SKOS.prefLabel, SKOS.altLabel) for s in GENERIC.subjects(p)} == concepts


# ---- gazetteers


GAZETTEERS = {"datasets": KG.Dataset, "metrics": KG.Metric, "methods": KG.Method}


def test_each_gazetteer_names_things_of_one_class() -> None:
    folder = ROOT / "ontology" / "gazetteer"
    assert {path.stem for path in folder.iterdir()} == set(GAZETTEERS)
    owners: dict[str, URIRef] = {}
    for stem, kind in GAZETTEERS.items():
        graph = Graph().parse(folder / f"{stem}.ttl")
        [scheme] = graph.subjects(RDF.type, SKOS.ConceptScheme)
        concepts = set(graph.subjects(RDF.type, SKOS.Concept))
        assert len(concepts) > 150
        assert concepts == set(graph.subjects(RDF.type, kind)) == set(graph.subjects(SKOS.prefLabel))
        for concept in concepts:
            assert isinstance(concept, URIRef)
            assert concept.startswith(f"{scheme}#")
            [preferred] = graph.objects(concept, SKOS.prefLabel)
            for name in (preferred, *graph.objects(concept, SKOS.altLabel)):
                assert isinstance(name, Literal)
                assert str(name) == " ".join(str(name).split())
                assert owners.setdefault(str(name), concept) == concept, name


# ---- shapes


def read(*names: str) -> tuple[Graph, Dataset]:
    """The union of the named graphs of golden files, and the dataset with its prefixes."""
    dataset = Dataset(default_union=True)
    for name in names:
        dataset.parse(GOLDEN / name, format="trig")
    union = Graph()
    for s, p, o, _ in dataset.quads():
        union.add((s, p, o))
    return union, dataset


def constraints(shape: Node) -> Iterator[str]:
    """Names of the constraint components that a shape has, of its nested property shapes too."""
    for node in (shape, *SHAPES.objects(shape, SH.property)):
        for parameter in set(SHAPES.predicates(node)) - NO_CONSTRAINTS:
            if str(parameter).startswith(str(SH)):
                name = str(parameter).removeprefix(str(SH))
                yield "SPARQL" if name == "sparql" else name[0].upper() + name[1:]


@pytest.mark.parametrize("name", ["legal.trig", "competency.trig"])
def test_shapes_accept_what_is_legal(name: str) -> None:
    union, _ = read(name)
    conforms, _, text = pyshacl.validate(union, shacl_graph=SHAPES)
    assert conforms, text


def test_every_shape_has_its_illegal_file() -> None:
    assert {shape_of(path) for path in ILLEGAL} == TARGETED


def test_every_constraint_has_one_readable_message() -> None:
    sources = [(s, list(constraints(s))) for s in SHAPES.subjects(SH.path)]
    sources += [(s, ["SPARQL"]) for s in SHAPES.subjects(SH.select)]
    sources += [(s, list(constraints(s))) for s in SHAPES.subjects(SH["class"])]
    for source, kinds in sources:
        nested = (source, SH.property, None) in SHAPES
        messages = list(map(str, SHAPES.objects(source, SH.message)))
        assert len(messages) == (0 if nested else 1), source
        assert nested or (kinds and messages[0].endswith("."))


def shape_of(path: Path) -> str:
    """``illegal-mention-exact.trig`` is what kgs:MentionExact refuses."""
    return "".join(word.capitalize() for word in path.stem.split("-")[1:])


@pytest.mark.parametrize("path", ILLEGAL, ids=lambda path: path.stem)
def test_shapes_refuse_what_is_illegal(path: Path) -> None:
    """Each constraint of the shape is broken, and at the very nodes that the file names in its first lines."""
    text = path.read_text()
    shape = URIRef(SHAPES_NS + shape_of(path))
    union, dataset = read("legal.trig", path.name)
    conforms, report, _ = pyshacl.validate(union, shacl_graph=SHAPES, use_shapes=[str(shape)])
    assert not conforms
    [nodes] = re.findall(r"^# at: (.*)$", text, re.MULTILINE)
    at = {dataset.namespace_manager.expand_curie(curie) for curie in nodes.split(", ")}
    found = {report.value(result, SH.focusNode) for result in report.subjects(SH.resultMessage)}
    if found in ({KG.Mention}, {KG.Statement}):
        found = set(report.objects(None, SH.value))
    assert found == at
    assert set(map(str, report.objects(None, SH.resultMessage))) == set(
        re.findall(r"^# refused: (.*)$", text, re.MULTILINE)
    )
    components = {str(c) for c in report.objects(None, SH.sourceConstraintComponent)}
    assert components == {f"{SH}{name}ConstraintComponent" for name in constraints(shape)}
