"""Names known beforehand: SKOS and TSV files -> Gazetteer -> the places where a text writes them.

A file of one's own is Turtle, as those in ``ontology/gazetteer``, or lines of ``name<TAB>label``; see the README.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from rdflib import URIRef
from rdflib.namespace import RDF, SKOS

from kg.errors import SourceError
from kg.iri import digest
from kg.model import Label
from kg.resources import load_graph, ontology_dir
from kg.vocab import NS

NEVER = "-"
ANYTHING_ELSE = "*"

# Runs of letters, numbers, and signs that are part of a name; spaces and hyphens only separate: "CIFAR-10", "CIFAR10".
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s'\u2019\u2010-\u2013-]")
_INSIDE = re.compile(r"[\w-]\Z")
# What makes another name of it: "GPT" in "GPT-2", "ImageNet" in "ImageNet-C"; but "BERT" is in "BERT-based".
_GOES_ON = re.compile(r"\w|[-\u2010-\u2013][\dA-Z]|\.\d|[+*]")
# A form that no ordinary word has: "complex" is not "ComplEx", nor is "RECORD" "ReCoRD".
_ODD = re.compile(r"\d|(?=.*[a-z])\w+[A-Z]")
_LETTERS_FOR_ANY_CASE = 6
_CLASSES = {label: URIRef(NS + label) for label in Label}


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """One written form of what is called ``canonical``; without a label it is never a mention.

    ``own`` are the names of a user's file: they are mentions wherever they stand.
    """

    text: str
    label: Label | None
    canonical: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A name in a text; offsets in code points."""

    start: int
    end: int
    name: Name


@dataclass(frozen=True)
class Gazetteer:
    """Names, the first of equal ones winning, and the labels that may be given to ``others``.

    A name of six letters is found in any case if it has no capital ("perplexity") or if the text writes it as no
    ordinary word ("NuScenes"); other names as they are written. Hyphens, spaces between letters and digits and a
    plural s make no difference.
    """

    names: tuple[Name, ...] = ()
    others: frozenset[Label] = frozenset(Label)

    @cached_property
    def digest(self) -> str:
        """Changes whenever the same text could give other hits."""
        lines = [f"{n.text}\t{n.label}\t{n.canonical}\t{n.own}" for n in self.names]
        return digest("\n".join([*lines, *sorted(self.others)]), 12)

    def extended(self, own: "Gazetteer") -> "Gazetteer":
        """These names under those of a user's file, which win and say what the others may be."""
        return Gazetteer((*(replace(n, own=True) for n in own.names), *self.names), own.others)

    def matches(self, text: str) -> list[Hit]:
        """The longest names in the text, whole words only, from left to right."""
        tokens = list(_TOKEN.finditer(text))
        folded = [token[0].lower() for token in tokens]
        hits = []
        at = 0
        while at < len(tokens):
            for length in self._lengths.get(_singular(folded[at]), ()):
                if hit := self._hit(text, tokens[at : at + length], folded[at : at + length]):
                    hits.append(hit)
                    at += length - 1
                    break
            at += 1
        return hits

    def named(self, text: str) -> Name | None:
        """The name that the whole text is a form of."""
        tokens = list(_TOKEN.finditer(text))
        hit = self._hit(text, tokens, [token[0].lower() for token in tokens]) if tokens else None
        return hit.name if hit and (hit.start, hit.end) == (0, len(text)) else None

    def _hit(self, text: str, tokens: list[re.Match[str]], folded: list[str]) -> Hit | None:
        names = self._by_key.get((*folded[:-1], _singular(folded[-1])))
        start, end = tokens[0].start(), tokens[-1].end()
        if not names or _INSIDE.search(text[max(start - 1, 0) : start]) or _GOES_ON.match(text, end):
            return None
        words = [token[0] for token in tokens]
        # As it is written comes first: "SGD" is another thing than "Sgd".
        fitting = sorted(
            (name for name, form in names if _fits(name.text, form, words)), key=lambda n: n.text != text[start:end]
        )
        return Hit(start, end, fitting[0]) if fitting else None

    @cached_property
    def _by_key(self) -> Mapping[tuple[str, ...], list[tuple[Name, list[str]]]]:
        keys: dict[tuple[str, ...], list[tuple[Name, list[str]]]] = defaultdict(list)
        for name in self.names:
            form = _TOKEN.findall(name.text)
            *first, last = (word.lower() for word in form)
            keys[*first, _singular(last)].append((name, form))
        return dict(keys)

    @cached_property
    def _lengths(self) -> Mapping[str, tuple[int, ...]]:
        """How many tokens the names have that begin with this one, longest first."""
        lengths: dict[str, set[int]] = defaultdict(set)
        for key in self._by_key:
            lengths[_singular(key[0])].add(len(key))
        return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def load_gazetteer(path: Path) -> Gazetteer:
    """The names of a file, Turtle if it is called ``.ttl``; raises SourceError or OntologyError."""
    if path.suffix == ".ttl":
        return Gazetteer(tuple(_from_skos(path)))
    return _from_lines(path)


