"""What annotators say of the mentions of gold papers, their roles and relations, in a text file beside the gold.

Of each paper it holds three lines, in this order; a mention is called by its number in the gold record, from 0:

    === papers-dev#7
    roles: 0 proposes; 4 uses
    rels: 0 evaluatedOn 12

The heading names the gold file without its suffix and the line of the record, from 0. Lines that are empty or begin
with ``# `` say nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

from kg.errors import SourceError
from kg.evaluate.gold import AnnotatedPaper
from kg.model import RelationKind, Role

NumberedRole: TypeAlias = tuple[int, Role]
NumberedRelation: TypeAlias = tuple[int, int, RelationKind]

_HEADING = re.compile(r"=== (\S+#\d+)")
_Named = TypeVar("_Named", bound=StrEnum)
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Annotation:
    """Mention to role, and the relations as (head, tail, kind); mentions are numbers in the gold record."""

    roles: Mapping[int, Role]
    relations: tuple[NumberedRelation, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the file says of one paper, as it stands there; the places are those of its lines, ``file:line``."""

    roles: tuple[NumberedRole, ...]
    relations: tuple[NumberedRelation, ...]
    place: str
    roles_place: str
    relations_place: str

    def over(self, texts: Sequence[str]) -> Annotation:
        """The entry over the paper's mentions, whose texts are given in their order.

        A role goes to all mentions that are written alike. Raises SourceError where a number is that of no mention,
        where mentions that are written alike have two roles, and where a relation has but one end.
        """
        by_form: dict[str, Role] = {}
        for number, role in self.roles:
            _check_numbers(texts, self.roles_place, number)
            if by_form.setdefault(written_form(texts[number]), role) is not role:
                other = by_form[written_form(texts[number])]
                raise SourceError(self.roles_place, f"gives {texts[number]!r} two roles, {other} and {role}")
        for head, tail, kind in self.relations:
            _check_numbers(texts, self.relations_place, head, tail)
            if written_form(texts[head]) == written_form(texts[tail]):
                raise SourceError(self.relations_place, f"has {texts[head]!r} {kind} itself")
        forms = map(written_form, texts)
        roles = {number: by_form[form] for number, form in enumerate(forms) if form in by_form}
        return Annotation(roles, tuple(dict.fromkeys(self.relations)))


def written_form(text: str) -> str:
    """One key for mentions that are written alike but for case and a plural's s."""
    return text.casefold().removesuffix("s")


def read_annotations(path: Path) -> dict[str, Entry]:
    """Key, like ``papers-dev#7``, to the entry, in file order; raises SourceError that names the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(path), f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    entries: dict[str, Entry] = {}
    lines = _lines(path, text)
    for line in lines:
        heading = _HEADING.fullmatch(line.text)
        if not heading:
            raise SourceError(line.place, f"is no heading like === papers-dev#7: {line.text[:60]!r}")
        if heading[1] in entries:
            raise SourceError(line.place, f"annotates {heading[1]} again, as {entries[heading[1]].place} does")
        roles, relations = (_part(name, next(lines, None), line) for name in ("roles", "rels"))
        entries[heading[1]] = Entry(
            tuple(_items(roles, _role)), tuple(_items(relations, _relation)), line.place, roles.place, relations.place
        )
    return entries


def annotate(papers: Iterable[AnnotatedPaper], path: Path) -> dict[str, Annotation]:
    """Id of a paper to what the file says of it; raises SourceError also where it calls a record that is not there.

    Entries of other gold files are passed over, papers without an entry are left out.
    """
    papers = list(papers)
    entries = read_annotations(path)
    keys = {gold_key(each): each for each in papers}
    files = {_stem(key) for key in keys}
    annotations = {}
    for key, entry in entries.items():
        if paper := keys.get(key):
            annotations[paper.paper.id] = entry.over(mention_texts(paper))
        elif _stem(key) in files:
            raise SourceError(entry.place, f"annotates {key}, which the gold does not hold")
    if not annotations:
        raise SourceError(str(path), "annotates none of these papers")
    return annotations


def settle(entry: Entry, texts: Sequence[str]) -> tuple[Entry, list[SourceError]]:
    """The entry without what ``over`` would refuse, and what it would say of that.

    Of two roles of one written form the first in the order of ``Role`` stays: what a paper proposes it may use as well.
    """
    kept, faults = replace(entry, roles=(), relations=()), []
    order = list(Role)
    by_role = [replace(kept, roles=(each,)) for each in sorted(entry.roles, key=lambda each: order.index(each[1]))]
    for part in [*by_role, *(replace(kept, relations=(each,)) for each in entry.relations)]:
        larger = replace(kept, roles=kept.roles + part.roles, relations=kept.relations + part.relations)
        try:
            larger.over(texts)
            kept = larger
        except SourceError as error:
            faults.append(error)
    return kept, faults


def gold_key(paper: AnnotatedPaper) -> str:
    """What such a file calls the paper; the id of a gold paper is its place, ``file:line`` from 1."""
    file, _, line = paper.paper.id.rpartition(":")
    return f"{Path(file).stem}#{int(line) - 1}"


def mention_texts(paper: AnnotatedPaper) -> list[str]:
    """The texts of the paper's mentions, by number."""
    return [paper.paper.text(span.field)[span.start : span.end] for span in paper.spans]


