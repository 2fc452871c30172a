"""The shapes of the wire for papers that are linked, and why."""

from typing import Self

from api.schemas import EntityNamed, EvidenceOut, StatementOut, Wire, renamed
from kg.analysis.links import PaperLink
from kg.model import Role


class PartOut(Wire):
    """How one paper names what is shared: as the thing itself or as kinds of it, the first of which counts."""

    entities: list[EntityNamed]
    role: Role | None
    confidence: float
    evidence: EvidenceOut | None


class SharedOut(Wire):
    """A thing that two papers share, and what it adds to their score.

    `papers` is what its rarity is measured by: how many name it, or it or a kind of it where the two papers only meet
    so (`through_parent`). `reason` says the same in words.
    """

    entity: EntityNamed
    weight: float
    papers: int
    through_parent: bool
    reason: str
    here: PartOut
    there: PartOut


class WordingOut(Wire):
    """What two papers have in common as texts: the weight of all their words, and the rarest of these.

    `here` and `there` are the sentences with the first of them.
    """

    weight: float
    words: list[str]
    reason: str
    here: EvidenceOut | None
    there: EvidenceOut | None


class RelatedOut(Wire):
    """A related paper: its score is the sum of the weights of what is shared and of the wording.

    `here` is the sentence of the paper asked for that shows most of it, `there` that of this one. `wording` is null
    where one type of things was asked for. Where nothing is in `shared`, it is rare words that the papers have in
    common.
    """

    id: str = renamed("paper_id")
    title: str
    year: int | None
    score: float
    here: EvidenceOut | None
    there: EvidenceOut | None
    shared: list[SharedOut]
    wording: WordingOut | None


class RelatedPage(Wire):
    """Papers related to one, best first, and the SPARQL query that gives the same ranking."""

    paper: str
    items: list[RelatedOut]
    query: str


class LinkEndOut(Wire):
    """One of two papers."""

    id: str
    title: str
    year: int | None


class LinkOut(Wire):
    """What links two papers: all that they share, `here` of `a` and `there` of `b`, what counts nothing too.

    `only_common` is true where they share no things but such as are too common to count. `statements` relate an entity
    that only one of them names to one that only the other names. `corpus` is the number of all papers.
    """

    a: LinkEndOut
    b: LinkEndOut
    corpus: int
    score: float
    only_common: bool
    shared: list[SharedOut]
    wording: WordingOut | None
    statements: list[StatementOut]

    @classmethod
    def explained(cls, link: PaperLink) -> Self:
        """From our noun, whose two ends are called otherwise."""
        return cls(
            a=LinkEndOut.of(link.here),
            b=LinkEndOut.of(link.there),
            corpus=link.corpus,
            score=link.score,
            only_common=link.only_common,
            shared=[SharedOut.of(each) for each in link.shared],
            wording=WordingOut.of(link.wording) if link.wording else None,
            statements=[StatementOut.of(each) for each in link.statements],
        )