@cache
def shipped_gazetteer() -> Gazetteer:
    """The names of ``ontology/gazetteer``."""
    files = sorted((ontology_dir() / "gazetteer").glob("*.ttl"))
    return Gazetteer(tuple(name for file in files for name in _from_skos(file)))


def _from_skos(path: Path) -> Iterator[Name]:
    graph = load_graph(path)
    for concept in sorted(map(str, graph.subjects(RDF.type, SKOS.Concept))):
        subject = URIRef(concept)
        labels = [label for label in Label if (subject, RDF.type, _CLASSES[label]) in graph]
        preferred, others = ([str(o) for o in graph.objects(subject, p)] for p in (SKOS.prefLabel, SKOS.altLabel))
        if len(labels) != 1 or len(preferred) != 1 or not all(map(_TOKEN.search, [*preferred, *others])):
            raise SourceError(str(path), f"{concept} needs one skos:prefLabel and one class of {', '.join(Label)}")
        yield from (Name(form, labels[0], preferred[0]) for form in [*preferred, *sorted(others)])


def _from_lines(path: Path) -> Gazetteer:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(path), f"cannot be read: {error}") from error
    names: dict[str, Name] = {}
    others = frozenset(Label)
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        location = f"{path}:{number}"
        text, _, given = (part.strip() for part in line.partition("\t"))
        if text == ANYTHING_ELSE:
            others = frozenset(_labels(location, given))
        elif not _TOKEN.search(text):
            raise SourceError(location, "expected name<TAB>label")
        elif names.setdefault(text, name := _name(location, text, given)) != name:
            raise SourceError(location, f"{text} is given twice, with other labels")
    return Gazetteer(tuple(names.values()), others)


def _name(location: str, text: str, given: str) -> Name:
    labels = _labels(location, given)
    if len(labels) > 1:
        raise SourceError(location, f"{text} needs one label")
    return Name(text, labels[0] if labels else None, text)


def _labels(location: str, given: str) -> list[Label]:
    """The labels of a line, none for ``-``."""
    if given == NEVER:
        return []
    known = {label.lower(): label for label in Label}
    words = given.replace(",", " ").lower().split()
    if not words or any(word not in known for word in words):
        raise SourceError(location, f"expected one of {', '.join(Label)} or - after the tab, not {given!r}")
    return [known[word] for word in words]


def _singular(word: str) -> str:
    if len(word) < 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def _fits(name: str, form: list[str], words: list[str]) -> bool:
    """True if the words may be a way to write the name: they are equal to it but for case and a plural."""
    plain = name.islower()
    if sum(c.isalpha() for c in name) >= _LETTERS_FOR_ANY_CASE and (plain or _ODD.search(" ".join(words))):
        return True
    if plain:
        words = [word[0].lower() + word[1:] for word in words]
    return words == form or (words[:-1] == form[:-1] and words[-1] == f"{form[-1]}s")
