"""Identifiers: the only place where a string becomes one of our ids or IRIs."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote, unquote

from rdflib import URIRef

from kg.errors import StoreError
from kg.model import Field

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_PLAIN_KEY = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_ARXIV = re.compile(
    r"(?:arxiv:\s*|(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/)?"
    r"([0-9]{4}\.[0-9]{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/[0-9]{7})(?:v[0-9]+)?(?:\.pdf|\s*\[[a-z.-]+\])?",
    re.IGNORECASE | re.ASCII,
)
_DOI = re.compile(r"(?:doi:?\s*|(?:https?://)?(?:www\.|dx\.)?doi\.org/)?(10\.[0-9]{4,9}/\S+)", re.IGNORECASE | re.ASCII)
# Plain ASCII, so that whatever is minted below it is a legal IRI everywhere.
_BASE = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?/(?:(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+/)*",
    re.ASCII,
)
# Hex digits that keep distinct strings apart: two of a million collide with a chance of 0.2 %.
_HASH = 12


def digest(text: str, length: int = 16) -> str:
    """The first ``length`` hex digits of the SHA-256 of ``text``."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def _slugged(text: str, limit: int = 80) -> str:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._]+", "-", ascii_text).strip("-._")[:limit].rstrip("-._")


def normal_arxiv(text: str) -> str | None:
    """The bare arXiv id (``1706.03762``) of an id or arxiv.org address, or None."""
    match = _ARXIV.fullmatch(text.strip())
    return match[1].lower() if match else None


def normal_doi(text: str) -> str | None:
    """The bare lower-case DOI (``10.1000/x``) of a DOI or doi.org address, or None."""
    match = _DOI.fullmatch(text.strip())
    return match[1].lower() if match else None


def mint_paper_id(
    title: str, *, identifier: str | None = None, arxiv: str | None = None, doi: str | None = None
) -> str:
    """The id of a paper: the source's own, else its arXiv id, else its DOI, else a hash of the title.

    Distinct identifiers give distinct ids: what is not safe in a path is folded and a hash added.
    """
    if identifier:
        if _SAFE_ID.fullmatch(identifier):
            return identifier
        return f"{_slugged(identifier) or 'id'}-{digest(identifier, _HASH)}"
    if arxiv:
        return "arxiv-" + arxiv.replace("/", "-")
    if doi:
        return f"doi-{_slugged(doi, 76)}-{digest(doi, _HASH)}"
    return "t-" + digest(" ".join(unicodedata.normalize("NFKC", title).casefold().split()))


def mint_slug(key: str) -> str:
    """The slug of an entity's normal form (see ``kg.link.normal_form``); distinct keys, distinct slugs.

    Keys of plain letters, digits and single spaces keep their reading; others get a hash at the end.
    """
    if _PLAIN_KEY.fullmatch(key) and len(key) <= 96:
        return key.replace(" ", "-")
    folded = re.sub(r"[^a-z0-9]+", "-", _slugged(key).lower()).strip("-") or "x"
    return f"{folded}-{digest(key, _HASH)}"


class Kind(StrEnum):
    """What an IRI of ours names, as it stands in the path behind ``id/``."""

    PAPER = "paper"
    ENTITY = "entity"
    MENTION = "mention"
    DEFINITION = "definition"
    HYPONYMY = "hyponymy"
    RELATION = "relation"
    STATEMENT = "statement"
    RUN = "run"
    AGENT = "agent"


@lru_cache(maxsize=1 << 16)
def _entity(base: str, slug: str) -> URIRef:
    return URIRef(f"{base}id/entity/{_quoted(slug)}")


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace")


