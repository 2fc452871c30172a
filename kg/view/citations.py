"""Papers → what reference managers read: BibTeX, RIS, CSL-JSON."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from kg.iri import digest
from kg.model import Paper
from kg.view.tex import to_tex

_JOURNAL = re.compile(
    r"\b(journal|transactions|letters|annals|magazine|reviews?|nature|science|pnas|jmlr|tmlr|tacl)\b", re.IGNORECASE
)
_FILLERS = frozenset(
    "a an the and or of on in for from to toward towards with without by via at as is are be do does can how what why "
    "when where which".split()
)
NAMED = 6
"""Authors that a reference names; of more it says so."""
_COMMAND = re.compile(r"\\[A-Za-z]+")


class Kind(Enum):
    """What a paper was published as: what BibTeX, RIS and CSL call it, and what they call its venue."""

    ARTICLE = ("article", "journal", "JOUR", "article-journal")
    CONFERENCE = ("inproceedings", "booktitle", "CPAPER", "paper-conference")
    PREPRINT = ("misc", "howpublished", "UNPB", "article")


class Author(NamedTuple):
    """A name in parts; one that has none, as that of a group, is all family name."""

    family: str
    given: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.family, self.suffix, self.given) if part)


def kind_of(paper: Paper) -> Kind:
    """By the name of its venue; conferences are the rule here, journals say what they are."""
    if not paper.venue or "arxiv" in paper.venue.casefold():
        return Kind.PREPRINT
    return Kind.ARTICLE if _JOURNAL.search(paper.venue) else Kind.CONFERENCE


def author_of(name: str) -> Author:
    """A name in parts, by the rules of BibTeX: ``Ludwig van Beethoven`` is of the family ``van Beethoven``."""
    from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts  # 80 ms to import

    name = _line(name)
    if re.search(r"[\\{}]|\band\b", name):
        return Author(name)
    try:
        parts = parse_single_name_into_parts(name)
    except InvalidNameError:
        return Author(name)
    return Author(" ".join([*parts.von, *parts.last]), " ".join(parts.first), " ".join(parts.jr))


def keys_of(papers: Iterable[Paper]) -> dict[str, str]:
    """A citation key for the id of each paper: ``vaswani2017attention``.

    A key depends on its paper alone, but where two would be alike, both end in digits of their paper's id: so no
    paper has more than two keys, whatever it is exported with.
    """
    plain = {paper.id: _key(paper) for paper in papers}
    often = Counter(plain.values())
    return {each: key if often[key] == 1 else f"{key}-{digest(each, 8)}" for each, key in plain.items()}


def _key(paper: Paper) -> str:
    family = author_of(paper.authors[0]).family if paper.authors else ""
    words = _ascii(_COMMAND.sub(" ", paper.title)).split()
    word = next((word for word in words if word not in _FILLERS and word.isalpha()), "")
    key = f"{_ascii(family).replace(' ', '')}{paper.year or ''}{word}"
    return key if key.strip("0123456789") else re.sub(r"[^a-z0-9._-]", "-", paper.id.lower())


def _ascii(text: str) -> str:
    """Words of small Latin letters and digits."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def reference(paper: Paper) -> str:
    """A line for a list of references: who, when, what, where, and how to find it; what is not known is left out."""
    names = [_reference_name(author_of(name)) for name in paper.authors[:NAMED]]
    if len(paper.authors) > NAMED:
        names.append("et al.")
    elif len(names) > 1:
        names[-1] = f"& {names[-1]}"
    title = _line(paper.title)
    parts = [
        ", ".join(names),
        f"({paper.year})." if paper.year else "",
        title if title.endswith((".", "?", "!")) else f"{title}.",
        f"{_line(paper.venue)}." if paper.venue else "",
        _found_at(paper),
    ]
    return " ".join(part for part in parts if part)


def _reference_name(author: Author) -> str:
    initials = " ".join("-".join(f"{part[0]}." for part in word.split("-") if part) for word in author.given.split())
    return ", ".join(part for part in (author.family, initials, author.suffix) if part)


def _found_at(paper: Paper) -> str:
    if paper.doi:
        return f"https://doi.org/{_line(paper.doi)}"
    return _line(paper.url) if paper.url else f"arXiv:{_line(paper.arxiv)}" if paper.arxiv else ""


