"""Which entity is broader than which: from the heads of names and from what sentences say. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from kg.link.thresholds import THRESHOLDS
from kg.model import Entity, Label

Pair = tuple[str, str]
"""(narrow, broad) slugs."""

# Before a head these make its opposite or something beside it: non-convex optimization is not convex.
_TURNING = frozenset(
    "non un in semi self anti quasi pseudo multi no without beyond free less post pre sub super hyper inverse".split()
)
# Behind one of these the last words are not the head of the name: a mixture of experts is no expert.
_JOINING = frozenset("of for in on with to from by via and or as at under over against between through versus".split())
_MAX_WORDS = 8


def by_heads(entities: Mapping[str, Entity]) -> Iterator[Pair]:
    """Names that end in another name of the same type: "score based diffusion model" under "diffusion model".

    ``entities`` are all, by slug. The longest head counts; generic entities are nobody's head.
    """
    for slug, entity in entities.items():
        words = slug.split("-")
        if entity.label is Label.TASK and words[0].endswith("ing"):
            continue  # "grasping objects" is no object
        for i in range(1, min(len(words), _MAX_WORDS)):
            head = entities.get("-".join(words[i:]))
            if head is None or head.generic or head.papers < THRESHOLDS.head_papers or head.label is not entity.label:
                continue
            if words[i - 1] not in _TURNING and not _JOINING.intersection(words[:i]):
                yield slug, head.slug
                break


def hierarchy(entities: Mapping[str, Entity], said: Mapping[Pair, int], heads: Iterable[Pair]) -> set[Pair]:
    """All pairs without circles and short cuts.

    ``said`` counts the papers that say so. Where pairs contradict, those that more papers say win, then those of heads,
    then the first in the alphabet; the order of the arguments does not matter.
    """
    weights: dict[Pair, int] = dict.fromkeys(heads, 0)
    for (narrow, broad), papers in said.items():
        one, other = entities.get(narrow), entities.get(broad)
        if one and other and narrow != broad and not other.generic and one.label is other.label:
            weights[narrow, broad] = papers
    above: dict[str, set[str]] = defaultdict(set)
    for narrow, broad in sorted(weights, key=lambda pair: (-weights[pair], pair)):
        if not _reaches(broad, narrow, above):
            above[narrow].add(broad)
    return {(narrow, broad) for narrow, broads in above.items() for broad in broads - _further(broads, above)}


def _reaches(start: str, goal: str, above: Mapping[str, Collection[str]]) -> bool:
    return start == goal or goal in _all_above(start, above)


def _all_above(start: str, above: Mapping[str, Collection[str]]) -> set[str]:
    found: set[str] = set()
    queue = [start]
    while queue:
        for broad in above.get(queue.pop(), ()):
            if broad not in found:
                found.add(broad)
                queue.append(broad)
    return found


def _further(broads: Collection[str], above: Mapping[str, Collection[str]]) -> set[str]:
    """Those that another of them leads to: a direct pair would be a short cut."""
    if len(broads) < 2:
        return set()
    return set[str]().union(*(_all_above(broad, above) for broad in broads))