def render(entries: Mapping[str, Entry]) -> str:
    """The entries as such a file, by key and number; reading it gives them back."""
    blocks = []
    for key, entry in sorted(entries.items(), key=lambda each: (_stem(each[0]), int(each[0].rpartition("#")[2]))):
        roles = "; ".join(f"{number} {role}" for number, role in sorted(set(entry.roles)))
        relations = "; ".join(f"{head} {kind} {tail}" for head, tail, kind in sorted(set(entry.relations)))
        blocks.append("\n".join([f"=== {key}", f"roles: {roles}".rstrip(), f"rels: {relations}".rstrip()]))
    return "\n\n".join(blocks) + "\n"


class _Line(NamedTuple):
    place: str
    text: str


def _lines(path: Path, text: str) -> Iterator[_Line]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.startswith("# "):
            yield _Line(f"{path}:{number}", line.strip())


def _part(name: str, line: _Line | None, heading: _Line) -> _Line:
    """What stands behind the name in the line."""
    if line is None or not line.text.startswith(f"{name}:"):
        place = line.place if line else heading.place
        raise SourceError(place, f"a line of {name}: must stand here or next, for {heading.text}")
    return _Line(line.place, line.text.removeprefix(f"{name}:"))


def _items(line: _Line, read: Callable[[list[str]], _Item]) -> Iterator[_Item]:
    for text in line.text.split(";"):
        if words := text.split():
            try:
                yield read(words)
            except ValueError as error:
                raise SourceError(line.place, f"has {' '.join(words)!r}: {error}") from error


def _role(words: list[str]) -> NumberedRole:
    if len(words) != 2:
        raise ValueError("expected a number and a role, as in 4 uses")
    return _number(words[0]), _named(Role, words[1])


def _relation(words: list[str]) -> NumberedRelation:
    if len(words) != 3:
        raise ValueError("expected a relation between two numbers, as in 0 evaluatedOn 12")
    return _number(words[0]), _number(words[2]), _named(RelationKind, words[1])


def _number(word: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", word):
        raise ValueError(f"{word!r} is no number of a mention")
    return int(word)


def _named(kind: type[_Named], word: str) -> _Named:
    try:
        return kind(word)
    except ValueError:
        raise ValueError(f"{word!r} is none of {', '.join(kind)}") from None


def _check_numbers(texts: Sequence[str], place: str, *numbers: int) -> None:
    for number in numbers:
        if number >= len(texts):
            raise SourceError(place, f"calls mention {number}, but the paper has {len(texts)}, from 0")


def _stem(key: str) -> str:
    return key.rpartition("#")[0]