def to_bibtex(papers: Iterable[Paper]) -> str:
    """BibTeX in UTF-8, as biber and all of today's managers read it."""
    from bibtexparser.entrypoint import write_string  # 80 ms to import
    from bibtexparser.library import Library
    from bibtexparser.middlewares.parsestack import default_unparse_stack
    from bibtexparser.model import Entry, Field

    papers = list(papers)
    keys = keys_of(papers)
    library = Library()
    for each in papers:
        fields = [Field(name, value) for name, value in _bibtex(each)]
        library.add(Entry(kind_of(each).value[0], keys[each.id], fields))
    return write_string(library, unparse_stack=default_unparse_stack(allow_inplace_modification=True))


def _bibtex(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "title", to_tex(paper.title, title=True)
    if paper.authors:
        yield "author", " and ".join(_bibtex_name(author_of(name)) for name in paper.authors)
    if paper.year:
        yield "year", str(paper.year)
    if paper.venue:
        yield kind_of(paper).value[1], to_tex(paper.venue)
    if paper.doi:
        yield "doi", _verbatim(paper.doi)
    if paper.arxiv:
        yield "eprint", _verbatim(paper.arxiv)
        yield "archiveprefix", "arXiv"
    if paper.url:
        yield "url", _verbatim(paper.url)
    if paper.abstract:
        yield "abstract", to_tex(paper.abstract)


def _bibtex_name(author: Author) -> str:
    if author.given:
        return ", ".join(to_tex(part) for part in (author.family, author.suffix, author.given) if part)
    return f"{{{to_tex(author.family)}}}"


def _verbatim(text: str) -> str:
    """For fields that are not read as LaTeX; a brace or a space would end them, and has no place in them."""
    return re.sub(r"[\\{}\s]", lambda match: f"%{ord(match[0]):02X}", text)


def to_ris(papers: Iterable[Paper]) -> str:
    """RIS, in UTF-8."""
    import rispy

    class Writer(rispy.RisWriter):  # type: ignore[misc]  # rispy is not typed
        def set_header(self, count: int) -> str:  # noqa: ARG002 - other programs do not know numbers between records
            return ""

    return str(rispy.dumps([dict(_ris(paper)) for paper in papers], implementation=Writer))


def _ris(paper: Paper) -> Iterator[tuple[str, str | list[str]]]:
    yield "type_of_reference", kind_of(paper).value[2]
    yield "id", paper.id
    yield "title", _line(paper.title)
    if paper.authors:
        yield "authors", [_ris_name(author_of(name)) for name in paper.authors]
    if paper.year:
        yield "year", str(paper.year)
    if paper.venue:
        yield "secondary_title", _line(paper.venue)
    if paper.doi:
        yield "doi", _line(paper.doi)
    if paper.arxiv:
        yield "accession_number", f"arXiv:{_line(paper.arxiv)}"
    if paper.url:
        yield "urls", [_line(paper.url)]
    if paper.abstract:
        yield "abstract", _line(paper.abstract)


def _ris_name(author: Author) -> str:
    return ", ".join(part for part in (author.family, author.given, author.suffix) if part)


def to_csl(papers: Iterable[Paper]) -> str:
    """CSL-JSON, for Zotero, Pandoc and citeproc; ids are citation keys as in BibTeX."""
    papers = list(papers)
    keys = keys_of(papers)
    return json.dumps([_csl(paper, keys[paper.id]) for paper in papers], ensure_ascii=False, indent=1) + "\n"


def _csl(paper: Paper, key: str) -> dict[str, object]:
    said: dict[str, object] = {
        "title": _line(paper.title),
        "author": [_csl_name(author_of(name)) for name in paper.authors],
        "issued": {"date-parts": [[paper.year]]} if paper.year else None,
        "container-title": _line(paper.venue or ""),
        "DOI": paper.doi,
        "number": f"arXiv:{paper.arxiv}" if paper.arxiv else None,
        "URL": paper.url,
        "abstract": _line(paper.abstract),
    }
    return {"id": key, "type": kind_of(paper).value[3], **{name: value for name, value in said.items() if value}}


def _csl_name(author: Author) -> dict[str, str]:
    if not author.given:
        return {"literal": author.family}
    return {name: value for name, value in author._asdict().items() if value}


def _line(text: str) -> str:
    return " ".join(text.split())
