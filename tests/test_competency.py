"""The twenty-two competency questions give the right answers, and the same on rdflib and on Oxigraph."""

import re
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox
import pytest
from rdflib import Dataset, Literal, URIRef, Variable
from rdflib.namespace import XSD
from rdflib.query import ResultRow

from kg.query.library import read_query

# rdflib's own TriG parser makes one.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "ontology" / "queries").glob("*.rq"))
DATA = ROOT / "tests" / "golden" / "competency.trig"

PREFIXES = dict(re.findall(r"^@prefix (\w+): <(.+)> \.$", DATA.read_text(encoding="utf-8"), re.MULTILINE))
NUMBERS = {str(XSD.integer), str(XSD.decimal)}

Cell: TypeAlias = str | None
Row: TypeAlias = tuple[Cell, ...]

_MFAC_SGD = ("e:m-fac", "kg:contrastedWith", "e:stochastic-gradient-descent", "2", "0.8")
_ADAM_MFAC = ("e:adam", "kg:contrastedWith", "e:m-fac", "1", "0.7")

# Of each question the bound parameters and the rows, checked by hand, without the parameters that lead them.
EXPECTED: dict[str, tuple[dict[str, str], list[Row]]] = {
    "01-papers-by-shared-methods": (
        {"paper": "p:a"},
        [
            ("p:d", "Adam against M-FAC", "2", "e:m-fac", "M-FAC"),
            ("p:d", "Adam against M-FAC", "2", "e:stochastic-gradient-descent", "stochastic gradient descent"),
            ("p:b", "Batch size and the Hessian", "1", "e:stochastic-gradient-descent", "stochastic gradient descent"),
            ("p:c", "Why gradient descent converges", "1", "e:gradient-descent", "gradient descent"),
            ("p:f", "Attention without a year", "1", "e:m-fac", "M-FAC"),
        ],
    ),
    "02-papers-by-rare-entities": (
        {"paper": "p:a"},
        [
            ("p:d", "Adam against M-FAC", "5", "1667"),
            ("p:b", "Batch size and the Hessian", "3", "1000"),
            ("p:c", "Why gradient descent converges", "2", "833"),
            ("p:f", "Attention without a year", "2", "667"),
            ("p:e", "Translating news", "1", "333"),
        ],
    ),
    "03-evidence-of-a-link": (
        {"paper": "p:a", "other": "p:b", "entity": "e:stochastic-gradient-descent"},
        [
            (
                "p:a",
                "dcterms:abstract",
                "11",
                "14",
                "SGD",
                "We replace SGD, a gradient descent, by M-FAC, which estimates the Hessian.",
                "0.9",
            ),
            (
                "p:b",
                "dcterms:abstract",
                "13",
                "40",
                "stochastic gradient descent",
                "We introduce stochastic gradient descent with small learning rates.",
                "0.9",
            ),
        ],
    ),
    "04-papers-one-level-up": (
        {"paper": "p:a"},
        [
            ("p:b", "e:gradient-descent", "e:stochastic-gradient-descent", "e:gradient-descent"),
            ("p:b", "e:m-fac", "e:stochastic-gradient-descent", "e:gradient-descent"),
            ("p:c", "e:m-fac", "e:gradient-descent", "e:gradient-descent"),
            ("p:c", "e:stochastic-gradient-descent", "e:gradient-descent", "e:gradient-descent"),
            ("p:d", "e:gradient-descent", "e:adam", "e:gradient-descent"),
            ("p:d", "e:gradient-descent", "e:m-fac", "e:gradient-descent"),
            ("p:d", "e:gradient-descent", "e:stochastic-gradient-descent", "e:gradient-descent"),
            ("p:d", "e:m-fac", "e:adam", "e:gradient-descent"),
            ("p:d", "e:m-fac", "e:stochastic-gradient-descent", "e:gradient-descent"),
            ("p:d", "e:stochastic-gradient-descent", "e:adam", "e:gradient-descent"),
            ("p:d", "e:stochastic-gradient-descent", "e:m-fac", "e:gradient-descent"),
            ("p:e", "e:gradient-descent", "e:adam", "e:gradient-descent"),
            ("p:e", "e:m-fac", "e:adam", "e:gradient-descent"),
            ("p:e", "e:stochastic-gradient-descent", "e:adam", "e:gradient-descent"),
            ("p:f", "e:gradient-descent", "e:m-fac", "e:gradient-descent"),
            ("p:f", "e:stochastic-gradient-descent", "e:m-fac", "e:gradient-descent"),
        ],
    ),
    "05-papers-by-name": (
        {"name": "SGD"},
        [
            ("e:stochastic-gradient-descent", "stochastic gradient descent", "p:a", "M-FAC: cheap second-order steps"),
            ("e:stochastic-gradient-descent", "stochastic gradient descent", "p:b", "Batch size and the Hessian"),
            ("e:stochastic-gradient-descent", "stochastic gradient descent", "p:d", "Adam against M-FAC"),
        ],
    ),
    "06-most-mentioned-methods": (
        {},
        [
            ("e:m-fac", "M-FAC", "3"),
            ("e:stochastic-gradient-descent", "stochastic gradient descent", "3"),
            ("e:adam", "Adam", "2"),
            ("e:transformer", "Transformer", "2"),
            ("e:gradient-descent", "gradient descent", "2"),
            ("e:cnn", "CNN", "1"),
            ("e:rnn", "RNN", "1"),
            ("e:attention", "attention", "1"),
        ],
    ),
    "07-datasets-with-a-method": (
        {"method": "e:adam"},
        [
            ("e:wmt14", "WMT14", "2"),
            ("e:cifar-10", "CIFAR-10", "1"),
            ("e:newsbench", "NewsBench", "1"),
        ],
    ),
    "08-methods-on-a-task": (
        {"task": "e:image-classification"},
        [
            ("e:m-fac", "M-FAC", "2"),
            ("e:stochastic-gradient-descent", "stochastic gradient descent", "2"),
            ("e:adam", "Adam", "1"),
            ("e:cnn", "CNN", "1"),
            ("e:transformer", "Transformer", "1"),
        ],
    ),
    "09-methods-not-tried-on-a-task": (
        {"task": "e:machine-translation"},
        [
            ("e:m-fac", "M-FAC", "e:gradient-descent", "1", "1"),
            ("e:stochastic-gradient-descent", "stochastic gradient descent", "e:gradient-descent", "1", "1"),
        ],
    ),
    "10-proposer-and-users": (
        {"method": "e:transformer"},
        [
            ("proposes", "p:f", "Attention without a year", None),
            ("uses", "p:e", "Translating news", "2022"),
        ],
    ),
    "11-papers-per-year": (
        {"entity": "e:neural-network"},
        [
            ("2020", "2"),
            ("2021", "1"),
            ("2022", "2"),
        ],
    ),
    "12-entities-with-an-entity": (
        {"entity": "e:hessian"},
        [
            ("e:cifar-10", "CIFAR-10", "2"),
            ("e:gradient-descent", "gradient descent", "2"),
            ("e:stochastic-gradient-descent", "stochastic gradient descent", "2"),
            ("e:cnn", "CNN", "1"),
            ("e:m-fac", "M-FAC", "1"),
            ("e:rnn", "RNN", "1"),
            ("e:accuracy", "accuracy", "1"),
            ("e:generalization", "generalization", "1"),
            ("e:image-classification", "image classification", "1"),
            ("e:learning-rate", "learning rate", "1"),
        ],
    ),
    "13-bridge-papers": (
        {"area": "e:gradient-descent", "other": "e:attention"},
        [
            ("p:e", "Translating news", "e:adam", "e:transformer"),
            ("p:f", "Attention without a year", "e:m-fac", "e:transformer"),
        ],
    ),
    "14-paths-between-papers": (
        {"paper": "p:a", "target": "p:e"},
        [
            ("e:accuracy", "p:d", "e:adam", "5"),
            ("e:accuracy", "p:d", "e:wmt14", "5"),
            ("e:cifar-10", "p:d", "e:adam", "5"),
            ("e:cifar-10", "p:d", "e:wmt14", "5"),
            ("e:image-classification", "p:d", "e:adam", "5"),
            ("e:image-classification", "p:d", "e:wmt14", "5"),
            ("e:m-fac", "p:d", "e:adam", "5"),
            ("e:m-fac", "p:d", "e:wmt14", "5"),
            ("e:stochastic-gradient-descent", "p:d", "e:adam", "5"),
            ("e:stochastic-gradient-descent", "p:d", "e:wmt14", "5"),
            ("e:image-classification", "p:f", "e:transformer", "5"),
            ("e:m-fac", "p:f", "e:transformer", "5"),
            ("e:cifar-10", "p:d", "e:accuracy", "6"),
            ("e:image-classification", "p:d", "e:accuracy", "6"),
            ("e:m-fac", "p:d", "e:accuracy", "6"),
            ("e:stochastic-gradient-descent", "p:d", "e:accuracy", "6"),
        ],
    ),
    "15-doubtful-edges": (
        {},
        [
            ("p:f", "e:attention", "0.4"),
            ("p:f", "e:image-classification", "0.45"),
            ("p:b", "e:cifar-10", "0.5"),
            ("p:a", "e:accuracy", "0.55"),
        ],
    ),
    "16-output-of-a-run": (
        {"run": "r:1"},
        [
            ("spacy-tagger", "1.1.0", "1" * 64, "kg:Concept", "6"),
            ("spacy-tagger", "1.1.0", "1" * 64, "kg:Dataset", "2"),
            ("spacy-tagger", "1.1.0", "1" * 64, "kg:Method", "12"),
            ("spacy-tagger", "1.1.0", "1" * 64, "kg:Metric", "1"),
            ("spacy-tagger", "1.1.0", "1" * 64, "kg:Task", "1"),
        ],
    ),
    "17-links-to-wikidata": (
        {"type": "kg:Method"},
        [
            ("e:neural-network", "neural network", "5", None),
            ("e:m-fac", "M-FAC", "3", None),
            ("e:stochastic-gradient-descent", "stochastic gradient descent", "3", "wd:Q7617819"),
            ("e:adam", "Adam", "2", "wd:Q116187068"),
            ("e:transformer", "Transformer", "2", None),
            ("e:gradient-descent", "gradient descent", "2", None),
            ("e:cnn", "CNN", "1", None),
            ("e:rnn", "RNN", "1", None),
            ("e:attention", "attention", "1", None),
        ],
    ),
    "18-changes-by-people": (
        {"entity": "e:sgd-optimizer"},
        [
            ("act:1", "kg:Merge", "who:ada", "2026-11-23T20:10:00Z", None, "e:stochastic-gradient-descent"),
            ("act:2", "kg:Verdict", "who:cy", "2026-11-23T21:10:00Z", "rejected", "e:stochastic-gradient-descent"),
        ],
    ),
    "19-statements-on-an-entity": (
        {"entity": "e:m-fac"},
        [
            (*_MFAC_SGD, "We compare Adam, SGD and M-FAC by accuracy in image classification."),
            (*_MFAC_SGD, "We replace SGD, a gradient descent, by M-FAC, which estimates the Hessian."),
            (*_ADAM_MFAC, "Adam against M-FAC"),
            (*_ADAM_MFAC, "We compare Adam, SGD and M-FAC by accuracy in image classification."),
        ],
    ),
    "20-graphs-that-say-so": (
        {"entity": "e:hessian"},
        [
            ("g:paper/a", "p:a", "kg:hasConcept"),
            ("g:paper/a", "p:a", "kg:mentions"),
            ("g:paper/b", "p:b", "kg:hasConcept"),
            ("g:paper/b", "p:b", "kg:mentions"),
            ("g:paper/c", "p:c", "kg:hasConcept"),
            ("g:paper/c", "p:c", "kg:mentions"),
        ],
    ),
    "21-evaluations-on-a-dataset": (
        {"dataset": "e:cifar-10"},
        [
            ("p:d", "Adam against M-FAC", "2022", None),
            ("p:a", "M-FAC: cheap second-order steps", "2021", "e:m-fac"),
        ],
    ),
    "22-rivals-of-a-method": (
        {"method": "e:m-fac"},
        [
            ("e:stochastic-gradient-descent", "stochastic gradient descent", "2", "0.8"),
            ("e:adam", "Adam", "1", "0.7"),
        ],
    ),
}