@dataclass(frozen=True, slots=True)
class Iris:
    """Mints IRIs below ``base``, which ends in a slash. ``paper_id`` and ``slug`` read them back."""

    base: str

    def __post_init__(self) -> None:
        if not _BASE.fullmatch(self.base):
            raise StoreError(f"KG_BASE must be an http(s) address in ASCII that ends in '/', not {self.base!r}")

    def paper(self, paper_id: str) -> URIRef:
        """The paper itself. Quoting changes no id of ours, and makes any text that a client sends an IRI."""
        return URIRef(f"{self.base}id/paper/{_quoted(paper_id)}")

    def entity(self, slug: str) -> URIRef:
        """The entity; the IRI says nothing of its type, so that retyping keeps it."""
        return _entity(self.base, slug)

    def mention(self, paper_id: str, field: Field, start: int, end: int) -> URIRef:
        """One mention; offsets make it unique, as mentions do not overlap."""
        return URIRef(f"{self.base}id/mention/{paper_id}-{field[0]}-{start}-{end}")

    def definition(self, paper_id: str, short: str, long: str) -> URIRef:
        """What a paper says an abbreviation stands for."""
        return URIRef(f"{self.base}id/definition/{paper_id}-{digest(json.dumps([short, long]), _HASH)}")

    def hyponymy(self, narrow: URIRef, broad: URIRef) -> URIRef:
        """What a sentence says of two of its mentions."""
        return URIRef(f"{self.base}id/hyponymy/{digest(json.dumps([narrow, broad]))}")

    def relation(self, head: URIRef, kind: URIRef, tail: URIRef) -> URIRef:
        """What a sentence says of how one of its mentions relates to another."""
        return URIRef(f"{self.base}id/relation/{digest(json.dumps([head, kind, tail]))}")

    def statement(self, subject: URIRef, predicate: URIRef, object_: URIRef) -> URIRef:
        """What papers state of two entities; the same triple has the same statement however many state it."""
        return URIRef(f"{self.base}id/statement/{digest(json.dumps([subject, predicate, object_]))}")

    def run(self, run_id: str) -> URIRef:
        """An extraction run."""
        return URIRef(f"{self.base}id/run/{run_id}")

    def agent(self, name: str) -> URIRef:
        """An extractor, as the agent of a run."""
        return URIRef(f"{self.base}id/agent/{_slugged(name)}")

    def thing(self, kind: Kind, name: str) -> URIRef:
        """The IRI of a kind and a name that a client sends; those minted above read the same."""
        return URIRef(f"{self.base}id/{kind}/{_quoted(name)}")

    def graph(self, name: str) -> URIRef:
        """The named graph of a name that a client sends, such as ``paper/{id}`` or ``entities``."""
        return URIRef(f"{self.base}graph/{quote(name, errors='replace')}")

    def paper_graph(self, paper_id: str) -> URIRef:
        """The named graph that holds all that one paper says."""
        return URIRef(f"{self.base}graph/paper/{paper_id}")

    def run_graph(self, run_id: str) -> URIRef:
        """The named graph of a run's description."""
        return URIRef(f"{self.base}graph/run/{run_id}")

    @property
    def agents_graph(self) -> URIRef:
        """The named graph that describes extractors, which many runs share."""
        return URIRef(f"{self.base}graph/agents")

    @property
    def entities_graph(self) -> URIRef:
        """The named graph of names, types and counts of entities."""
        return URIRef(f"{self.base}graph/entities")

    @property
    def hierarchy_graph(self) -> URIRef:
        """The named graph of which entity is broader than which."""
        return URIRef(f"{self.base}graph/hierarchy")

    @property
    def statements_graph(self) -> URIRef:
        """The named graph of what papers state of two entities."""
        return URIRef(f"{self.base}graph/statements")

    @property
    def ontology_graph(self) -> URIRef:
        """The named graph of the ontology itself."""
        return URIRef(f"{self.base}graph/ontology")

    def paper_id(self, iri: object) -> str:
        """The id that ``paper`` made this IRI of."""
        return str(iri).removeprefix(f"{self.base}id/paper/")

    def name(self, kind: Kind, iri: object) -> str | None:
        """The name that ``thing`` made this IRI of; None if it is of another kind, or not one of ours."""
        prefix = f"{self.base}id/{kind}/"
        return unquote(str(iri).removeprefix(prefix)) if str(iri).startswith(prefix) else None

    def slug(self, iri: object) -> str:
        """The slug that ``entity`` made this IRI of."""
        return str(iri).removeprefix(f"{self.base}id/entity/")
