"""Where names belong by the whole corpus: compared with where they stand, as moves.

What is wanted is a function of the set of papers in the store alone: of the surfaces of mentions, their labels and
sentences, and the definitions, none of which a move changes. So the order of papers, batches and earlier states
cannot matter, and a pass that was cut off is completed by the next. Numbers are summed by the store; only
surfaces that could mean more than one thing are looked at one by one.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rdflib import Literal

from kg.graph.terms import LABELS
from kg.hearst import akin
from kg.iri import Iris
from kg.link.acronyms import looks_short
from kg.link.groups import by_spacing, canonical, slips, spacing_targets
from kg.link.senses import Sense, Use, resolve
from kg.link.thresholds import THRESHOLDS
from kg.model import Label, Target
from kg.protocols import Embedder, Store
from kg.query import library

# The rules that move a mention away from where its own paper puts it.
CORPUS_RULES = ("sense", "context", "homonym", "spacing", "typo")
# As in short_surfaces.rq.
_SHORT = 7

Links = dict[tuple[str, str], Target]
"""By (paper id, surface)."""


@dataclass
class Resolution:
    """One pass over a store as it is; ``generic`` are slugs of terms that link nothing."""

    store: Store
    iris: Iris
    generic: frozenset[str]
    embedder: Embedder | None = None
    _near: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _shorts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def moves(self) -> Iterator[dict[str, dict[str, Target]]]:
        """What must move, in batches: by paper id and surface, where it belongs."""
        wanted, standing = self.wanted(), self.standing()
        by_paper: dict[str, dict[str, Target]] = defaultdict(dict)
        for paper, surface in wanted.keys() | standing.keys():
            target = wanted.get((paper, surface))
            if target != standing.get((paper, surface)):
                by_paper[paper][surface] = target or Target(surface)
        papers = iter(sorted(by_paper))
        while batch := list(islice(papers, _BATCH)):
            yield {paper: by_paper[paper] for paper in batch}

    def standing(self) -> Links:
        """Where the graph has what the corpus decided before."""
        found = {}
        for rule in CORPUS_RULES:
            for row in library.run(self.store, "links_by_rule", rule=Literal(rule)):
                key = self.iris.paper_id(row["paper"]), str(row["surface"])
                found[key] = Target(self.iris.slug(row["entity"]), rule, float(str(row["score"])))
        return found

    def wanted(self) -> Links:
        """Where names belong that do not stay where their own papers put them."""
        groups = self._groups
        links: Links = {}
        for surface in sorted(groups):
            for paper in self._papers(surface):
                links[paper, surface] = groups[surface]
        for surface in sorted(self._candidates()):
            for paper, target in self._meanings(surface):
                final = groups.get(target.slug)
                links[paper, surface] = Target(final.slug, target.rule, target.score) if final else target
        return links

    @cached_property
    def _surfaces(self) -> frozenset[str]:
        return frozenset(str(row["surface"]) for row in library.run(self.store, "surfaces"))

    @cached_property
    def _groups(self) -> dict[str, Target]:
        """Surfaces that are another spelling of one that they go to."""
        groups = by_spacing(self._surfaces)
        papers = {slug: len(self._papers(slug)) for group in groups for slug in group}
        targets = spacing_targets(groups, papers, generic=self.generic.__contains__)
        if self.embedder is not None:
            targets |= self._slips(targets, self.embedder)
        return targets

    def _slips(self, spaced: Mapping[str, Target], embedder: Embedder) -> dict[str, Target]:
        """Typos of names that are used alike. A typo is the rarer of two, and goes to one name only."""
        found: dict[str, Target] = {}
        chosen = {target.slug for target in spaced.values()}
        for pair in slips(slug for slug in self._surfaces if slug not in spaced):
            papers = {slug: len(self._papers(slug)) for slug in pair}
            right = canonical(pair, papers, generic=self.generic.__contains__)
            wrong = pair[0] if right == pair[1] else pair[1]
            rare = papers[wrong] <= max(1, THRESHOLDS.typo_share * papers[right])
            if not rare or wrong in chosen or not self._alike(*pair):
                continue
            similarity = round(float(self._context(wrong, embedder) @ self._context(right, embedder)), 3)
            target = Target(right, "typo", min(1.0, similarity))
            best = found.get(wrong, target)
            if similarity >= THRESHOLDS.fuzzy_similarity:
                found[wrong] = max(best, target, key=lambda each: (each.score, each.slug))
        # Where the right name is itself taken for a typo, the chain ends at the last.
        return {slug: Target(_end(slug, found), "typo", target.score) for slug, target in found.items()}

    def _alike(self, one: str, other: str) -> bool:
        """Whether the two are labelled as kinds of things that one thing can be."""
        labels = []
        for slug in (one, other):
            counts = Counter(use.label for use in self._uses(slug)[0])
            labels.append(max(sorted(counts), key=counts.__getitem__))
        return akin(*labels)

    def _context(self, surface: str, embedder: Embedder) -> NDArray[np.float32]:
        """The mean of the contexts of a surface, as a unit vector."""
        contexts = []
        for row in islice(
            library.run(self.store, "surface_contexts", surface=Literal(surface)), THRESHOLDS.context_mentions
        ):
            begin = int(str(row["sentenceStart"]))
            contexts.append((str(row["sentence"]), int(str(row["start"])) - begin, int(str(row["end"])) - begin))
        mean = embedder.embed(contexts).mean(axis=0)
        length = np.linalg.norm(mean)
        return np.asarray(mean / length if length else mean, dtype=np.float32)

    def _candidates(self) -> set[str]:
        """Surfaces that could mean more than one thing: defined abbreviations, short names of several types."""
        labels: dict[str, set[Label]] = defaultdict(set)
        for row in library.run(self.store, "short_surfaces"):
            labels[str(row["surface"])].add(LABELS[row["label"]])
        mixed = {surface for surface, given in labels.items() if not all(akin(x, y) for x in given for y in given)}
        return mixed | {surface for surface in self._surfaces if self._chosen(surface) in self._senses}

    @cached_property
    def _senses(self) -> dict[str, dict[str, Sense]]:
        """By abbreviation and long form. Spellings of one long form count together."""
        found: dict[str, dict[str, Sense]] = defaultdict(dict)
        for row in library.run(self.store, "definitions"):
            short, slug = self._chosen(str(row["short"])), self._chosen(str(row["long"]))
            papers = int(str(row["papers"]))
            if slug != short:
                self._shorts[short].add(str(row["short"]))
                sense = found[short].setdefault(slug, Sense(slug))
                sense.papers += papers
                if "label" in row:
                    sense.labels[LABELS[row["label"]]] += papers
        return found

    def _chosen(self, slug: str) -> str:
        return self._groups[slug].slug if slug in self._groups else slug

    def _meanings(self, surface: str) -> Iterator[tuple[str, Target]]:
        uses, splits = self._uses(surface)
        name = self._chosen(surface)
        senses = self._senses.get(name, {})
        return resolve(name, uses, senses.values(), self._overlap(name, senses), splits=splits)

    def _uses(self, surface: str) -> tuple[list[Use], bool]:
        """By paper, and whether most mentions are in capitals."""
        said: dict[str, list[_Said]] = defaultdict(list)
        capitals = 0
        for row in library.run(self.store, "surface_uses", surface=Literal(surface)):
            mentions, exact = int(str(row["mentions"])), str(row["exact"])
            capitals += mentions if _in_capitals(exact) else -mentions
            each = _Said(
                LABELS[row["label"]], exact, mentions, float(str(row["score"])), int(str(row["introduced"])) > 0
            )
            said[self.iris.paper_id(row["paper"])].append(each)
        return [_use(paper, each) for paper, each in said.items()], capitals > 0

    def _overlap(self, surface: str, senses: Mapping[str, Sense]) -> Callable[[str, str], float]:
        apart = {surface, *senses}
        profiles: dict[str, Counter[str]] = {}
        sizes: dict[str, int] = {}

        def prepare() -> None:
            papers = defaultdict(set)
            for short in self._shorts[surface]:
                for row in library.run(self.store, "definition_papers", short=Literal(short)):
                    papers[self._chosen(str(row["long"]))].add(self.iris.paper_id(row["paper"]))
            for slug, ids in papers.items():
                sample = sorted(ids)[: THRESHOLDS.context_papers]
                profiles[slug] = Counter(near for paper in sample for near in self._surfaces_of(paper))
                sizes[slug] = len(sample)

        def overlap(paper: str, slug: str) -> float:
            if not profiles:
                prepare()
            return sum(profiles[slug][near] for near in self._surfaces_of(paper) if near not in apart) / sizes[slug]

        return overlap

    def _surfaces_of(self, paper: str) -> tuple[str, ...]:
        """What a paper mentions, without what is generic."""
        if paper not in self._near:
            rows = library.run(self.store, "paper_surfaces", paper=self.iris.paper(paper))
            names = {sys.intern(self._chosen(str(row["surface"]))) for row in rows}
            self._near[paper] = tuple(names - self.generic)
        return self._near[paper]

    def _papers(self, surface: str) -> list[str]:
        rows = library.run(self.store, "surface_papers", surface=Literal(surface))
        return [self.iris.paper_id(row["paper"]) for row in rows]


# Papers whose links change in one commit.
_BATCH = 256


def _in_capitals(text: str) -> bool:
    """Written as abbreviations are that many things may share: SST, but not ImageNet."""
    return text.removesuffix("s").isupper() and len(text) <= _SHORT


class _Said(NamedTuple):
    """Mentions of one surface in one paper with one label and spelling; ``score`` is their summed confidence."""

    label: Label
    exact: str
    mentions: int
    score: float
    introduces: bool


def _use(paper: str, said: list[_Said]) -> Use:
    scores: Counter[Label] = Counter()
    for each in said:
        scores[each.label] += round(each.score * 1000)
    label = max(sorted(scores), key=scores.__getitem__)
    total = sum(each.mentions for each in said)
    short = 2 * sum(each.mentions for each in said if looks_short(each.exact)) > total
    mean = round(scores.total() / 1000 / total, 3)
    return Use(paper, label, mean, introduces=any(each.introduces for each in said), short=short)


def _end(slug: str, found: Mapping[str, Target]) -> str:
    seen = {slug}
    while slug in found and found[slug].slug not in seen:
        slug = found[slug].slug
        seen.add(slug)
    return slug
