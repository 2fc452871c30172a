"""What an abbreviation means in a paper that does not define it: decided from all papers that do. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from kg.hearst import akin
from kg.link.thresholds import THRESHOLDS, Thresholds
from kg.model import Label, Target

Overlap = Callable[[str, str], float]
"""How much the paper with this id shares with the papers that define this sense, see ``Thresholds``."""


@dataclass(slots=True)
class Sense:
    """One long form of an abbreviation: how many papers define it so, and how they label it."""

    slug: str
    papers: int = 0
    labels: Counter[Label] = field(default_factory=Counter)

    def fits(self, label: Label, share: float) -> bool:
        """Whether a mention of this label can mean it."""
        known = self.labels.total()
        return not known or sum(n for each, n in self.labels.items() if akin(each, label)) >= share * known


@dataclass(frozen=True, slots=True)
class Use:
    """An abbreviation in a paper that does not define it.

    ``label`` is that of most of its mentions there, ``score`` their mean confidence; ``introduces`` if it names what
    the paper introduces; not ``short`` if it is written as a plain word: a map is no maximum a posteriori.
    """

    paper: str
    label: Label
    score: float
    introduces: bool = False
    short: bool = True


def resolve(
    surface: str,
    uses: Collection[Use],
    senses: Collection[Sense],
    overlap: Overlap,
    *,
    splits: bool,
    thresholds: Thresholds = THRESHOLDS,
) -> Iterator[tuple[str, Target]]:
    """Paper ids with what the name means there, where that is not just its own node.

    ``splits`` allows what stays to fall apart by type, as is right for a name in capitals. Neither the order of the
    uses nor that of the senses matters.
    """
    left = []
    for use in sorted(uses, key=lambda each: each.paper):
        target = _sense(use, senses, overlap, thresholds) if use.short else None
        if target:
            yield use.paper, target
        else:
            left.append(use)
    if splits:
        yield from _split(surface, left, thresholds)


def _sense(use: Use, senses: Collection[Sense], overlap: Overlap, thresholds: Thresholds) -> Target | None:
    fitting = sorted(
        (sense for sense in senses if sense.fits(use.label, thresholds.label_share)), key=lambda s: (-s.papers, s.slug)
    )
    if not fitting:
        return None
    top, share = fitting[0], fitting[0].papers / sum(sense.papers for sense in fitting)
    if top.papers >= thresholds.sense_papers and len(fitting) == 1 and not use.introduces:
        return Target(top.slug, "sense", 1.0)
    shared = {sense.slug: overlap(use.paper, sense.slug) for sense in fitting}
    if top.papers >= thresholds.sense_papers and share >= thresholds.sense_share:
        against = any(shared[sense.slug] > shared[top.slug] for sense in fitting[1:])
        # Who introduces a name may well mean a new thing by it: then the context must speak for the old one.
        alone = use.introduces and shared[top.slug] == 0
        if not against and not alone:
            return Target(top.slug, "sense", round(share, 3))
    if use.introduces:
        return None
    best, *others = sorted(fitting, key=lambda s: (-shared[s.slug], s.slug))
    following = max((shared[sense.slug] for sense in others), default=0.0)
    if shared[best.slug] >= max(thresholds.context_overlap, thresholds.context_lead * following):
        return Target(best.slug, "context", round(shared[best.slug] / (shared[best.slug] + following), 3))
    return None


# Which type keeps the bare address when a name is split: what is most of all a name. Fixed, and not the
# most frequent one, so that an address does not change hands as papers come.
_SPLIT_ORDER = (Label.DATASET, Label.METRIC, Label.METHOD)


def _split(surface: str, uses: Collection[Use], thresholds: Thresholds) -> Iterator[tuple[str, Target]]:
    """One name of two things: a dataset here, a method there. Of one type all stay together."""
    groups: Mapping[Label, list[Use]] = {label: [u for u in uses if akin(u.label, label)] for label in _SPLIT_ORDER}
    new = any(use.introduces for use in uses)
    floor = thresholds.introduced_confidence if new else thresholds.homonym_confidence
    real = [label for label, group in groups.items() if _is_real(group, thresholds.homonym_share * len(uses), floor)]
    for label in real[1:]:
        for use in groups[label]:
            yield use.paper, Target(f"{surface}-{label.lower()}", "homonym", round(use.score, 3))


def _is_real(group: Collection[Use], papers: float, confidence: float) -> bool:
    """Whether a type is more than a slip of the extractor: introduced, or many and sure enough."""
    if not group:
        return False
    mean = sum(sorted(use.score for use in group)) / len(group)
    return any(use.introduces for use in group) or (len(group) >= papers and mean >= confidence)