def expand(cell: str) -> URIRef | Literal:
    prefix, colon, rest = cell.partition(":")
    return URIRef(PREFIXES[prefix] + rest) if colon else Literal(cell)


def shorten(iri: str) -> str:
    """The CURIE with the longest namespace of the golden file."""
    prefix = max((p for p, ns in PREFIXES.items() if iri.startswith(ns)), key=lambda p: len(PREFIXES[p]))
    return f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}"


def spell(text: str, datatype: str) -> str:
    """A literal in one spelling where a store keeps only the value: of numbers (0.50) and times (Z)."""
    if datatype in NUMBERS:
        return f"{Decimal(text).normalize():f}"
    return text.replace("+00:00", "Z") if datatype == str(XSD.dateTime) else text


@pytest.fixture(scope="module")
def oxigraph() -> ox.Store:
    store = ox.Store()
    store.load(path=DATA, format=ox.RdfFormat.TRIG)
    return store


@pytest.fixture(scope="module")
def memory() -> Dataset:
    dataset = Dataset(default_union=True)
    dataset.parse(DATA, format="trig")
    return dataset


def ask_oxigraph(store: ox.Store, query: str, bindings: dict[str, str]) -> list[Row]:
    terms = {name: expand(cell) for name, cell in bindings.items()}
    substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
        ox.Variable(name): ox.NamedNode(term) if isinstance(term, URIRef) else ox.Literal(term)
        for name, term in terms.items()
    }
    found = store.query(query, use_default_graph_as_union=True, substitutions=substitutions)
    assert isinstance(found, ox.QuerySolutions)

    def cell(term: object) -> Cell:
        if isinstance(term, ox.Literal):
            return spell(term.value, term.datatype.value)
        return shorten(term.value) if isinstance(term, ox.NamedNode) else None

    return [tuple(cell(term) for term in solution) for solution in found]


def ask_rdflib(dataset: Dataset, query: str, bindings: dict[str, str]) -> list[Row]:
    found = dataset.query(query, initBindings={Variable(n): expand(c) for n, c in bindings.items()})

    def cell(term: object) -> Cell:
        if isinstance(term, Literal):
            return spell(str(term), str(term.datatype))
        return shorten(str(term)) if term else None

    return [tuple(map(cell, row)) for row in found if isinstance(row, ResultRow)]


def test_there_are_twenty_two_questions_each_with_an_answer() -> None:
    assert [path.stem for path in FILES] == sorted(EXPECTED)
    assert len(FILES) == 22
    assert all(rows for _, rows in EXPECTED.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_question_has_a_header_and_its_parameters_lead_the_select_clause(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    header = dict(re.findall(r"^#\+ (\w+): *(.+)$", text, re.MULTILINE))
    binds = header.pop("binds", "").split()
    assert header.keys() == {"summary"}
    select = re.search(r"^SELECT (?:DISTINCT )?(.*)$", text, re.MULTILINE)
    assert select
    assert re.findall(r"\?\w+", select[1])[: len(binds)] == [f"?{name}" for name in binds]
    assert binds == list(EXPECTED[path.stem][0])
    declared = set(re.findall(r"^PREFIX (\w+): ", text, re.MULTILINE))
    assert declared == set(re.findall(r"(?<![?\w])(\w+):(?=\w)", re.sub(r"(?m)^(#|PREFIX).*|\".*?\"", "", text)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_engines_give_the_expected_rows(path: Path, oxigraph: ox.Store, memory: Dataset) -> None:
    query = path.read_text(encoding="utf-8")
    bindings, rows = EXPECTED[path.stem]
    full = [(*bindings.values(), *row) for row in rows]
    assert ask_oxigraph(oxigraph, query, bindings) == full
    assert ask_rdflib(memory, query, bindings) == full


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_question_written_out_gives_the_same_rows(path: Path, oxigraph: ox.Store) -> None:
    bindings, rows = EXPECTED[path.stem]
    query = read_query(path, path.stem).filled(**{name: expand(cell) for name, cell in bindings.items()})
    assert ask_oxigraph(oxigraph, query, {}) == [(*bindings.values(), *row) for row in rows]


@pytest.mark.parametrize("path", [p for p in FILES if EXPECTED[p.stem][0]], ids=lambda path: path.stem)
def test_an_unknown_parameter_gives_no_rows(path: Path, oxigraph: ox.Store, memory: Dataset) -> None:
    query = path.read_text(encoding="utf-8")
    nobody = dict.fromkeys(EXPECTED[path.stem][0], "e:nobody")
    assert ask_oxigraph(oxigraph, query, nobody) == []
    assert ask_rdflib(memory, query, nobody) == []
